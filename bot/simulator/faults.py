"""What can go wrong on the way to Telegram and back, planned ahead for a method and a number of calls."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One way a call fails. `DROP_AFTER` is the cruel one: the message is out, and the bot never hears of it; `HANG` is never answered."""

    FLOOD = "flood"
    BROKEN = "broken"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    HANG = "hang"


@dataclass(frozen=True)
class Refused(Exception):
    """The Bot API's own refusal: a code, its sentence, and parameters such as retry_after."""

    code: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)


@dataclass
class Faults:
    """The failures still to come, by method; `*` is any method."""

    retry_after: int = 1
    _planned: dict[str, deque[Fault]] = field(default_factory=dict)

    def plan(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of this method fail."""
        self._planned.setdefault(method.lower(), deque()).extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The failure of this call, if one is due."""
        for name in (method.lower(), "*"):
            if self._planned.get(name):
                return self._planned[name].popleft()
        return None

    def flood(self) -> Refused:
        after = self.retry_after
        return Refused(429, f"Too Many Requests: retry after {after}", {"retry_after": after})
