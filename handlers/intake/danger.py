"""Danger to a person: from the first words on it can be handed in at once, and only where to go is still asked before."""

from dataclasses import replace

from handlers.dialogue import Kind, Reply
from handlers.intake import asides
from handlers.intake.scene import EMERGENCY, Scene, Step

NOTICE = "notice"


def prompt(scene: Scene, step: Step) -> Reply:
    """What this step asks; in danger, with handing in as the first and largest button and nothing sent without its press."""
    asked = step.ask(scene)
    # At the choice between two matters it is not clear yet what would be handed in.
    if not can_send(scene) or step is asides.RESUME:
        return asked
    return replace(asked, choices=(scene.button("now", "send"), *asked.choices), hint=scene.say("danger.hint"))


def can_send(scene: Scene) -> bool:
    return scene.in_danger and bool(scene.draft.story)


def warn(scene: Scene) -> tuple[tuple[Reply, ...], Scene]:
    """The words of danger, once. The mark also makes the report an emergency when it is filed; the story counts as told."""
    draft = scene.draft.remark(EMERGENCY)
    if draft.story and not (draft.has("told") or draft.aside):
        draft = draft.answer("told", "yes")
    warning = Reply(scene.say("danger.first"), kind=Kind.WARNING)
    if draft.has("consent") or NOTICE in draft.said_once:
        return (warning,), replace(scene, draft=draft)
    # What is collected and why is told, and no choice waited for: whoever sends without one stays anonymous (个保法 18).
    office = scene.policy.department(scene.policy.office())
    return (warning, Reply(scene.say("notice.urgent", office=office), kind=Kind.NOTICE)), replace(scene, draft=draft.remark(NOTICE))
