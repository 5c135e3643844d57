"""A small computation asked of new conversations against floods: cheap for one parent, dear for a thousand at once. Off by default."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

# About thirty thousand hashes: a moment on a weak phone, hours for whoever wants a million conversations.
DIFFICULTY_BITS = 15
LIFE = timedelta(minutes=10)
LONGEST_PROOF = 120
NONCE_BYTES = 12


class ProofNeeded(Exception):
    """A new conversation began without a valid proof; `challenge` is what to solve."""

    def __init__(self, challenge: str) -> None:
        super().__init__()
        self.challenge = challenge


class ProofOfWork:
    """Gives challenges `bits.expiry.nonce.mac`, of which nothing is kept, and judges proofs `challenge.counter`.

    A proof is right when the SHA-256 of its text begins with that many zero bits.
    """

    def __init__(self, key: bytes, clock: Callable[[], datetime], *, bits: int = DIFFICULTY_BITS) -> None:
        self._key, self._clock, self._bits = key, clock, bits
        # Only solved ones are remembered, and only until they expire: each entry cost its sender the work.
        self._spent: dict[str, int] = {}

    def challenge(self) -> str:
        expiry = int((self._clock() + LIFE).timestamp())
        body = f"{self._bits}.{expiry}.{secrets.token_hex(NONCE_BYTES)}"
        return f"{body}.{self._mac(body)}"

    def admit(self, proof: str) -> None:
        """Let one new conversation begin, or ProofNeeded. One solution opens one conversation."""
        challenge, _, _ = proof.rpartition(".")
        body, _, mac = challenge.rpartition(".")
        now = int(self._clock().timestamp())
        if not (proof.isascii() and hmac.compare_digest(mac, self._mac(body))):
            raise ProofNeeded(self.challenge())
        expiry = int(body.split(".")[1])
        if expiry < now or body in self._spent or not _begins_with_zeros(proof, self._bits):
            raise ProofNeeded(self.challenge())
        self._spent = {spent: until for spent, until in self._spent.items() if until >= now} | {body: expiry}

    def _mac(self, body: str) -> str:
        return hmac.new(self._key, f"challenge:{body}".encode(), sha256).hexdigest()[:32]


def _begins_with_zeros(text: str, bits: int) -> bool:
    return int.from_bytes(sha256(text.encode()).digest()) >> (256 - bits) == 0
