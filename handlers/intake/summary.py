"""The summary card: only what was given, one line each, every line with its edit; then hand in."""

from dataclasses import replace

from handlers.dialogue import Card, Choice, Kind, Line, Reply
from handlers.intake import asides, contact, privacy, understanding
from handlers.intake.next_question import facts, missing, skipped
from handlers.intake.scene import End, Said, Scene, Step, Taken
from handlers.menu import Wish
from handlers.policy import BY_HAND
from handlers.questions import Question

# The card shows the beginning of a long story; the whole of it is handed in.
GLANCE = 60
OFFERED = 6


def _ask(scene: Scene) -> Reply:
    gaps = _gaps(scene)
    # In danger the way to send is the first button of every step, this one too.
    choices = [] if scene.in_danger else [scene.button("summary", "send")]
    if gaps:
        choices.append(scene.button("summary", "add"))
    if scene.in_danger:
        choices += [] if contact.is_named(scene) else [scene.button("edit", "contact")]
        choices += [] if scene.draft.has("consent") else [scene.button("consent", "details")]
    choices += [scene.button("edit", "story"), scene.button("go", "cancel")]
    between = scene.say("summary.between")
    hint = scene.say("summary.gaps", labels=between.join(question.label for question in gaps)) if gaps else ""
    return Reply(_check(scene), tuple(choices), Kind.SUMMARY, Card(scene.say("summary.title"), _lines(scene)), hint)


def _check(scene: Scene) -> str:
    """What to do with the card. In danger it stands for the steps that were left out, and says what they would have said."""
    if not scene.in_danger:
        return scene.say("summary.check")
    parts = [scene.say("danger.check")]
    if scene.reading.category == understanding.OUT:
        # Nobody in danger is sent to another counter: it is taken in, and a person passes it on at once (domain §0.5).
        parts.append(scene.say("outside.urgent"))
    if understanding.is_sealed(scene, scene.reading.category) and not scene.draft.has("topic"):
        parts.append(understanding.sealed_note(scene))
    return "\n".join(parts)


def _take(scene: Scene, said: Said) -> Taken:
    wish = scene.policy.menu.wish(said.text)
    if said.value == "send" or wish in (Wish.YES, Wish.DONE):
        return Taken(scene.draft, end=End.SUBMIT)
    if said.value == "add":
        return Taken(replace(scene.draft, aside="add"))
    if not said.text or wish:
        return Taken(scene.draft)
    line = next((line for line in _lines(scene) if said.text in (line.label, scene.say("summary.change", label=line.label))), None)
    if line:
        return Taken(asides.edit(scene.draft, line.edit_key.partition(":")[2]))
    return Taken(scene.draft.tell(said.text), (Reply(scene.say("summary.added")),))


def _lines(scene: Scene) -> tuple[Line, ...]:
    draft = scene.draft
    lines = [
        Line(scene.say("summary.topic"), _topic(scene), f"{draft.serial}.edit:topic"),
        Line(scene.say("summary.story"), glance(scene, privacy.story(scene)), f"{draft.serial}.edit:story"),
    ]
    lines += [Line(question.label, value, f"{draft.serial}.edit:{question.key}") for question, value in known(scene)]
    if draft.attachments:
        photos = scene.say("summary.files", count=len(draft.attachments))
        lines.append(Line(scene.say("summary.attachments"), photos, f"{draft.serial}.edit:attachments"))
    lines += [line for line in (privacy.line(scene), contact.line(scene)) if line]
    return tuple(lines)


def _topic(scene: Scene) -> str:
    category = scene.reading.category
    plain = {understanding.CONSULT: "summary.question", understanding.SUGGESTION: "summary.suggestion"}
    if category in plain:
        return scene.say(plain[category])
    told = scene.policy.told(category)
    return told if category in BY_HAND else scene.say("summary.suspected", label=told)


def glance(scene: Scene, text: str) -> str:
    """The beginning of a text, and how long it is when that is not all of it."""
    if len(text) <= GLANCE:
        return text
    return scene.say("summary.glance", beginning=text[:GLANCE].rstrip(), count=len(text))


def known(scene: Scene) -> list[tuple[Question, str]]:
    """Each question whose answer is known; a fact that is a question of its own is shown under its own name only."""
    sent = privacy.facts_to_send(scene, facts(scene.draft, scene.reading))
    questions = scene.policy.questions
    pairs = []
    for question in questions.by_key.values():
        keys = (question.key, *(key for key in question.reads if key not in questions.by_key))
        pairs += [(question, questions.told(key, sent[key])) for key in keys if key in sent][:1]
    return pairs


def _gaps(scene: Scene) -> tuple[Question, ...]:
    """What could still be said: offered once, quietly."""
    questions = scene.policy.questions
    passed = skipped(scene.draft, scene.reading, questions)
    return (*passed, *missing(scene.draft, scene.reading, questions))[:OFFERED]


def _ask_add(scene: Scene) -> Reply:
    offered = tuple(_edit(scene, question) for question in _gaps(scene))
    return scene.question(scene.say("summary.what_more"), *offered, scene.button("go", "keep"))


def _edit(scene: Scene, question: Question) -> Choice:
    return scene.button("edit", question.key, question.label)


def _take_add(scene: Scene, said: Said) -> Taken:
    draft = replace(scene.draft, aside="")
    return Taken(draft.tell(said.text), (Reply(scene.say("summary.added")),)) if said.text else Taken(draft)


SUMMARY = Step("summary", lambda _: True, _ask, _take)
ADD = Step("add", lambda scene: scene.draft.aside == "add", _ask_add, _take_add)
