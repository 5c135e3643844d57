"""Whatever is asked of the figures, the answer is what one would count by hand."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, returns
from storage.database import Database
from storage.metrics import keeping
from storage.metrics.definitions import BY_KEY, METRICS
from storage.metrics.questions import By, Group, Question, Share, Timing, Value, ask
from storage.tables.reports import assignment, report
from storage.tables.stats import stat_basis, stat_cell
from storage.vocabulary import Level, Role, Source
from tests.clock import START
from tests.storage import cases, oracle, recount
from tests.storage.wandering import Life
from tests.thorough import lives

SUMMER = datetime(2026, 6, 10, 1, 30, tzinfo=UTC)
EVERYTHING = tuple(BY_KEY)


def catch_up(tx: Connection) -> None:
    while keeping.catch_up(tx):
        pass


async def test_every_department_and_month_is_what_one_counts_by_hand(database: Database) -> None:
    def lived(tx: Connection) -> None:
        life = Life(tx, SUMMER, 11)
        life.live(300)
        catch_up(tx)
        answer = ask(tx, Question(("t_sign", "return_rate", "assigned"), (By.DEPARTMENT, By.MONTH)), life.at)
        by_hand = _by_hand(tx, life.at)
        assert {group.key for group in answer} == set(by_hand)
        for group in answer:
            sign, returned, assigned = by_hand[group.key]  # type: ignore[index]
            timing = group.values["t_sign"]
            assert isinstance(timing, Timing)
            assert timing.number == len(sign)
            assert (timing.work.p50.seconds if timing.work else None) == _nearest([work for _, work in sign], 0.5)
            assert (timing.clock.p90.seconds if timing.clock else None) == _nearest([clock for clock, _ in sign], 0.9)
            assert group.values["return_rate"] == Share(*returned)
            assert group.values["assigned"] == assigned

    await database.write(lived)


async def test_departments_add_up_to_the_whole_for_every_count_and_rate(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        life = Life(tx, SUMMER, 12)
        life.live(300)
        catch_up(tx)
        for by in (By.DEPARTMENT, By.CATEGORY, By.TOWN, By.LEVEL, By.OFFICER, By.WEEK, By.DAY):
            for by_due in (False, True):
                parts = ask(tx, Question(EVERYTHING, (by,), by_due=by_due), life.at)
                (whole,) = ask(tx, Question(EVERYTHING, by_due=by_due), life.at)
                for key in parts[0].values:
                    assert _sum([part.values[key] for part in parts if key in part.values]) == _sum([whole.values[key]]), (by, key)

    await embedded.write(lived)


async def test_a_filter_leaves_what_the_grouping_shows_beside_it(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        life = Life(tx, SUMMER, 13)
        life.live(250)
        catch_up(tx)
        keys = ("t_reply", "close_rate", "overdue_cnt")
        for group in ask(tx, Question(keys, (By.DEPARTMENT, By.TOWN, By.LEVEL)), life.at):
            department, town, level = (str(key) for key in group.key)
            if town:
                (alone,) = ask(tx, Question(keys, department=department, town=town, level=level), life.at)
                assert alone.values == group.values

    await embedded.write(lived)


@lives(21, 22)
async def test_what_is_counted_in_cells_is_what_one_counts_fact_by_fact(database: Database, seed: int) -> None:
    def lived(tx: Connection) -> None:
        life = Life(tx, SUMMER, seed)
        whole, part = (None, None), (date(2026, 6, 16), date(2026, 7, 9))
        for _ in range(3):
            life.live(200)
            catch_up(tx)
            for by in ((), (By.DEPARTMENT,), (By.MONTH,), (By.CATEGORY,), (By.DEPARTMENT, By.CATEGORY, By.MONTH)):
                for start, end in (whole, part):
                    for category in ("", "sham_closure"):
                        cells = Question(EVERYTHING, by, start, end, category=category)
                        # Every report of such a life comes from the chat: this filter leaves all of them, but cells cannot know.
                        facts = replace(cells, source=Source.CHAT)
                        assert _told(ask(tx, cells, life.at)) == _told(ask(tx, facts, life.at)), (by, start, category)

    await database.write(lived)


async def test_other_definitions_have_everything_counted_again(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        Life(tx, SUMMER, 23).live(60)
        catch_up(tx)
        assert keeping.is_current(tx)
        before = tx.execute(sa.select(stat_cell).order_by(stat_cell.c.chunk_id)).all()
        tx.execute(sa.update(stat_basis).values(definitions="of last year"))
        tx.execute(sa.update(stat_cell).values(numbers=b""))
        assert not keeping.is_current(tx)
        catch_up(tx)
        assert keeping.is_current(tx)
        assert tx.execute(sa.select(stat_cell).order_by(stat_cell.c.chunk_id)).all() == before

    await embedded.write(lived)


async def test_an_unsigned_assignment_counts_as_at_least_so_long(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        by = cases.an_officer(tx, "edu", Role.OFFICER, START)
        for minutes in (10, 30):
            filed = cases.a_report(tx, START)
            assignments.claim(tx, cases.assignment_of(tx, filed.report_id, "edu"), by, START + timedelta(minutes=minutes))
        cases.a_report(tx, START)
        catch_up(tx)
        soon = _timing(tx, "t_sign", START + timedelta(minutes=12))
        later = _timing(tx, "t_sign", START + timedelta(minutes=300))
        assert (soon.finished, soon.open) == (2, 1)
        assert soon.clock
        assert later.clock
        assert (soon.clock.p50.seconds, soon.clock.p50.at_least) == (12 * 60, True)
        assert (later.clock.p50.seconds, later.clock.p50.at_least) == (30 * 60, False)
        assert (later.clock.p90.seconds, later.clock.p90.at_least) == (300 * 60, True)

    await embedded.write(lived)


async def test_a_department_that_had_it_first_keeps_only_its_own_holding_time(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        by, office = cases.an_officer(tx, "edu", Role.OFFICER, START), cases.an_officer(tx, "shuangjian_office", Role.OFFICE, START)
        task = cases.assignment_of(tx, cases.a_report(tx, START).report_id, "edu")
        returns.request_return(tx, task, by, START + timedelta(minutes=20), reason="不归我", suggested="civil_affairs")
        returns.approve_return(tx, task, office, START + timedelta(minutes=50), to="civil_affairs")
        catch_up(tx)
        at = START + timedelta(minutes=60)
        held, next_one = _timing(tx, "t_held", at, "edu"), _timing(tx, "t_sign", at, "civil_affairs")
        assert held.clock
        assert next_one.clock
        assert held.clock.p50.seconds == 50 * 60
        assert next_one.clock.p50.seconds == 10 * 60
        (edu,) = ask(tx, Question(("close_rate", "return_rate"), department="edu"), at)
        assert edu.values == {"close_rate": Share(0, 0), "return_rate": Share(1, 1)}

    await embedded.write(lived)


async def test_nothing_has_no_rate_and_no_median(embedded: Database) -> None:
    def asked(tx: Connection) -> None:
        (whole,) = ask(tx, Question(EVERYTHING), START)
        for metric in METRICS:
            value = whole.values[metric.key]
            assert value == 0 or (isinstance(value, Share) and value.share is None) or (isinstance(value, Timing) and value.clock is None)
        assert ask(tx, Question(EVERYTHING, (By.DEPARTMENT,)), START) == []

    await embedded.read(asked)


async def test_the_period_is_of_dispatch_or_of_due_day_both_ends_included(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        cases.a_report(tx, START, level=Level.P2)
        catch_up(tx)
        day = date(2026, 11, 25)

        def number(start: date, end: date, by_due: bool = False) -> object:
            (whole,) = ask(tx, Question(("assigned",), start=start, end=end, by_due=by_due, department="edu"), START)
            return whole.values["assigned"]

        assert number(day, day) == 1
        assert number(day + timedelta(1), day + timedelta(9)) == 0
        assert number(day, day, by_due=True) == 0
        assert number(date(2026, 12, 9), date(2026, 12, 9), by_due=True) == 1

    await embedded.write(lived)


@pytest.mark.parametrize(("number", "half", "most"), [(1, 0, 0), (2, 0, 1), (4, 1, 3), (10, 4, 8), (11, 5, 9)])
def test_the_nearest_rank_is_a_value_that_occurred(number: int, half: int, most: int) -> None:
    from storage.metrics.ranks import nearest

    assert (nearest(number, 5), nearest(number, 9)) == (half, most)


def _told(groups: list[Group]) -> dict[object, dict[str, Value]]:
    return {group.key: dict(group.values) for group in groups}


def _timing(tx: Connection, key: str, at: datetime, department: str = "edu") -> Timing:
    (whole,) = ask(tx, Question((key,), department=department), at)
    value = whole.values[key]
    assert isinstance(value, Timing)
    return value


def _by_hand(tx: Connection, at: datetime) -> dict[tuple[str, date], Any]:
    groups: dict[tuple[str, date], Any] = defaultdict(lambda: ([], [0, 0], 0))
    told = recount.assignments(tx)
    rows = tx.execute(sa.select(assignment).join(report).where(report.c.sealed == 0)).all()
    for row in rows:
        local = row.dispatched_at.astimezone(oracle.CHINA)
        sign, returned, assigned = groups[row.department, date(local.year, local.month, 1)]
        one = told[row.id]
        counted = not one["out"] and not one["gone"]
        if not one["out"]:
            returned[1] += 1
            returned[0] += one["return_asked"]
        if counted and one["sign"] != recount.NOT_YET:
            sign.append(one["sign"])
        elif counted and row.ended_at is None:
            sign.append(recount.so_far(tx, row, at))
        groups[row.department, date(local.year, local.month, 1)] = (sign, returned, assigned + counted)
    return groups


def _nearest(values: list[int], share: float) -> int | None:
    if not values:
        return None
    for value in sorted(values):
        if sum(other <= value for other in values) >= share * len(values):
            return value
    raise AssertionError


def _sum(values: list[Any]) -> object:
    if isinstance(values[0], int):
        return sum(values)
    if isinstance(values[0], Share):
        return sum(one.of for one in values), sum(one.among for one in values)
    return sum(one.finished for one in values), sum(one.open for one in values)
