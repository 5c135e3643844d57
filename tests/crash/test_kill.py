"""The process is killed at random moments of intake: nobody's message is lost, doubled or half-written, and planted faults are seen."""

import os

from bench.kill import run

KILLS = int(os.environ.get("TIPLINE_KILLS", "100"))
FAULTY_KILLS = 20


def test_no_kill_loses_doubles_or_halves_a_message() -> None:
    verdict = run(KILLS)
    assert verdict.acknowledged > KILLS
    assert verdict.is_clean, verdict


def test_thanking_before_keeping_is_caught() -> None:
    assert run(FAULTY_KILLS, "acknowledges_first").lost > 0


def test_filing_and_marking_apart_is_caught() -> None:
    assert run(FAULTY_KILLS, "two_transactions").doubled > 0


def test_not_knowing_a_message_again_is_caught() -> None:
    assert run(FAULTY_KILLS, "forgetful").doubled > 0
