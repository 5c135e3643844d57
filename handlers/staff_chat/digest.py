"""The office's daily digest: what waits this morning, said once a day however often the service starts."""

from datetime import datetime

from sqlalchemy import Connection

from handlers.desk import desk, queues
from handlers.desk.accounts import Person
from handlers.dialogue import Kind, Reply
from handlers.staff_chat import lists
from handlers.staff_chat.words import Words
from storage import bindings, outbox
from storage.rules import Rules
from storage.vocabulary import Role


def write(tx: Connection, words: Words, rules: Rules, at: datetime, *, hour: int, channel: str) -> int:
    """Put today's digest into the outbox of everyone of the office who reads here; how many were written now."""
    local = at.astimezone(words.zone)
    if local.hour < hour or not rules.calendar.is_working_day(local.date()):
        return 0
    written = 0
    for officer, addressee_id in bindings.bound(tx, Role.OFFICE, channel):
        person = Person(officer, 0)
        waiting, names = desk.board_lines(tx, person)
        board = queues.board(waiting, person, names, chosen="", now=at, rules=rules)
        head = words.say("staff.digest.head", month=local.month, day=local.day)
        now = lists.board(board, words)
        reply = Reply(f"{head}\n{now.text}", now.choices, Kind.NOTICE)
        key = f"digest:{local.date().isoformat()}:{officer.id}"
        written += outbox.tell(tx, addressee_id, reply.as_dict(), dedupe_key=key, at=at) is not None
    return written
