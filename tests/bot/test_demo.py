"""What the demonstration plays must look like what it is shown for."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa

from bot.commands.demo import hire, pages_of, parents_of
from bot.compose import open_service
from bot.demo.bureau import Bureau
from bot.demo.clock import StageClock
from bot.demo.staff import Staff
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
        staff = Staff(service.desk, people, office, Random(2022))
        bureau = Bureau(pages_of(service.rooms), staff, people, office, policy=service.rooms.policy, random=Random(2022))
        await bureau.open([2026])
        await bureau.summaries()
        for story in (bureau.round(0), next(seen for _, seen in bureau.risks())):
            async for wait in story:
                clock.set(clock() + wait)
        counted = await service.rooms.database.read(_counted)
    assert counted == {"institution": 6, "problem": 1, "inspection": 1, "risk": 1, "campaign_draft": 6}


def _counted(tx: sa.Connection) -> dict[str, int]:
    tables = ("institution", "problem", "inspection", "risk", "campaign_draft")
    return {name: tx.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
