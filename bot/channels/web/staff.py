"""What every page of the staff shares: who is here, whether the page opens for them, how it is dressed, how a fault is said."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates

from bot.channels.web import devices
from handlers import access
from handlers.desk.accounts import Accounts, Clock, Person
from handlers.desk.due import Due, Press
from handlers.desk.forms import fields_of
from handlers.desk.labels import Labels, Lists
from handlers.desk.refusals import Forbidden, NotFound

COOKIE = "desk"
LOGIN = "/desk/login"
ACCOUNT = "/desk/account"
# A due time further away than this is told in days.
HOURS_SHOWN = timedelta(hours=48)
MINUTES_SHOWN = timedelta(hours=1)
LONGEST_FORM = 200

Words = Mapping[str, Any]


class NotSignedIn(Exception):
    """Nobody is signed in here, or not any more."""


class NotSettled(Exception):
    """The first password still stands, or the second factor this role needs is missing: only the account page opens."""


@dataclass(frozen=True)
class Shell:
    """The staff's page: templates, words, and who is at the door. Every staff router is built with it."""

    pages: Jinja2Templates
    words: Words
    labels: Labels
    lists: Lists
    accounts: Accounts
    clock: Clock
    zone: tzinfo

    def __post_init__(self) -> None:
        filters: dict[str, Callable[..., Any]] = {
            "moment": self.moment,
            "left": self.left,
            "department": lambda key: self.labels.departments.get(key, key),
            "category": lambda key: self.labels.categories.get(key, key),
            "town": lambda key: self.labels.towns.get(key, key),
            "device": lambda agent: devices.told(agent, self.words["device"]),
            "percent": lambda share: f"{share:.0%}",
        }
        self.pages.env.filters.update(filters)

    def route_class(self) -> type[APIRoute]:
        """Routes whose faults are answered with a page, not with JSON."""
        shell = self

        class StaffRoute(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                inner = super().get_route_handler()

                async def answered(request: Request) -> Response:
                    try:
                        return await inner(request)
                    except NotSignedIn:
                        return to_login(request)
                    except NotSettled:
                        return RedirectResponse(ACCOUNT, 303)
                    except (NotFound, RequestValidationError):
                        return await shell.problem(request, "not_found", 404)
                    except Forbidden:
                        return await shell.problem(request, "forbidden", 403)

                return answered

        return StaffRoute

    async def person(self, request: Request) -> Person:
        """Who is here, if this page opens for them. A dependency of every staff route; handlers/access.py holds the table."""
        found = await self.accounts.who(request.cookies.get(COOKIE, ""))
        if found is None:
            raise NotSignedIn
        request.state.person = found
        route = request.scope["route"].name
        if route not in access.BEFORE_SETTLED and (found.officer.must_change_password or self.accounts.must_enrol(found)):
            raise NotSettled
        if not access.may_open(route, found.role):
            await self.accounts.turned_away(found)
            raise Forbidden
        return found

    def page(self, request: Request, name: str, context: Mapping[str, Any], status: int = 200) -> Response:
        person: Person | None = getattr(request.state, "person", None)
        links = [(path, self.words["nav"][key]) for path, key in access.links(person.role)] if person else []
        given = {"w": self.words, "person": person, "links": links, "path": request.url.path, "fields_of": fields_of, **context}
        return self.pages.TemplateResponse(request, f"desk/{name}.html", given, status)

    async def problem(self, request: Request, key: str, status: int) -> Response:
        words = self.words["problem"]
        return self.page(request, "refusal", {"title": words[f"{key}_title"], "text": words[key]}, status)

    def moment(self, at: datetime) -> str:
        """A moment in local words, with the year only when it is another one."""
        local, today = at.astimezone(self.zone), self.clock().astimezone(self.zone)
        words = self.words["time"]
        parts = {"year": local.year, "month": local.month, "day": local.day, "hour": local.hour, "minute": local.minute}
        if local.date() == today.date():
            return str(words["today"].format(**parts))
        return str(words["moment" if local.year == today.year else "moment_with_year"].format(**parts))

    def left(self, due: Due) -> str:
        """How long there still is, or how late it is."""
        words = self.words["left"]
        if due.press is Press.PAUSED:
            return str(words["paused"])
        late = due.press is Press.LATE
        return str(words["late" if late else "left"].format(span=self._span(due)))

    def _span(self, due: Due) -> str:
        words, span = self.words["left"], abs(due.left)
        if span < MINUTES_SHOWN:
            return str(words["minutes"].format(count=max(1, span // timedelta(minutes=1))))
        if span < HOURS_SHOWN:
            return str(words["hours"].format(count=span // timedelta(hours=1)))
        if due.working_days:
            return str(words["working_days"].format(count=abs(due.working_days)))
        return str(words["days"].format(count=span.days))


def to_login(request: Request) -> Response:
    """To the sign-in, and back to the page that was wanted; only our own paths are ever followed."""
    back = quote(request.url.path) if request.method == "GET" else ""
    return RedirectResponse(f"{LOGIN}?next={back}" if back else LOGIN, 303)


def own_path(path: str) -> str:
    """The path to go back to after signing in, if it is one of the staff's pages."""
    safe = path.startswith(("/desk", "/office")) and "//" not in path and "\\" not in path
    return path if safe else "/desk"


async def form(request: Request) -> dict[str, list[str]]:
    """The fields of a plain form; files are not read here."""
    read = await request.form(max_files=0, max_fields=LONGEST_FORM)
    values: dict[str, list[str]] = {}
    for name, value in read.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
    return values


def one(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(values.get(name, ())), "")
