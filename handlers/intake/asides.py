"""What interrupts the intake and then lets it go on: leaving, coming back days later, changing a line of the summary."""

from collections.abc import Callable
from dataclasses import replace

from handlers.dialogue import Reply
from handlers.intake import contact
from handlers.intake.draft import Draft
from handlers.intake.opening import AGREED
from handlers.intake.scene import EMERGENCY, REVIEWED, End, Said, Scene, Step, Taken
from handlers.menu import Wish


def _ask_leave(scene: Scene) -> Reply:
    buttons = (scene.button("leave", value) for value in ("stay", "restart", "drop"))
    return scene.question(scene.say("leave.sure"), *buttons)


def _take_leave(scene: Scene, said: Said) -> Taken:
    wish = scene.policy.menu.wish(said.text)
    if said.value == "drop" or wish in (Wish.YES, Wish.CANCEL):
        return Taken(scene.draft, (Reply(scene.say("leave.dropped")),), End.LEAVE)
    if said.value == "restart" or wish is Wish.RESTART:
        return Taken(fresh(scene.draft))
    return Taken(replace(scene.draft, aside=""), again="" if wish else said.text)


def _ask_resume(scene: Scene) -> Reply:
    return scene.question(scene.say("resume.which"), scene.button("resume", "go_on"), scene.button("resume", "anew"))


def _take_resume(scene: Scene, said: Said) -> Taken:
    draft = scene.draft
    wish = scene.policy.menu.wish(said.text)
    if said.value == "anew" or wish in (Wish.ANOTHER, Wish.RESTART):
        return Taken(fresh(draft), again=draft.held)
    if said.value == "go_on" or wish is Wish.YES:
        return Taken(replace(draft, aside="", held=""), again=draft.held)
    # Neither button, more words: keep them with the ones that already wait.
    held = "\n".join(part for part in (draft.held, said.text) if part)
    return Taken(replace(draft, held=held))


def fresh(draft: Draft) -> Draft:
    """An empty draft of the same person, who need not agree to the notice twice."""
    consent = tuple(answer for answer in draft.answers if answer.key == "consent")
    return Draft(f"{draft.serial[:4]}{_turn(draft.serial)}", draft.touched, answers=consent)


def _turn(serial: str) -> int:
    # A new serial for the new draft: the old one's buttons must no longer answer its questions.
    return int(serial[4:] or "0") + 1


def _ask_attachments(scene: Scene) -> Reply:
    draft = scene.draft
    remove = tuple(
        scene.button("drop", str(one), scene.say("attachments.remove", place=place)) for place, one in enumerate(draft.attachments, start=1)
    )
    return scene.question(scene.say("attachments.edit", count=len(draft.attachments)), *remove, scene.button("go", "keep"))


def _take_attachments(scene: Scene, said: Said) -> Taken:
    draft = replace(scene.draft, aside="")
    return Taken(draft, again=said.text) if said.text else Taken(draft)


def _ask_story(scene: Scene) -> Reply:
    whole = scene.say("story.edit", story=scene.draft.text)
    return scene.question(whole, scene.button("story", "rewrite"), scene.button("go", "keep"))


def _take_story(scene: Scene, said: Said) -> Taken:
    if said.value == "rewrite":
        return Taken(replace(scene.draft, aside="rewrite"))
    return Taken(replace(scene.draft.tell(said.text), aside="") if said.text else scene.draft)


def _ask_rewrite(scene: Scene) -> Reply:
    return scene.question(scene.say("story.rewrite"), scene.button("go", "keep"))


def _take_rewrite(scene: Scene, said: Said) -> Taken:
    if not said.text:
        return Taken(scene.draft)
    # Another story may be another matter: what was understood of the old one is asked again, the facts given stay.
    return Taken(replace(scene.draft.without("topic", "denied", "ruled_out", "insist", "privacy"), story=(said.text,), aside=""))


def edit(draft: Draft, line: str) -> Draft:
    """The draft with this line of the summary taken up again."""
    if line == "topic":
        reopened = draft.without("topic", "denied", "ruled_out", "insist").answer("denied", "")
        return replace(reopened, said_once=reopened.said_once - {REVIEWED})
    if line == "contact":
        opened = draft.without(*contact.STEPS).answer("consent", AGREED)
        # In danger it was not asked for: whoever takes it up wants to leave one.
        return opened.answer("contact", contact.NAMED) if EMERGENCY in draft.said_once else opened
    return replace(draft, aside=line)


def _step(name: str, ask: Callable[[Scene], Reply], take: Callable[[Scene, Said], Taken]) -> Step:
    return Step(name, lambda scene: scene.draft.aside == name, ask, take)


LEAVE = _step("leave", _ask_leave, _take_leave)
RESUME = _step("resume", _ask_resume, _take_resume)
ATTACHMENTS = _step("attachments", _ask_attachments, _take_attachments)
STORY = _step("story", _ask_story, _take_story)
REWRITE = _step("rewrite", _ask_rewrite, _take_rewrite)
EDITABLE = frozenset({"topic", "privacy", "contact", "attachments", "story"})
