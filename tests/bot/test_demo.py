"""What the demonstration plays must look like what it is shown for."""

import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from bot.commands.demo import hire, pages_of, parents_of
from bot.compose import open_service
from bot.demo.bureau import Bureau
from bot.demo.cast import FILE, Cast
from bot.demo.clock import StageClock
from bot.demo.staff import Staff
from storage.policy import PolicyUnreadable
from storage.rules import Rules
from storage.tables.reports import report
from tests import city
from tests.served import settings_for

STORY = "有老师在小区里偷偷给一群孩子补数学，每周六上午，一学期收两千八"


async def test_most_invented_parents_say_where_it_was(tmp_path: Path) -> None:
    async with open_service(settings_for(tmp_path, Path("policy/wugang"))) as service:
        parents = parents_of(service, Random(2022))
        for _ in range(6):
            assert await parents.report(STORY)
        towns = await service.rooms.database.read(lambda tx: tx.execute(sa.select(report.c.town)).scalars().all())
    assert len(towns) == 6
    assert sum(town is not None for town in towns) >= 4


async def test_the_invented_office_fills_register_ledgers_and_campaign(tmp_path: Path) -> None:
    clock = StageClock(datetime(2026, 11, 2, 2, tzinfo=UTC))
    async with open_service(settings_for(tmp_path, Path("policy/wugang")), clock=clock, reader=city.reader()) as service:
        office, people = await hire(service.rooms)
        staff = Staff(service.desk, people, office, Random(2022), cast=Cast.load(service.rooms.policy.folder, people))
        bureau = Bureau(pages_of(service.rooms), staff, people, office, policy=service.rooms.policy, random=Random(2022))
        await bureau.open([2026])
        await bureau.summaries()
        for story in (bureau.round(0), next(seen for _, seen in bureau.risks())):
            async for wait in story:
                clock.set(clock() + wait)
        counted = await service.rooms.database.read(_counted)
    assert counted == {"institution": 6, "problem": 1, "inspection": 1, "risk": 1, "campaign_draft": 6}


def test_every_part_is_played_by_a_department_of_this_city(rules: Rules) -> None:
    cast = Cast.load(city.POLICY, rules.departments.by_key)
    assert {cast.sorted_to, cast.first, cast.second, *cast.finds, *cast.inspects, *cast.answers_for} <= set(rules.departments.by_key)


@pytest.mark.parametrize("part", ["sorted_to", "second", "finds", "sports"])
def test_a_part_for_a_department_that_is_not_there_is_told_by_its_key(tmp_path: Path, rules: Rules, part: str) -> None:
    written = (city.POLICY / FILE).read_text("utf-8")
    line = next(one for one in written.splitlines() if one.startswith(f"{part} = "))
    wrong = re.sub('"[a-z_]+"', '"nobody"', line, count=1) if part != "sports" else 'nobody = "sport"'
    (tmp_path / FILE).write_text(written.replace(line, wrong), "utf-8")
    with pytest.raises(PolicyUnreadable, match=r"demo\.toml: \[cast\]: .*nobody"):
        Cast.load(tmp_path, rules.departments.by_key)


def _counted(tx: sa.Connection) -> dict[str, int]:
    tables = ("institution", "problem", "inspection", "risk", "campaign_draft")
    return {name: tx.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
