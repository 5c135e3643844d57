"""Says where a report stands, in words a parent uses, with the buttons that fit."""

from zoneinfo import ZoneInfo

from handlers.dates import day
from handlers.dialogue import Card, Choice, Kind, Line, Reply
from handlers.followup.rating import RESOLVED
from handlers.followup.visit import button
from handlers.menu import PROGRESS
from handlers.policy import Policy
from storage.reports import ReporterView
from storage.vocabulary import Nature, Status

ENDED = frozenset({Status.CLOSED, Status.ARCHIVED, Status.REJECTED, Status.MERGED, Status.WITHDRAWN})
ANSWERED = frozenset({Status.REPLIED, Status.CLOSED})
SHOWN_EVENTS = 8


def show(view: ReporterView, policy: Policy, zone: ZoneInfo) -> Reply:
    """One report: where it stands, who has it, by when, what was answered."""
    say = policy.texts.say
    text = say("follow.stands", number=view.number, status=policy.texts.label("status", view.status))
    if view.answer:
        text = say("follow.answered", stands=text, answer=view.answer)
    return Reply(text, _choices(view, policy), Kind.PROGRESS, Card(say("follow.card", number=view.number), _lines(view, policy, zone)))


def _lines(view: ReporterView, policy: Policy, zone: ZoneInfo) -> tuple[Line, ...]:
    say = policy.texts.say
    lines = [Line(say("follow.topic"), policy.label(view.category))]
    if view.lead:
        lines.append(Line(say("follow.lead"), policy.department(view.lead)))
    if view.assists:
        lines.append(Line(say("follow.assists"), say("follow.between").join(policy.department(one) for one in view.assists)))
    if view.due_at and view.status not in ENDED:
        lines.append(Line(say("follow.due"), day(view.due_at, zone, policy.texts)))
    for moment in view.timeline[-SHOWN_EVENTS:]:
        key = f"happened.{moment.kind}"
        if policy.texts.has(key):
            lines.append(Line(day(moment.at, zone, policy.texts), say(key)))
    return tuple(lines)


def _choices(view: ReporterView, policy: Policy) -> tuple[Choice, ...]:
    verbs = [] if view.status in (Status.WITHDRAWN, Status.REJECTED, Status.ARCHIVED) else ["add"]
    if view.status in ANSWERED and view.resolved is None:
        verbs = [*(f"solved:{resolved}" for resolved in RESOLVED), *verbs]
    if view.nature == Nature.COMPLAINT and view.status not in (*ENDED, Status.REPLIED):
        verbs.append("withdraw")
    return (*(button(policy, view.number, verb) for verb in verbs), Choice(PROGRESS, policy.texts.say("button.follow.others")))
