"""The folder of evidence files: sealed, named by what they hold, and whole on the disk before any row speaks of them."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from storage import private, streams
from storage.sealing import Secret

UNFINISHED = ".part"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NoRoom(Exception):
    """The disk is full, or all files together have reached their limit; nothing of the file was kept."""


class FileMissing(Exception):
    """A file that a row speaks of is not on the disk."""


class Copy(StrEnum):
    """The forms one piece of evidence is kept in. Only the original holds what the camera wrote down besides the picture."""

    ORIGINAL = "original"
    CLEAN = "clean"
    THUMBNAIL = "thumbnail"
    COVERED = "covered"
    COVERED_THUMBNAIL = "covered_thumbnail"


@dataclass(frozen=True)
class Slot:
    """Where one piece of evidence lies: its digest, and the data key it is sealed under."""

    digest: bytes
    key_id: int

    @property
    def name(self) -> str:
        return f"{self.digest.hex()}-{self.key_id}"


class Shelf:
    """Writes and reads sealed files. Everything here blocks: call it from a worker thread."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, slot: Slot, copy: Copy, key: Secret, content: bytes) -> None:
        """Keep one copy; when this returns it survives a power cut."""
        target = self.path(slot, copy)
        part = target.with_name(f"{target.name}.{secrets.token_hex(4)}{UNFINISHED}")
        try:
            _make_folder(target.parent, self.root)
            with private.create(part) as file:
                file.write(streams.seal_bytes(bytes.fromhex(key.reveal()), _place(slot, copy), content))
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            _sync(target.parent)
        except OSError as failure:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            if failure.errno in NO_SPACE:
                raise NoRoom from failure
            raise

    def get(self, slot: Slot, copy: Copy, key: Secret) -> bytes:
        """The content, or FileMissing, or BrokenSeal when it was altered or another file was put in its place."""
        try:
            sealed = self.path(slot, copy).read_bytes()
        except FileNotFoundError as missing:
            raise FileMissing(slot.name) from missing
        return streams.open_bytes(bytes.fromhex(key.reveal()), _place(slot, copy), sealed)

    def drop(self, slot: Slot) -> None:
        """Remove every copy of one piece of evidence."""
        for copy in Copy:
            self.path(slot, copy).unlink(missing_ok=True)

    def slots(self) -> Iterator[tuple[Slot, datetime]]:
        """Every piece of evidence on the disk, with when its original was written."""
        for path in sorted(self.root.glob(f"??/??/*.{Copy.ORIGINAL}")):
            digest, _, key_id = path.stem.partition("-")
            yield Slot(bytes.fromhex(digest), int(key_id)), datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def sweep_unfinished(self, before: datetime) -> None:
        """Take away what a crash left half-written."""
        for path in self.root.glob(f"??/??/*{UNFINISHED}"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        private.make_folder(self.root)
        return shutil.disk_usage(self.root).free

    def path(self, slot: Slot, copy: Copy) -> Path:
        name = slot.name
        return self.root / name[:2] / name[2:4] / f"{name}.{copy}"


def _place(slot: Slot, copy: Copy) -> str:
    return f"evidence.{copy}:{slot.digest.hex()}"


def _make_folder(folder: Path, root: Path) -> None:
    if folder.is_dir():
        return
    private.make_folder(folder)
    # A new folder survives a power cut only when the one that holds it is synced too.
    for above in (folder.parent, root):
        _sync(above)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
