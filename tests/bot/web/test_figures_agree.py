"""One period has one total, wherever it is read: on the overview, in the staff's chat, in the ledger, in the summary."""

import io
import re
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels.web.figures import figures_routes
from handlers.figures.room import FiguresRoom
from handlers.papers import ledgers
from handlers.papers.book import Period
from handlers.papers.documents import Wish
from handlers.papers.ledgers import Order
from handlers.staff_chat.figures import Figures
from handlers.staff_chat.words import Words
from storage import addressees
from storage.addressees import Address
from storage.rules import Rules
from storage.tables.staff import officer
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau
from tests.handlers import stations
from tests.handlers.paperwork import ZONE, Month

CHAT = "telegram-staff"


@pytest.fixture
async def month(bureau: Bureau, rules: Rules) -> Month:
    """A month at the office, and beside it a report in every state: rejected, merged, taken back, sealed."""
    month = await Month.open(bureau.database, rules, bureau.policy, bureau.now)
    for state in stations.STATES:
        await bureau.database.write(stations.bring, state, month.people, bureau.now())
    return month


async def test_every_place_tells_the_same_totals_of_a_year(bureau: Bureau, month: Month, rules: Rules, tmp_path: Path) -> None:
    room = FiguresRoom.over(bureau.database, bureau.policy, rules, bureau.now)
    year = Period(date(2026, 1, 1), bureau.now().astimezone(ZONE).date())
    listed = await _ledger(month, year, tmp_path / "tips.xlsx")
    assert listed["受理"] > listed["办结"] > 0
    assert await _page(bureau, room, year) == listed
    assert await _chat(bureau, room, month) == listed
    assert await _summary(month, year) == listed


async def _page(bureau: Bureau, room: FiguresRoom, year: Period) -> dict[str, int]:
    bureau.app.include_router(figures_routes(bureau.shell, room))
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    async with bureau.browser("wang") as wang:
        page = (await wang.open(f"/office?period=custom&from={year.start}&to={year.end}")).text
    return _found(r"<dt>{name}(?:（线索）)?</dt><dd>(\d+) 件", page)


async def _chat(bureau: Bureau, room: FiguresRoom, month: Month) -> dict[str, int]:
    await bureau.database.write(_bind, month.people["office"].officer.id, bureau.now())
    figures = Figures(bureau.database, room.answering, Words.load(bureau.policy, ZONE), CHAT)
    told = "\n".join([(await figures.told("office", question)).text for question in ("今年受理多少件", "今年办结了多少件")])
    return _found(r"{name}(?:（线索）)? (\d+) 件", told)


def _bind(tx: Connection, officer_id: int, at: datetime) -> None:
    person = addressees.remember(tx, Address.of(CHAT, "office"), at)
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(addressee_id=person.id))


async def _ledger(month: Month, year: Period, path: Path) -> dict[str, int]:
    order = Order("tips", year, "shuangjian_office")
    await ledgers.write(month.database, month.book, order, path, at=month.now(), progress=_unwatched)
    _, _, heads, *lines, total = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    states = [line[heads.index("状态")] for line in lines]
    assert total[1] == f"{len(lines)} 件"
    return {"受理": len(lines), "办结": sum(state in ("已办结", "已归档") for state in states)}


async def _summary(month: Month, year: Period) -> dict[str, int]:
    made = await month.documents.periodical(month.people["office"], Wish("summary", year))
    told = "\n".join(one.text for one in docx.Document(io.BytesIO(made.content)).paragraphs)
    return {"受理": int(_number(r"受理线索(\d+)件", told)), "办结": int(_number(r"已办结(\d+)件", told))}


async def _unwatched(_: int) -> None: ...


def _found(form: str, text: str) -> dict[str, int]:
    return {name: int(_number(form.replace("{name}", name), text)) for name in ("受理", "办结")}


def _number(form: str, text: str) -> str:
    found = re.search(form, text)
    assert found, (form, text[:400])
    return found[1]
