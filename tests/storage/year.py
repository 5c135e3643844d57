"""A year at the office, played at random: reporters file and change their minds, officers of every department work, the office rules."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import (
    assignments,
    clocks,
    extensions,
    followup,
    merging,
    moves,
    outcomes,
    returns,
    supervision,
    sweep,
    talk,
    triage,
)
from storage.errors import ReportError
from storage.handling import Handling
from storage.people import Actor
from storage.reports import Contact, Route
from storage.vocabulary import Disposition, Level, Measure, Nature, RejectionGround, Resolved, Role
from tests.storage import cases

LEADS = ("edu", "sports", "sci_tech", "culture_tourism", "market_reg", "civil_affairs", "hr_social")
ASSISTS = (*LEADS, "public_security", "pboc", "cyberspace", "town_street")
# Minutes at the common pace, so that nights, weekends and holidays all come up.
PAUSES = (1, 5, 20, 60, 240, 900)


class Year:
    """One seeded run. `act` makes one random move by one random person; most are legal, and those that are not must leave no trace."""

    def __init__(self, tx: Connection, seed: int) -> None:
        self.tx = tx
        self.chance = random.Random(seed)
        self.at = datetime(2024, 11, 4, 1, 0, tzinfo=UTC)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.staff = {
            (key, role): [cases.an_officer(tx, key, role, self.at, reachable=key == "edu" and number == 0) for number in range(2)]
            for key in ASSISTS
            for role in (Role.OFFICER, Role.HEAD)
        }
        office = "shuangjian_office"
        self.office = [cases.an_officer(tx, office, Role.OFFICE, self.at, reachable=number == 0) for number in range(2)]
        self.discipline = cases.an_officer(tx, "discipline", Role.DISCIPLINE, self.at)
        self.parents = [cases.a_parent(tx, self.at, f"parent{number}") for number in range(20)]
        self.reports: list[int] = []

    def file(self) -> None:
        """Somebody reports something."""
        level = self.chance.choices(list(Level), (1, 2, 8, 1))[0]
        way = self.chance.choices(("auto", "triage", "sealed", "answered"), (10, 5, 1, 1))[0]
        assists = tuple(self.chance.sample(ASSISTS, self.chance.randrange(3)))
        filed = cases.a_report(
            self.tx,
            self.at,
            reporter=self.chance.choice([*self.parents, None]),
            nature=self.chance.choice(list(Nature)),
            level=level,
            route=Route(way, self.chance.choice(LEADS), assists),
            contact=self.chance.choice([None, Contact("某家长", "13800000000")]),
            insufficient=self.chance.random() < 0.2,
            about=self.chance.choice([(), (), (), ("教育局",), ("市监局的人",)]),
        )
        self.reports.append(filed.report_id)

    def pass_time(self, pace: float) -> None:
        """The clock moves, sometimes over a weekend; then the sweep runs, sometimes after having been down for a while."""
        self.at += timedelta(minutes=pace * self.chance.choice(PAUSES) * self.chance.random() + pace)
        if self.chance.random() < 0.2:
            self.sweep()

    def sweep(self) -> None:
        for one in sweep.speaking(self.tx, self.at):
            sweep.attend(self.tx, one, self.at)
        for one in sweep.resting(self.tx, self.at):
            sweep.put_away(self.tx, one, self.at)

    def act(self, recent: int) -> None:
        """One random move, mostly on one of the recent reports."""
        report_id = self.chance.choice(self.reports[-recent:] if self.chance.random() < 0.8 else self.reports)
        move = self.chance.choice(self._moves(report_id))
        savepoint = self.tx.begin_nested()
        try:
            move()
        except ReportError as refused:
            savepoint.rollback()
            self.refused[type(refused).__name__] += 1
            return
        savepoint.commit()
        self.done[move.__name__] += 1

    def _moves(self, report_id: int) -> list[Callable[[], object]]:
        rows = moves.active(self.tx, report_id)
        row = self.chance.choice(rows) if rows else None
        everyday = [self._work(row)] * 40 if row is not None else []
        return [*everyday, *self._of_office(report_id, row), *self._of_reporter(report_id)]

    def _work(self, row: moves.Row) -> Callable[[], object]:
        """What the department would do next, or something else it might."""
        tx, at, chance = self.tx, self.at, self.chance
        someone = chance.choice(self.staff[row.department, Role.OFFICER])
        owner = Actor(Role.OFFICER, row.officer_id, row.department) if row.officer_id and chance.random() < 0.9 else someone
        head = chance.choice(self.staff[row.department, Role.HEAD])

        def claim() -> object:
            return assignments.claim(tx, row.id, someone, at)

        def start() -> object:
            return assignments.start(tx, row.id, owner, at)

        def submit() -> object:
            return assignments.submit(tx, row.id, owner, self._record(), at)

        def review() -> object:
            if chance.random() < 0.2:
                return assignments.send_back(tx, row.id, self._officer(), at, reason="补充证据")
            return assignments.approve(tx, row.id, self._officer(), at)

        def rule() -> object:
            if chance.random() < 0.5:
                return returns.deny_return(tx, row.id, self._officer(), at, reason="属于你单位")
            return returns.approve_return(tx, row.id, self._officer(), at, to=chance.choice(LEADS))

        usual = {"pending_sign": claim, "claimed": start, "working": submit, "submitted": review, "return_review": rule}

        def extend() -> object:
            if chance.random() < 0.5:
                return extensions.request_extension(tx, row.id, owner, at, days=chance.randrange(1, 8), reason="取证需要时间")
            if chance.random() < 0.3:
                return extensions.deny_extension(tx, row.id, self._officer(), at, reason="不必")
            return extensions.approve_extension(tx, row.id, self._officer(), at, reason="同意")

        def give_back() -> object:
            by = chance.choice([someone, head])
            return returns.request_return(tx, row.id, by, at, reason="不归我管", suggested=chance.choice(LEADS))

        def release() -> object:
            return assignments.release(tx, row.id, owner, at, reason="出差")

        def transfer() -> object:
            return assignments.transfer_owner(tx, row.id, chance.choice(self.staff[row.department, Role.OFFICER]).officer_id or 0, head, at)

        def conflict() -> object:
            return assignments.declare_conflict(tx, row.id, owner, at, reason="亲属")

        def ask() -> object:
            return triage.ask_info(tx, row.report_id, owner, at, question="哪个小区？")

        def contact() -> object:
            return assignments.contact(tx, row.id, owner, at)

        rare = [extend, extend, extend, give_back, give_back, release, transfer, conflict, ask, contact]
        return usual[row.status] if chance.random() < 0.7 else chance.choice(rare)

    def _of_office(self, report_id: int, row: moves.Row | None) -> list[Callable[[], object]]:
        tx, at, by, chance = self.tx, self.at, self._officer(), self.chance

        def dispatch() -> object:
            return triage.dispatch(tx, report_id, by, at, lead=chance.choice(LEADS), assists=tuple(chance.sample(ASSISTS, 2)))

        def ask() -> object:
            return triage.ask_info(tx, report_id, by, at, question="哪个机构？")

        def go_on() -> object:
            return triage.stop_waiting(tx, report_id, by, at, reason="已查清")

        def reject() -> object:
            ground = chance.choice(list(RejectionGround))
            return triage.reject(tx, report_id, by, at, ground=ground, reason="已在诉讼中", way="请等法院判决")

        def merge() -> object:
            return merging.merge(tx, report_id, chance.choice(self.reports), by, at)

        def level() -> object:
            return triage.change_level(tx, report_id, chance.choice(list(Level)), by, at, reason="核实后调整")

        def after() -> object:
            outcome = chance.choice((outcomes.redo, outcomes.reopen))
            return outcome(tx, report_id, by, at, reason="有新情况")

        def close() -> object:
            return outcomes.close(tx, report_id, by, at)

        def seal() -> object:
            return triage.seal(tx, report_id, by, at, reason="涉及公职人员")

        def pause() -> object:
            if clocks.is_paused(tx, report_id):
                return triage.resume(tx, report_id, by, at)
            return triage.suspend(tx, report_id, by, at, reason="送检")

        def hand_over() -> object:
            assert row is not None
            return supervision.reassign(tx, row.id, chance.choice(LEADS), by, at, reason="更合适")

        def waive() -> object:
            assert row is not None
            return supervision.waive(tx, row.id, by, at, reason="不需要")

        def supervise() -> object:
            assert row is not None
            return supervision.escalate(tx, row.id, by, at, reason="久拖")

        def assist() -> object:
            return supervision.add_assist(tx, report_id, chance.choice(ASSISTS), by, at)

        fitting: dict[str, list[Callable[[], object]]] = {
            "triage": [dispatch] * 8 + [ask, reject, merge],
            "dispatched": [merge, assist],
            "need_info": [go_on],
            "handling": [pause, pause, assist, ask],
            "replied": [after, close],
            "closed": [after],
            "archived": [after],
        }
        status = str(moves.hold(tx, report_id, at).status)
        # Mostly what fits where the report stands; now and then anything, which must be refused without a trace.
        some = fitting.get(status, []) if chance.random() < 0.9 else [dispatch, ask, reject, merge, after, close, pause, assist, go_on]
        if chance.random() < 0.1:
            some = [*some, level, seal]
        return [*some, hand_over, waive, supervise] if row is not None else some

    def _of_reporter(self, report_id: int) -> list[Callable[[], object]]:
        tx, at, chance = self.tx, self.at, self.chance

        def add() -> object:
            return followup.add_information(tx, report_id, "又看见了一次", (), at, giver=None)

        def alarm() -> object:
            return triage.raise_level(tx, report_id, chance.choice([Level.P0, Level.P1]), at)

        def say() -> object:
            return followup.say(tx, report_id, "请问进度", at)

        def withdraw() -> object:
            return followup.withdraw(tx, report_id, at)

        def rate() -> object:
            reason = chance.choice([None, "", "还在上课"])
            return followup.rate(tx, report_id, chance.choice(list(Resolved)), chance.choice([None, 1, 5]), reason, at)

        def explain() -> object:
            return followup.explain(tx, report_id, "还在上课", at)

        def write() -> object:
            return talk.to_reporter(tx, report_id, self._officer(), "正在查", at)

        answered = moves.hold(tx, report_id, at).status in outcomes.ANSWERED
        return [add, say, write, *([rate] * 6 + [explain] * 2 if answered else []), *([withdraw, alarm] if chance.random() < 0.1 else [])]

    def _officer(self) -> Actor:
        return self.chance.choice(self.office)

    def _record(self) -> Handling:
        record = Handling(
            self.chance.choice(list(Disposition)),
            findings="现场检查",
            answer="您好，已处理",
            opinion="同意",
            inspected_at=self.at,
            place="朱兰",
            people=("甲", "乙"),
            measures=(Measure.TALKED_TO,),
            documents=("舞教〔2026〕1号",),
            refund_asked_yuan=500,
            refund_yuan=500,
            fine_yuan=0,
            students=3,
        )
        # Now and then something is forgotten, and the record is refused.
        return record if self.chance.random() < 0.9 else replace(record, findings="")
