"""The tests' folders lie in memory where there is room: what a power cut leaves is shown on a disk that is a model, not by waiting."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000


def keep_folders_in_memory() -> None:
    """From now on, in this process and those it starts; whoever has named a place (TMPDIR) keeps it."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
