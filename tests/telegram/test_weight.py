"""A Telegram library costs seconds and a hundred megabytes: only who enables a bot pays for it."""

import subprocess
import sys

from tests.city import ROOT


def test_no_telegram_library_is_imported_before_a_bot_is_enabled() -> None:
    code = "import sys, bot.compose; print([name for name in ('aiogram', 'telegram') if name in sys.modules])"
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"
