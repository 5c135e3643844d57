"""Taking for oneself what two services must not share: the folder of the records, and the address that is listened on.

Two services on one folder would keep the same deadlines and send the same messages twice.
"""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import WrongSettings
from storage import private

LOCK = "service.lock"


@contextmanager
def on_folder(folder: Path) -> Iterator[None]:
    """Hold this folder; the system lets go of it however the service ends."""
    private.write_text(folder / LOCK, "")
    with (folder / LOCK).open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            fault = f"VAR_DIR: another service is running on {folder}; stop it, or give this one a folder of its own."
            raise WrongSettings([fault]) from taken
        yield


def at_address(host: str, port: int) -> socket.socket:
    """Bound but not yet listening: until the service is ready whoever calls is refused, not kept waiting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as refused:
        bound.close()
        fault = f"HOST, PORT: {host}:{port} cannot be listened on ({refused.strerror}); stop what listens there, or choose another."
        raise WrongSettings([fault]) from refused
    return bound
