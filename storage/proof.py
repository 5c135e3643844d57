"""A signed proof of filing: number, time, and the hash of what was written, so that nobody can later say it was never sent."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from storage import reports
from storage.sealing import Keyring, keyring
from storage.tables.reports import report

VERSION = "tipline-proof-1"


@dataclass(frozen=True)
class Proof:
    """What a reporter keeps. It names nobody and holds nothing of the text but its hash."""

    number: str
    filed_at: str
    text_sha256: str
    signature: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        return cls(*(str(kept[name]) for name in ("number", "filed_at", "text_sha256", "signature")))

    def signed_part(self) -> bytes:
        return json.dumps([VERSION, self.number, self.filed_at, self.text_sha256]).encode()


def of(tx: Connection, report_id: int) -> Proof:
    """The proof for this report. KeyDestroyed when its text was erased."""
    row = tx.execute(sa.select(report.c.number, report.c.filed_at).where(report.c.id == report_id)).one()
    text = reports.contents(tx, report_id).story
    unsigned = Proof(row.number, row.filed_at.isoformat(), sha256(text.encode()).hexdigest())
    signature = _private(keyring(tx)).sign(unsigned.signed_part()).hex()
    return Proof(unsigned.number, unsigned.filed_at, unsigned.text_sha256, signature)


def public_key(ring: Keyring) -> str:
    """What anyone needs to check a proof; it can be published."""
    return _private(ring).public_key().public_bytes_raw().hex()


def holds(key: str, proof: Proof, text: str | None = None) -> bool:
    """Whether the office signed this, and, given the text, whether it is the one that was filed."""
    if text is not None and sha256(text.encode()).hexdigest() != proof.text_sha256:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(proof.signature), proof.signed_part())
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(ring: Keyring) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.derived("filing proofs"))
