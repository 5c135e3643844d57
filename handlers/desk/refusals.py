"""Why a move did not happen, in a form a page can say: a key of desk.toml `[refused]` and its fields."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime

from handlers.desk.forms import Wrong
from storage.errors import NoSuchReport, NotPermitted, ReportError

__all__ = ["AlreadyTaken", "Forbidden", "NotFound", "Refused", "Wrong", "translated"]


class NotFound(Exception):
    """There is no such thing for this person."""


class Forbidden(Exception):
    """This role never does this."""


@dataclass
class AlreadyTaken(Exception):
    """A colleague was first; the page says who, and since when."""

    officer: str
    at: datetime


class Refused(Exception):
    """The act did not happen. `key` names the sentence, `fields` fill it; keys of departments and the like are not yet names."""

    def __init__(self, key: str, told: Mapping[str, object]) -> None:
        super().__init__(key)
        self.key, self.fields = key, told


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the record, said in this room's words."""
    try:
        yield
    except NoSuchReport as closed:
        raise NotFound from closed
    except NotPermitted as closed:
        raise Forbidden from closed
    except ReportError as failure:
        raise refused(failure) from failure


def refused(failure: ReportError) -> Refused:
    """Why the record does not let it happen."""
    return Refused(key(type(failure)), _fields(failure))


def key(error: type[Exception]) -> str:
    """AlreadyClaimed → already_claimed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()


def _fields(failure: ReportError) -> dict[str, object]:
    return {one.name: getattr(failure, one.name) for one in fields(failure)} if is_dataclass(failure) else {}
