"""What a pressed button means: its key names the draft, the step and the value, so an old card is recognised."""

from dataclasses import replace

from handlers.dialogue import Reply
from handlers.intake import asides, asking, danger, opening
from handlers.intake.scene import End, Said, Scene, Step, Taken


def press(scene: Scene, current: Step, key: str) -> Taken:
    """Take a press; one that belongs to another draft or a step long passed changes nothing and is told so."""
    serial, _, rest = key.partition(".")
    step, _, value = rest.partition(":")
    if serial != scene.draft.serial:
        return Taken(scene.draft, (Reply(scene.say("odd.old_button")),))
    taken = _steer(scene, current, step, value) or _answer(scene, current, step, value)
    return taken or Taken(scene.draft, (Reply(scene.say("odd.passed")),))


def _steer(scene: Scene, current: Step, step: str, value: str) -> Taken | None:
    """Buttons that lead somewhere instead of answering something."""
    draft = scene.draft
    if step == "go":
        return _go(scene, current, value)
    if step == "now" and danger.can_send(scene):
        return Taken(draft, end=End.SUBMIT)
    if (step, value) == ("consent", "details"):
        return opening.details(scene)
    if step == "edit" and _can_edit(scene, value):
        return Taken(asides.edit(draft, value))
    if step == "drop" and value.isdecimal() and int(value) in draft.attachments:
        kept = tuple(one for one in draft.attachments if one != int(value))
        return Taken(replace(draft, attachments=kept, aside=""), (Reply(scene.say("attachments.removed", count=len(kept))),))
    return None


def _answer(scene: Scene, current: Step, step: str, value: str) -> Taken | None:
    """An answer to what is asked now, or another answer to a question of the same draft."""
    said = Said("", scene.reading, value)
    question = scene.policy.questions.by_key.get(step)
    if question and (scene.draft.has(step) or asking.current(scene) is question):
        return asking.answer(scene, question, said)
    return current.take(scene, said) if step == current.name else None


def by_label(scene: Scene, current: Step, text: str) -> str:
    """The key of the button whose label was typed instead of pressed; empty when there is none."""
    if not text or len(text) > 60:
        return ""
    own = (choice for choice in danger.prompt(scene, current).choices if choice.key.startswith(scene.draft.serial))
    return next((choice.key for choice in own if choice.label == text), "")


def _go(scene: Scene, current: Step, value: str) -> Taken | None:
    draft = scene.draft
    if value == "back":
        return Taken(draft.back())
    if value == "skip":
        return current.take(scene, Said("", scene.reading, is_skip=True))
    if value == "keep":
        return Taken(replace(draft, aside=""))
    if value == "cancel":
        return Taken(replace(draft, aside=asides.LEAVE.name))
    return None


def _can_edit(scene: Scene, line: str) -> bool:
    # Editing belongs to the summary: before the story is told there is nothing to change. In danger the summary comes at once.
    return (scene.draft.has("topic") or scene.in_danger) and (line in asides.EDITABLE or line in scene.policy.questions.by_key)
