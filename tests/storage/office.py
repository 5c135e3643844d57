"""An office for stories: a few people, a database, a clock; each act is one call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection

from storage import assignments, events
from storage.database import Database
from storage.events import Event
from storage.handling import Handling
from storage.people import Actor
from storage.reports import Filed
from storage.vocabulary import EventKind, Role
from tests.clock import Now
from tests.storage import cases

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Office:
    """Li and Wang work at edu under a head, Zhao at market_reg, Sun at sci_tech; Qian is the office, Zhou the discipline inspection."""

    database: Database
    now: Now
    li: Actor
    wang: Actor
    head: Actor
    zhao: Actor
    sun: Actor
    qian: Actor
    zhou: Actor
    parent: int

    @classmethod
    async def open(cls, database: Database, now: Now) -> Self:
        def staff(tx: Connection) -> list[Actor]:
            places = (
                ("edu", Role.OFFICER),
                ("edu", Role.OFFICER),
                ("edu", Role.HEAD),
                ("market_reg", Role.OFFICER),
                ("sci_tech", Role.OFFICER),
                ("shuangjian_office", Role.OFFICE),
                ("discipline", Role.DISCIPLINE),
            )
            return [cases.an_officer(tx, department, role, now()) for department, role in places]

        people = await database.write(staff)
        return cls(database, now, *people, parent=await database.write(cases.a_parent, now()))

    async def does(self, act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.database.write(act, *args, **kwargs)

    async def sees(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.database.read(query, *args, **kwargs)

    async def files(self, **changes: object) -> Filed:
        return await self.database.write(cases.a_report, self.now(), **{"reporter": self.parent, **changes})

    async def lead(self, filed: Filed, department: str = "edu") -> int:
        """The department's newest assignment of this report."""
        return await self.sees(cases.assignment_of, filed.report_id, department)

    async def works_on(self, filed: Filed, by: Actor) -> int:
        """Claimed and started."""
        assignment_id = await self.lead(filed, by.department or "")
        await self.does(cases.worked, assignment_id, by, self.now())
        return assignment_id

    async def hands_in(self, filed: Filed, by: Actor, record: Handling = cases.ANSWER) -> int:
        assignment_id = await self.works_on(filed, by)
        await self.does(assignments.submit, assignment_id, by, record, self.now())
        return assignment_id

    async def answers(self, filed: Filed, by: Actor | None = None) -> int:
        """Worked on, handed in and approved; for a report without assists."""
        assignment_id = await self.hands_in(filed, by or self.li)
        await self.does(assignments.approve, assignment_id, self.qian, self.now())
        return assignment_id

    async def history(self, filed: Filed) -> list[Event]:
        return await self.sees(events.history, filed.report_id)

    async def kinds(self, filed: Filed) -> list[EventKind]:
        return [event.kind for event in await self.history(filed)]

    async def told(self, by: Actor) -> list[str]:
        return await self.sees(cases.told, by)

    async def parent_told(self) -> list[str]:
        return await self.sees(cases.notices, self.parent)
