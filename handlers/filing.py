"""Files the finished submissions and writes the receipt: number, code, who has it, by when, and what happens next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.dates import day
from handlers.dialogue import Card, Choice, Kind, Line, Reply
from handlers.followup.visit import Visit, button
from handlers.known import Known
from handlers.menu import ANOTHER, PROGRESS
from handlers.policy import Policy
from storage import institutions, reports
from storage.people import SYSTEM, Actor
from storage.reports import Filed, Submission
from storage.rules import Rules, rules
from storage.vocabulary import ClockKind, Level, Status

# The steps of an urgent report that have a limit of their own.
AT_ONCE = (ClockKind.TRIAGE, ClockKind.SIGN, ClockKind.CONTACT)


def file(visit: Visit, ready: tuple[Submission, ...], policy: Policy, zone: ZoneInfo, known: Known) -> tuple[Reply, ...]:
    """One receipt for each report; two when the story was split in two."""
    own = [replace(submission, reporter=visit.person.id) for submission in ready]
    filed = take_in(visit.tx, own, known, visit.at)
    city = rules(visit.tx)
    receipts = tuple(receipt(one, submission, policy, city, zone) for one, submission in zip(filed, own, strict=True))
    return receipts if len(receipts) == 1 else (Reply(policy.texts.say("receipt.two")), *receipts)


def take_in(tx: Connection, ready: Sequence[Submission], known: Known, at: datetime, *, by: Actor = SYSTEM) -> tuple[Filed, ...]:
    """File one report, or two of one story, each on the institution of the register that it surely names."""
    filed = (reports.file(tx, ready[0], at, by=by),) if len(ready) == 1 else reports.file_twins(tx, ready[0], ready[1], at, by=by)
    for one, submission in zip(filed, ready, strict=True):
        named = None if one.status is Status.SEALED else known.sure(tx, str(submission.facts.get("org_name") or ""))
        if named is not None:
            institutions.link_named(tx, one.report_id, named, at)
    return filed


def receipt(filed: Filed, submission: Submission, policy: Policy, city: Rules, zone: ZoneInfo) -> Reply:
    """The receipt. The code is on this card and nowhere else: not even the office can read it back."""
    say = policy.texts.say
    code = filed.code.reveal()
    who = policy.department(filed.lead) if filed.lead else policy.department(policy.office())
    is_urgent = submission.level is Level.P0 and filed.status is not Status.SEALED
    when = _at_once(filed, policy, city, zone) if is_urgent else _by(filed, policy, zone)
    following = say("receipt.next.urgent") if is_urgent else say(f"receipt.next.{submission.route.way}")
    lines = (
        Line(say("receipt.topic"), policy.told(submission.category)),
        Line(say("receipt.who"), who),
        Line(say("receipt.when"), when),
        Line(say("receipt.then"), following),
    )
    # What was not asked in danger can be said as soon as there is time for it.
    more = (button(policy, filed.number, "add"),) if is_urgent else ()
    choices = (*more, Choice(ANOTHER, say("button.menu.another")), Choice(PROGRESS, say("button.menu.progress")))
    return Reply(say("receipt.text"), choices, Kind.RECEIPT, Card(say("receipt.title"), lines, filed.number, code), say("receipt.hint"))


def _by(filed: Filed, policy: Policy, zone: ZoneInfo) -> str:
    say = policy.texts.say
    return say("receipt.by", day=day(filed.due_at, zone, policy.texts)) if filed.due_at else say("receipt.sorted_first")


def _at_once(filed: Filed, policy: Policy, city: Rules, zone: ZoneInfo) -> str:
    """Who does what within which time, day and night (domain §6, §8): in danger the day of the written answer comes last."""
    say = policy.texts.say
    limits = (city.deadlines[kind].limit[Level.P0] for kind in AT_ONCE)
    triage, sign, contact = (say(f"span.{limit.unit}", amount=limit.amount) for limit in limits)
    if filed.due_at is None:
        return say("receipt.urgent_sorted", triage=triage, sign=sign, contact=contact)
    return say("receipt.urgent_by", sign=sign, contact=contact, day=day(filed.due_at, zone, policy.texts))
