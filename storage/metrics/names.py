"""Keys as small numbers: a column of categories packs as numbers, and comes back as keys."""

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables.stats import stat_name


class Codes:
    """The number of each key; an unknown key gets the next one."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._known = {name: number for number, name in known(tx).items()}

    def of(self, name: str) -> int:
        if name not in self._known:
            made = sa.insert(stat_name).values(name=name).returning(stat_name.c.id)
            self._known[name] = int(self._tx.execute(made).scalar_one())
        return self._known[name]


def known(tx: Connection) -> dict[int, str]:
    """Every key by its number."""
    # Written out: asked with every question, and putting a statement together takes longer than answering it.
    return {row.id: row.name for row in tx.exec_driver_sql("SELECT id, name FROM stat_name")}
