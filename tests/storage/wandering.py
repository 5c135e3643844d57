"""A random life of some reports: any act by anybody at any moment; what the rules refuse leaves no trace."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, extensions, followup, merging, outcomes, returns, supervision, triage
from storage.errors import ReportError
from storage.handling import Handling
from storage.people import Actor
from storage.reports import Route
from storage.tables.reports import assignment, report
from storage.vocabulary import Disposition, Level, Nature, RejectionGround, Role
from tests.storage import cases

DEPARTMENTS = ("edu", "market_reg", "civil_affairs")
STEPS_OF_TIME = (
    timedelta(minutes=7, seconds=13),
    timedelta(hours=3, seconds=1),
    timedelta(hours=9, minutes=2),
    timedelta(days=1, seconds=31),
)
RECORD = Handling(Disposition.INSUFFICIENT, findings="查过", answer="已核实", opinion="同意")


@dataclass
class Life:
    """Officers of some departments, an office, and a moment that only goes forward."""

    tx: Connection
    at: datetime
    seed: int
    people: dict[str, list[Actor]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        for key in DEPARTMENTS:
            self.people[key] = [cases.an_officer(self.tx, key, Role.OFFICER, self.at, reachable=False) for _ in range(2)]
            self.people[key].append(cases.an_officer(self.tx, key, Role.HEAD, self.at, reachable=False))
        self.office = cases.an_officer(self.tx, "shuangjian_office", Role.OFFICE, self.at, reachable=False)
        self.parent = cases.a_parent(self.tx, self.at)
        cases.a_report(self.tx, self.at)

    def live(self, steps: int) -> int:
        """So many tries; how many were not refused."""
        done = 0
        for _ in range(steps):
            self.at += self.dice.choice(STEPS_OF_TIME)
            act = self.dice.choice(ACTS)
            with self.tx.begin_nested() as undo:
                try:
                    act(self)
                    done += 1
                except (ReportError, sa.exc.IntegrityError):
                    undo.rollback()
        return done

    def file(self) -> None:
        way = self.dice.choice(("auto", "auto", "auto", "triage", "answered", "sealed"))
        lead, assist = self.dice.sample(DEPARTMENTS, 2)
        cases.a_report(
            self.tx,
            self.at,
            route=Route(way, lead if way == "auto" else None, (assist,) if way == "auto" else ()),  # type: ignore[arg-type]
            nature=self.dice.choice((Nature.TIPOFF, Nature.COMPLAINT)),
            level=self.dice.choice((Level.P1, Level.P2)),
            category=self.dice.choice(("sham_closure", "refund_dispute")),
            town=self.dice.choice(("zhulan", "yakou", None)),
            reporter=self.dice.choice((self.parent, None)),
            insufficient=self.dice.random() < 0.2,
        )

    def a_report(self) -> int:
        return self.dice.choice(self.tx.execute(sa.select(report.c.id).order_by(report.c.id.desc()).limit(6)).scalars().all())

    def a_task(self) -> tuple[int, Actor]:
        """One of the newest assignments, and somebody who may well act on it."""
        rows = self.tx.execute(sa.select(assignment).order_by(assignment.c.id.desc()).limit(8)).all()
        row = self.dice.choice(rows)
        own = self.people[row.department]
        return row.id, next((one for one in own if one.officer_id == row.officer_id), self.dice.choice(own))

    def claim_or_go_on(self) -> None:
        task, by = self.a_task()
        for act in (assignments.claim, assignments.start):
            with self.tx.begin_nested() as undo:
                try:
                    act(self.tx, task, by, self.at)
                    return
                except ReportError:
                    undo.rollback()
        assignments.submit(self.tx, task, by, RECORD, self.at)


def _on_task(act: Callable[[Life, int, Actor], object]) -> Callable[[Life], object]:
    def done(life: Life) -> object:
        return act(life, *life.a_task())

    return done


ACTS: tuple[Callable[[Life], object], ...] = (
    *(Life.file,) * 4,
    *(Life.claim_or_go_on,) * 14,
    *(_on_task(lambda life, task, _: assignments.approve(life.tx, task, life.office, life.at)),) * 5,
    _on_task(lambda life, task, _: assignments.send_back(life.tx, task, life.office, life.at, reason="改")),
    _on_task(lambda life, task, by: assignments.release(life.tx, task, by, life.at, reason="换人")),
    _on_task(lambda life, task, by: assignments.declare_conflict(life.tx, task, by, life.at, reason="亲戚")),
    _on_task(
        lambda life, task, _: assignments.transfer_owner(life.tx, task, life.people["edu"][1].officer_id, life.people["edu"][2], life.at)
    ),
    _on_task(lambda life, task, by: returns.request_return(life.tx, task, by, life.at, reason="不归我", suggested=None)),
    _on_task(lambda life, task, _: returns.approve_return(life.tx, task, life.office, life.at, to=life.dice.choice(DEPARTMENTS))),
    _on_task(lambda life, task, _: returns.deny_return(life.tx, task, life.office, life.at, reason="归你")),
    _on_task(lambda life, task, by: extensions.request_extension(life.tx, task, by, life.at, days=1, reason="复杂")),
    _on_task(lambda life, task, _: extensions.approve_extension(life.tx, task, life.office, life.at, reason="可以")),
    _on_task(lambda life, task, _: supervision.waive(life.tx, task, life.office, life.at, reason="不用")),
    _on_task(lambda life, task, _: supervision.reassign(life.tx, task, life.dice.choice(DEPARTMENTS), life.office, life.at, reason="改派")),
    lambda life: triage.dispatch(life.tx, life.a_report(), life.office, life.at, lead=life.dice.choice(DEPARTMENTS)),
    lambda life: triage.ask_info(life.tx, life.a_report(), life.office, life.at, question="在哪"),
    lambda life: triage.stop_waiting(life.tx, life.a_report(), life.office, life.at, reason="x"),
    lambda life: triage.suspend(life.tx, life.a_report(), life.office, life.at, reason="上级鉴定"),
    lambda life: triage.resume(life.tx, life.a_report(), life.office, life.at),
    lambda life: triage.change_level(life.tx, life.a_report(), life.dice.choice((Level.P1, Level.P2)), life.office, life.at, reason="x"),
    lambda life: triage.change_category(life.tx, life.a_report(), "unlicensed_venue", life.office, life.at, reason="x"),
    lambda life: triage.reject(life.tx, life.a_report(), life.office, life.at, ground=RejectionGround.IN_COURT, reason="x", way="法院"),
    lambda life: triage.seal(life.tx, life.a_report(), life.office, life.at),
    lambda life: merging.merge(life.tx, life.a_report(), life.a_report(), life.office, life.at),
    lambda life: followup.withdraw(life.tx, life.a_report(), life.at),
    lambda life: followup.say(life.tx, life.a_report(), "补充一句", life.at),
    *(lambda life: followup.rate(life.tx, life.a_report(), life.dice.choice(("yes", "partly", "no")), 4, "还在上课", life.at),) * 2,
    lambda life: outcomes.redo(life.tx, life.a_report(), life.office, life.at, reason="没解决"),
    lambda life: outcomes.reopen(life.tx, life.a_report(), life.office, life.at, reason="新证据"),
    lambda life: outcomes.close(life.tx, life.a_report(), life.office, life.at),
    lambda life: outcomes.archive(life.tx, life.a_report(), life.office, life.at),
)
