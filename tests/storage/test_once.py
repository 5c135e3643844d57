"""One form, many workers: whoever comes second gets the first one's receipt."""

import asyncio
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from storage import reports
from storage.database import Database
from storage.once import once
from storage.reports import Filed
from storage.sealing import Secret
from tests.clock import Now
from tests.storage.cases import SUBMISSION


def sent(tx: Connection, key: str, at: datetime) -> tuple[Filed, ...]:
    def file(codes: tuple[Secret, ...]) -> tuple[Filed, ...]:
        return tuple(reports.file(tx, replace(SUBMISSION, code=code), at) for code in codes)

    return once(tx, key, 2, file)


async def test_a_form_sent_by_many_at_once_is_filed_once_and_all_get_its_codes(database: Database, now: Now) -> None:
    receipts = await asyncio.gather(*(database.write(sent, "form", now()) for _ in range(6)))
    assert len({tuple((one.number, one.code.reveal(), one.lead, one.due_at) for one in receipt) for receipt in receipts}) == 1


async def test_each_code_opens_its_own_report(database: Database, now: Now) -> None:
    for filed in await database.write(sent, "form", now()):
        assert await database.read(reports.find, filed.number, filed.code.reveal()) == filed.report_id


async def test_another_form_has_other_codes(database: Database, now: Now) -> None:
    one, other = [await database.write(sent, key, now()) for key in ("form", "another form")]
    assert not {filed.code.reveal() for filed in one} & {filed.code.reveal() for filed in other}
