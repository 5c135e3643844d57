"""What we keep on the disk is for its owner alone: files 600, folders 700, also those that were there before."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

FILE, FOLDER = 0o600, 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What holds what people sent, beside the database.
FOLDERS = ("evidence", "backups")
# What SQLite keeps beside its file while it works; they are made with the mode of the file itself.
SIDES = ("-wal", "-shm", "-journal")


def make_folder(folder: Path) -> None:
    """The folder, and whatever it lies in as far as that is missing; an existing one is left as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=FOLDER, exist_ok=True)


def create(path: Path) -> BinaryIO:
    """A new file to write; at no moment can others read it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE), "wb")


def write_text(path: Path, text: str) -> None:
    """Write this file, or write it anew."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE), "w", encoding="utf-8") as file:
        file.write(text)
    close(path)


def close_database(path: Path) -> None:
    """This SQLite file and what lies beside it; one that is not there yet is made empty, so that SQLite finds it closed."""
    make_folder(path.parent)
    if not path.exists():
        path.touch(mode=FILE)
    for one in (path, *(path.with_name(path.name + side) for side in SIDES)):
        close(one)


def close_folder(folder: Path) -> None:
    """A folder of ours and all that is in it. It is closed last: a stop half-way leaves it open, and the next start begins again."""
    if not is_open(folder):
        return
    for inner in folder.rglob("*"):
        close(inner)
    close(folder)


def close(path: Path) -> None:
    """Take it from everybody but its owner. Only the owner can; where that is another account the doctor says so."""
    with suppress(PermissionError, FileNotFoundError):
        if is_open(path) and not path.is_symlink():
            path.chmod(FOLDER if path.is_dir() else FILE)


def is_open(path: Path) -> bool:
    """Whether others than the owner may do anything with it."""
    return path.exists() and bool(path.stat().st_mode & OTHERS)
