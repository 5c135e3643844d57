"""The register of institutions as the reader compares it, so that a parent's way of writing a name finds the right one."""

from sqlalchemy import Connection

from nlp.institutions import Register
from storage import institutions


class Known:
    """Holds the register ready for comparison, and makes it anew when it has changed in the record."""

    def __init__(self) -> None:
        self._made: tuple[int, Register] = (-1, Register(()))

    def sure(self, tx: Connection, written: str) -> int | None:
        """The institution this name surely means; None when there is none or more than one could be meant."""
        match = self._register(tx).match(written) if written else None
        return institutions.find(tx, match.name) if match and match.is_sure else None

    def nearest(self, tx: Connection, written: str, limit: int) -> tuple[str, ...]:
        """Names of the register that a person may choose from."""
        return self._register(tx).nearest(written, limit) if written else ()

    def _register(self, tx: Connection) -> Register:
        version, register = self._made
        now = institutions.version(tx)
        if now != version:
            register = Register((), institutions.names(tx))
            # One assignment: the writer and the readers may both be here, each in a thread of its own.
            self._made = (now, register)
        return register
