"""Files the finished submissions and writes the receipt: number, code, who has it, by when, and what happens next."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.dates import day
from handlers.dialogue import Card, Choice, Kind, Line, Reply
from handlers.followup.visit import Visit
from handlers.menu import ANOTHER, PROGRESS
from handlers.policy import Policy
from storage import reports
from storage.reports import Filed, Submission


def file(visit: Visit, ready: tuple[Submission, ...], policy: Policy, zone: ZoneInfo) -> tuple[Reply, ...]:
    """One receipt for each report; two when the story was split in two."""
    own = [replace(submission, reporter=visit.person.id) for submission in ready]
    if len(own) == 1:
        return (receipt(reports.file(visit.tx, own[0], visit.at), own[0], policy, zone),)
    filed = reports.file_twins(visit.tx, own[0], own[1], visit.at)
    receipts = tuple(receipt(one, submission, policy, zone) for one, submission in zip(filed, own, strict=True))
    return Reply(policy.texts.say("receipt.two")), *receipts


def receipt(filed: Filed, submission: Submission, policy: Policy, zone: ZoneInfo) -> Reply:
    """The receipt. The code is on this card and nowhere else: not even the office can read it back."""
    say = policy.texts.say
    code = filed.code.reveal()
    who = policy.department(filed.lead) if filed.lead else policy.department(policy.office())
    when = say("receipt.by", day=day(filed.due_at, zone, policy.texts)) if filed.due_at else say("receipt.sorted_first")
    following = say(f"receipt.next.{submission.route.way}")
    lines = (
        Line(say("receipt.topic"), policy.label(submission.category)),
        Line(say("receipt.who"), who),
        Line(say("receipt.when"), when),
        Line(say("receipt.then"), following),
    )
    choices = (Choice(ANOTHER, say("button.menu.another")), Choice(PROGRESS, say("button.menu.progress")))
    return Reply(say("receipt.text"), choices, Kind.RECEIPT, Card(say("receipt.title"), lines, filed.number, code), say("receipt.hint"))
