"""Anonymous or with a name: who may know who the parent is, and what that can and cannot bring."""

import re
from dataclasses import replace

from handlers.dialogue import Line, Reply
from handlers.intake import understanding
from handlers.intake.opening import ANONYMOUS
from handlers.intake.scene import Said, Scene, Step, Taken
from handlers.menu import Wish
from nlp.reading import Reading

NAMED, YES, NO = "named", "yes", "no"
STEPS = ("contact", "person", "wants_reply", "may_disclose")
COMPLAINT = "C"
# A mobile number, or a fixed line with or without its area code, however it is spaced.
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1\d{2}[\s-]?\d{4}[\s-]?\d{4}|(?:0\d{2,3}[\s-]?)?[2-9]\d{6,7})(?!\d)")
_SEPARATORS = " \t,，、;；:：。-"


def wants_money(reading: Reading) -> bool:
    """Somebody who wants money back can only be helped by name (domain §5); an angry tone alone is no claim."""
    return reading.nature == COMPLAINT and reading.category not in understanding.NO_MATTER


def is_named(scene: Scene) -> bool:
    return scene.draft.value("contact") == NAMED


def _contact_due(scene: Scene) -> bool:
    if scene.draft.has("contact") or scene.in_danger:
        return False
    return scene.draft.value("consent") != ANONYMOUS or wants_money(scene.reading)


def _ask_contact(scene: Scene) -> Reply:
    # The first button stands out: whoever wants money back can be helped by name only, everybody else is as well off unknown.
    wanted = wants_money(scene.reading)
    text, order = ("contact.money", (NAMED, ANONYMOUS)) if wanted else ("contact.either", (ANONYMOUS, NAMED))
    return scene.question(scene.say(text), *(scene.button("contact", way) for way in order), scene.button("go", "back"))


def _take_contact(scene: Scene, said: Said) -> Taken:
    draft = scene.draft
    wish = scene.policy.menu.wish(said.text)
    if said.value == ANONYMOUS or said.is_skip or wish is Wish.NO:
        return Taken(draft.answer("contact", ANONYMOUS))
    if said.value == NAMED or wish is Wish.YES:
        return Taken(draft.answer("contact", NAMED))
    if phone(said.text):
        return _take_person(replace(scene, draft=draft.answer("contact", NAMED)), said)
    return Taken(draft, (Reply(scene.say("contact.choose")),) if said.text else ())


def _person_due(scene: Scene) -> bool:
    return is_named(scene) and not scene.draft.has("person")


def _ask_person(scene: Scene) -> Reply:
    return scene.question(scene.say("contact.person"), scene.button("go", "skip"), scene.button("go", "back"))


def _take_person(scene: Scene, said: Said) -> Taken:
    if said.is_skip:
        return Taken(scene.draft.answer("contact", ANONYMOUS))
    if not said.text:
        return Taken(scene.draft)
    number = phone(said.text)
    if not number:
        return Taken(scene.draft, (Reply(scene.say("contact.no_phone")),))
    return Taken(scene.draft.answer("person", said.text))


def _reply_due(scene: Scene) -> bool:
    return is_named(scene) and not scene.draft.has("wants_reply")


def _ask_reply(scene: Scene) -> Reply:
    buttons = scene.button("wants_reply", YES), scene.button("wants_reply", NO), scene.button("go", "back")
    return scene.question(scene.say("contact.reply"), *buttons)


def _disclose_due(scene: Scene) -> bool:
    return is_named(scene) and wants_money(scene.reading) and not scene.draft.has("may_disclose")


def _ask_disclose(scene: Scene) -> Reply:
    buttons = scene.button("may_disclose", YES), scene.button("may_disclose", NO), scene.button("go", "back")
    return scene.question(scene.say("contact.disclose"), *buttons)


def _yes_or_no(step: str, scene: Scene, said: Said) -> Taken:
    wish = scene.policy.menu.wish(said.text)
    if said.value == YES or wish is Wish.YES:
        return Taken(scene.draft.answer(step, YES))
    # Silence is never consent: whatever is skipped counts as no.
    if said.value == NO or wish is Wish.NO or said.is_skip:
        return Taken(scene.draft.answer(step, NO))
    return Taken(scene.draft, (Reply(scene.say("contact.yes_or_no")),) if said.text else ())


def phone(text: str) -> str:
    """The telephone number in what was written, digits only; empty when there is none."""
    match = _PHONE.search(text)
    return re.sub(r"\D", "", match[1]) if match else ""


def name(text: str, noise: tuple[str, ...]) -> str:
    """What is left when the number, and the words people put before a number, are taken out."""
    rest = _PHONE.sub(" ", text)
    for word in noise:
        rest = rest.replace(word, " ")
    return " ".join(rest.split()).strip(_SEPARATORS)


def line(scene: Scene) -> Line:
    person = str(scene.draft.value("person") or "")
    who = (
        scene.say("contact.line", name=name(person, scene.policy.menu.contact_noise), phone=phone(person))
        if is_named(scene)
        else scene.say("contact.anonymous")
    )
    return Line(scene.say("summary.contact"), who.strip(), f"{scene.draft.serial}.edit:contact")


CONTACT = Step("contact", _contact_due, _ask_contact, _take_contact)
PERSON = Step("person", _person_due, _ask_person, _take_person)
REPLY = Step("wants_reply", _reply_due, _ask_reply, lambda scene, said: _yes_or_no("wants_reply", scene, said))
DISCLOSE = Step("may_disclose", _disclose_due, _ask_disclose, lambda scene, said: _yes_or_no("may_disclose", scene, said))
