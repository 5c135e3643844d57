"""Feeds each reader of what strangers send with inputs found by coverage: `python tools/fuzz_readers.py story -max_total_time=600`.

Not part of the suite. It needs `pip install --group fuzz` (Linux) and stops at the first input that breaks a reader; the arguments after
the reader's name are libFuzzer's.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

# Run as a file from anywhere.
sys.path.insert(0, str(Path(__file__).parents[1]))

import atheris

with atheris.instrument_imports(include=["bot", "handlers", "nlp"]):
    from pydantic import ValidationError

    from bot.channels.web.chat import Turn
    from bot.channels.web.tokens import ConversationTokens
    from handlers.desk.entry import FIELDS as ENTRY
    from handlers.desk.forms import FIELDS, Answers, Wrong
    from handlers.evidence.accepting import FileRefused, accept
    from handlers.evidence.signatures import recognise
    from handlers.followup import lookup
    from nlp.mask import mask
    from nlp.reader import Reader

TODAY = date(2026, 11, 25)
POLICY = Path(__file__).parents[1] / "policy" / "wugang"
LARGEST_FILE = 1_000_000


def story() -> Callable[[bytes], None]:
    """What a parent wrote, and the masking of it."""
    reader = Reader.load(POLICY)

    def read(content: bytes) -> None:
        text = content.decode("utf-8", "ignore")
        reader.read(text, TODAY)
        mask(text)
        lookup.is_complete(text)

    return read


def token() -> Callable[[bytes], None]:
    """A conversation token, as a header or cookie brings it."""
    tokens = ConversationTokens(b"k" * 32)

    def read(content: bytes) -> None:
        if tokens.address(content.decode("latin-1")) is not None:
            raise AssertionError("a made-up token was taken for one of ours")

    return read


def file() -> Callable[[bytes], None]:
    """A file of evidence: told by its content, and decoded where it is a picture."""

    def read(content: bytes) -> None:
        recognise(content)
        with suppress(FileRefused):
            accept(content, LARGEST_FILE)

    return read


def body() -> Callable[[bytes], None]:
    """The body of a turn of the chat, and a form of the workbench."""
    forms = [ENTRY, *FIELDS.values()]

    def read(content: bytes) -> None:
        with suppress(ValidationError):
            Turn.model_validate_json(content)
        given = content.decode("utf-8", "ignore").split("\n")
        fields = forms[len(content) % len(forms)]
        try:
            said = Answers(fields, {field.name: given[place::5] for place, field in enumerate(fields)}, None)  # type: ignore[arg-type]
        except Wrong:
            return
        for field in fields:
            for reading in (said.text, said.lines, said.several, said.number, said.numbers):
                reading(field.name)

    return read


READERS = {"story": story, "token": token, "file": file, "body": body}


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in READERS:
        sys.exit(f"Which reader: {', '.join(READERS)}?")
    reader = READERS[sys.argv.pop(1)]()
    atheris.Setup(sys.argv, reader)
    atheris.Fuzz()
