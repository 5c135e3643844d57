"""The officers' conversation: who is here, what they press or write, and the one transaction in which it happens."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from handlers.commands import GROUP
from handlers.desk import desk, queues
from handlers.desk.accounts import Person
from handlers.desk.queues import Queue
from handlers.dialogue import Incoming, Reply
from handlers.staff_chat import card, form, lists, live
from handlers.staff_chat.acting import Acting
from handlers.staff_chat.form import Form
from handlers.staff_chat.menu import Menu, Wish
from handlers.staff_chat.words import Words
from handlers.wording import tidy
from storage import addressees, bindings, drafts
from storage.addressees import Address, Addressee
from storage.drafts import StoredDraft
from storage.rules import Rules

FORM_LIFE = timedelta(days=7)
# As much of a number as anybody types: the day and what follows, or the last digits.
SHORTEST_NUMBER = 3


@dataclass(frozen=True)
class Turn:
    """One message of an officer inside its transaction."""

    tx: Connection
    chat: Addressee
    person: Person
    incoming: Incoming
    at: datetime


class StaffChat:
    """Answers one officer. Holds only the rule book: a form half filled in lives in the officer's draft."""

    def __init__(self, words: Words, rules: Rules) -> None:
        self._words, self._rules = words, rules
        self._menu = Menu.load(words.policy.folder)
        self._acting = Acting(self._words, rules)

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> None:
        """Nothing here is slow."""

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: None, at: datetime) -> list[Reply]:  # noqa: ARG002
        officer = bindings.officer_of(tx, person.id)
        if officer is None:
            return [self._meet(tx, person, incoming, at)]
        turn = Turn(tx, person, Person(officer, 0), incoming, at)
        stored = drafts.load(tx, person)
        begun = Form.from_content(stored.content["form"]) if stored.content.get("form") else None
        after, replies = self._answer(turn, begun)
        if after is not None:
            drafts.save(tx, person, {"form": after.to_content()}, read=stored, at=at, keep=FORM_LIFE)
        elif stored.version:
            drafts.discard(tx, person)
        return replies

    def _meet(self, tx: Connection, person: Addressee, incoming: Incoming, at: datetime) -> Reply:
        """A stranger: only a one-time code opens anything, and it may come in a link."""
        code = incoming.start if len(incoming.start) == bindings.CODE_LENGTH else tidy(incoming.text)
        if len(code.replace(" ", "")) != bindings.CODE_LENGTH:
            return Reply(self._words.say("staff.stranger"))
        officer = bindings.redeem(tx, person, code, at)
        if officer is None:
            return Reply(self._words.say("staff.wrong_code"))
        return Reply(self._words.say("staff.bound", name=officer.name, help=self._words.say("staff.help")))

    def _answer(self, turn: Turn, begun: Form | None) -> tuple[Form | None, list[Reply]]:
        if turn.incoming.choice:
            return self._pressed(turn, begun, turn.incoming.choice)
        if turn.incoming.start:
            return begun, [Reply(self._words.say("staff.help")), self._board(turn)]
        return self._said(turn, begun, tidy(turn.incoming.text))

    def _pressed(self, turn: Turn, begun: Form | None, choice: str) -> tuple[Form | None, list[Reply]]:
        kind, _, rest = choice.partition(".")
        match kind:
            case card.OPEN:
                return begun, [live.report(rest)]
            case lists.QUEUE:
                return begun, [self._pile(turn, rest)]
            case card.MOVE if rest.count(".") == 2:
                number, assignment, move = rest.split(".")
                started = Form(self._serial(turn), number, move, int(assignment) or None)
                return self._acting.begin(turn.tx, turn.person, started, turn.at)
            case form.PICK if begun and rest.startswith(f"{begun.serial}."):
                return self._acting.press(turn.tx, turn.person, begun, rest.removeprefix(f"{begun.serial}."), turn.at)
            case _ if kind == GROUP:
                return begun, [self._take_group(turn, rest)]
        return begun, [Reply(self._words.say("staff.old_button"))]

    def _said(self, turn: Turn, begun: Form | None, text: str) -> tuple[Form | None, list[Reply]]:
        wish = self._menu.wish(text)
        if wish is Wish.CANCEL:
            return None, [Reply(self._words.say("staff.cancelled" if begun else "nothing_to_cancel"))]
        if wish is Wish.UNBIND:
            bindings.unbind(turn.tx, turn.person.officer.id)
            return None, [Reply(self._words.say("staff.unbound"))]
        if begun and begun.asking and not wish:
            return self._acting.say(turn.tx, turn.person, begun, text)
        return begun, [self._wished(turn, wish, text)]

    def _wished(self, turn: Turn, wish: Wish | None, text: str) -> Reply:
        match wish:
            case Wish.TODO:
                return self._board(turn)
            case Wish.OVERDUE:
                return self._pile(turn, Queue.LATE)
            case Wish.FIGURES:
                return live.figures(text.partition(" ")[2])
            case Wish.HELP:
                return Reply(self._words.say("staff.help"))
        return self._search(turn, text)

    def _board(self, turn: Turn) -> Reply:
        waiting, names = desk.board_lines(turn.tx, turn.person)
        return lists.board(queues.board(waiting, turn.person, names, chosen="", now=turn.at, rules=self._rules), self._words)

    def _pile(self, turn: Turn, queue: str) -> Reply:
        waiting, names = desk.board_lines(turn.tx, turn.person)
        chosen = queues.board(waiting, turn.person, names, chosen=queue, now=turn.at, rules=self._rules).chosen
        return lists.pile(self._words.word("queue", queue), chosen.lines if chosen else (), self._words)

    def _search(self, turn: Turn, text: str) -> Reply:
        """A number, or part of one: the only thing reports are found by here."""
        if len(text) < SHORTEST_NUMBER or not any(character.isdecimal() for character in text):
            # Perhaps a question to the figures: whoever answers those says so when it is not.
            return live.figures(text)
        found, names = desk.search_lines(turn.tx, turn.person, text=text, category="", status="", town="")
        lines = queues.lines(found, turn.person, names, now=turn.at, rules=self._rules)
        numbers = {line.number for line in lines}
        if not numbers:
            return Reply(self._words.say("staff.not_found"))
        return (
            live.report(numbers.pop())
            if len(numbers) == 1
            else lists.pile(self._words.say("staff.found_title", text=text), lines, self._words)
        )

    def _take_group(self, turn: Turn, chat: str) -> Reply:
        if turn.person.role not in desk.AT_WORK:
            return Reply(self._words.say("staff.forbidden"))
        group = addressees.remember(turn.tx, Address.of(turn.chat.channel, chat), turn.at)
        bindings.take_group(turn.tx, group, turn.person.officer, turn.at)
        return Reply(self._words.say("staff.group_bound", department=self._words.department(turn.person.officer.department)))

    def _serial(self, turn: Turn) -> str:
        # It follows from the message: the same press replayed after a crash begins the same form.
        return sha256(turn.incoming.id.encode()).hexdigest()[:6]
