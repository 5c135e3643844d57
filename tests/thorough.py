"""What every run takes in turn and TIPLINE_THOROUGH=1 takes each time: the cells of Telegram, and random lives on either database."""

import os
from zlib import crc32

import pytest

Cell = tuple[str, str]

THOROUGH = bool(os.environ.get("TIPLINE_THOROUGH"))
ALWAYS: tuple[Cell, ...] = (("aiogram", "polling"), ("ptb", "webhook"))
BESIDES: tuple[Cell, ...] = (("aiogram", "webhook"), ("ptb", "polling"))
CELLS = ALWAYS + (BESIDES if THOROUGH else ())


def share_of(name: str) -> tuple[Cell, ...]:
    """The cells this one of many stories runs on: all when thorough, else one in turn, so that together they meet every cell."""
    return CELLS if THOROUGH else ((ALWAYS + BESIDES)[crc32(name.encode()) % 4],)


def lives(*seeds: int) -> pytest.MarkDecorator:
    """Random lives: all of them on both databases when thorough, else the first ones on SQLite and the others on PostgreSQL."""
    half = len(seeds) // 2
    shares = (("sqlite", seeds if THOROUGH else seeds[:half], ()), ("postgres", seeds if THOROUGH else seeds[half:], pytest.mark.postgres))
    told = [pytest.param(engine, seed, marks=marks) for engine, share, marks in shares for seed in share]
    return pytest.mark.parametrize(("database_url", "seed"), told, indirect=["database_url"])
