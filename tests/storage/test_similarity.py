"""Reports that tell nearly the same are found among very many, and the file tells nothing of what they say."""

import random
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import merging, reports, retention, similarity, triage
from storage.database import Database
from storage.reports import Filed
from storage.similarity import Alike
from storage.tables.similarity import similar_mark
from tests.clock import Now
from tests.storage import cases
from tests.storage.office import Office

STORY = frozenset(range(8, 808, 8))
RETOLD = frozenset(range(8, 728, 8)) | {801, 802}
OTHER = frozenset(range(100_000, 100_800, 8))


@pytest.fixture
async def both(database: Database, now: Now) -> Office:
    """An office on each engine."""
    return await Office.open(database, now)


async def _like(office: Office, filed: Filed) -> list[Alike]:
    return await office.sees(similarity.alike, filed.report_id, at_least=0.2, limit=5)


async def test_a_story_told_again_is_found_with_the_share_that_is_the_same(both: Office) -> None:
    first, again, _ = [await both.files(marks=marks) for marks in (STORY, RETOLD, OTHER)]
    (found,) = await _like(both, again)
    assert (found.report_id, found.number) == (first.report_id, first.number)
    assert found.likeness == pytest.approx(90 / 102)
    assert [one.report_id for one in await _like(both, first)] == [again.report_id]


async def test_the_nearest_comes_first_and_a_far_one_not_at_all(both: Office) -> None:
    own = await both.files(marks=STORY)
    near = await both.files(marks=RETOLD)
    same = await both.files(marks=STORY)
    await both.files(marks=frozenset(range(8, 80, 8)) | OTHER)
    assert [one.report_id for one in await _like(both, own)] == [same.report_id, near.report_id]


async def test_the_marks_in_the_file_are_not_those_of_the_words(both: Office) -> None:
    filed = await both.files(marks=STORY)
    kept = await both.sees(lambda tx: set(tx.execute(sa.select(similar_mark.c.mark)).scalars()))
    assert len(kept) == len(STORY)
    assert not kept & STORY
    assert await _like(both, filed) == []


async def test_a_sealed_report_is_like_no_other(both: Office) -> None:
    open_one = await both.files(marks=STORY)
    await both.files(marks=STORY, category="official_misconduct")
    sealed_later = await both.files(marks=STORY)
    await both.does(triage.seal, sealed_later.report_id, both.qian, both.now(), reason="涉及公职人员")
    assert await _like(both, open_one) == []
    assert await both.sees(_marked) == {open_one.report_id}


async def test_neither_its_twin_nor_what_was_merged_already_is_offered(both: Office) -> None:
    told = replace(cases.SUBMISSION, marks=STORY)
    twins = await both.does(reports.file_twins, told, told, both.now())
    assert await _like(both, twins[0]) == []
    again = await both.files(marks=STORY)
    await both.does(merging.merge, again.report_id, twins[0].report_id, both.qian, both.now())
    assert await _like(both, twins[0]) == []


async def test_what_very_many_write_tells_nothing(both: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "TOO_COMMON", 3)
    greeting = frozenset({1, 2, 3})
    filed = [await both.files(marks=greeting) for _ in range(4)]
    assert await _like(both, filed[0]) == []


async def test_erased_words_leave_no_marks(both: Office) -> None:
    filed = await both.files(marks=STORY)
    await both.does(retention.erase_case, filed.report_id, both.now())
    assert await both.sees(_marked) == set()


async def test_the_search_goes_along_the_marks_and_never_through_the_whole_table(office: Office) -> None:
    filed = await office.files(marks=STORY)

    def plan(tx: Connection) -> list[str]:
        seen: list[tuple[str, Any]] = []
        sa.event.listens_for(tx, "before_cursor_execute")(lambda _c, _cursor, statement, given, *_: seen.append((statement, given)))
        similarity.alike(tx, filed.report_id, at_least=0.2, limit=5)
        ((statement, given),) = seen
        rows = tx.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)  # type: ignore[union-attr]
        return [str(row[3]) for row in rows.fetchall()]

    steps = await office.does(plan)
    assert any("own USING" in step and "ix_similar_mark_report" in step for step in steps), steps
    assert any("other USING PRIMARY KEY (mark=?)" in step for step in steps), steps
    assert not any(step.startswith("SCAN") and "shared" not in step for step in steps), steps


async def test_among_many_reports_only_those_with_common_marks_are_walked(office: Office) -> None:
    chance = random.Random(7)
    filed = [await office.files(marks=frozenset(chance.sample(range(1 << 32), 25))) for _ in range(60)]
    again = await office.files(marks=STORY)
    filed.append(await office.files(marks=STORY))
    assert [one.report_id for one in await _like(office, again)] == [filed[-1].report_id]


def _marked(tx: Connection) -> set[int]:
    return set(tx.execute(sa.select(similar_mark.c.report_id)).scalars())
