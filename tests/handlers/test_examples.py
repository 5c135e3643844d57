"""What the office set right leaves the record masked, for a reason, and with a trace."""

import json

import pytest

from handlers import examples
from storage import accesses, triage
from storage.database import Database
from tests.clock import Now
from tests.storage.office import Office

STORY = "我是三班张小明的妈妈，电话13812345678，楼上有人补数学。"


@pytest.fixture
async def office(embedded: Database, now: Now) -> Office:
    office = await Office.open(embedded, now)
    filed = await office.files(story=STORY)
    await office.does(triage.change_category, filed.report_id, "hidden_venue", office.qian, now(), reason="在居民楼里")
    return office


async def test_an_example_is_written_as_the_learner_reads_it_and_masked(office: Office) -> None:
    (line,) = await examples.lines(office.database, "category", reason="季度复盘", at=office.now())
    example = json.loads(line)
    assert (example["was"], example["is"]) == ("sham_closure", "hidden_venue")
    assert "补数学" in example["text"]
    assert "13812345678" not in example["text"]


async def test_every_writing_of_examples_leaves_its_reason_in_the_log(office: Office) -> None:
    await examples.lines(office.database, "lead", reason="季度复盘", at=office.now())
    (line,) = await office.sees(accesses.latest, 1)
    assert (line.action, line.allowed, line.reason) == ("export", True, "季度复盘")


async def test_without_a_reason_nothing_is_read(office: Office) -> None:
    with pytest.raises(examples.ReasonMissing):
        await examples.lines(office.database, "category", reason="  ", at=office.now())
    assert await office.sees(accesses.latest, 1) == []
