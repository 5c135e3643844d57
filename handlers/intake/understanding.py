"""Says what was understood and lets it be corrected; asks which category only when the reading is unsure, and only once."""

from handlers.dialogue import Choice, Kind, Reply
from handlers.intake.draft import Draft
from handlers.intake.next_question import facts
from handlers.intake.scene import End, Said, Scene, Step, Taken
from handlers.menu import Wish
from nlp.reading import Reading, Sureness

UNCLEAR, OUT, CONSULT, PROGRESS, SUGGESTION, SEALED = (
    "unclear",
    "out_of_scope",
    "policy_consult",
    "progress_query",
    "suggestion",
    "official_misconduct",
)
# Not things a parent would pick as what happened.
NO_MATTER = frozenset({UNCLEAR, OUT, CONSULT, PROGRESS, SUGGESTION})
# What somebody wants to know or wishes for, which is no report.
NO_REPORT = frozenset({CONSULT, PROGRESS, SUGGESTION})
TWO, MANY = 2, 5


def _is_due(scene: Scene) -> bool:
    # In danger nobody confirms what it is called before it is handed in; whoever changes that line is asked all the same.
    return not scene.draft.has("topic") and (not scene.in_danger or scene.draft.has("denied"))


def _ask(scene: Scene) -> Reply:
    draft, reading = scene.draft, scene.reading
    if draft.has("denied") or reading.category == draft.value("ruled_out"):
        return _correction(scene)
    if reading.category == OUT and not draft.has("insist"):
        return _not_ours(scene)
    if reading.category in (CONSULT, PROGRESS):
        return _after_all(scene) if draft.has("insist") else _consult(scene)
    if reading.category == UNCLEAR:
        return _unclear(scene)
    if reading.doubtful and reading.sureness is not Sureness.TRIAGE and len(matters(reading)) >= TWO:
        return _among(scene, scene.say("understood.which") + recap(scene), matters(reading)[:TWO])
    return _right(scene)


def _take(scene: Scene, said: Said) -> Taken:
    if said.value in scene.policy.topics:
        return _settle(scene, said.value)
    if said.value:
        return _pressed(scene, said.value)
    return _written(scene, said)


def _pressed(scene: Scene, value: str) -> Taken:
    draft, reading = scene.draft, scene.reading
    match value:
        case "enough":
            return Taken(draft, (Reply(scene.say("consult.enough")),), End.LEAVE)
        case "lookup":
            return Taken(draft, end=End.FOLLOW_UP)
        case "wrong":
            return Taken(draft.answer("denied", reading.category))
        case "more":
            return Taken(_reopened(draft).without("told"))
        case "insist":
            # Out of scope stays so, and a person sorts it; a question that turns out to be a report is read on.
            insisted = draft.answer("insist", "yes")
            return Taken(insisted.answer("topic", OUT) if reading.category == OUT else insisted)
    return Taken(draft)


def _written(scene: Scene, said: Said) -> Taken:
    draft, category = scene.draft, scene.reading.category
    wish = None if draft.has("denied") else scene.policy.menu.wish(said.text)
    if said.is_skip:
        return Taken(draft.answer("topic", UNCLEAR))
    if wish is Wish.NO:
        return _pressed(scene, "wrong")
    if wish in (Wish.YES, Wish.DONE):
        return _settle(scene, category)
    if said.text and not draft.has("denied") and draft.value("ruled_out") == category:
        # Asked once already, and the words still read like what it is not: a person sorts it, nobody is asked a third time (domain §4.8).
        return Taken(draft.tell(said.text).answer("topic", UNCLEAR), (Reply(scene.say("understood.by_hand")),))
    # More words at this point belong to the story; it is read again as a whole.
    return Taken(_reopened(draft).without("insist").tell(said.text)) if said.text else Taken(draft)


def _reopened(draft: Draft) -> Draft:
    """The draft to be read anew: what the parent said it is not stays in mind, so that it is not said back a second time."""
    denied = draft.value("denied")
    return draft.without("denied").answer("ruled_out", denied) if denied else draft.without("denied")


def matters(reading: Reading) -> list[str]:
    """The candidates a parent could mean, the likeliest first."""
    return [one.category for one in reading.candidates if one.category not in NO_MATTER]


def recap(scene: Scene) -> str:
    """What was heard so far besides the category, in one short line; empty when nothing."""
    known = facts(scene.draft, scene.reading)
    questions = scene.policy.questions
    heard = [(one.label, questions.told(one.key, known[one.key])) for one in questions.by_key.values() if one.key in known]
    lines = scene.say("understood.between").join(scene.say("understood.fact", label=label, value=value) for label, value in heard)
    return scene.say("understood.heard", facts=lines) if lines else ""


def _right(scene: Scene) -> Reply:
    reading = scene.reading
    text = _understood(scene) + recap(scene)
    yes = scene.button("topic", reading.category, scene.say("button.topic.right"))
    return scene.question(text, yes, scene.button("topic", "wrong"), scene.button("topic", "more"))


def _understood(scene: Scene) -> str:
    reading = scene.reading
    if reading.category == SUGGESTION:
        return scene.say("understood.suggestion")
    say = scene.policy.topics[reading.category].say
    return scene.say("understood.maybe" if reading.sureness is Sureness.TRIAGE else "understood.right", say=say)


def _unclear(scene: Scene) -> Reply:
    return scene.question(scene.say("understood.unclear"), scene.button("topic", UNCLEAR, scene.say("button.topic.that_is_all")))


def _after_all(scene: Scene) -> Reply:
    """It read like a question and is a report after all: which one is for the parent to say."""
    meant = matters(scene.reading)[:MANY]
    return _among(scene, scene.say("understood.which"), meant) if meant else _unclear(scene)


def _correction(scene: Scene) -> Reply:
    denied, ruled_out = scene.draft.value("denied"), scene.draft.value("ruled_out")
    others = [category for category in matters(scene.reading) if category not in (denied, ruled_out)][:MANY]
    # After more words "no" may have been about something heard beside it: it stays within reach, in the last place.
    again = [str(ruled_out)] if ruled_out in matters(scene.reading) and ruled_out != denied else []
    return _among(scene, scene.say("understood.correct"), others + again, scene.button("topic", "more"))


def _among(scene: Scene, text: str, categories: list[str], *further: Choice) -> Reply:
    """One button for each, in the words a parent would use, and always a way out."""
    picks = (scene.button("topic", category, scene.policy.topics[category].say) for category in categories)
    return scene.question(text, *picks, scene.button("topic", UNCLEAR, scene.say("button.topic.neither")), *further)


def _consult(scene: Scene) -> Reply:
    entry = scene.policy.faq.find(scene.draft.text)
    answer = faq_answer(scene, scene.draft.text)
    choices = [scene.button("topic", "insist"), scene.button("topic", "enough")]
    if entry is None:
        # What stands nowhere is not guessed at: a person of the office answers it.
        choices.insert(0, scene.button("topic", CONSULT))
    if scene.reading.category == PROGRESS:
        answer, choices = scene.say("consult.progress"), [scene.button("topic", "lookup"), *choices]
    return Reply(answer, tuple(choices), Kind.ANSWER)


def faq_answer(scene: Scene, text: str) -> str:
    """The answer with what it stands on, or that nothing here answers it."""
    entry = scene.policy.faq.find(text)
    if entry is None:
        return scene.say("consult.unknown")
    return scene.say("consult.answer", answer=entry.answer, basis=entry.basis, closing=scene.policy.faq.closing)


def _not_ours(scene: Scene) -> Reply:
    departments, lead = scene.policy.departments, scene.reading.lead
    office = scene.policy.office()
    if lead in departments and lead != office:
        text = scene.say("outside.whose", department=departments[lead], office=departments[office])
    else:
        text = scene.say("outside.unknown", office=departments[office])
    return Reply(text, (scene.button("topic", "insist"), scene.button("topic", "enough"), scene.button("topic", "wrong")), Kind.ANSWER)


def _settle(scene: Scene, category: str) -> Taken:
    """The parent has said which it is; what concerns an official is told to be sealed."""
    draft = scene.draft.answer("topic", category)
    return Taken(draft, (Reply(sealed_note(scene), kind=Kind.NOTICE),)) if is_sealed(scene, category) else Taken(draft)


def is_sealed(scene: Scene, category: str) -> bool:
    return category == SEALED or "sealed" in scene.reading.flags


def sealed_note(scene: Scene) -> str:
    """Who alone will see it."""
    sealed = next(key for key, kind in scene.policy.kinds.items() if kind == "sealed")
    return scene.say("sealed.note", department=scene.policy.department(sealed))


UNDERSTANDING = Step("topic", _is_due, _ask, _take)
