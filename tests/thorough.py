"""The matrix of Telegram runs: every run takes each library and each way of hearing; TIPLINE_THOROUGH=1 takes every cell each time."""

import os
from zlib import crc32

Cell = tuple[str, str]

THOROUGH = bool(os.environ.get("TIPLINE_THOROUGH"))
ALWAYS: tuple[Cell, ...] = (("aiogram", "polling"), ("ptb", "webhook"))
BESIDES: tuple[Cell, ...] = (("aiogram", "webhook"), ("ptb", "polling"))
CELLS = ALWAYS + (BESIDES if THOROUGH else ())


def share_of(name: str) -> tuple[Cell, ...]:
    """The cells this one of many stories runs on: all when thorough, else one in turn, so that together they meet every cell."""
    return CELLS if THOROUGH else ((ALWAYS + BESIDES)[crc32(name.encode()) % 4],)
