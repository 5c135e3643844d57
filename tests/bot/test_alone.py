"""Two services started by mistake: the second says why it cannot run, and the first goes on."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot import alone
from bot.settings import WrongSettings
from storage import private
from tests.city import POLICY, ROOT
from tests.served import a_socket


def refused(folder: Path, port: int) -> str:
    """What `run` says in place of running."""
    ours = {"VAR_DIR": str(folder), "KEY_FILE": str(folder / "keys.json"), "POLICY": str(POLICY), "PORT": str(port)}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env={**os.environ, **ours}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    return ended.stderr


def test_a_second_service_on_the_same_records_names_the_folder(tmp_path: Path) -> None:
    with alone.on_folder(tmp_path):
        said = refused(tmp_path, 1)
    assert said == f"VAR_DIR: another service is running on {tmp_path}; stop it, or give this one a folder of its own.\n"


def test_a_service_at_a_taken_address_names_it_and_greets_nobody(tmp_path: Path) -> None:
    with a_socket() as taken:
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(tmp_path, port)
    assert said.startswith(f"HOST, PORT: 127.0.0.1:{port} cannot be listened on")
    assert not (tmp_path / "keys.json").exists()


def test_whoever_may_not_run_is_told_before_anything_slow_is_loaded() -> None:
    loaded = "import sys, bot.commands.run; print([name for name in ('fastapi', 'sqlalchemy', 'rjieba') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_folder_is_free_again_when_its_service_has_ended(tmp_path: Path) -> None:
    with alone.on_folder(tmp_path), pytest.raises(WrongSettings), alone.on_folder(tmp_path):
        pass
    with alone.on_folder(tmp_path):
        pass


def test_nobody_else_reads_the_lock_also_one_that_stood_open(tmp_path: Path) -> None:
    held = tmp_path / alone.LOCK
    for _ in range(2):
        with alone.on_folder(tmp_path):
            assert stat.S_IMODE(held.stat().st_mode) == private.FILE
        held.chmod(0o644)
