"""A backup of everything in one encrypted file, taken while the service runs; and the way back into an empty folder."""

import io
import json
import os
import secrets
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import make_url

from storage import private
from storage.sealing import BrokenSeal, Keyring
from storage.streams import Opening, Sealing

MAGIC = b"TIPLINE-BACKUP-1\n"
SALT_BYTES = 16
LONGEST_HEADER = 1_000
DATABASE, DUMP, KEYS, MANIFEST = "tipline.db", "postgres.dump", "keys.json", "manifest.json"
EVIDENCE = "evidence/"


class NotABackup(Exception):
    """The file is no backup of ours, or was cut off or altered, or this key or passphrase does not open it."""


class NotEmpty(Exception):
    """There is already a database or evidence where the backup would go; move it away first."""


class DumpFailed(Exception):
    """PostgreSQL's own tool did not do it; the message is the tool's."""


@dataclass(frozen=True)
class Place:
    """What a backup holds: the database at `url`, and the folder with evidence and, on SQLite, the database file."""

    url: str
    folder: Path
    keys: Path

    @property
    def is_postgres(self) -> bool:
        return make_url(self.url).get_backend_name() == "postgresql"

    @property
    def database(self) -> Path:
        return Path(make_url(self.url).database or "")


@dataclass(frozen=True)
class Lock:
    """What a backup is locked with: a passphrase, and then the keys are inside; or the keyring, and then they must not be lost."""

    keyring: Keyring | None = None
    passphrase: str = ""

    def keys(self, header: Mapping[str, Any]) -> list[bytes]:
        """What it is locked with; one that was made before the index key was changed opens with a former one."""
        salt = bytes.fromhex(header["salt"])
        if header["lock"] == "passphrase":
            return [Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(self.passphrase.encode())]
        if self.keyring is None:
            raise NotABackup
        return [ring.derived(f"backup:{salt.hex()}") for ring in self.keyring.lives()]


def make(place: Place, target: Path, lock: Lock, at: datetime, *, manifest: Mapping[str, Any]) -> int:
    """Write the backup; when this returns it is whole and on the disk. Returns its size."""
    header = {"lock": "passphrase" if lock.passphrase else "keyring", "salt": secrets.token_hex(SALT_BYTES), "made_at": at.isoformat()}
    line = json.dumps(header).encode() + b"\n"
    part = target.with_name(target.name + ".part")
    private.make_folder(target.parent)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + line)
            with Sealing(file, lock.keys(header)[0], line.decode()) as sealing, tarfile.open(mode="w|", fileobj=sealing) as archive:
                _fill(archive, place, lock, dict(manifest))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(source: Path, place: Place, lock: Lock) -> dict[str, Any]:
    """Bring everything back into an empty place; returns the backup's manifest. Nothing is put in place before all of it has opened."""
    if (not place.is_postgres and place.database.exists()) or any((place.folder / EVIDENCE).rglob("*.*")):
        raise NotEmpty
    private.make_folder(place.folder)
    with TemporaryDirectory(dir=place.folder, prefix=".restore-") as name:
        found = Path(name)
        _unpack(source, lock, found)
        if place.is_postgres:
            _run_tool("pg_restore", place.url, "--no-owner", "--exit-on-error", "--single-transaction", str(found / DUMP))
        else:
            private.make_folder(place.database.parent)
            (found / DATABASE).replace(place.database)
        if (found / EVIDENCE).is_dir():
            private.make_folder(place.folder / EVIDENCE)
            for part in (found / EVIDENCE).iterdir():
                part.replace(place.folder / EVIDENCE / part.name)
        if (found / KEYS).exists() and not place.keys.exists():
            private.make_folder(place.keys.parent)
            (found / KEYS).replace(place.keys)
        manifest: dict[str, Any] = json.loads((found / MANIFEST).read_text())
    return manifest


def header_of(source: Path) -> dict[str, Any]:
    """When the backup was made and what it is locked with; needs no key."""
    with source.open("rb") as file:
        return _header(file)[0]


def _fill(archive: tarfile.TarFile, place: Place, lock: Lock, manifest: dict[str, Any]) -> None:
    # The database first: every file a row speaks of was on the disk before the row was.
    with _snapshot(place) as copy:
        archive.add(copy, DUMP if place.is_postgres else DATABASE)
    if lock.passphrase and place.keys.exists():
        archive.add(place.keys, KEYS)
    root = place.folder / EVIDENCE
    for path in sorted(root.glob("??/??/*")) if root.is_dir() else ():
        if path.suffix != ".part":
            _add_if_still_there(archive, path, EVIDENCE + str(path.relative_to(root)))
    content = json.dumps(manifest, ensure_ascii=False).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _add_if_still_there(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """Retention may take a file away between the list and the copy."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)


@contextmanager
def _snapshot(place: Place) -> Iterator[Path]:
    """The database at one moment, as a file that goes away again."""
    private.make_folder(place.folder)
    with TemporaryDirectory(dir=place.folder, prefix=".backup-") as name:
        copy = Path(name) / DATABASE
        if place.is_postgres:
            _run_tool("pg_dump", place.url, "--format=custom", "--no-owner", f"--file={copy}")
        else:
            # In one step: a backup page by page starts again whenever somebody writes, and never ends on a busy day.
            with closing(sqlite3.connect(place.database)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target, pages=-1)
                target.execute("PRAGMA journal_mode=DELETE")
        yield copy


def _unpack(source: Path, lock: Lock, folder: Path) -> None:
    with source.open("rb") as file:
        header, line = _header(file)
        try:
            key = _fitting(file, lock.keys(header), line.decode())
            with Opening(file, key, line.decode()) as opening, tarfile.open(mode="r|", fileobj=opening) as archive:
                for entry in archive:
                    _take(archive, entry, folder)
                # The archive ends before the file does: only reading to the last piece proves that nothing was cut off.
                opening.readall()
        except (BrokenSeal, tarfile.TarError, KeyError, ValueError) as broken:
            raise NotABackup from broken
    if not (folder / MANIFEST).exists():
        raise NotABackup


def _fitting(file: BinaryIO, keys: list[bytes], place: str) -> bytes:
    """The key that opens the first piece, or the last one; the file stands where it stood."""
    start = file.tell()
    for key in keys[:-1]:
        try:
            Opening(file, key, place).read(1)
            return key
        except BrokenSeal:
            continue
        finally:
            file.seek(start)
    return keys[-1]


def _take(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    """Only plain files with names a backup of ours has; whatever else an archive may say is refused."""
    path = Path(entry.name)
    known = entry.name in (DATABASE, DUMP, KEYS, MANIFEST) or entry.name.startswith(EVIDENCE)
    content = archive.extractfile(entry) if entry.isreg() else None
    if content is None or not known or path.is_absolute() or ".." in path.parts:
        raise NotABackup
    target = folder / path
    private.make_folder(target.parent)
    with private.create(target) as file:
        while piece := content.read(1 << 20):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _header(file: BinaryIO) -> tuple[dict[str, Any], bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise NotABackup
    line = file.readline(LONGEST_HEADER)
    try:
        header: dict[str, Any] = json.loads(line)
    except ValueError as broken:
        raise NotABackup from broken
    return header, line


def _run_tool(tool: str, url: str, *arguments: str) -> None:
    """PostgreSQL's tool, told where to go through the environment: arguments can be read by every user of the machine."""
    at = make_url(url)
    told = {"PGHOST": at.host, "PGPORT": str(at.port or 5432), "PGUSER": at.username, "PGPASSWORD": at.password, "PGDATABASE": at.database}
    environment = {**os.environ, **{name: value for name, value in told.items() if value}}
    where = [f"--dbname={at.database}"] if tool == "pg_restore" else []
    try:
        subprocess.run([tool, *where, *arguments], env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as missing:
        raise DumpFailed(f"{tool} is not installed (Debian: apt install postgresql-client)") from missing
    except subprocess.CalledProcessError as failed:
        raise DumpFailed(failed.stderr.strip()) from failed
