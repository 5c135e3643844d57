"""The power goes out: whoever has read "received" is still in the file when it comes back."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bench.power_cut import run
from storage.database import Database

CUTS = 60


def test_no_acknowledged_message_is_lost_when_the_power_goes() -> None:
    tally = run("FULL", CUTS)
    assert tally.acknowledged > CUTS
    assert (tally.lost, tally.half_written, tally.corrupt) == (0, 0, 0)


def test_a_database_that_does_not_wait_for_the_disk_is_caught_losing_messages() -> None:
    assert run("NORMAL", CUTS).lost > 0


def test_a_database_that_never_waits_is_caught_broken() -> None:
    assert run("OFF", CUTS).corrupt > 0


async def test_our_own_database_waits_for_the_disk(embedded: Database) -> None:
    def settings(tx: Connection) -> dict[str, object]:
        return {name: tx.execute(sa.text(f"PRAGMA {name}")).scalar_one() for name in ("synchronous", "journal_mode", "foreign_keys")}

    full = 2
    assert await embedded.write(settings) == {"synchronous": full, "journal_mode": "wal", "foreign_keys": 1}
