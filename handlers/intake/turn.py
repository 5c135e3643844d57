"""One turn of the intake: a draft and a message in, a draft and replies out. Pure, so it runs before the transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from handlers.dialogue import Incoming, Kind, Reply
from handlers.intake import asides, asking, contact, danger, opening, presses, privacy, summary, understanding
from handlers.intake.draft import Draft
from handlers.intake.scene import EMERGENCY, REVIEWED, End, Said, Scene, Step, Taken
from handlers.menu import ANOTHER, REPORT, RESUME, Wish
from handlers.policy import Policy
from handlers.wording import tidy
from nlp.mask import Masked
from nlp.reading import Reading, bare

# The first one that is due is where the conversation stands; what interrupts comes before what goes on.
STEPS = (
    asides.LEAVE,
    asides.RESUME,
    opening.NOTICE,
    opening.STORY,
    understanding.UNDERSTANDING,
    asides.ATTACHMENTS,
    asides.STORY,
    asides.REWRITE,
    summary.ADD,
    asking.ASKING,
    privacy.PRIVACY,
    contact.CONTACT,
    contact.PERSON,
    contact.REPLY,
    contact.DISCLOSE,
    summary.SUMMARY,
)
MINOR = "minor"
# Readings that leave room for a question about the rules in between; anything firmer is an answer.
MAY_BE_QUESTION = frozenset({"policy_consult", "unclear", "out_of_scope", "progress_query"})


class Reads(Protocol):
    """The reader of texts, as far as the intake needs it."""

    def read(
        self, text: str, today: date, *, category: str | None = None, facts: Mapping[str, str | float | int] | None = None
    ) -> Reading: ...


@dataclass(frozen=True)
class Turn:
    """What one message came to. `scene` is how things stand after it."""

    scene: Scene
    replies: tuple[Reply, ...]
    end: End = End.NOT_YET


@dataclass(frozen=True)
class Limits:
    """How long one message may be and how many files one report may carry."""

    text: int = 20_000
    files: int = 9


@dataclass(frozen=True)
class Intake:
    policy: Policy
    reader: Reads
    mask: Callable[[str], Masked]
    limits: Limits = Limits()

    def turn(self, draft: Draft, incoming: Incoming, today: date) -> Turn:
        """Take one message. The words of danger are answered before anything else."""
        draft, got = self._attach(draft, incoming)
        taken = self._take(self.scene(draft, today), incoming)
        if taken.again:
            # Words kept aside are heard now, after what released them.
            later = self._typed(self.scene(taken.draft, today), taken.again)
            taken = replace(later, replies=taken.replies + later.replies)
        return self._close(taken, got, incoming, today)

    def resume(self, draft: Draft, incoming: Incoming, today: date) -> Turn:
        """Somebody comes back after a long while: keep the words, and ask which matter they belong to."""
        draft, got = self._attach(draft, incoming)
        waiting = replace(draft, aside=asides.RESUME.name, held=tidy(incoming.text)[: self.limits.text])
        return self._close(Taken(waiting), got, incoming, today)

    def warning(self, incoming: Incoming, today: date) -> tuple[Reply, ...]:
        """The words of danger, when this message alone calls for them; it need not belong to any draft."""
        return self.warning_at(self.level(incoming.text, today))

    def warning_at(self, level: str) -> tuple[Reply, ...]:
        return (Reply(self.policy.texts.say("danger.first"), kind=Kind.WARNING),) if level == EMERGENCY else ()

    def level(self, text: str, today: date) -> str:
        """How urgent these words are by themselves."""
        words = tidy(text)[: self.limits.text]
        return self.reader.read(words, today).level if words else ""

    def scene(self, draft: Draft, today: date) -> Scene:
        """The draft with its story read, once more, with all that was answered."""
        topic = draft.value("topic")
        reading = self.reader.read(draft.text, today, category=str(topic) if topic else None, facts=draft.given())
        return Scene(draft, reading, self.mask(draft.text), self.policy, today)

    def _take(self, scene: Scene, incoming: Incoming) -> Taken:
        if incoming.choice:
            return self._chosen(scene, incoming.choice)
        if incoming.location:
            return self._place(scene, incoming.location)
        text = tidy(incoming.text)
        if incoming.start and not text:
            return Taken(scene.draft, (Reply(scene.say("resume.going_on")),) if scene.draft.story else ())
        if len(text) > self.limits.text or len(text) + len(scene.draft.text) > 3 * self.limits.text:
            return Taken(scene.draft, (Reply(scene.say("odd.too_long", limit=self.limits.text)),))
        if incoming.edits and text and scene.draft.story:
            return Taken(scene.draft.tell(scene.say("story.corrected", text=text)), (Reply(scene.say("story.correction_noted")),))
        return self._typed(scene, text)

    def _chosen(self, scene: Scene, choice: str) -> Taken:
        if choice in (REPORT, ANOTHER) and scene.draft.story:
            return Taken(replace(scene.draft, aside=asides.RESUME.name))
        if choice in (REPORT, ANOTHER, RESUME):
            return Taken(scene.draft)
        return presses.press(scene, current(scene), choice)

    def _typed(self, scene: Scene, text: str) -> Taken:
        step = current(scene)
        pressed = presses.by_label(scene, step, text)
        if pressed:
            return presses.press(scene, step, pressed)
        alone = self.reader.read(text, scene.today)
        said = Said(text, alone)
        return self._wished(scene, step, said) or self._asked_between(scene, step, said) or step.take(scene, said)

    def _wished(self, scene: Scene, step: Step, said: Said) -> Taken | None:
        """The words that mean the same everywhere."""
        draft = scene.draft
        aside = ""
        match self.policy.menu.wish(said.text):
            case Wish.BACK:
                return Taken(draft.back())
            case Wish.SKIP:
                return step.take(scene, replace(said, text="", is_skip=True))
            case Wish.HELP:
                return Taken(draft, (Reply(scene.say("menu.help")),))
            case Wish.PROGRESS:
                return Taken(draft, end=End.FOLLOW_UP)
            case Wish.CANCEL | Wish.RESTART:
                aside = asides.LEAVE.name
            case Wish.ANOTHER if draft.story:
                aside = asides.RESUME.name
        return Taken(replace(draft, aside=aside)) if aside and not draft.aside else None

    def _asked_between(self, scene: Scene, step: Step, said: Said) -> Taken | None:
        """Answer a question about the rules where it is put; the dialogue then goes on where it was."""
        faq, category = self.policy.faq, said.reading.category
        if said.reading.level == EMERGENCY or not faq.is_question(said.text) or not faq.find(said.text):
            return None
        telling = step in (opening.STORY, opening.NOTICE)
        if category != understanding.CONSULT and (telling or not (category in MAY_BE_QUESTION or faq.ends_as_question(said.text))):
            return None
        return Taken(scene.draft, (Reply(understanding.faq_answer(scene, said.text), kind=Kind.ANSWER),))

    def _place(self, scene: Scene, location: tuple[float, float]) -> Taken:
        spot = scene.say("asking.spot", latitude=f"{location[0]:.5f}", longitude=f"{location[1]:.5f}")
        question = asking.current(scene) if current(scene) is asking.ASKING else None
        key = question.key if question and question.key == "address" else "location"
        return Taken(scene.draft.answer(key, spot), (Reply(scene.say("asking.spot_noted")),))

    def _attach(self, draft: Draft, incoming: Incoming) -> tuple[Draft, tuple[Reply, ...]]:
        if not incoming.attachments:
            return draft, ()
        say = self.policy.texts.say
        room = self.limits.files - len(draft.attachments)
        new = tuple(one for one in incoming.attachments if one not in draft.attachments)
        kept = draft.attach(new[: max(room, 0)])
        if len(new) > room:
            return kept, (Reply(say("attachments.too_many", limit=self.limits.files)),)
        return kept, (Reply(say("attachments.got", count=len(kept.attachments))),)

    def _close(self, taken: Taken, got: tuple[Reply, ...], incoming: Incoming, today: date) -> Turn:
        scene = self.scene(taken.draft, today)
        warning, scene = self._warn(scene, incoming, today)
        note, scene = self._note_minor(scene)
        replies = (*warning, *note, *got, *taken.replies)
        if taken.end is not End.NOT_YET:
            return Turn(scene, replies, taken.end)
        if _is_rest_of_album(scene.draft, incoming):
            return Turn(scene, (), End.NOT_YET)
        if incoming.album:
            scene = replace(scene, draft=scene.draft.remark(f"album {incoming.album}"))
        step = current(scene)
        if step is summary.SUMMARY:
            scene = replace(scene, draft=scene.draft.remark(REVIEWED))
        return Turn(scene, (*replies, danger.prompt(scene, step)))

    def _warn(self, scene: Scene, incoming: Incoming, today: date) -> tuple[tuple[Reply, ...], Scene]:
        """The words of danger, once."""
        if EMERGENCY in scene.draft.said_once:
            return (), scene
        said = self.warning(incoming, today)
        if not said and scene.reading.level != EMERGENCY and not self._is_alarming(scene.draft):
            return (), scene
        return danger.warn(scene)

    def _note_minor(self, scene: Scene) -> tuple[tuple[Reply, ...], Scene]:
        """A child may report like anyone (未保法 11); once, it is asked to bring a grown-up along."""
        if MINOR in scene.draft.said_once or not any(word in scene.draft.text for word in self.policy.menu.minor_words):
            return (), scene
        return (Reply(scene.say("minor.note")),), replace(scene, draft=scene.draft.remark(MINOR))

    def _is_alarming(self, draft: Draft) -> bool:
        asked = self.policy.questions.by_key
        return any(answer.key in asked and bare(answer.value) in asked[answer.key].alarms for answer in draft.answers)


def current(scene: Scene) -> Step:
    """Where the conversation stands."""
    return next(step for step in STEPS if step.is_due(scene))


def _is_rest_of_album(draft: Draft, incoming: Incoming) -> bool:
    """Photos of one album arrive one by one; the first is answered for all."""
    return bool(incoming.album) and not incoming.text and f"album {incoming.album}" in draft.said_once
