"""The page with two phones: a newcomer plays the parent on the left and the officers on the right, without any token."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.templating import Jinja2Templates

from bot.simulator.chats import Json
from bot.simulator.people import Person

HERE = Path(__file__).parent / "page"
TOKENS = Path(__file__).parents[1] / "channels" / "web" / "static" / "tokens.css"
FILES = {"tokens.css": TOKENS, "phones.css": HERE / "phones.css", "phones.js": HERE / "phones.js"}
WATCH_SECONDS = 20.0


@dataclass(frozen=True)
class Holder:
    """Somebody on the page."""

    key: str
    name: str
    person: Person


@dataclass(frozen=True)
class Side:
    """One of the two phones, with everybody who may hold it."""

    title: str
    people: Sequence[Holder]


def phone_routes(sides: Sequence[Side], words: Mapping[str, Any]) -> list[BaseRoute]:
    """The page and what its script calls."""
    pages = Jinja2Templates(HERE)
    people = {holder.key: holder.person for side in sides for holder in side.people}
    beside = {holder.key: [one.key for one in side.people] for side in sides for holder in side.people}

    async def page(request: Request) -> Response:
        return pages.TemplateResponse(request, "index.html", {"w": words, "sides": sides})

    async def file(request: Request) -> Response:
        path = FILES.get(request.path_params["name"])
        return FileResponse(path) if path else Response(status_code=404)

    async def watch(request: Request) -> Response:
        key, after = request.path_params["who"], int(request.query_params.get("after", 0))
        person = people[key]
        if after and len(person.chat.changes) <= after:
            await _something(person)
        changed = person.chat.changes[after:]
        messages = [_shown(person, person.chat.messages[one]) for one in dict.fromkeys(changed) if one in person.chat.messages]
        waiting = {one: _to_act_on(people[one]) for one in beside[key]}
        return JSONResponse({"messages": messages, "after": after + len(changed), "waiting": waiting})

    async def act(request: Request) -> Response:
        person, body = people[request.path_params["who"]], await request.body()
        match request.path_params["what"]:
            case "say":
                person.say(body.decode())
            case "photo":
                person.photo(body)
            case "press":
                pressed = json.loads(body)
                person.press_on(int(pressed["message"]), str(pressed["data"]))
        return Response(status_code=204)

    async def picture(request: Request) -> Response:
        content = people[request.path_params["who"]].bot.files.get(request.path_params["file"])
        return Response(content, media_type="image/png") if content else Response(status_code=404)

    return [
        Route("/", page),
        Route("/page/{name}", file),
        Route("/phone/{who}", watch),
        Route("/phone/{who}/file/{file}", picture),
        Route("/phone/{who}/{what}", act, methods=["POST"]),
    ]


def _to_act_on(person: Person) -> int:
    """How many messages came with buttons: a welcome alone calls nobody to the phone."""
    return sum("reply_markup" in message for message in person.chat.from_bot())


async def _something(person: Person) -> None:
    """Return when anything happened at this bot, or after a while."""
    try:
        await asyncio.wait_for(person.bot.changed.wait(), WATCH_SECONDS)
    except TimeoutError:
        return


def _shown(person: Person, message: Json) -> Json:
    """A message as the page draws it."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    photo = message.get("photo")
    holder = f"/phone/{{}}/file/{photo[-1]['file_id']}" if photo else ""
    return {
        "id": message["message_id"],
        "mine": not message["from"]["is_bot"],
        "text": message.get("text") or message.get("caption") or message.get("document", {}).get("file_name", ""),
        "keyboard": [[{"text": key["text"], "data": key["callback_data"]} for key in row] for row in rows],
        "photo": holder.format(f"p{person.id}") if holder else "",
    }
