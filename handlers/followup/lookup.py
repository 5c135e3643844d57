"""Finds a report by number and code, in one message or two, without an account and without a hint to those who guess."""

import re
from dataclasses import replace

from handlers.conversation import Errand, Purpose
from handlers.dialogue import Kind, Reply
from handlers.followup.visit import Answered, OwnReport, Visit, closing
from handlers.policy import Policy
from storage import reports

# A report's number wherever it stands in a text; who was asked for it may leave the letters out.
NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,4}[\s-]?[A-Za-z]{1,4}[\s-]?\d{8}[\s-]?\d{4,6}(?!\d)")
BARE_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{8}[\s-]?\d{4,6}(?!\d)")
# A code as people type it: grouped, spaced, in lower case.
CODE = re.compile(r"[0-9A-Za-z](?:[\s\-—_·.]*[0-9A-Za-z]){7,31}")
# Number, code and a few words around them; a longer text is a story that mentions an earlier report.
SHORT = 100
# Beside a number that stands alone there is room for "我的编号是" and a full stop.
BESIDE = 8


def is_complete(text: str) -> bool:
    """A short message with number and code, as the receipt's QR code sends it."""
    number = NUMBER.search(text)
    return len(text) <= SHORT and number is not None and CODE.search(text.replace(number[0], " ")) is not None


def is_number_alone(text: str) -> bool:
    """Nothing but a number: whoever comes back begins with it, and is asked for the code."""
    number = NUMBER.search(text)
    return number is not None and len(text) - len(number[0]) <= BESIDE


def could_be(text: str) -> bool:
    """What somebody who was asked for number and code may have sent; anything else is about something else."""
    return not text or (len(text) <= SHORT and (_number(text) or CODE.search(text)) is not None)


def ask(policy: Policy, visit: Visit) -> Answered:
    return visit.waits(Errand(Purpose.LOOK_UP), Reply(policy.texts.say("follow.ask_number"), kind=Kind.QUESTION))


def find(policy: Policy, visit: Visit) -> OwnReport | Answered:
    """The report, or what is still missing."""
    match = _number(visit.text)
    number = match[0] if match else visit.talk.errand.number if visit.talk.errand else ""
    if not number:
        return ask(policy, visit)
    code = CODE.search(visit.text.replace(match[0], " ") if match else visit.text)
    if code is None:
        errand = Errand(Purpose.LOOK_UP, number=number)
        return visit.waits(errand, Reply(policy.texts.say("follow.ask_code"), kind=Kind.QUESTION))
    if visit.incoming.is_guessing:
        # Before anything is looked up, so that a right code sounds like a wrong one.
        return visit.waits(Errand(Purpose.LOOK_UP), closing(policy, "follow.too_many_codes"))
    found = reports.find(visit.tx, number, code[0])
    if found is None:
        # The same words for a wrong code and an unknown number: guessing teaches nothing.
        return visit.waits(Errand(Purpose.LOOK_UP), replace(closing(policy, "follow.wrong_code"), kind=Kind.WRONG_CODE))
    return OwnReport(reports.get(visit.tx, found).number, found)


def _number(text: str) -> re.Match[str] | None:
    return NUMBER.search(text) or BARE_NUMBER.search(text)
