"""Adds words and photos to a report, and talks with its officers, while nobody learns who is speaking."""

from dataclasses import replace

from handlers.conversation import Errand, Purpose
from handlers.dialogue import Kind, Reply
from handlers.followup.visit import Answered, OwnReport, Visit, button
from handlers.policy import Policy
from storage import followup, triage
from storage.vocabulary import Level

URGENT = (Level.P0, Level.P1)


def ask(policy: Policy, visit: Visit, report: OwnReport, _: str) -> Answered:
    """Wait for the words, or take those that were waiting for "which report?"."""
    held = visit.talk.errand
    if held and held.purpose is Purpose.BELONGS:
        return take(policy, visit, report, held)
    return visit.waits(Errand(Purpose.ADD, report.number), Reply(policy.texts.say("follow.add"), kind=Kind.QUESTION))


def take(policy: Policy, visit: Visit, report: OwnReport, errand: Errand) -> Answered:
    text = "\n".join(part for part in (errand.held, visit.text) if part)
    attachments = errand.attachments + visit.incoming.attachments
    if not text and not attachments:
        return visit.waits(errand, Reply(policy.texts.say("follow.add"), kind=Kind.QUESTION))
    if attachments:
        followup.add_information(visit.tx, report.id, text, attachments, visit.at, giver=visit.person.id)
    else:
        followup.say(visit.tx, report.id, text, visit.at)
    hear_danger(visit, report)
    more = button(policy, report.number, "add", policy.texts.say("button.follow.add_more"))
    return visit.done(Reply(policy.texts.say("follow.added"), (more, button(policy, report.number, "show"))))


def hear_danger(visit: Visit, report: OwnReport) -> None:
    """A danger told later raises the report all the same; nothing told later lowers it (domain §6)."""
    if visit.level in URGENT:
        triage.raise_level(visit.tx, report.id, Level(visit.level), visit.at)


def keep(policy: Policy, visit: Visit, errand: Errand) -> Answered:
    """More words before it is clear which report they belong to."""
    held = "\n".join(part for part in (errand.held, visit.text) if part)
    kept = replace(errand, held=held, attachments=errand.attachments + visit.incoming.attachments)
    return visit.waits(kept, Reply(policy.texts.say("follow.choose_first")))
