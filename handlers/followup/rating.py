"""Is it solved, and how was it: asked in the chat, in two presses. "Not solved" opens the report again."""

from handlers.conversation import Errand, Purpose
from handlers.dialogue import Choice, Kind, Reply
from handlers.followup.visit import Answered, Visit, closing
from handlers.policy import Policy
from storage import reports

SATISFACTION = {"good": 5, "fair": 3, "bad": 1}
RESOLVED = ("yes", "partly", "no")


def ask(policy: Policy, visit: Visit, report: int, resolved: str) -> Answered:
    """Solved or not is said; now how the handling was."""
    if resolved not in RESOLVED:
        return visit.done(closing(policy, "follow.not_found"))
    choices = [Choice(f"f.{report}.rate:{key}_{resolved}", policy.texts.say(f"button.rate.{key}")) for key in SATISFACTION]
    return visit.done(Reply(policy.texts.say("rate.how"), tuple(choices), Kind.QUESTION))


def take(policy: Policy, visit: Visit, report: int, value: str) -> Answered:
    """Who is unhappy may say why; everybody else is done."""
    satisfaction, _, resolved = value.partition("_")
    if satisfaction not in SATISFACTION or resolved not in RESOLVED:
        return visit.done(closing(policy, "follow.not_found"))
    if resolved != "no" and satisfaction != "bad":
        return finish(policy, visit, report, value)
    skip = Choice(f"f.{report}.rated:{value}", policy.texts.say("button.go.skip"))
    errand = Errand(Purpose.REASON, report, resolved=value)
    return visit.waits(errand, Reply(policy.texts.say("rate.why"), (skip,), Kind.QUESTION))


def reasoned(policy: Policy, visit: Visit, errand: Errand) -> Answered:
    return finish(policy, visit, errand.report, errand.resolved, visit.text)


def finish(policy: Policy, visit: Visit, report: int, value: str, reason: str = "") -> Answered:
    satisfaction, _, resolved = value.partition("_")
    if satisfaction not in SATISFACTION or resolved not in RESOLVED:
        return visit.done(closing(policy, "follow.not_found"))
    reports.rate(visit.tx, report, resolved, SATISFACTION[satisfaction], reason, visit.at)
    return visit.done(closing(policy, "rate.reopened" if resolved == "no" else "rate.thanks"))
