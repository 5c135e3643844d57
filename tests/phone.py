"""A parent's phone: what can be said, pressed and seen there, on whatever channel carries it."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from handlers.dialogue import Reply
from handlers.policy import Policy

# A journey that presses "skip" for ever has found a loop.
PATIENCE = 20


class NotOnScreen(AssertionError):
    """No button with this label can be seen."""


@dataclass(frozen=True)
class Shown:
    """One message as it stands on the screen: all that can be read, and the buttons under it by their label."""

    text: str
    buttons: Mapping[str, str] = field(default_factory=dict)


class Line(Protocol):
    """What a channel must be able to do for one person; everything returned is new since the last call."""

    async def say(self, text: str) -> list[Shown]: ...
    async def press(self, key: str) -> list[Shown]: ...
    async def send_photo(self, content: bytes, caption: str) -> list[Shown]: ...
    async def open(self) -> list[Shown]: ...
    async def look(self) -> list[Shown]: ...


class Phone:
    """One person with one conversation. `screen` is everything shown so far, the newest last."""

    def __init__(self, line: Line, another: Callable[[], Line]) -> None:
        self._line, self._another = line, another
        self._new = 0
        self.shown: list[Shown] = []

    @property
    def screen(self) -> list[str]:
        return [message.text for message in self.shown]

    @property
    def latest(self) -> str:
        """All that the last turn brought."""
        return "\n".join(self.screen[-self._new :])

    @property
    def buttons(self) -> list[str]:
        """The labels that can be pressed now: those under the newest message that has any."""
        return list(self._under())

    async def open(self) -> None:
        self._show(await self._line.open())

    async def say(self, *texts: str) -> None:
        for text in texts:
            self._show(await self._line.say(text))

    async def press(self, label: str, *, until_gone: bool = False) -> None:
        """Press a visible button; with `until_gone`, again for as long as it comes back."""
        self._show(await self._line.press(self._key(label)))
        for _ in range(PATIENCE):
            if not until_gone or label not in self.buttons:
                return
            self._show(await self._line.press(self._key(label)))
        raise NotOnScreen(f"{label!r} never goes away")

    async def press_old(self, label: str) -> None:
        """Press a button on the oldest card that still has it."""
        key = next((message.buttons[label] for message in self.shown if label in message.buttons), None)
        if key is None:
            raise NotOnScreen(label)
        self._show(await self._line.press(key))

    async def send_photo(self, content: bytes = b"", caption: str = "") -> None:
        self._show(await self._line.send_photo(content or a_photo(), caption))

    async def look(self) -> None:
        """Look at the phone: whatever arrived since."""
        self._show(await self._line.look())

    def another(self) -> "Phone":
        """Somebody else's phone."""
        return Phone(self._another(), self._another)

    def _show(self, messages: list[Shown]) -> None:
        self._new = len(messages)
        self.shown.extend(messages)

    def _under(self) -> Mapping[str, str]:
        return next((message.buttons for message in reversed(self.shown) if message.buttons), {})

    def _key(self, label: str) -> str:
        try:
            return self._under()[label]
        except KeyError:
            raise NotOnScreen(f"{label!r} is not among {self.buttons}; the screen says {self.latest!r}") from None


def shown(reply: Reply, policy: Policy) -> Shown:
    """A reply as a channel without cards shows it: the card's lines under the text, each with its edit button."""
    say = policy.texts.say
    lines = reply.card.lines if reply.card else ()
    code = reply.card.code if reply.card else ""
    receipt = [say("receipt.number") + "：" + reply.card.number, say("receipt.code") + "：" + code] if reply.card and code else []
    rows = receipt + [f"{line.label}：{line.value}" for line in lines]
    edits = {say("summary.change", label=line.label): line.edit_key for line in lines if line.edit_key}
    text = "\n".join([reply.text, *rows, *([reply.hint] if reply.hint else [])])
    return Shown(text, {choice.label: choice.key for choice in reply.choices} | edits)


def a_photo(colour: tuple[int, int, int] = (90, 120, 160)) -> bytes:
    """A small real photo."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(picture, "JPEG")
    return picture.getvalue()
