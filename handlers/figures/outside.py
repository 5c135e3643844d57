"""Programs with a token: figures as numbers, and reports without anything that leads to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from handlers.figures.asked import Record
from handlers.figures.book import Definition, FigureBook
from handlers.figures.filters import Filters
from storage import api_tokens
from storage.api_tokens import ApiToken, Scope
from storage.metrics.definitions import BY_KEY
from storage.metrics.listing import plain_reports
from storage.metrics.questions import By, Share, Timing, Value
from storage.metrics.ranks import Rank, Spread
from storage.rules import Rules
from storage.sealing import Secret

MOST_REPORTS = 500
# Officers are nobody's outside business.
GROUPINGS = tuple(str(by) for by in By if by is not By.OFFICER)


class NoToken(Exception):
    """No token, a wrong one, or one that no longer stands."""


class NotInScope(Exception):
    """This token does not read that."""


class Unknown(Exception):
    """A figure or grouping that does not exist."""


@dataclass(frozen=True)
class Outside:
    """The door for programs."""

    record: Record
    rules: Rules
    book: FigureBook

    async def who(self, token: str, scope: str) -> ApiToken:
        """Whose token this is, if it reads that."""
        found = await self.record.database.read(api_tokens.present, Secret(token), self.record.clock())
        if found is None:
            raise NoToken
        if Scope(scope) not in found.scopes:
            raise NotInScope
        return found

    def definitions(self) -> list[Definition]:
        return list(self.book.definitions.values())

    async def figures(self, token: ApiToken, metrics: Sequence[str], by: Sequence[str], given: Mapping[str, str]) -> dict[str, Any]:
        """Numbers by group; spans in seconds, rates with both their numbers."""
        if not metrics or set(metrics) - BY_KEY.keys() or set(by) - set(GROUPINGS):
            raise Unknown
        filters = Filters.read(given, self.rules.calendar.local_day(self.record.clock()))
        if token.department:
            filters = replace(filters, department=token.department)
        groups = await self.record.ask(filters.ask(tuple(dict.fromkeys(metrics)), *(By(one) for one in dict.fromkeys(by))))
        return {
            "start": filters.start.isoformat(),
            "end": filters.end.isoformat(),
            "basis": "due" if filters.by_due else "dispatched",
            "by": list(dict.fromkeys(by)),
            "groups": [
                {"key": [_key(key) for key in one.key], "values": {key: _plain(value) for key, value in one.values.items()}}
                for one in groups
            ],
        }

    async def reports(self, token: ApiToken, after: int, limit: int) -> list[dict[str, Any]]:
        """The next reports after this page mark."""
        found = await self.record.database.read(plain_reports, after, min(limit, MOST_REPORTS), token.department)
        return [asdict(one) for one in found]


def _key(key: object) -> object:
    return key.isoformat() if isinstance(key, date) else key


def _plain(value: Value) -> object:
    match value:
        case Share():
            return {"of": value.of, "among": value.among, "share": value.share}
        case Timing():
            return {"finished": value.finished, "open": value.open, "clock": _spread(value.clock), "work": _spread(value.work)}
    return value


def _spread(spread: Spread | None) -> object:
    return {name: _rank(getattr(spread, name)) for name in ("mean", "p50", "p90")} if spread else None


def _rank(rank: Rank) -> dict[str, object]:
    return {"seconds": rank.seconds, "at_least": rank.at_least}
