"""通报、半月报、月报、工作总结、约谈记录: figures put into the words of their templates; nothing is claimed that no record says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers import tables
from handlers.papers.book import PaperBook, Period
from handlers.papers.figures import Figures, Line
from storage.metrics.questions import Share

HOUR = 3600
HOT = 5
HALF_MONTH, MONTH = 16, 31
TASKS = ("1", "2", "3", "4", "5")
Context = dict[str, Any]


def circular(book: PaperBook, figures: Figures, period: Period, at: datetime) -> Context:
    """通报: the whole, each department, who was late, what people complain of."""
    return {
        **_whole(book, figures, period, at),
        "lines": _lines(book, figures),
        "slow": slow(book, figures) or [book.word("word", "none_slow")],
        "hot": _hot(book, figures),
        **_blanks(book, "cases", "next"),
    }


def monthly(book: PaperBook, figures: Figures, period: Period, at: datetime) -> Context:
    """半月报、月报: one line a figure, with its share where it has one."""
    numbers = _numbers(figures)
    lines = []
    for item in book.texts["monthly"]["items"]:
        number, base = numbers[item["key"]], numbers[item["of"]] if "of" in item else None
        share = "" if base is None else percent(book, Share(number, base))
        lines.append({"item": item["item"], "number": f"{number:,}", "share": share})
    return {**_whole(book, figures, period, at), "kind": book.word("word", _kind(period)), "lines": lines}


def summary(
    book: PaperBook, figures: Figures, period: Period, at: datetime, *, handed_in: Sequence[str] = (), missing: Sequence[str] = ()
) -> Context:
    """工作总结: the figures of the year and of each of the five tasks; what was done and achieved is for a person to write."""
    names = {"given": _names(book, handed_in), "missing": _names(book, missing)}
    return {
        **_whole(book, figures, period, at),
        "year": period.end.year,
        "t": {key: f"{number:,}" for key, number in figures.totals.items()},
        "tasks": [_task(book, figures, task) for task in TASKS],
        "lines": _lines(book, figures),
        "slow_line": "".join(slow(book, figures)),
        "handed_in": book.word("word", "handed_in", **names),
        "blank_next": book.blank(book.word("word", "plans")),
        **_blanks(book, "cases", "problems"),
    }


def talk(book: PaperBook, figures: Figures, period: Period, at: datetime, department: str) -> Context:
    """约谈记录: why is known, everything that is said there is not."""
    line = figures.line(department) or Line.nothing(department)
    return {
        **_whole(book, figures, period, at),
        "department": book.unit(department),
        "line": _shown(book, 1, line),
        "slow_line": _slow(book, figures, line) if _is_slow(figures, line) else "",
        **_blanks(book, "time", "place", "whom", "by", "writer", "demands", "answer"),
    }


def slow(book: PaperBook, figures: Figures) -> list[str]:
    """One sentence for each department that was late, returned without ground, or leaves problems lying; in no order of shame."""
    return [_slow(book, figures, line) for line in figures.lines if _is_slow(figures, line)]


def percent(book: PaperBook, share: Share) -> str:
    """A share, or a dash where there is nothing to have a share of."""
    return book.word("office", "nothing") if share.share is None else book.word("word", "percent", share=share.share)


def _is_slow(figures: Figures, line: Line) -> bool:
    return bool(line.overdue or line.wrong_returns.of or figures.overdue_problems.get(line.department))


def _slow(book: PaperBook, figures: Figures, line: Line) -> str:
    """Only what there is to say: nobody is told of noughts."""
    problems = figures.overdue_problems.get(line.department, 0)
    wrong = line.wrong_returns.of
    returns = book.word("word", "slow_wrong" if wrong else "slow_returns", count=line.returns.of, wrong=wrong)
    parts = (
        (line.overdue, book.word("word", "slow_overdue", count=line.overdue)),
        (line.returns.of, returns),
        (problems, book.word("word", "slow_problems", count=problems)),
    )
    told = book.word("word", "slow_join").join(text for number, text in parts if number)
    return book.word("word", "slow", unit=book.short(line.department), told=told)


def _whole(book: PaperBook, figures: Figures, period: Period, at: datetime) -> Context:
    line = figures.whole
    return {
        "office": book.unit(book.policy.office()),
        "day": book.day(at),
        "now": book.minute(at),
        "period": book.period(period),
        "received": figures.received,
        "closed": figures.closed,
        "assigned": line.assigned,
        "done": line.done,
        "in_time": line.in_time,
        "late": line.late,
        "open": line.open,
        "close_rate": percent(book, line.close),
        "on_time_rate": percent(book, line.on_time),
        "sign_rate": percent(book, line.sign),
        "rated": line.satisfied.among,
        "unhappy": line.unhappy,
        "satisfy_rate": percent(book, line.satisfied),
        "solve_rate": percent(book, line.solved),
        "mean": _hours(book, line.mean_seconds),
    }


def _lines(book: PaperBook, figures: Figures) -> list[Mapping[str, object]]:
    return [_shown(book, row, line) for row, line in enumerate(figures.lines, 1)]


def _shown(book: PaperBook, row: int, line: Line) -> Mapping[str, object]:
    return {
        "row": row,
        "unit": book.short(line.department),
        "assigned": line.assigned,
        "in_time": line.in_time,
        "late": line.late,
        "open": line.open,
        "close_rate": percent(book, line.close),
        "on_time": percent(book, line.on_time),
        "sign": percent(book, line.sign),
        "mean": _hours(book, line.mean_seconds),
        "unhappy": line.unhappy,
        "satisfied": percent(book, line.satisfied),
    }


def _hours(book: PaperBook, seconds: int | None) -> str:
    return book.word("office", "nothing") if seconds is None else book.word("word", "hours", hours=seconds / HOUR)


def _hot(book: PaperBook, figures: Figures) -> str:
    told = [book.word("word", "hot", category=book.policy.label(one.category), count=one.received) for one in figures.topics[:HOT]]
    return "、".join(told) or book.word("word", "nobody")


def _names(book: PaperBook, units: Sequence[str]) -> str:
    """How many, and which."""
    return book.word("word", "handed_names", count=len(units), names="、".join(units)) if units else book.word("word", "nobody")


def _task(book: PaperBook, figures: Figures, task: str) -> Mapping[str, object]:
    mine = {key for key, row in tables.load(book.folder / "categories.toml").rows().items() if str(row.number("task")) == task}
    return {
        "title": book.label("task", task),
        "received": sum(one.received for one in figures.topics if one.category in mine),
        "done": sum(one.closed for one in figures.topics if one.category in mine),
        "true": sum(1 for one in figures.done.true if one.category in mine),
        "problems": sum(1 for one in figures.problems if str(one.task) == task),
        "struck_off": sum(1 for one in figures.problems if str(one.task) == task and one.struck_off_at),
        "blank": book.blank(book.word("word", "work")),
    }


def _numbers(figures: Figures) -> Mapping[str, int]:
    line = figures.whole
    of_tasks = {"assigned": line.assigned, "done": line.done, "in_time": line.in_time, "late": line.late}
    of_ratings = {"rated": line.satisfied.among, "satisfied": line.satisfied.of}
    struck = sum(1 for one in figures.problems if one.struck_off_at)
    of_problems = {"problems": len(figures.problems), "struck_off": struck}
    return {"received": figures.received, "closed": figures.closed, **of_tasks, **of_ratings, **of_problems, **figures.totals}


def _kind(period: Period) -> str:
    days = (period.end - period.start).days + 1
    return "half" if days <= HALF_MONTH else "month" if days <= MONTH else "longer"


def _blanks(book: PaperBook, *names: str) -> Mapping[str, str]:
    return {f"blank_{name}": book.blank(book.word("word", name)) for name in names}
