"""Seals files of any length in pieces: AES-256-GCM, so that none can be changed, dropped, moved or cut off unseen."""

import io
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.sealing import BrokenSeal

MAGIC = b"TIPLINE1"
PIECE = 1 << 20
TAG = 16
PREFIX_BYTES = 7
MOST_PIECES = 1 << 32


class Sealing(io.RawIOBase):
    """A file to write into: what arrives is sealed and passed on to `target`. `close` writes the last piece and leaves `target` open."""

    def __init__(self, target: BinaryIO, key: bytes, place: str) -> None:
        self._target, self._cipher, self._place = target, AESGCM(key), place.encode()
        self._prefix = secrets.token_bytes(PREFIX_BYTES)
        self._waiting, self._count = bytearray(), 0
        target.write(MAGIC + self._prefix)

    def writable(self) -> bool:
        return True

    def write(self, content: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._waiting += content
        # The last piece is marked as such, so one is always held back until the end is known.
        while len(self._waiting) > PIECE:
            self._pass(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._pass(bytes(self._waiting), last=True)
        super().close()

    def abandon(self) -> None:
        """Stop without a last piece: what was written never opens."""
        super().close()

    def _pass(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._prefix, self._count, last=last), piece, self._place))
        self._count += 1


class Opening(io.RawIOBase):
    """A file to read from: yields what `Sealing` was given, or raises BrokenSeal at the first piece that is not as it was."""

    def __init__(self, source: BinaryIO, key: bytes, place: str) -> None:
        self._source, self._cipher, self._place = source, AESGCM(key), place.encode()
        head = source.read(len(MAGIC) + PREFIX_BYTES)
        if len(head) != len(MAGIC) + PREFIX_BYTES or not head.startswith(MAGIC):
            raise BrokenSeal(place)
        self._prefix = head[len(MAGIC) :]
        self._next = source.read(PIECE + TAG)
        if not self._next:
            # Even an empty file has one sealed piece: cut off behind its head it must not pass for empty.
            raise BrokenSeal(place)
        self._ready, self._count = b"", 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._ready and self._next:
            self._ready = self._open()
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def _open(self) -> bytes:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        nonce = _nonce(self._prefix, self._count, last=not self._next)
        self._count += 1
        try:
            return self._cipher.decrypt(nonce, piece, self._place)
        except InvalidTag as broken:
            raise BrokenSeal(self._place.decode()) from broken


def seal_bytes(key: bytes, place: str, content: bytes) -> bytes:
    """The whole content sealed, for files that fit in memory."""
    target = io.BytesIO()
    with Sealing(target, key, place) as sealing:
        sealing.write(content)
    return target.getvalue()


def open_bytes(key: bytes, place: str, sealed: bytes) -> bytes:
    with Opening(io.BytesIO(sealed), key, place) as opening:
        return opening.readall() or b""


def _nonce(prefix: bytes, count: int, *, last: bool) -> bytes:
    if count >= MOST_PIECES:
        raise OverflowError("the file is too long to seal")
    return prefix + count.to_bytes(4, "big") + bytes([last])
