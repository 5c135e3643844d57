"""What a push may say: on a locked screen only that there is news, unless the parent wants the content there too."""

from handlers.dialogue import Choice, Reply
from handlers.followup.visit import Answered, OwnReport, Visit, button, closing
from handlers.notices import FETCHED
from handlers.policy import Policy
from storage import moves, pushes

FULL, QUIET = "full", "quiet"
AGREED = {FULL: "follow.push_full", QUIET: "follow.push_quiet"}


def offer(policy: Policy, visit: Visit, report: OwnReport) -> tuple[Choice, ...]:
    """The other way than now, to whoever is pushed to; where people fetch what they read there is nothing to choose."""
    if visit.person.channel in FETCHED or not pushes.may_choose(visit.tx, report.id, visit.person.id):
        return ()
    other = QUIET if pushes.say_all(visit.tx, report.id) else FULL
    return (button(policy, report.number, f"push:{other}"),)


def choose(policy: Policy, visit: Visit, report: OwnReport, way: str) -> Answered:
    if way not in AGREED:
        return visit.done(closing(policy, "follow.not_found"))
    pushes.choose(visit.tx, moves.hold(visit.tx, report.id, visit.at), visit.person.id, in_full=way == FULL)
    said = Reply(policy.texts.say(AGREED[way]), (button(policy, report.number, "show"), *offer(policy, visit, report)))
    return visit.done(said)
