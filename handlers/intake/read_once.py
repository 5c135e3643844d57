"""Reads the same words once a turn: the warning, the story before and after it, and the summary all ask about them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from handlers.intake.turn import Reads
from nlp.reading import Reading


class ReadOnce:
    """Remembers what was read while one message is prepared, and nothing longer: these are people's words."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        # A message is prepared in one thread, and others beside it in theirs.
        self._turn = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        self._turn.read = {}
        try:
            yield
        finally:
            del self._turn.read

    def read(self, text: str, today: date, *, category: str | None = None, facts: Mapping[str, str | float | int] | None = None) -> Reading:
        known: dict[object, Reading] | None = getattr(self._turn, "read", None)
        if known is None:
            return self._reader.read(text, today, category=category, facts=facts)
        words = (text, today, category, tuple(sorted((facts or {}).items())))
        if words not in known:
            known[words] = self._reader.read(text, today, category=category, facts=facts)
        return known[words]
