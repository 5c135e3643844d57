"""The parents' door: decides whether a message is part of a report, about an earlier one, or a question; and answers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers import filing, routing
from handlers.arrival import Arrival
from handlers.conversation import Conversation
from handlers.dialogue import Incoming, Reply
from handlers.faq import Entry
from handlers.followup.errands import FollowUp
from handlers.followup.visit import Visit
from handlers.intake.draft import Draft
from handlers.intake.read_once import ReadOnce
from handlers.intake.scene import End
from handlers.intake.turn import Intake, Limits, Reads, Turn
from handlers.known import Known
from handlers.menu import ANOTHER
from handlers.policy import Policy
from nlp.mask import Masked, mask
from storage import drafts
from storage.addressees import Addressee
from storage.drafts import StoredDraft
from storage.reports import Submission

ZONE = ZoneInfo("Asia/Shanghai")
DRAFT_LIFE = timedelta(days=7)
LIMITS = Limits()
SERIAL = 4


@dataclass(frozen=True)
class Prepared:
    """All that could be worked out without the records: the slow reading is done when the transaction begins."""

    read: StoredDraft
    conversation: Conversation
    turn: Turn | None = None
    submissions: tuple[Submission, ...] = ()
    warning: tuple[Reply, ...] = ()
    asked: Entry | None = None
    level: str = ""


@dataclass(frozen=True)
class Outcome:
    conversation: Conversation
    replies: tuple[Reply, ...]


class Parent:
    """Answers one parent. Holds only the rule book and the reader: every conversation lives in its draft."""

    def __init__(
        self,
        policy: Policy,
        reader: Reads,
        *,
        masking: Callable[[str], Masked] = mask,
        limits: Limits = LIMITS,
        draft_life: timedelta = DRAFT_LIFE,
        zone: ZoneInfo = ZONE,
    ) -> None:
        reader = self._reader = ReadOnce(reader)
        self._policy, self._draft_life, self._zone = policy, draft_life, zone
        self._intake = Intake(policy, reader, masking, limits)
        self._arrival = Arrival(policy, reader)
        self._follow_up = FollowUp(policy, zone)
        self._known = Known()

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> Prepared:
        """The slow, pure part: reads what was written. Runs outside the writer."""
        with self._reader.turn():
            return self._prepare(incoming, stored, today)

    def _prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> Prepared:
        talk = Conversation.from_content(stored.content)
        if self._follow_up.concerns(talk, incoming):
            level = self._intake.level(incoming.text, today)
            # Words that waited for "which report?" were warned about when they came; now they are heard again for how urgent they are.
            held = talk.errand.held if talk.errand else ""
            heard = self._intake.level(f"{held}\n{incoming.text}", today) if held else level
            return Prepared(stored, talk, warning=self._intake.warning_at(level), level=heard)
        turn = self._turn(talk, incoming, today)
        if talk.draft is None:
            warning = self._intake.warning(incoming, today)
            # Who tells of danger is not answered with a rule, however it is put.
            asked = None if warning else self._arrival.asked(incoming, today)
            return Prepared(stored, talk, turn, warning=warning, asked=asked)
        filed = routing.submissions(turn.scene, self._reader, incoming.channel) if turn.end is End.SUBMIT else ()
        return Prepared(stored, talk, turn, filed)

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: Prepared, at: datetime) -> list[Reply]:
        """Take the message inside the transaction: draft in, draft out, reports filed. The caller sends the replies."""
        stored = drafts.load(tx, person)
        if prepared.read != stored:
            # Somebody wrote in between, on another device perhaps: what was prepared belongs to an older draft.
            prepared = self.prepare(incoming, stored, at.astimezone(self._zone).date())
        outcome = self._outcome(tx, person, incoming, prepared, at)
        self._keep(tx, person, outcome.conversation, stored, at)
        return list(outcome.replies)

    def _turn(self, talk: Conversation, incoming: Incoming, today: date) -> Turn:
        if talk.draft:
            return self._intake.turn(talk.draft, incoming, today)
        if incoming.choice == ANOTHER and talk.errand:
            # The words that waited for "which report?" turn out to begin another one.
            incoming = replace(incoming, choice="", text=talk.errand.held, attachments=talk.errand.attachments)
        return self._intake.turn(self._begin(talk, incoming), incoming, today)

    def _begin(self, talk: Conversation, incoming: Incoming) -> Draft:
        # The serial follows from the message, so that the same message replayed after a crash begins the same draft.
        serial = sha256(f"{incoming.channel}:{incoming.id}".encode()).hexdigest()[:SERIAL]
        draft = Draft(serial)
        return draft.answer("consent", talk.consent) if talk.consent else draft

    def _outcome(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: Prepared, at: datetime) -> Outcome:
        talk, turn = prepared.conversation, prepared.turn
        visit = Visit(tx, person, talk, incoming, at, prepared.level)
        if turn is None:
            talk, replies = self._follow_up.answer(visit)
            return Outcome(talk, (*prepared.warning, *replies))
        if talk.draft is None:
            met = self._arrival.meet(visit, prepared.asked)
            if met:
                return Outcome(met[0], (*prepared.warning, *met[1]))
        elif self._is_back_late(talk.draft, incoming, at):
            turn = self._intake.resume(talk.draft, incoming, turn.scene.today)
        return self._apply(replace(visit, talk=replace(talk, errand=None)), turn, prepared.submissions)

    def _is_back_late(self, draft: Draft, incoming: Incoming, at: datetime) -> bool:
        """Words after a long while may belong to this draft or to something new; a press and a menu word say it themselves."""
        writes = bool(incoming.text or incoming.attachments) and not incoming.choice
        if not writes or draft.aside or not draft.story or self._policy.menu.wish(incoming.text):
            return False
        return at - draft.touched > self._policy.menu.pause

    def _apply(self, visit: Visit, turn: Turn, ready: tuple[Submission, ...]) -> Outcome:
        draft = replace(turn.scene.draft, touched=visit.at)
        talk = replace(visit.talk, consent=str(draft.value("consent") or visit.talk.consent))
        match turn.end:
            case End.SUBMIT:
                receipts = filing.file(visit, ready, self._policy, self._zone, self._known)
                return Outcome(replace(talk, draft=None), (*turn.replies, *receipts))
            case End.LEAVE:
                return Outcome(replace(talk, draft=None), self._arrival.with_menu(turn.replies))
            case End.FOLLOW_UP:
                talk, replies = self._follow_up.overview(replace(visit, talk=replace(talk, draft=draft)))
                return Outcome(talk, (*turn.replies, *replies))
        return Outcome(replace(talk, draft=draft), turn.replies)

    def _keep(self, tx: Connection, person: Addressee, talk: Conversation, read: StoredDraft, at: datetime) -> None:
        if talk.is_empty():
            drafts.discard(tx, person)
        else:
            drafts.save(tx, person, talk.to_content(), read=read, at=at, keep=self._draft_life)
