"""One report on a small screen: where it stands, what was said with everything personal masked, and the moves that are open."""

from datetime import datetime

from handlers.desk.dossier import Page, Task
from handlers.dialogue import Choice, Kind, Reply
from handlers.staff_chat.words import Words

# The whole story is on the workbench; a card must leave room for what stands below it.
STORY_SHOWN = 400
# Moves of the report itself carry this instead of an assignment.
WHOLE = "0"
OPEN, MOVE = "c", "m"


def card(page: Page, words: Words, now: datetime, *, buttons: bool = True) -> Reply:
    """The card for the person the page was made for."""
    report = page.report
    level, status = words.word("level", report.level), words.word("status", report.status)
    parts = [words.say("staff.card.head", number=report.number, level=level, category=page.category, status=status)]
    if report.town:
        parts.append(words.say("staff.card.town", town=words.labels.towns.get(report.town, report.town)))
    story = "".join(piece.text for piece in page.story)
    if story:
        parts.append(words.say("staff.card.story", story=story if len(story) <= STORY_SHOWN else story[:STORY_SHOWN] + "……"))
    said = [fact for fact in page.facts if not fact.missing]
    missing = [fact.label for fact in page.facts if fact.missing]
    parts += [words.say("staff.card.fact", label=fact.label, value=fact.value) for fact in said]
    if missing:
        parts.append(words.say("staff.card.missing", facts=words.say("staff.between").join(missing)))
    if page.attachments:
        parts.append(words.say("staff.card.files", count=len(page.attachments)))
    parts += [_task(task, words, now) for task in page.tasks]
    waiting = [(move, why) for task in page.tasks for move, why in task.held_up.items()]
    parts += [words.say("staff.card.held_up", move=words.word("move", move), why=words.stopped(why, now)) for move, why in waiting]
    if page.messages:
        newest = page.messages[-1]
        who = words.word("role", "citizen") if newest.from_reporter else newest.officer
        parts.append(words.say("staff.card.message", who=who, text=newest.text))
    choices = _choices(page, words) if buttons else ()
    return Reply("\n".join(parts), choices, Kind.PROGRESS)


def opening(number: str, words: Words, label: str = "") -> Choice:
    return Choice(f"{OPEN}.{number}", label or words.say("staff.button.open", number=number))


def _task(task: Task, words: Words, now: datetime) -> str:
    one = task.assignment
    line = words.say(
        "staff.card.task",
        department=words.department(one.department),
        part=words.word("part", one.part),
        step=words.word("step", one.status),
        officer=task.officer or words.word("list", "nobody"),
    )
    if task.due is None:
        return line
    return words.say("staff.card.due", task=line, when=words.moment(task.due.at, now), left=words.left(task.due))


def _choices(page: Page, words: Words) -> tuple[Choice, ...]:
    number = page.report.number
    several = sum(bool(task.moves) for task in page.tasks) > 1
    choices = [
        Choice(f"{MOVE}.{number}.{task.assignment.id}.{move}", _label(move, words, task, named=several))
        for task in page.tasks
        for move in task.moves
    ]
    return (*choices, *(Choice(f"{MOVE}.{number}.{WHOLE}.{move}", words.word("move", move)) for move in page.moves))


def _label(move: str, words: Words, task: Task, *, named: bool) -> str:
    label = words.say("staff.button.claim") if move == "claim" else words.word("move", move)
    return words.say("staff.button.at", move=label, department=words.department(task.assignment.department)) if named else label
