"""Is it solved, and how was it: asked in the chat, in two presses. "Not solved", with a reason, reaches the office."""

from handlers.conversation import Errand, Purpose
from handlers.dialogue import Choice, Kind, Reply
from handlers.followup.visit import Answered, OwnReport, Visit, closing
from handlers.policy import Policy
from storage import followup
from storage.vocabulary import Resolved

SATISFACTION = {"good": 5, "fair": 3, "bad": 1}
RESOLVED = tuple(Resolved)


def ask(policy: Policy, visit: Visit, report: OwnReport, resolved: str) -> Answered:
    """Solved or not is said; now how the handling was."""
    if resolved not in RESOLVED:
        return visit.done(closing(policy, "follow.not_found"))
    choices = [Choice(f"f.{report.number}.rate:{key}_{resolved}", policy.texts.say(f"button.rate.{key}")) for key in SATISFACTION]
    return visit.done(Reply(policy.texts.say("rate.how"), tuple(choices), Kind.QUESTION))


def take(policy: Policy, visit: Visit, report: OwnReport, value: str) -> Answered:
    """Who is unhappy may say why; everybody else is done."""
    rated = _rated(value)
    if rated is None:
        return visit.done(closing(policy, "follow.not_found"))
    satisfaction, resolved = rated
    if resolved != Resolved.NO and satisfaction != SATISFACTION["bad"]:
        return finish(policy, visit, report, value)
    skip = Choice(f"f.{report.number}.rated:{value}", policy.texts.say("button.go.skip"))
    errand = Errand(Purpose.REASON, report.number, rating=value)
    return visit.waits(
        errand, Reply(policy.texts.say("rate.why_unsolved" if resolved == Resolved.NO else "rate.why"), (skip,), Kind.QUESTION)
    )


def finish(policy: Policy, visit: Visit, report: OwnReport, value: str) -> Answered:
    """Keep the rating, with the reason if one was written."""
    known = _rated(value)
    if known is None:
        return visit.done(closing(policy, "follow.not_found"))
    satisfaction, resolved = known
    rated = followup.rate(visit.tx, report.id, resolved, satisfaction, visit.text or None, visit.at)
    if rated.disputed:
        return visit.done(closing(policy, "rate.disputed"))
    return visit.done(closing(policy, "rate.unexplained" if resolved == Resolved.NO else "rate.thanks"))


def _rated(value: str) -> tuple[int, str] | None:
    satisfaction, _, resolved = value.partition("_")
    return (SATISFACTION[satisfaction], resolved) if satisfaction in SATISFACTION and resolved in RESOLVED else None
