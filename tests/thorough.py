"""The matrix of Telegram runs: every run takes each library and each way of hearing once; TIPLINE_THOROUGH=1 takes every cell."""

import os

THOROUGH = bool(os.environ.get("TIPLINE_THOROUGH"))
ALWAYS = (("aiogram", "polling"), ("ptb", "webhook"))
BESIDES = (("aiogram", "webhook"), ("ptb", "polling"))
CELLS = ALWAYS + (BESIDES if THOROUGH else ())
