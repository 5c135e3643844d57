"""The words of the officers' chat: those of the workbench, and what is said only here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self

from handlers.desk.due import Due, Press
from handlers.desk.labels import Labels
from handlers.desk.refusals import AlreadyTaken, Refused, Wrong
from handlers.policy import Policy
from storage.policy import parse

FILE = "desk.toml"
# A due time further away than this is told in days.
HOURS_SHOWN, MINUTES_SHOWN = timedelta(hours=48), timedelta(hours=1)


@dataclass(frozen=True)
class Words:
    policy: Policy
    labels: Labels
    desk: Mapping[str, Any]
    zone: tzinfo

    @classmethod
    def load(cls, policy: Policy, zone: tzinfo) -> Self:
        return cls(policy, Labels.of(policy), parse(policy.folder / FILE), zone)

    def say(self, key: str, **fields: object) -> str:
        """A sentence of the chat."""
        return self.policy.texts.say(key, **fields)

    def word(self, section: str, key: str) -> str:
        """A word of the workbench; the key itself when nobody has worded it yet."""
        return str(self.desk.get(section, {}).get(key, key))

    def department(self, key: str) -> str:
        return self.labels.departments.get(key, key)

    def moment(self, at: datetime, now: datetime) -> str:
        """A moment in local words, with the year only when it is another one."""
        local, today = at.astimezone(self.zone), now.astimezone(self.zone)
        parts = {"year": local.year, "month": local.month, "day": local.day, "hour": local.hour, "minute": local.minute}
        same_day, same_year = local.date() == today.date(), local.year == today.year
        return self.word("time", "today" if same_day else "moment" if same_year else "moment_with_year").format(**parts)

    def left(self, due: Due) -> str:
        """How long there still is, or how late it is."""
        if due.press is Press.PAUSED:
            return self.word("left", "paused")
        return self.word("left", "late" if due.press is Press.LATE else "left").format(span=self._span(due))

    def stopped(self, why: Wrong | Refused | AlreadyTaken, now: datetime) -> str:
        """What stood in the way of a move."""
        if isinstance(why, AlreadyTaken):
            return self.word("report", "taken").format(officer=why.officer, when=self.moment(why.at, now))
        if isinstance(why, Wrong):
            kind, names = ("missing", why.missing) if why.missing else ("unreadable", why.unreadable)
            return self.word("refused", kind).format(fields=self.fields(names))
        known = self.desk["refused"].get(why.key, self.desk["refused"]["changed"])
        return str(known.format(**{name: self._told(name, value, now) for name, value in why.fields.items()}))

    def fields(self, names: tuple[str, ...]) -> str:
        return self.say("staff.between").join(self.word("field", name) for name in names)

    def _told(self, name: str, value: object, now: datetime) -> object:
        match name, value:
            case "missing", tuple():
                return self.fields(value)
            case "departments" | "without_account", tuple():
                return self.say("staff.between").join(self.department(one) for one in value)
            case "department", str():
                return self.department(value)
            case _, datetime():
                return self.moment(value, now)
        return value

    def _span(self, due: Due) -> str:
        span = abs(due.left)
        if span < MINUTES_SHOWN:
            return self.word("left", "minutes").format(count=max(1, span // timedelta(minutes=1)))
        if span < HOURS_SHOWN:
            return self.word("left", "hours").format(count=span // timedelta(hours=1))
        key, count = ("working_days", abs(due.working_days)) if due.working_days else ("days", span.days)
        return self.word("left", key).format(count=count)
