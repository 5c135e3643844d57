"""Shows what personal data the story holds, and lets the parent keep or mask it."""

from handlers.dialogue import Line, Reply
from handlers.intake.draft import Value
from handlers.intake.scene import Said, Scene, Step, Taken
from handlers.menu import Wish
from nlp.mask import Span, hide

MASK, KEEP = "mask", "keep"
# The grade is asked for and kept even where the class beside it is masked.
_NEVER_PERSONAL = frozenset({"grade"})
# Tells who is speaking. In danger it is hidden unasked, while a child's name or a school may be what somebody goes by.
_SPEAKER = frozenset({"self", "name", "id_card", "bank_card"})


def _is_due(scene: Scene) -> bool:
    if scene.draft.aside == "privacy":
        return True
    # In danger nothing waits for this (个保法 13); the card's line changes what was decided.
    return bool(scene.masked.spans) and not scene.draft.has("privacy") and not scene.in_danger


def _ask(scene: Scene) -> Reply:
    text = scene.say("privacy.found", what=found(scene))
    return scene.question(text, scene.button("privacy", MASK), scene.button("privacy", KEEP), scene.button("go", "back"))


def _take(scene: Scene, said: Said) -> Taken:
    wish = scene.policy.menu.wish(said.text)
    if said.value == KEEP or wish is Wish.NO:
        return Taken(scene.draft.answer("privacy", KEEP))
    if said.value == MASK or said.is_skip or wish is Wish.YES:
        return Taken(scene.draft.answer("privacy", MASK))
    return Taken(scene.draft.tell(said.text)) if said.text else Taken(scene.draft)


def found(scene: Scene) -> str:
    """What kinds were found, each with the words it was found in, once."""
    seen = {(span.kind, span.text): scene.say("privacy.one", kind=kind(scene, span.kind), text=span.text) for span in scene.masked.spans}
    return scene.say("privacy.between").join(seen.values())


def kind(scene: Scene, name: str) -> str:
    texts = scene.policy.texts
    return texts.label("privacy.kind", name if texts.has(f"privacy.kind.{name}") else "other")


def story(scene: Scene) -> str:
    """The story as it will be handed in."""
    return hide(scene.draft.text, _hidden(scene))


def _hidden(scene: Scene) -> tuple[Span, ...]:
    """What will not be handed in: as the parent chose; in danger, where nobody is asked, who is speaking."""
    choice = scene.draft.value("privacy")
    if choice == MASK:
        return scene.masked.spans
    unasked = scene.in_danger and choice != KEEP
    return tuple(span for span in scene.masked.spans if unasked and span.kind in _SPEAKER)


def facts_to_send(scene: Scene, facts: dict[str, Value]) -> dict[str, Value]:
    """The facts without those that repeat what is hidden; of a teacher the school and the name stay."""
    hidden = _hidden(scene)
    if not hidden:
        return facts
    questions = scene.policy.questions
    about_teacher = {
        key: questions.masked(key, facts[key]) for key in facts.keys() & questions.by_key.keys() if questions.by_key[key].about_teacher
    }
    return {key: value for key, value in (facts | about_teacher).items() if key in about_teacher or not _repeats(scene, hidden, key, value)}


def _repeats(scene: Scene, hidden: tuple[Span, ...], key: str, value: Value) -> bool:
    """Whether a fact tells what is hidden. Places decide: a number read from 一三八 is not written like its value."""
    if key in _NEVER_PERSONAL:
        return False
    told = scene.reading.facts.get(key)
    if told and told.value == value and any(span.start < told.end and told.start < span.end for span in hidden):
        return True
    return str(value) in {span.text for span in hidden}


def line(scene: Scene) -> Line | None:
    """The summary's line about it; None when nothing was found."""
    if not scene.masked.spans:
        return None
    hidden = _hidden(scene)
    state = "privacy.masked" if hidden == scene.masked.spans else "privacy.speaker" if hidden else "privacy.as_is"
    return Line(scene.say("summary.privacy"), scene.say(state), f"{scene.draft.serial}.edit:privacy")


PRIVACY = Step("privacy", _is_due, _ask, _take)
