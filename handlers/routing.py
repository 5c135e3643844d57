"""Turns a finished draft into submissions: which department leads, who assists, what a person of the office must sort."""

from dataclasses import asdict, replace
from enum import StrEnum

from handlers.intake import contact, privacy, understanding
from handlers.intake.next_question import facts
from handlers.intake.scene import EMERGENCY, Scene
from handlers.intake.turn import Reads
from handlers.policy import Policy
from nlp.reading import Reading, Sureness
from nlp.similar import fingerprint
from storage.reports import Contact, Route, Submission
from storage.vocabulary import Level, Nature, Source

SEALED = "official_misconduct"
TWINS = "refund_and_violation"
TIPOFF, COMPLAINT = "T", "C"
# Facts of which one is enough to go and look (domain §5). A teacher whose school is named is found like an institution;
# one who is only called 班主任 is not, and is no such fact.
FINDABLE = ("address", "org_name", "platform_account", "teacher_identity")
EVIDENCE = ("text", "start", "end", "weight", "supports", "group")


class Settled(StrEnum):
    """Who said of which category a report is, where the reading did not decide alone; `APART`: one of two matters in one story."""

    NOBODY = ""
    REPORTER = "reporter"
    CLERK = "clerk"
    APART = "apart"


def submissions(scene: Scene, reader: Reads, channel: str) -> tuple[Submission, ...]:
    """What is filed: one report, or two when the parent wants money back and also told of a violation."""
    story = privacy.story(scene)
    main = _read(scene, reader, story, _category(scene))
    other = twin(main, scene.policy)
    first = _submission(scene, main, story, channel, Settled.REPORTER if scene.draft.has("topic") else Settled.NOBODY)
    if first.route.way == "sealed" or other is None:
        return (first,)
    return first, _submission(scene, _read(scene, reader, story, other), story, channel, Settled.APART)


def _category(scene: Scene) -> str | None:
    """What the parent said it is; None where nobody was asked, as in danger, and the reading alone decides."""
    category = scene.reading.category
    if scene.draft.has("topic"):
        return category
    return understanding.UNCLEAR if category in understanding.NO_REPORT else None


def route(reading: Reading, policy: Policy) -> Route:
    """Sealed when an official is meant, a department when the reading is sure, else the office's pile."""
    if reading.category == SEALED or "sealed" in reading.flags:
        return Route("sealed")
    if reading.sureness is not Sureness.ROUTE or policy.kinds.get(reading.lead) != "line":
        return Route("triage")
    return Route("auto", reading.lead, reading.assists)


def _read(scene: Scene, reader: Reads, story: str, category: str | None) -> Reading:
    # Read again as it is handed in: the spans of the evidence must fit the masked text the officers see.
    reading = reader.read(story, scene.today, category=category, facts=scene.draft.given())
    return replace(reading, level=EMERGENCY) if EMERGENCY in scene.draft.said_once else reading


def twin(main: Reading, policy: Policy) -> str | None:
    """The category of the second report; None when everything is one matter (domain §0.3)."""
    if TWINS not in main.flags:
        return None
    wanted = TIPOFF if main.nature == COMPLAINT else COMPLAINT
    return next((key for key in main.secondary if policy.topics[key].nature == wanted and key != SEALED), None)


def _submission(scene: Scene, reading: Reading, story: str, channel: str, settled: Settled) -> Submission:
    known = privacy.facts_to_send(scene, facts(scene.draft, reading))
    return Submission(
        source=Source.CHAT,
        channel=channel,
        reporter=None,
        story=story,
        facts=known,
        reading=as_content(reading, settled),
        category=reading.category,
        secondary=reading.secondary,
        nature=Nature(reading.nature),
        level=Level(reading.level),
        regulator=reading.regulator,
        route=route(reading, scene.policy),
        # A town hidden with who is speaking, 垭口小学, may be told by the place all the same.
        town=scene.policy.places.town(known.get("town")) or scene.policy.places.town(known.get("address")),
        attachments=scene.draft.attachments,
        contact=_contact(scene),
        insufficient=not any(key in known for key in FINDABLE),
        about=(str(known["misconduct_of"]),) if "misconduct_of" in known else (),
        marks=fingerprint(story),
    )


def as_content(reading: Reading, settled: Settled = Settled.NOBODY) -> dict[str, object]:
    """Why it went where it went, for the people who look at it later. What nobody could name is settled by nobody."""
    return {
        "category": reading.category,
        "settled": str(Settled.NOBODY if reading.category == understanding.UNCLEAR else settled),
        "secondary": list(reading.secondary),
        "lead": reading.lead,
        "sureness": str(reading.sureness),
        "confidence": reading.confidence,
        "margin": reading.margin,
        "prior": reading.prior,
        "candidates": [asdict(candidate) for candidate in reading.candidates],
        "evidence": [{part: getattr(term, part) for part in EVIDENCE} for term in reading.evidence],
        "flags": sorted(reading.flags),
        "lexicon_version": reading.lexicon_version,
    }


def _contact(scene: Scene) -> Contact | None:
    if not contact.is_named(scene):
        return None
    person = str(scene.draft.value("person") or "")
    return Contact(
        name=contact.name(person, scene.policy.menu.contact_noise),
        phone=contact.phone(person),
        wants_reply=scene.draft.value("wants_reply") == contact.YES,
        may_disclose=scene.draft.value("may_disclose") == contact.YES,
    )
