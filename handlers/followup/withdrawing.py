"""Takes back a complaint: only a complaint, only by its reporter, and only after one more question."""

from handlers.dialogue import Kind, Reply
from handlers.followup.visit import Answered, OwnReport, Visit, button, closing
from handlers.policy import Policy
from storage import reports


def withdraw(policy: Policy, visit: Visit, report: OwnReport, value: str) -> Answered:
    if value != "yes":
        sure = button(policy, report.number, "withdraw:yes")
        keep = button(policy, report.number, "show", policy.texts.say("button.follow.keep"))
        return visit.done(Reply(policy.texts.say("follow.withdraw"), (sure, keep), Kind.QUESTION))
    reports.withdraw(visit.tx, report.id, visit.at)
    return visit.done(closing(policy, "follow.withdrawn"))
