"""Is it solved, and how was it: asked in the chat, in two presses. Who is not content is asked once why; a reason reaches the office."""

from dataclasses import replace

from handlers.conversation import Errand, Purpose
from handlers.dialogue import Choice, Kind, Reply
from handlers.followup.adding import hear_danger
from handlers.followup.visit import Answered, OwnReport, Visit, button, closing
from handlers.policy import Policy
from storage import followup
from storage.vocabulary import Resolved, Status

# The degrees of the desk whose names the parent reads on the buttons.
SATISFACTION = {"good": 4, "fair": 3, "bad": 2}
RESOLVED = tuple(Resolved)


def ask(policy: Policy, visit: Visit, report: OwnReport, resolved: str) -> Answered:
    """Solved or not is said; now how the handling was."""
    if resolved not in RESOLVED:
        return visit.done(closing(policy, "follow.not_found"))
    choices = [Choice(f"f.{report.number}.rate:{key}_{resolved}", policy.texts.say(f"button.rate.{key}")) for key in SATISFACTION]
    return visit.done(Reply(policy.texts.say("rate.how"), tuple(choices), Kind.QUESTION))


def take(policy: Policy, visit: Visit, report: OwnReport, value: str) -> Answered:
    """Keep the rating; who is not content is asked why, and everybody else is done."""
    known = _rated(value)
    if known is None:
        return visit.done(closing(policy, "follow.not_found"))
    satisfaction, resolved = known
    rated = followup.rate(visit.tx, report.id, resolved, satisfaction, None, visit.at)
    if resolved == Resolved.NO:
        return _why(policy, visit, report, "rate.why_unsolved")
    if satisfaction == SATISFACTION["bad"]:
        return _why(policy, visit, report, "rate.why")
    if resolved == Resolved.PARTLY and rated.status is Status.CLOSED:
        return visit.done(_closed_partly(policy, report))
    return visit.done(closing(policy, "rate.thanks"))


def _closed_partly(policy: Policy, report: OwnReport) -> Reply:
    """It is over although something is left: that is said, and where the rest can be told."""
    last = closing(policy, "rate.closed_partly")
    return replace(last, choices=(button(policy, report.number, "add"), *last.choices))


def explain(policy: Policy, visit: Visit, report: OwnReport, _: str) -> Answered:
    """The reason, given later than the rating."""
    return _why(policy, visit, report, "rate.why_unsolved")


def finish(policy: Policy, visit: Visit, report: OwnReport, _: str) -> Answered:
    """The reason, if one was written, goes to the office; without one the rating stays as it is."""
    if not visit.text:
        return visit.done(closing(policy, "rate.unexplained"))
    followup.explain(visit.tx, report.id, visit.text, visit.at)
    hear_danger(visit, report)
    return visit.done(closing(policy, "rate.disputed"))


def _why(policy: Policy, visit: Visit, report: OwnReport, key: str) -> Answered:
    skip = Choice(f"f.{report.number}.rated", policy.texts.say("button.go.skip"))
    return visit.waits(Errand(Purpose.REASON, report.number), Reply(policy.texts.say(key), (skip,), Kind.QUESTION))


def _rated(value: str) -> tuple[int, str] | None:
    satisfaction, _, resolved = value.partition("_")
    return (SATISFACTION[satisfaction], resolved) if satisfaction in SATISFACTION and resolved in RESOLVED else None
