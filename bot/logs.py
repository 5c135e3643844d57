"""Logs: one JSON object a line, without anything a parent wrote or could be known by; foreign libraries are held to the same."""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What these say at INFO are addresses with tokens in them, or a line for every update.
QUIET = ("httpx", "httpcore", "aiogram", "telegram", "apscheduler", "asyncio", "multipart", "python_multipart", "PIL", "fontTools")
HIDDEN = "…"
# Our own log lines are English, so Chinese in one is somebody's words: a quoted row, a file name, an error that repeats its input.
TRACES = (
    re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?:[\u3000-\u303f\uff00-\uffef\w]*[\u3400-\u9fff]+)*"),
    re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{30,}"),
    re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])", re.IGNORECASE),
    re.compile(r"(?i)\bbearer\s+\S+|\b(?:talk|desk)=[^;\s]+"),
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    re.compile(r"(?<!\d)\d{15,19}[\dXx]?(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<![\d.])(?!127\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]*[0-9a-f](?![\w:])"),
    re.compile(r"(?i)(://[^/\s:@]+:)[^@\s]+(?=@)"),
)


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every library's log through one formatter to one stream."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_messages,
            redacted,
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        # Uvicorn brings its own handlers; its lines go the same way as everyone's.
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def without_messages(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """A traceback as the places it passed and the kinds of error: an error's text may quote the person."""
    failure = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()
    if isinstance(failure, BaseException):
        failure = (type(failure), failure, failure.__traceback__)
    if isinstance(failure, tuple) and failure[1] is not None:
        event["failure"] = places(failure[1], failure[2])
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    return event


def places(failure: BaseException, trace: TracebackType | None) -> list[str]:
    """Kind of error and where it came from, causes last."""
    lines: list[str] = []
    current: BaseException | None = failure
    while current is not None and len(lines) < 40:
        frames = traceback.extract_tb(trace if current is failure else current.__traceback__)
        lines += [type(current).__name__, *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:])]
        current = current.__cause__ or current.__context__
    return lines


def redacted(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Every value without what could tell who someone is."""
    return {key: _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, int | float | bool) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _clean(one) for key, one in value.items()}
    text = str(value)
    for trace in TRACES:
        text = trace.sub(lambda found: f"{found[1]}{HIDDEN}" if found.lastindex else HIDDEN, text)
    return text
