"""One person on one channel, parent or officer: the address is sealed, and found again by a blind index."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.sealing import Secret, blind_index, blind_indexes, new_key, open_text, seal
from storage.tables.mail import addressee

PLACE = "addressee.address"
_BY_ID = sa.select(addressee.c.id, addressee.c.channel, addressee.c.data_key_id).where(addressee.c.id == sa.bindparam("id"))
_BY_ADDRESS = sa.select(addressee.c.id, addressee.c.channel, addressee.c.data_key_id).where(
    addressee.c.channel == sa.bindparam("channel"), addressee.c.address_index == sa.bindparam("index")
)
_HOLD = sa.select(addressee.c.id).where(addressee.c.id == sa.bindparam("id")).with_for_update()
_BACK = sa.update(addressee).where(addressee.c.id == sa.bindparam("of"), addressee.c.gone_at.is_not(None)).values(gone_at=None)


@dataclass(frozen=True)
class Address:
    """Where a person is reached on a channel; the value never shows itself."""

    channel: str
    value: Secret

    @classmethod
    def of(cls, channel: str, value: str) -> "Address":
        return cls(channel, Secret(value))


@dataclass(frozen=True)
class Addressee:
    """A known person: everything they write is sealed under `key_id`."""

    id: int
    channel: str
    key_id: int


def remember(tx: Connection, address: Address, at: datetime) -> Addressee:
    """The addressee of this address, made when first heard of."""
    known = recall(tx, address)
    if known:
        return known
    index = blind_index(tx, address.channel, address.value.reveal())
    key_id = new_key(tx, at)
    row = {
        "channel": address.channel,
        "address_index": index,
        "address": seal(tx, key_id, PLACE, address.value.reveal()),
        "data_key_id": key_id,
        "created_at": at,
    }
    try:
        # Another worker may hear from the same person at the same moment.
        with tx.begin_nested():
            made = tx.execute(sa.insert(addressee).values(row).returning(addressee.c.id)).scalar_one()
    except sa.exc.IntegrityError:
        return _known(tx, address)
    return Addressee(made, address.channel, key_id)


def recall(tx: Connection, address: Address) -> Addressee | None:
    """The addressee of this address, if we ever heard of them."""
    for index in blind_indexes(tx, address.channel, address.value.reveal()):
        row = tx.execute(_BY_ADDRESS, {"channel": address.channel, "index": index}).one_or_none()
        if row:
            return Addressee(row.id, row.channel, row.data_key_id)
    return None


def get(tx: Connection, addressee_id: int) -> Addressee:
    row = tx.execute(_BY_ID, {"id": addressee_id}).one()
    return Addressee(row.id, row.channel, row.data_key_id)


def hold(tx: Connection, addressee_id: int) -> None:
    """Keep other workers from answering the same person until this transaction ends. SQLite has one writer anyway."""
    if tx.dialect.name != "sqlite":
        tx.execute(_HOLD, {"id": addressee_id})


def reach(tx: Connection, addressee_id: int) -> Address:
    """The address to send to. Only delivery asks for it."""
    row = tx.execute(
        sa.select(addressee.c.channel, addressee.c.address, addressee.c.data_key_id).where(addressee.c.id == addressee_id)
    ).one()
    return Address(row.channel, Secret(open_text(tx, row.data_key_id, PLACE, row.address)))


def mark_gone(tx: Connection, addressee_id: int, at: datetime) -> None:
    """The person blocked us or left; nothing more is sent there until they write again."""
    tx.execute(sa.update(addressee).where(addressee.c.id == addressee_id, addressee.c.gone_at.is_(None)).values(gone_at=at))


def mark_back(tx: Connection, addressee_id: int) -> None:
    """They wrote again, so they can be reached again."""
    tx.execute(_BACK, {"of": addressee_id})


def _known(tx: Connection, address: Address) -> Addressee:
    known = recall(tx, address)
    if known is None:
        raise LookupError("the addressee vanished")
    return known
