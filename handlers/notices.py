"""Turns what storage tells people of into sentences: with content where the person fetches it, without where it would light up a screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.dates import day
from handlers.dialogue import Choice, Kind, Reply
from handlers.followup.rating import RESOLVED
from handlers.followup.visit import button
from handlers.policy import Policy
from handlers.staff_chat import live
from handlers.staff_chat.card import OPEN
from storage.notices import IN_FULL, Notice

# What the reporter can do about it, right under the notice.
VERBS: Mapping[Notice, tuple[str, ...]] = {
    Notice.CLAIMED: ("show",),
    Notice.INFO_ASKED: ("add", "show"),
    Notice.EXTENDED: ("show",),
    Notice.REPLIED: (*(f"solved:{one}" for one in RESOLVED), "show"),
    Notice.RATE_AGAIN: tuple(f"solved:{one}" for one in RESOLVED),
    Notice.REASON_AGAIN: ("explain", "show"),
    Notice.REOPENED: ("show",),
    Notice.CLOSED: ("show",),
    Notice.REJECTED: ("show",),
    Notice.MESSAGE_TO_REPORTER: ("add", "show"),
}
FETCHED = frozenset({"web"})
# What an officer is told of comes with the card where the next move can be made at once.
CALLS_FOR_ACTION = frozenset(
    {
        Notice.TRIAGE_WAITING,
        Notice.DISPATCHED,
        Notice.TAKEN_OVER,
        Notice.RETURN_WAITING,
        Notice.EXTENSION_WAITING,
        Notice.REVIEW_WAITING,
        Notice.SENT_BACK,
        Notice.REDO,
        Notice.SEALED_FILED,
    }
)


@dataclass(frozen=True)
class Wording:
    """Words an outbox payload for its channel. A reply is already worded; a notice gets its sentence here."""

    policy: Policy
    zone: ZoneInfo
    fetched: frozenset[str] = FETCHED

    def __call__(self, payload: Mapping[str, object], channel: str) -> Reply:
        if "notice" not in payload:
            return Reply.from_dict(payload)
        notice, number = Notice(str(payload["notice"])), str(payload["number"])
        fields = payload.get("fields")
        known = fields if isinstance(fields, Mapping) else {}
        if notice not in VERBS:
            return self._to_officer(notice, number, known)
        return self._to_reporter(notice, number, known, quiet=channel not in self.fetched and not payload.get(IN_FULL))

    def _to_reporter(self, notice: Notice, number: str, fields: Mapping[str, object], *, quiet: bool) -> Reply:
        verbs = VERBS[notice] if fields.get("rate", True) else ("show",)
        if quiet:
            # A locked screen shows the message to whoever stands by: that there is news, and nothing of it.
            return Reply(self.policy.texts.say("told.news", number=number), self._buttons(number, ("show",)), Kind.NOTICE)
        words = {name: self._word(name, value) for name, value in fields.items()}
        key = f"told.{notice}"
        wanted = {name: words.get(name, "") for name in self.policy.texts.named[key] - {"number"}}
        return Reply(self.policy.texts.say(key, number=number, **wanted), self._buttons(number, verbs), Kind.NOTICE)

    def _to_officer(self, notice: Notice, number: str, fields: Mapping[str, object]) -> Reply:
        key = f"told_officer.{notice}"
        wanted = {name: self._word(name, fields.get(name)) for name in self.policy.texts.named[key] - {"number"}}
        text = self.policy.texts.say(key, number=number, **wanted)
        due = fields.get("due_at")
        said = f"{text}{self.policy.texts.say('told.due', day=self._word('due_at', due))}" if due else text
        if notice in CALLS_FOR_ACTION:
            return replace(live.report(number, said), kind=Kind.NOTICE)
        return Reply(said, (Choice(f"{OPEN}.{number}", self.policy.texts.say("staff.button.open", number=number)),), Kind.NOTICE)

    def _buttons(self, number: str, verbs: tuple[str, ...]) -> tuple[Choice, ...]:
        return tuple(button(self.policy, number, verb) for verb in verbs)

    def _word(self, name: str, value: object) -> str:
        if name.endswith("due_at") and isinstance(value, int):
            return day(datetime.fromtimestamp(value, UTC), self.zone, self.policy.texts)
        if name == "department" and isinstance(value, str):
            return self.policy.departments.get(value, value)
        if name == "disposition" and value:
            return self.policy.texts.label("ended", str(value))
        return "" if value is None else str(value)
