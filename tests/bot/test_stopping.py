"""Asked to stop while it is still starting, the service ends as it does later: quietly, saying all is well, nothing half-written."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.sealing import Keyring
from tests.city import POLICY, ROOT
from tests.served import a_socket

PATIENCE = 60.0
Moment = Callable[[subprocess.Popen[str], Path], bool]


def keeps_signals(process: subprocess.Popen[str], folder: Path) -> bool:
    """The very beginning: a stop is kept, and nothing slow has been loaded."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    kept = int(status.split("SigBlk:")[1].split()[0], 16)
    return bool(kept & 1 << (signal.SIGTERM - 1))


def has_keys(process: subprocess.Popen[str], folder: Path) -> bool:
    """The records are made, and the first account is about to be."""
    return (folder / "keys.json").exists()


@contextmanager
def starting(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with a_socket() as listening:
        port = str(listening.getsockname()[1])
    ours = {"VAR_DIR": str(folder), "KEY_FILE": str(folder / "keys.json"), "POLICY": str(POLICY), "PORT": port}
    command, heard = [sys.executable, "-m", "bot", "run"], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ours}, stdout=heard, stderr=heard, text=True) as process:
        yield process
        process.kill()


def stopped(folder: Path, moment: Moment, asked: signal.Signals) -> str:
    """What a service said that was asked to stop at that moment of its start; it ended as it does after a day."""
    with starting(folder) as process:
        end = time.monotonic() + PATIENCE
        while not moment(process, folder):
            assert time.monotonic() < end
            time.sleep(0.005)
        process.send_signal(asked)
        said, logged = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Traceback" in logged) == (0, False), logged
    return said


def test_a_service_asked_to_stop_before_anything_is_loaded_ends_well_and_greets_nobody(tmp_path: Path) -> None:
    assert stopped(tmp_path, keeps_signals, signal.SIGINT) == ""
    assert not (tmp_path / "keys.json").exists()


def test_a_service_asked_to_stop_while_it_starts_tells_the_first_password_once_or_leaves_it_to_the_next_start(tmp_path: Path) -> None:
    said = stopped(tmp_path, has_keys, signal.SIGTERM)
    keys = Keyring.load(tmp_path / "keys.json")
    with starting(tmp_path) as process:
        assert process.stdout
        lines = 3 if "one-time password" in said else 4
        said += "".join(process.stdout.readline() for _ in range(lines))
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert said.count("one-time password") == 1
    assert keys == Keyring.load(tmp_path / "keys.json")
