"""Finds reports by part of their number, category, status and town: never by what people wrote, and always along an index."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import queues
from storage.numbers import Stretch, stretches
from storage.people import Actor
from storage.queues import Waiting
from storage.rules import rules
from storage.tables.reports import assignment, report
from storage.vocabulary import AssignmentStatus, Role

GONE = (AssignmentStatus.RETURNED, AssignmentStatus.REASSIGNED)
FOUND_AT_MOST = 200


def search(tx: Connection, by: Actor, *, text: str = "", category: str = "", status: str = "", town: str = "") -> list[Waiting]:
    """Reports this person may see, newest first."""
    wanted = {name: value for name, value in (("town", town), ("category", category), ("status", status)) if value}
    query = _of(by, along_numbers=bool(text)).where(report.c.sealed == int(by.role is Role.DISCIPLINE))
    if text:
        rows: Sequence[Any] = _by_number(tx, query.where(*map(_beside, wanted.items())), stretches(tx, text, rules(tx).prefix))
    else:
        rows = tx.execute(_along(query, by, wanted).limit(FOUND_AT_MOST)).all()
    return queues.allowed(tx, by, queues.timed(tx, rows))


def _of(by: Actor, *, along_numbers: bool) -> sa.Select[Any]:
    match by.role:
        case Role.OFFICE:
            return queues.led()
        case Role.DISCIPLINE:
            return queues.bare()
    own = _hidden(assignment.c.department) if along_numbers else assignment.c.department
    return queues.with_assignments().where(own == by.department, assignment.c.status.not_in(GONE))


def _along(query: sa.Select[Any], by: Actor, wanted: dict[str, str]) -> sa.Select[Any]:
    """In the order of one index: a department's own, or that of the rarest thing asked for."""
    if by.role not in (Role.OFFICE, Role.DISCIPLINE):
        return query.where(*map(_beside, wanted.items())).order_by(assignment.c.report_id.desc())
    first, *others = [*wanted.items(), ("", "")]
    if first[0]:
        query = query.where(report.c[first[0]] == first[1], *(_beside(one) for one in others if one[0]))
    # The index on status goes on with the time of filing, which is the same order.
    return query.order_by(report.c.filed_at.desc() if first[0] == "status" else report.c.id.desc())


def _beside(wanted: tuple[str, str]) -> sa.ColumnElement[bool]:
    name, value = wanted
    return _hidden(report.c[name]) == value


def _hidden(column: sa.Column[Any]) -> sa.Function[Any]:
    # From the planner: it would leave the index that gives the order, fetch every closed report and sort them.
    return sa.func.coalesce(column, "")


def _by_number(tx: Connection, query: sa.Select[Any], places: Sequence[Stretch]) -> list[Any]:
    found: list[Any] = []
    for condition in _conditions(places):
        rest = FOUND_AT_MOST - len(found)
        if rest <= 0:
            break
        found += tx.execute(query.where(condition).order_by(report.c.number.desc()).limit(rest)).all()
    return found


def _conditions(places: Sequence[Stretch]) -> Iterator[sa.ColumnElement[bool]]:
    """One for each stretch; single numbers that follow each other are looked up together."""
    for is_one, run in groupby(places, key=lambda place: place.is_one):
        if is_one:
            yield report.c.number.in_([place.first for place in run])
        else:
            yield from (report.c.number.between(place.first, place.last) for place in run)
