"""What waits, in a chat: the piles of the workbench by name and count, and the reports of one pile as buttons."""

from collections.abc import Sequence

from handlers.desk.queues import Board, Line
from handlers.dialogue import Choice, Kind, Reply
from handlers.staff_chat.card import opening
from handlers.staff_chat.words import Words

QUEUE = "q"
SHOWN = 12


def board(found: Board, words: Words) -> Reply:
    """Every pile with something in it."""
    full = [(queue, count) for queue, count in found.counts if count]
    if not full:
        return Reply(words.word("board", "clear"), kind=Kind.PROGRESS)
    choices = tuple(
        Choice(f"{QUEUE}.{queue}", words.say("staff.button.pile", pile=words.word("queue", queue), count=count)) for queue, count in full
    )
    return Reply(words.word("board", "title"), choices, Kind.PROGRESS)


def pile(title: str, lines: Sequence[Line], words: Words) -> Reply:
    """These reports, the most pressing first, one button each."""
    if not lines:
        return Reply(words.word("board", "nothing"), kind=Kind.PROGRESS)
    shown = lines[:SHOWN]
    rows = [_line(line, words) for line in shown]
    head = words.say("staff.list.head", title=title, count=len(lines))
    more = [words.say("staff.list.more", count=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return Reply("\n".join([head, *rows, *more]), tuple(opening(line.number, words) for line in shown), Kind.PROGRESS)


def _line(line: Line, words: Words) -> str:
    return words.say(
        "staff.list.line",
        number=line.number,
        level=words.word("level", line.level),
        category=words.labels.categories.get(line.category, line.category),
        department=words.department(line.department) if line.department else words.word("status", line.status),
        due=words.left(line.due) if line.due else words.word("step", line.step) if line.step else "",
    )
