"""Shows what personal data the story holds, and lets the parent keep or mask it."""

from handlers.dialogue import Line, Reply
from handlers.intake.draft import Value
from handlers.intake.scene import Said, Scene, Step, Taken
from handlers.menu import Wish

MASK, KEEP = "mask", "keep"
# The grade is asked for and kept even where the class beside it is masked.
_NEVER_PERSONAL = frozenset({"grade"})


def _is_due(scene: Scene) -> bool:
    if scene.draft.aside == "privacy":
        return True
    # In danger nothing waits for this, and a school or a name may be what somebody goes by (个保法 13); the card's line changes it.
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
    return scene.masked.text if scene.draft.value("privacy") == MASK else scene.draft.text


def facts_to_send(scene: Scene, facts: dict[str, Value]) -> dict[str, Value]:
    """The facts without those that repeat what the parent wanted masked; of a teacher the school and the name stay."""
    if scene.draft.value("privacy") != MASK:
        return facts
    questions = scene.policy.questions
    about_teacher = {
        key: questions.masked(key, facts[key]) for key in facts.keys() & questions.by_key.keys() if questions.by_key[key].about_teacher
    }
    return {key: value for key, value in (facts | about_teacher).items() if key in about_teacher or not _repeats(scene, key, value)}


def _repeats(scene: Scene, key: str, value: Value) -> bool:
    """Whether a fact tells what was masked. Places decide: a number read from 一三八 is not written like its value."""
    if key in _NEVER_PERSONAL:
        return False
    told = scene.reading.facts.get(key)
    if told and told.value == value and any(span.start < told.end and told.start < span.end for span in scene.masked.spans):
        return True
    return str(value) in {span.text for span in scene.masked.spans}


def line(scene: Scene) -> Line | None:
    """The summary's line about it; None when nothing was found."""
    if not scene.masked.spans:
        return None
    state = scene.say("privacy.masked") if scene.draft.value("privacy") == MASK else scene.say("privacy.as_is")
    return Line(scene.say("summary.privacy"), state, f"{scene.draft.serial}.edit:privacy")


PRIVACY = Step("privacy", _is_due, _ask, _take)
