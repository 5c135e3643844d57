"""A PostgreSQL server of the tests' own: started as an ordinary user in a temporary folder, stopped when they end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

ORDINARY_USER = "postgres"
# What PostgreSQL itself makes new databases from: nothing is in it.
BLANK = "template0"
MIGRATED = "migrated"
EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$ DECLARE one name; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
END $$;
SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences;
"""


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, newest version first; None where PostgreSQL is not installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    if installed:
        return installed[0].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields the address without a database name. Nothing of it stays behind."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("initdb")
    folder = Path(tempfile.mkdtemp(prefix="tipline-postgres-"))
    port = _free_port()
    if os.getuid() == 0:
        owner = pwd.getpwnam(ORDINARY_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    # Durability is another suite's subject; here only meaning is tested, so the server may be fast.
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200"
    _run(programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
    _run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql+asyncpg://tests@127.0.0.1:{port}"
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


async def created(server: str, name: str = "", like: str = MIGRATED) -> str:
    """The address of a new database with the content of another one."""
    name = name or f"t{uuid.uuid4().hex}"
    await _tell(f"{server}/postgres", f"CREATE DATABASE {name} TEMPLATE {like}")
    return f"{server}/{name}"


async def empty(address: str) -> None:
    """Whoever still holds a connection loses it, every row goes, and every number begins anew: forty times as fast as a new database."""
    await _tell(address, EMPTY)


async def _tell(address: str, statements: str) -> None:
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.getuid() == 0:
        words = ["runuser", "-u", ORDINARY_USER, "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
