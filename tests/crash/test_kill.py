"""The process is killed at random moments of intake: nobody's message is lost, doubled or half-written, and planted faults are seen."""

import os
from collections.abc import Iterator

import pytest

from bench.kill import Service, Verdict, run, started

KILLS = int(os.environ.get("TIPLINE_KILLS", "40"))
FAULTY_KILLS = 10
PATIENCE = 20


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with started() as service:
        yield service


def test_no_kill_loses_doubles_or_halves_a_message(service: Service) -> None:
    verdict = run(service, KILLS)
    assert verdict.acknowledged > KILLS
    assert verdict.is_clean, verdict


def test_a_parent_gets_one_receipt_however_often_the_service_dies_on_the_way(service: Service) -> None:
    verdict = run(service, KILLS // 10, "parents")
    assert verdict.acknowledged > KILLS
    assert verdict.is_clean, verdict


def test_thanking_before_keeping_is_caught(service: Service) -> None:
    assert harm(service, "acknowledges_first").lost > 0


def test_filing_and_marking_apart_is_caught(service: Service) -> None:
    assert harm(service, "two_transactions").doubled > 0


def test_not_knowing_a_message_again_is_caught(service: Service) -> None:
    assert harm(service, "forgetful").doubled > 0


def harm(service: Service, variant: str) -> Verdict:
    """What comes to light when this fault is killed often enough; chance decides how often that is."""
    verdicts = (run(service, FAULTY_KILLS, variant, seed) for seed in range(PATIENCE))
    return next(verdict for verdict in verdicts if not verdict.is_clean)
