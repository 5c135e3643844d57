"""Asks for the facts still missing, one at a time, and takes whatever facts the answer holds."""

from handlers.dialogue import Choice, Reply
from handlers.intake.draft import Draft, Value
from handlers.intake.next_question import next_question, remaining
from handlers.intake.scene import REVIEWED, Said, Scene, Step, Taken
from handlers.menu import Wish
from handlers.questions import Question
from nlp.reading import OWN_WORDS

# So many characters more than the fact itself say nothing of their own.
_FILLER = 4


class NothingToAsk(Exception):
    """This step was entered although nothing is missing."""


def _is_due(scene: Scene) -> bool:
    return current(scene) is not None


def current(scene: Scene) -> Question | None:
    """The question on the table: one taken up again from the summary, or the next missing one."""
    questions = scene.policy.questions
    if scene.draft.aside in questions.by_key:
        return questions.by_key[scene.draft.aside]
    if REVIEWED in scene.draft.said_once:
        return None
    return next_question(scene.draft, scene.reading, questions)


def _ask(scene: Scene) -> Reply:
    question = _on_the_table(scene)
    offered = tuple(scene.button(question.key, str(place), label) for place, label in enumerate(question.choices))
    if scene.draft.aside:
        return scene.question(question.ask, *offered, *_clear(scene, question), scene.button("go", "keep"))
    count = remaining(scene.draft, scene.reading, scene.policy.questions)
    hint = scene.say("asking.left", count=count) if count > 1 else scene.say("asking.last")
    text = scene.say("asking.because", ask=question.ask, why=question.why) if question.why else question.ask
    return scene.question(text, *offered, scene.button("go", "skip"), scene.button("go", "back"), hint=hint)


def _clear(scene: Scene, question: Question) -> tuple[Choice, ...]:
    if scene.draft.value(question.key) is None:
        return ()
    return (scene.button(question.key, "clear", scene.say("asking.clear")),)


def _take(scene: Scene, said: Said) -> Taken:
    return answer(scene, _on_the_table(scene), said)


def _on_the_table(scene: Scene) -> Question:
    question = current(scene)
    if question is None:
        raise NothingToAsk
    return question


def answer(scene: Scene, question: Question, said: Said) -> Taken:
    """The draft with this question answered, and with every other fact the same words gave."""
    draft = scene.draft
    if said.is_skip or said.value == "clear":
        return Taken(draft.answer(question.key, None))
    if said.value.isdecimal() and int(said.value) < len(question.choices):
        return Taken(draft.answer(question.key, question.choices[int(said.value)]))
    if not said.text:
        return Taken(draft)
    if not any(sign.isalnum() for sign in said.text):
        return Taken(draft, (Reply(scene.say("odd.no_words")),))
    plain = {Wish.YES: question.yes, Wish.NO: question.no}.get(scene.policy.menu.wish(said.text) or Wish.HELP, "")
    if plain:
        return Taken(draft.answer(question.key, plain))
    found = {key: fact.value for key, fact in said.reading.facts.items()}
    others = _others(draft, scene, question, found)
    return Taken(draft.answer(question.key, _value(question, said), others), _noted(scene, others))


def _noted(scene: Scene, others: dict[str, Value]) -> tuple[Reply, ...]:
    """Say what else was heard, so that nobody wonders why it is not asked."""
    questions = scene.policy.questions
    told = ((questions.by_key[key].label, questions.told(key, value)) for key, value in others.items() if key in questions.by_key)
    heard = [scene.say("understood.fact", label=label, value=value) for label, value in told]
    return (Reply(scene.say("asking.also", facts=scene.say("understood.between").join(heard))),) if heard else ()


def _value(question: Question, said: Said) -> Value:
    """The fact the words name; else a bare number where one is wanted; else the words as they were said.

    Who says more than a button could, "没签合同，转账记录还在", is kept in the own words too.
    """
    text, fact = said.text, said.reading.facts.get(question.key)
    if fact and question.is_number:
        return fact.value
    if fact and question.choices:
        return fact.value if len(text) <= len(fact.text) + _FILLER else f"{fact.value}{OWN_WORDS}{text}）"
    if question.is_number and text.isdecimal() and text.isascii():
        return int(text)
    return text


def _others(draft: Draft, scene: Scene, question: Question, found: dict[str, Value]) -> dict[str, Value]:
    """Facts said in passing fill gaps; they never overrule what was said before."""
    known = scene.reading.facts.keys() | draft.given().keys()
    return {key: value for key, value in found.items() if key != question.key and key not in known}


ASKING = Step("ask", _is_due, _ask, _take)
