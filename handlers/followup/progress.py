"""Says where a report stands, in words a parent uses, with the buttons that fit."""

from zoneinfo import ZoneInfo

from handlers.dates import day
from handlers.dialogue import Card, Choice, Kind, Line, Reply
from handlers.followup.rating import RESOLVED
from handlers.followup.visit import button
from handlers.menu import PROGRESS
from handlers.policy import Policy
from storage.followup import ReporterView, Step
from storage.vocabulary import EventKind, Status

# Nothing can be added where nobody looks any more.
SHUT = frozenset({Status.WITHDRAWN, Status.REJECTED, Status.ARCHIVED})
ENDED = SHUT | {Status.CLOSED}
# The latest of a long history; a screen is small.
STEPS, MESSAGES = 8, 4


def show(view: ReporterView, policy: Policy, zone: ZoneInfo) -> Reply:
    """One report: where it stands, who has it, by when, what was asked, answered and written."""
    say, label = policy.texts.say, policy.texts.label
    parts = [say("follow.stands", number=view.number, status=label("status", view.status))]
    if view.follows:
        parts.append(say("follow.follows", status=label("status", view.follows)))
    if view.self_check:
        parts.append(say("follow.self_check"))
    if view.question:
        parts.append(say("follow.asked", question=view.question))
    if view.answer:
        parts.append(say("follow.answered", answer=view.answer))
    parts += [_message(message.department, message.text, policy) for message in view.messages[-MESSAGES:]]
    card = Card(say("follow.card", number=view.number), _lines(view, policy, zone))
    return Reply("\n".join(parts), _choices(view, policy), Kind.PROGRESS, card)


def _message(department: str | None, text: str, policy: Policy) -> str:
    who = policy.departments.get(department, department) if department else policy.texts.say("follow.you")
    return policy.texts.say("follow.message", who=who, text=text)


def _lines(view: ReporterView, policy: Policy, zone: ZoneInfo) -> tuple[Line, ...]:
    say = policy.texts.say
    lines = [Line(say("follow.topic"), policy.told(view.category))]
    if view.lead:
        lines.append(Line(say("follow.lead"), policy.department(view.lead)))
    if view.assists:
        lines.append(Line(say("follow.assists"), say("follow.between").join(policy.department(one) for one in view.assists)))
    if view.due_at and view.status not in ENDED:
        key = "follow.provisional" if view.provisional else "follow.by"
        lines.append(Line(say("follow.due"), say(key, day=day(view.due_at, zone, policy.texts))))
    lines += [Line(day(step.at, zone, policy.texts), step_told(step, policy)) for step in view.timeline[-STEPS:]]
    return tuple(lines)


def step_told(step: Step, policy: Policy) -> str:
    """What happened, by whom, and why where that was meant for the reporter."""
    # A wait that somebody ended was not waited out.
    ended = step.kind is EventKind.INFO_LAPSED and not step.by_time
    what = policy.texts.label("happened", "info_not_awaited" if ended else step.kind)
    if step.department in policy.departments:
        what = policy.texts.say("follow.step", what=what, department=policy.departments[str(step.department)])
    return policy.texts.say("follow.because", what=what, reason=step.reason) if step.reason else what


def _choices(view: ReporterView, policy: Policy) -> tuple[Choice, ...]:
    verbs = [] if view.status in SHUT else ["add"]
    if view.may_rate:
        verbs = [*(f"solved:{resolved}" for resolved in RESOLVED), *verbs]
    if view.may_explain:
        verbs = ["explain", *verbs]
    if view.may_withdraw:
        verbs.append("withdraw")
    return (*(button(policy, view.number, verb) for verb in verbs), Choice(PROGRESS, policy.texts.say("button.follow.others")))
