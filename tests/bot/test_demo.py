"""What the demonstration plays must look like what it is shown for."""

from pathlib import Path
from random import Random

import sqlalchemy as sa

from bot.commands.demo import parents_of
from bot.compose import open_service
from storage.tables.reports import report
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
