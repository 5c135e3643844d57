"""The reporter's own copy, for people to read: what they told, what they left, and the steps so far as they may know them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from handlers.dates import day
from handlers.followup.progress import ENDED, step_told
from handlers.policy import Policy
from storage.followup import ReporterView
from storage.subject import Kept

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """One part of the page: lines with a label, or plain text where the label is empty."""

    head: str
    lines: Lines = field(repr=False)


def parts(kept: Kept, policy: Policy, zone: tzinfo) -> tuple[Part, ...]:
    """The whole page. Of an erased case only the steps are left."""
    return tuple(Part(policy.texts.say(f"own.part.{key}"), lines) for key, lines in _parts(kept, _Saying(policy, zone)) if lines)


@dataclass(frozen=True)
class _Saying:
    policy: Policy
    zone: tzinfo

    def say(self, key: str, **fields: object) -> str:
        return self.policy.texts.say(key, **fields)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        parts = {"year": local.year, "month": local.month, "day": local.day, "hour": local.hour, "minute": local.minute}
        return self.say("own.moment", **parts)


def _parts(kept: Kept, speak: _Saying) -> Iterator[tuple[str, Lines]]:
    yield "matter", tuple(_matter(kept.view, speak))
    if kept.words is None:
        yield "story", (("", speak.say("own.erased")),)
    else:
        questions = speak.policy.questions
        asked = {key: questions.by_key[key].label for key in kept.words.facts if key in questions.by_key}
        yield "story", (("", kept.words.story),)
        yield "facts", tuple((label, questions.told(key, kept.words.facts[key])) for key, label in asked.items())
    contact = kept.contact
    given = ((speak.say("own.name"), contact.name), (speak.say("own.phone"), contact.phone)) if contact else ()
    yield "contact", tuple((label, value) for label, value in given if value) or (("", speak.say("own.nobody")),)
    files = tuple(
        ("", speak.say("own.file", kind=speak.say(f"own.file_kind.{one.kind}"), moment=speak.moment(one.sent_at))) for one in kept.files
    )
    yield "files", files or (("", speak.say("own.no_files")),)
    yield "steps", tuple((speak.moment(step.at), step_told(step, speak.policy)) for step in kept.view.timeline)
    yield "messages", tuple(_messages(kept.view, speak))


def _matter(view: ReporterView, speak: _Saying) -> Iterator[tuple[str, str]]:
    policy = speak.policy
    yield speak.say("own.number"), view.number
    yield speak.say("own.filed"), speak.moment(view.filed_at)
    yield speak.say("own.status"), policy.texts.label("status", view.status)
    yield speak.say("own.topic"), policy.told(view.category)
    if view.lead:
        yield speak.say("own.lead"), policy.department(view.lead)
    if view.assists:
        yield speak.say("own.assists"), speak.say("own.between").join(map(policy.department, view.assists))
    if view.due_at and view.status not in ENDED:
        yield speak.say("own.due"), day(view.due_at, speak.zone, policy.texts)
    if view.answer:
        yield speak.say("own.answer"), view.answer
    if view.resolved:
        solved = speak.say(f"own.resolved_as.{view.resolved}")
        how = speak.say(f"own.satisfied_as.{view.satisfaction}") if view.satisfaction else ""
        yield speak.say("own.resolved"), speak.say("own.between").join(filter(None, (solved, how)))


def _messages(view: ReporterView, speak: _Saying) -> Iterator[tuple[str, str]]:
    for one in view.messages:
        who = speak.policy.departments.get(one.department, one.department) if one.department else speak.policy.texts.say("follow.you")
        yield speak.say("own.message", who=who, moment=speak.moment(one.at)), one.text
