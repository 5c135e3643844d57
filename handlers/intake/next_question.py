"""Decides what to ask next. Pure: the same draft and reading always give the same question."""

from handlers.intake.draft import Draft, Value
from handlers.intake.scene import is_urgent
from handlers.questions import Question, Questions
from nlp.reading import Reading

# Care alone is out of scope, care with lessons a category of its own; CARE is the lexicon's group of words for either.
OUT, CARE_AND_LESSONS, CARE = "out_of_scope", "aftercare_tutoring", "AFTERCARE"


def next_question(draft: Draft, reading: Reading, questions: Questions) -> Question | None:
    """The first fact this category needs and nobody has given; None when there is enough. Touches nothing."""
    if asked(draft, questions) >= questions.limit:
        return None
    return next(iter(_to_ask(draft, reading, questions)), None)


def missing(draft: Draft, reading: Reading, questions: Questions) -> tuple[Question, ...]:
    """What this category needs and nobody has said or skipped, most decisive first."""
    return _open(questions.needed(reading.category, reading.nature), draft, reading)


def _to_ask(draft: Draft, reading: Reading, questions: Questions) -> tuple[Question, ...]:
    """What is missing; in danger only what nobody could go there without, whatever the category needs besides."""
    if is_urgent(draft, reading):
        return _open(tuple(questions.by_key[key] for key in questions.urgent), draft, reading)
    return missing(draft, reading, questions)


def _open(wanted: tuple[Question, ...], draft: Draft, reading: Reading) -> tuple[Question, ...]:
    known = facts(draft, reading)
    fresh = (question for question in wanted if not draft.has(question.key) and not is_known(question, known))
    return tuple(question for question in fresh if not (question.about_teaching and only_looks_after(reading)))


def only_looks_after(reading: Reading) -> bool:
    """Whether care without teaching is what was read (domain §0.6), whatever the matter is: pay, a runaway owner, safety."""
    chances = {one.category: one.probability for one in reading.candidates}
    return chances.get(OUT, 0) > chances.get(CARE_AND_LESSONS, 0) and any(term.group == CARE for term in reading.evidence)


def remaining(draft: Draft, reading: Reading, questions: Questions) -> int:
    """How many more questions there can be, for the progress in words."""
    return min(len(_to_ask(draft, reading, questions)), questions.limit - asked(draft, questions))


def asked(draft: Draft, questions: Questions) -> int:
    return sum(answer.key in questions.by_key for answer in draft.answers)


def skipped(draft: Draft, reading: Reading, questions: Questions) -> tuple[Question, ...]:
    """What was asked, not answered, and not said elsewhere since."""
    known = facts(draft, reading)
    passed = (questions.by_key.get(answer.key) for answer in draft.answers if answer.value is None)
    return tuple(question for question in passed if question and not is_known(question, known))


def facts(draft: Draft, reading: Reading) -> dict[str, Value]:
    """All that is known: read from the story, overruled by what was answered."""
    return {key: fact.value for key, fact in reading.facts.items()} | draft.given()


def is_known(question: Question, known: dict[str, Value]) -> bool:
    return question.key in known or any(key in known for key in question.reads)
