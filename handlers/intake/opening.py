"""The beginning: what is collected and why, then the story in the parent's own words."""

from handlers.dialogue import Choice, Kind, Reply
from handlers.intake.scene import Said, Scene, Step, Taken
from handlers.menu import PROGRESS, Wish

AGREED, ANONYMOUS, DETAILED = "agreed", "anonymous", "details"


def _needs_notice(scene: Scene) -> bool:
    return not (scene.draft.has("consent") or scene.in_danger)


def _notice(scene: Scene) -> Reply:
    office = scene.policy.department(scene.policy.office())
    both = (scene.button("consent", AGREED), scene.button("consent", ANONYMOUS))
    if DETAILED in scene.draft.said_once or len(scene.draft.story) > 1:
        return Reply(scene.say("notice.choose" if scene.draft.story else "notice.either"), both, Kind.NOTICE)
    text = scene.say("notice.kept", office=office) if scene.draft.story else scene.say("notice.hello", office=office)
    # Whoever comes back on another phone finds the way to an earlier report at once.
    earlier = () if scene.draft.story else (Choice(PROGRESS, scene.say("button.menu.progress")),)
    return Reply(text, (*both, scene.button("consent", "details"), *earlier), Kind.NOTICE)


def details(scene: Scene) -> Taken:
    """The whole notice, for whoever wants to read it."""
    office = scene.policy.department(scene.policy.office())
    return Taken(scene.draft.remark(DETAILED), (Reply(scene.say("notice.details", office=office), kind=Kind.NOTICE),))


def _consent(scene: Scene, said: Said) -> Taken:
    if said.value == "details":
        return details(scene)
    wish = scene.policy.menu.wish(said.text)
    if said.value == AGREED or wish is Wish.YES:
        return Taken(scene.draft.answer("consent", AGREED))
    if said.value == ANONYMOUS or wish is Wish.NO:
        return Taken(scene.draft.answer("consent", ANONYMOUS), (Reply(scene.say("notice.anonymous")),))
    if not said.text or wish:
        return Taken(scene.draft)
    # Somebody in trouble writes first and reads later: the words are kept, the notice still comes before anything is done with them.
    return Taken(scene.draft.tell(said.text))


def _wants_story(scene: Scene) -> bool:
    return not scene.draft.has("told")


def _invite(scene: Scene) -> Reply:
    draft = scene.draft
    if not draft.story:
        text = scene.say("story.photos_only", count=len(draft.attachments)) if draft.attachments else scene.say("story.invite")
        return scene.question(text)
    return scene.question(scene.say("story.more"), scene.button("told", "yes"), hint=scene.say("story.hint"))


def _tell(scene: Scene, said: Said) -> Taken:
    if said.value == "yes" or (scene.policy.menu.wish(said.text) is Wish.DONE and scene.draft.story):
        if not scene.draft.story:
            return Taken(scene.draft)
        return Taken(scene.draft.answer("told", "yes"))
    if not said.text or scene.policy.menu.wish(said.text):
        return Taken(scene.draft)
    if not is_readable(said.text):
        return Taken(scene.draft, (Reply(scene.say("odd.no_words")),))
    if not is_chinese(said.text):
        return Taken(scene.draft.tell(said.text), (Reply(scene.say("odd.other_language")),))
    return Taken(scene.draft.tell(said.text))


def is_readable(text: str) -> bool:
    """Holds at least one letter, character or digit: emoji alone tell nothing that could be checked."""
    return any(sign.isalnum() for sign in text)


def is_chinese(text: str) -> bool:
    return any("\u3400" <= sign <= "\u9fff" for sign in text)


NOTICE = Step("consent", _needs_notice, _notice, _consent)
STORY = Step("told", _wants_story, _invite, _tell)
