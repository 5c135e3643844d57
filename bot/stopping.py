"""Being asked to stop: from its first moment on the service hears SIGTERM and Ctrl-C, and ends in one way whenever they come."""

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # This module is loaded before anything slow is: a stop must not come before there is somebody to keep it.
    import asyncio

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def keep() -> None:
    """From here on a stop waits until it is heard: imports take seconds, and cut off in the midst of one they end in a traceback."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def is_kept() -> bool:
    """Whether a stop came already, and waits to be heard."""
    return bool(signal.sigpending().intersection(SIGNALS))


def hear(loop: "asyncio.AbstractEventLoop", stop: Callable[[], None]) -> None:
    """Call `stop` for every stop from here on, and for the one that was kept."""
    for name in SIGNALS:
        loop.add_signal_handler(name, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
