"""How a reply looks on a screen that knows texts and buttons only: the card's lines below the text, an edit button for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.channels.telegram_limits import split
from handlers.dialogue import Choice, Reply
from handlers.texts import Texts

# Labels up to this long stand side by side, as many as fit a narrow phone.
ROW_CHARACTERS, ROW_BUTTONS = 14, 4


@dataclass(frozen=True)
class Screen:
    """Messages to send in order; the buttons belong under the last one."""

    texts: tuple[str, ...]
    rows: tuple[tuple[Choice, ...], ...]


def screen(reply: Reply, texts: Texts) -> Screen:
    """The reply in Telegram's means."""
    card = reply.card
    parts = [reply.text]
    choices = list(reply.choices)
    if card:
        if card.code:
            parts += [f"{texts.say('receipt.number')}：{card.number}", f"{texts.say('receipt.code')}：{card.code}"]
        parts += [f"{line.label}：{line.value}" for line in card.lines]
        choices += [Choice(line.edit_key, texts.say("summary.change", label=line.label)) for line in card.lines if line.edit_key]
    if reply.hint:
        parts.append(reply.hint)
    return Screen(split("\n".join(part for part in parts if part)), tuple(rows(choices)))


def rows(choices: Iterable[Choice]) -> list[tuple[Choice, ...]]:
    """Short buttons side by side, long ones alone."""
    laid: list[list[Choice]] = []
    for choice in choices:
        last = laid[-1] if laid else []
        width = sum(len(one.label) + 2 for one in (*last, choice))
        if last and len(last) < ROW_BUTTONS and width <= ROW_CHARACTERS:
            last.append(choice)
        else:
            laid.append([choice])
    return [tuple(row) for row in laid]
