"""Takes a report back after one more question: a complaint ends, a tip-off goes on without its reporter."""

from handlers.dialogue import Kind, Reply
from handlers.followup.visit import Answered, OwnReport, Visit, button, closing
from handlers.policy import Policy
from storage import followup
from storage.vocabulary import Status


def withdraw(policy: Policy, visit: Visit, report: OwnReport, value: str) -> Answered:
    if value != "yes":
        sure = button(policy, report.number, "withdraw:yes")
        keep = button(policy, report.number, "show", policy.texts.say("button.follow.keep"))
        return visit.done(Reply(policy.texts.say("follow.withdraw"), (sure, keep), Kind.QUESTION))
    status = followup.withdraw(visit.tx, report.id, visit.at)
    return visit.done(closing(policy, "follow.withdrawn" if status is Status.WITHDRAWN else "follow.goes_on"))
