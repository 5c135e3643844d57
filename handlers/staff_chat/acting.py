"""Begins a move, collects its fields, and makes it: refused or done, the officer is told in the words of the workbench."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk import desk, dossier
from handlers.desk.accounts import Person
from handlers.desk.forms import Answers, Kind, Wrong
from handlers.desk.labels import Options, options
from handlers.desk.moving import OF_THE_OFFICE
from handlers.desk.refusals import AlreadyTaken, Forbidden, NotFound, Refused, translated
from handlers.dialogue import Reply
from handlers.staff_chat import card, form
from handlers.staff_chat.form import Form
from handlers.staff_chat.words import Words
from storage import accesses, officers, reports
from storage.accesses import Action
from storage.rules import Rules

INCOMPLETE = "incomplete"
Answered = tuple[Form | None, list[Reply]]


class Acting:
    """The moves of the workbench, made from a chat: the same table, the same door, the same trace."""

    def __init__(self, words: Words, rules: Rules) -> None:
        self._words, self._rules = words, rules

    def begin(self, tx: Connection, person: Person, begun: Form, at: datetime) -> Answered:
        """Make the move at once when its button says everything, otherwise ask for what it needs."""
        try:
            with translated():
                whole, names = desk.open_whole(tx, begun.number, person)
        except NotFound:
            return None, [self._turned_away(tx, person, begun, at, "staff.not_found")]
        page = dossier.page(whole, person, names, policy=self._words.policy, rules=self._rules, now=at)
        task = page.task(begun.assignment) if begun.assignment else None
        begun = replace(begun, part=str(task.assignment.part) if task else "")
        offered = task.moves if task else page.moves
        if task and begun.move in task.held_up:
            return None, [Reply(self._words.stopped(task.held_up[begun.move], at), (card.opening(begun.number, self._words),))]
        # What the office decides reaches other people at once, so it is confirmed even when there is nothing to fill in.
        if begun.move == "claim" or (begun.move in offered and not begun.fields and begun.move not in OF_THE_OFFICE):
            ticked = {one.name: ["yes"] for one in begun.fields if one.kind is Kind.CHECK}
            return self._make(tx, person, replace(begun, values=ticked), at)
        if begun.move not in offered:
            return None, [Reply(self._words.word("refused", "illegal_move"), (card.opening(begun.number, self._words),))]
        return self._ask(tx, person, begun.next())

    def press(self, tx: Connection, person: Person, begun: Form, press: str, at: datetime) -> Answered:
        """A button of the form."""
        if press == form.DROP:
            return None, [Reply(self._words.say("staff.cancelled"), (card.opening(begun.number, self._words),))]
        if press == form.SEND:
            return self._make(tx, person, begun, at)
        if press.startswith(f"{form.FILL}."):
            return self._ask(tx, person, replace(begun, asking=press.removeprefix(f"{form.FILL}.")))
        return self._ask(tx, person, form.pressed(begun, press, self._options(tx, person), self._words))

    def say(self, tx: Connection, person: Person, begun: Form, text: str) -> Answered:
        """Words for the field that is being asked for."""
        filled = form.typed(begun, text, self._options(tx, person), self._words)
        if filled is None:
            return begun, [Reply(self._words.say("staff.form.wrong")), *self._ask(tx, person, begun)[1]]
        return self._ask(tx, person, filled)

    def _ask(self, tx: Connection, person: Person, begun: Form) -> Answered:
        return begun, [form.question(begun, self._options(tx, person), self._words)]

    def _make(self, tx: Connection, person: Person, begun: Form, at: datetime) -> Answered:
        opened = (card.opening(begun.number, self._words),)
        try:
            self._move(tx, person, begun, at)
        except NotFound:
            return None, [self._turned_away(tx, person, begun, at, "staff.not_found")]
        except Forbidden:
            return None, [self._turned_away(tx, person, begun, at, "staff.forbidden")]
        except (Wrong, Refused) as stopped:
            missing = stopped.missing if isinstance(stopped, Wrong) else stopped.fields.get("missing", ())
            if isinstance(missing, tuple) and missing and all(begun.field(name) for name in missing):
                # The record itself says what it needs for this result: those are asked next.
                again = replace(begun, also=(*begun.also, *missing)).next()
                return again, [Reply(self._words.stopped(stopped, at)), *self._ask(tx, person, again)[1]]
            return None, [Reply(self._words.stopped(stopped, at), opened)]
        except AlreadyTaken as taken:
            return None, [Reply(self._words.stopped(taken, at), opened)]
        key = "staff.claimed" if begun.move == "claim" else "staff.done"
        said = {"number": begun.number} if begun.move == "claim" else {"number": begun.number, "move": self._words.word("move", begun.move)}
        return None, [Reply(self._words.say(key, **said), opened)]

    def _move(self, tx: Connection, person: Person, begun: Form, at: datetime) -> None:
        with translated(), tx.begin_nested():
            said = Answers(begun.fields, begun.values, self._words.zone)
            taken = desk.make_move(tx, begun.number, begun.move, person, said=said, assignment_id=begun.assignment, at=at)
            if taken:
                raise AlreadyTaken(officers.names(tx).get(taken.officer_id, ""), taken.at)

    def _turned_away(self, tx: Connection, person: Person, begun: Form, at: datetime, key: str) -> Reply:
        """Whoever is turned away is written down, as on the pages."""
        accesses.record(tx, person.actor, Action.MOVE, at, allowed=False, report_id=reports.by_number(tx, begun.number))
        return Reply(self._words.say(key))

    def _options(self, tx: Connection, person: Person) -> Options:
        return options(officers.everyone(tx), person, self._rules, self._words.labels)
