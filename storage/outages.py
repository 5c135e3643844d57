"""Tells a database that is away, full or busy from a mistake of ours: the first passes, and the same act may be tried again."""

from sqlalchemy import exc

# SQLite's BUSY, LOCKED, NOMEM, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB; the low byte of an extended code.
# Not READONLY: a query that tries to write is our mistake.
SQLITE_CODES = frozenset({5, 6, 7, 9, 10, 11, 13, 14, 26})
# PostgreSQL's classes: connection, resources, operator intervention, system; and 40, a transaction that lost against another.
POSTGRES_CLASSES = frozenset({"08", "53", "57", "58", "40"})
LOST_A_RACE = "40"


class Unavailable(Exception):
    """The database is away, full, locked or damaged. Nothing of the act was done."""


def is_outage(failure: BaseException) -> bool:
    """Whether the database's state, and not our statement, is to blame."""
    # A full disk ends the transaction, so that undoing a savepoint fails too and hides the first failure behind a second.
    return _is_outage(failure) or (failure.__context__ is not None and is_outage(failure.__context__))


def lost_a_race(failure: exc.DBAPIError) -> bool:
    """PostgreSQL ended this transaction in favour of another: run again, it will succeed."""
    return _state(failure).startswith(LOST_A_RACE)


def _is_outage(failure: BaseException) -> bool:
    if isinstance(failure, ConnectionError | exc.TimeoutError):
        return True
    if not isinstance(failure, exc.DBAPIError):
        return False
    if failure.connection_invalidated or isinstance(failure, exc.InterfaceError):
        return True
    code = getattr(failure.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_CODES
    return _state(failure)[:2] in POSTGRES_CLASSES


def _state(failure: exc.DBAPIError) -> str:
    return str(getattr(failure.orig, "sqlstate", None) or "")
