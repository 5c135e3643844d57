"""Seals what only some may read: AES-256-GCM under a key per subject, each wrapped by a key outside the database (domain §11)."""

import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from storage import private
from storage.tables.mail import data_key

KEY_BYTES = 32
NONCE_BYTES = 12
_WRAPPED = sa.select(data_key.c.wrapped, data_key.c.wrapping_key).where(data_key.c.id == sa.bindparam("id"))


class SealError(Exception):
    """Something sealed cannot be read."""


class KeyDestroyed(SealError):
    """The subject was erased: its key is gone, and with it everything sealed under it."""


class BrokenSeal(SealError):
    """The content was altered, moved to another row, or sealed under another key."""


class Secret:
    """A text that never shows itself in a log, a traceback or a repr."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))


@dataclass(frozen=True)
class Keyring:
    """The keys outside the database: `wrapping` by id (rotation keeps old ones readable), and one for blind indexes.

    `former` are the index keys before it, newest first: a query code is kept nowhere, so what was filed under one is found under no other.
    """

    wrapping: Mapping[str, bytes] = field(repr=False)
    current: str
    index_key: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def fresh(cls) -> Self:
        return cls({"k1": secrets.token_bytes(KEY_BYTES)}, "k1", secrets.token_bytes(KEY_BYTES))

    @classmethod
    def for_tests(cls) -> Self:
        return cls({"k1": b"w" * KEY_BYTES}, "k1", b"i" * KEY_BYTES)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The keys in this file; made on first use, readable by its owner only."""
        if not path.exists():
            fresh = cls.fresh()
            fresh.save(path)
            return fresh
        kept = json.loads(path.read_text())
        wrapping = {name: bytes.fromhex(key) for name, key in kept["wrapping"].items()}
        former = tuple(bytes.fromhex(key) for key in kept.get("former_index_keys", []))
        return cls(wrapping, kept["current"], bytes.fromhex(kept["index_key"]), former)

    def save(self, path: Path) -> None:
        private.make_folder(path.parent)
        wrapping = {name: key.hex() for name, key in self.wrapping.items()}
        kept = {"wrapping": wrapping, "current": self.current, "index_key": self.index_key.hex()}
        text = json.dumps(kept | {"former_index_keys": [key.hex() for key in self.former]}, indent=1)
        handle = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".new").replace(path)

    def rotated(self) -> Self:
        """The same ring with a new current wrapping key; old ones stay until every data key is wrapped anew."""
        name = f"k{len(self.wrapping) + 1}"
        return replace(self, wrapping={**self.wrapping, name: secrets.token_bytes(KEY_BYTES)}, current=name)

    def reindexed(self) -> Self:
        """The same ring with a new index key; the old ones stay to find what cannot be computed anew."""
        return replace(self, index_key=secrets.token_bytes(KEY_BYTES), former=(self.index_key, *self.former))

    def lives(self) -> list[Self]:
        """This ring, and as it was under each former index key, newest first."""
        return [replace(self, index_key=key) for key in (self.index_key, *self.former)]

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose (conversation tokens, backups …), so that no two purposes share one."""
        return hmac.new(self.index_key, f"purpose:{purpose}".encode(), sha256).digest()


def keyring(tx: Connection) -> Keyring:
    """The keyring this connection was opened with."""
    ring: Keyring = tx.info["keyring"]
    return ring


def new_key(tx: Connection, at: datetime) -> int:
    """Make a data key for one subject; returns its id."""
    ring = keyring(tx)
    wrapped = _encrypt(ring.wrapping[ring.current], secrets.token_bytes(KEY_BYTES), "data_key")
    row = sa.insert(data_key).values(wrapped=wrapped, wrapping_key=ring.current, created_at=at).returning(data_key.c.id)
    return int(tx.execute(row).scalar_one())


def seal(tx: Connection, key_id: int, place: str, content: str | bytes) -> bytes:
    """Seal the content for one place (`table.column:row`); moved to another place it does not open."""
    return _encrypt(_data_key(tx, key_id), content.encode() if isinstance(content, str) else content, place)


def open_sealed(tx: Connection, key_id: int, place: str, sealed: bytes) -> bytes:
    """The content, or KeyDestroyed, or BrokenSeal."""
    return _decrypt(_data_key(tx, key_id), sealed, place)


def open_text(tx: Connection, key_id: int, place: str, sealed: bytes) -> str:
    return open_sealed(tx, key_id, place, sealed).decode()


def open_texts(tx: Connection, sealed: Sequence[tuple[int, str, bytes]]) -> list[str | None]:
    """Many texts, each as (key, place, blob), with one query for all their keys; None where the key was destroyed."""
    wanted = sa.select(data_key).where(data_key.c.id.in_({key_id for key_id, _, _ in sealed}), data_key.c.wrapped.is_not(None))
    wrapping = keyring(tx).wrapping
    keys = {row.id: _decrypt(wrapping[row.wrapping_key], row.wrapped, "data_key") for row in tx.execute(wanted).all()}
    return [_decrypt(keys[key_id], blob, place).decode() if key_id in keys else None for key_id, place, blob in sealed]


def plain_key(tx: Connection, key_id: int) -> Secret:
    """The data key itself, as hex, for files that are sealed beside the database."""
    return Secret(_data_key(tx, key_id).hex())


def destroy_key(tx: Connection, key_id: int, at: datetime) -> None:
    """Erase the subject: nothing sealed under this key can be read again, in backups made later either."""
    tx.execute(sa.update(data_key).where(data_key.c.id == key_id, data_key.c.wrapped.is_not(None)).values(wrapped=None, destroyed_at=at))


def wrapped_by_others(tx: Connection) -> int:
    """How many data keys are still wrapped by an older key."""
    old = sa.and_(data_key.c.wrapping_key != keyring(tx).current, data_key.c.wrapped.is_not(None))
    return int(tx.execute(sa.select(sa.func.count()).select_from(data_key).where(old)).scalar_one())


def rewrap(tx: Connection, limit: int) -> int:
    """Wrap up to `limit` data keys anew under the current wrapping key; returns how many. None left: 0."""
    ring = keyring(tx)
    old = sa.select(data_key.c.id, data_key.c.wrapped, data_key.c.wrapping_key).where(
        data_key.c.wrapping_key != ring.current, data_key.c.wrapped.is_not(None)
    )
    rows = tx.execute(old.limit(limit)).all()
    for row in rows:
        plain = _decrypt(ring.wrapping[row.wrapping_key], row.wrapped, "data_key")
        wrapped = _encrypt(ring.wrapping[ring.current], plain, "data_key")
        tx.execute(sa.update(data_key).where(data_key.c.id == row.id).values(wrapped=wrapped, wrapping_key=ring.current))
    return len(rows)


def blind_index(tx: Connection, *parts: str) -> bytes:
    """Finds an address again without storing it: a keyed hash, since the space of phone numbers is small."""
    return _index(keyring(tx).index_key, parts)


def blind_indexes(tx: Connection, *parts: str) -> list[bytes]:
    """The same under every index key there has been, the newest first."""
    ring = keyring(tx)
    return [_index(key, parts) for key in (ring.index_key, *ring.former)]


def _index(key: bytes, parts: Sequence[str]) -> bytes:
    return hmac.new(key, "\x1f".join(parts).encode(), sha256).digest()[:16]


def _data_key(tx: Connection, key_id: int) -> bytes:
    row = tx.execute(_WRAPPED, {"id": key_id}).one()
    if row.wrapped is None:
        raise KeyDestroyed(key_id)
    return _decrypt(keyring(tx).wrapping[row.wrapping_key], row.wrapped, "data_key")


def _encrypt(key: bytes, content: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _decrypt(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except InvalidTag as broken:
        raise BrokenSeal(place) from broken
