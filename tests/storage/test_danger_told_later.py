"""A danger told after filing raises the report: the event, the clocks that run day and night, and whoever must know."""

from datetime import timedelta

from storage import clocks, merging, reports, triage
from storage.reports import Filed, Route
from storage.vocabulary import ClockKind, EventKind, Level, Role
from tests.clock import START
from tests.storage.office import Office

ALONE = Route("auto", "edu")


async def level(office: Office, filed: Filed) -> Level:
    return (await office.sees(reports.get, filed.report_id)).level


async def due(office: Office, filed: Filed, kind: ClockKind) -> clocks.Clock:
    return next(one for one in await office.sees(clocks.of_report, filed.report_id) if one.kind is kind)


async def test_a_danger_raises_the_level_the_clocks_and_everybody_who_must_know(office: Office) -> None:
    filed = await office.files(route=ALONE)
    office.now.move(hours=1)
    assert await office.does(triage.raise_level, filed.report_id, Level.P0, office.now())
    assert await level(office, filed) is Level.P0
    (raised,) = [one for one in await office.history(filed) if one.kind is EventKind.LEVEL_CHANGED]
    assert raised.by.role is Role.SYSTEM
    assert raised.details == {"level_from": "P2", "level_to": "P0", "because": "danger_told"}
    for by in (office.li, office.head):
        assert "level_raised" in await office.told(by)
    assert "informed" in await office.told(office.qian)
    reply = await due(office, filed, ClockKind.REPLY)
    assert reply.due_at == START + timedelta(days=10)
    assert reply.due_original == filed.due_at


async def test_nobody_is_late_before_the_danger_was_known(office: Office) -> None:
    filed = await office.files(route=ALONE)
    office.now.move(hours=1)
    await office.does(triage.raise_level, filed.report_id, Level.P0, office.now())
    sign = await due(office, filed, ClockKind.SIGN)
    assert sign.due_at == office.now() + timedelta(minutes=30)
    assert not sign.is_overdue(office.now())


async def test_a_raise_never_gives_more_time_than_there_was(office: Office) -> None:
    filed = await office.files(route=ALONE)
    before = (await due(office, filed, ClockKind.SIGN)).due_at
    office.now.at = before - timedelta(minutes=10)
    await office.does(triage.raise_level, filed.report_id, Level.P0, office.now())
    assert (await due(office, filed, ClockKind.SIGN)).due_at == before


async def test_words_told_later_never_lower_the_level(office: Office) -> None:
    filed = await office.files(route=ALONE, level=Level.P0)
    assert not await office.does(triage.raise_level, filed.report_id, Level.P1, office.now())
    assert not await office.does(triage.raise_level, filed.report_id, Level.P0, office.now())
    assert await level(office, filed) is Level.P0
    assert EventKind.LEVEL_CHANGED not in await office.kinds(filed)


async def test_a_danger_told_to_a_merged_report_raises_the_one_that_is_worked_on(office: Office) -> None:
    main, other = await office.files(route=ALONE), await office.files(route=ALONE)
    await office.does(merging.merge, other.report_id, main.report_id, office.qian, office.now())
    assert await office.does(triage.raise_level, other.report_id, Level.P1, office.now())
    assert (await level(office, main), await level(office, other)) == (Level.P1, Level.P2)
