"""The fields of a move, asked one after another; what was answered so far is a row of the officer's draft."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from handlers.desk.forms import Answers, Field, Kind, Wrong, fields_of
from handlers.desk.labels import Options
from handlers.dialogue import Card, Choice, Line, Reply
from handlers.dialogue import Kind as Said
from handlers.staff_chat.words import Words

PICK, SKIP, DONE, SEND, DROP, FILL = "v", "skip", "done", "send", "drop", "fill"
# Dozens of buttons are no choice any more; what is not among them is typed.
MOST_BUTTONS = 40


@dataclass(frozen=True)
class Form:
    """A move about to be made. `serial` is in every button, so that one of an earlier form is recognised; `also` the record asked for."""

    serial: str
    number: str
    move: str
    assignment: int | None
    part: str = ""
    values: Mapping[str, list[str]] = field(default_factory=dict, repr=False)
    asking: str = ""
    also: tuple[str, ...] = ()

    def to_content(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Self:
        return cls(**{**content, "also": tuple(content.get("also", ()))})

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.move, self.part)

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def put(self, name: str, *values: str) -> Self:
        return replace(self, values={**self.values, name: list(values)}, asking="")

    def next(self) -> Self:
        """Asking for the first thing that must be said and is not; nothing when it can be sent."""
        missing = (one for one in self.fields if (one.is_needed(self.values) or one.name in self.also) and not self.values.get(one.name))
        first = next(missing, None)
        return replace(self, asking=first.name if first else "")


def question(form: Form, options: Options, words: Words) -> Reply:
    """The field that is being asked for, with what can be pressed."""
    asked = form.field(form.asking)
    if asked is None:
        return summary(form, options, words)
    choices = [
        Choice(_key(form, str(place)), _ticked(form, asked, key, name)) for place, (key, name) in enumerate(offered(asked, options, words))
    ]
    if asked.kind is Kind.SEVERAL:
        choices.append(Choice(_key(form, DONE), words.say("staff.button.done")))
    elif not asked.is_needed(form.values):
        choices.append(Choice(_key(form, SKIP), words.say("staff.button.skip")))
    choices.append(Choice(_key(form, DROP), words.say("staff.button.drop")))
    hint = words.say(f"staff.expects.{asked.kind}") if asked.kind in (Kind.NUMBER, Kind.MOMENT, Kind.LINES) else ""
    return Reply(words.say("staff.form.ask", field=words.word("field", asked.name)), tuple(choices), Said.QUESTION, hint=hint)


def summary(form: Form, options: Options, words: Words) -> Reply:
    """Everything said so far, what may be added, and the button that does it."""
    filled = [one for one in form.fields if form.values.get(one.name)]
    empty = [one for one in form.fields if not form.values.get(one.name)]
    lines = tuple(
        Line(words.word("field", one.name), _shown(one, form, options, words), f"{_key(form, FILL)}.{one.name}") for one in filled
    )
    add = tuple(
        Choice(f"{_key(form, FILL)}.{one.name}", words.say("staff.button.add", field=words.word("field", one.name))) for one in empty
    )
    ends = (
        Choice(_key(form, SEND), words.say("staff.button.send", move=words.word("move", form.move))),
        Choice(_key(form, DROP), words.say("staff.button.drop")),
    )
    text = words.say("staff.form.check", number=form.number, move=words.word("move", form.move))
    hint = words.word("hint", form.move) if form.move in words.desk["hint"] else ""
    return Reply(text, (*ends, *add), Said.SUMMARY, Card("", lines), hint)


def pressed(form: Form, press: str, options: Options, words: Words) -> Form:
    """The form after this press on a choice of the field being asked for."""
    asked = form.field(form.asking)
    if asked is None:
        return form
    if press in (SKIP, DONE):
        return form.put(asked.name, *form.values.get(asked.name, [])).next()
    here = offered(asked, options, words)
    if not press.isdecimal() or int(press) >= len(here):
        return form
    key = here[int(press)][0]
    if asked.kind is not Kind.SEVERAL:
        return form.put(asked.name, key).next()
    chosen = form.values.get(asked.name, [])
    return replace(form.put(asked.name, *(one for one in chosen if one != key), *([] if key in chosen else [key])), asking=asked.name)


def typed(form: Form, text: str, options: Options, words: Words) -> Form | None:
    """The form after these words; None when they do not fit the field."""
    asked = form.field(form.asking)
    if asked is None:
        return None
    here = offered(asked, options, words)
    if here:
        keys = [key for key, name in here if text in (key, name)]
        if not keys:
            return None
        text = keys[0]
    filled = form.put(asked.name, text)
    try:
        Answers((replace(asked, required=False, needed_for=()),), filled.values, words.zone)
    except Wrong:
        return None
    return filled.next()


def offered(asked: Field, options: Options, words: Words) -> tuple[tuple[str, str], ...]:
    """What can be chosen for this field, as key and name."""
    if asked.kind is Kind.CHECK:
        return (("yes", words.word("field", asked.name)),)
    if asked.options:
        return tuple((key, words.word(asked.labels, key)) for key in asked.options)
    return options.get(asked.source, ())[:MOST_BUTTONS] if asked.source else ()


def _ticked(form: Form, asked: Field, key: str, name: str) -> str:
    return f"✓ {name}" if key in form.values.get(asked.name, []) else name


def _shown(one: Field, form: Form, options: Options, words: Words) -> str:
    names = dict(offered(one, options, words))
    return words.say("staff.between").join(names.get(value, value) for value in form.values[one.name])


def _key(form: Form, press: str) -> str:
    return f"{PICK}.{form.serial}.{press}"
