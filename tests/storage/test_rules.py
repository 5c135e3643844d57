"""The city's times are data: read whole, checked whole, and every fault is named with its mend."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.policy import PolicyUnreadable
from storage.rules import MARKS, Rules, Span, Unit
from storage.vocabulary import ClockKind, Level, Nature
from tests.storage.oracle import CHINA

MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=CHINA)


@pytest.fixture
def city(tmp_path: Path, policy: Path) -> Path:
    for name in ("deadlines.toml", "holidays.toml", "departments.toml", "categories.toml"):
        shutil.copy(policy / name, tmp_path / name)
    return tmp_path


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_every_clock_has_a_limit_for_every_level_and_says_where_it_comes_from(rules: Rules) -> None:
    for kind in ClockKind:
        for nature in Nature:
            deadline = rules.deadline(kind, nature)
            assert set(deadline.limit) == set(Level)
            assert deadline.source
            assert deadline.mark in MARKS


def test_urgent_reports_run_day_and_night_and_others_in_working_time(rules: Rules) -> None:
    for kind in set(ClockKind) - {ClockKind.CALLBACK, ClockKind.INFO}:
        for nature in Nature:
            limit = rules.deadline(kind, nature).limit
            assert not limit[Level.P0].is_working_time
            assert not limit[Level.P1].is_working_time
            assert limit[Level.P2].is_working_time


@pytest.mark.parametrize(("nature", "days"), [(Nature.QUESTION, 3), (Nature.COMPLAINT, 5), (Nature.TIPOFF, 10)])
def test_answers_are_due_as_the_rule_book_says(rules: Rules, nature: Nature, days: int) -> None:
    assert rules.deadline(ClockKind.REPLY, nature).limit[Level.P2] == Span(days, Unit.WORK_DAY)


def test_natural_days_end_at_midnight_and_minutes_to_the_minute(rules: Rules) -> None:
    assert rules.due(MORNING, Span(90, Unit.DAY)).astimezone(CHINA) == datetime(2027, 2, 23, 23, 59, 59, tzinfo=CHINA)
    assert rules.due(MORNING, Span(30, Unit.MINUTE)) == MORNING + timedelta(minutes=30)


def test_statutory_limits_stand_beside_ours(rules: Rules) -> None:
    assert {one.key for one in rules.statutory_for(Nature.COMPLAINT)} >= {"consumer_acceptance", "consumer_mediation"}
    assert {one.key for one in rules.statutory_for(Nature.TIPOFF)} >= {"penalty_decision"}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("deadlines.toml", '"15 minute"', '"15 hours"', "P0"),
        ("deadlines.toml", '"15 minute"', '"0 minute"', "P0"),
        ("deadlines.toml", 'mark = "D"', 'mark = "X"', "mark"),
        ("deadlines.toml", "callback_tries = 3", "callback_trys = 3", "callback_tries"),
        ("deadlines.toml", "[inform]", "[informed]", "inform"),
        ("deadlines.toml", 'natures = ["C"]', 'natures = ["X"]', "natures"),
        ("deadlines.toml", "half_percent = 50", 'half_percent = "50"', "half_percent"),
        ("holidays.toml", '"01-01/01-03"', '"01-01/02-31"', "holidays"),
        ("holidays.toml", '"08:30-12:00"', '"half past eight"', "hours"),
        ("holidays.toml", "[official.2021]", "[official.2021", "holidays.toml"),
        ("departments.toml", 'kind = "office"', 'kind = "ofice"', "kind"),
        ("departments.toml", 'parent = "edu"', 'parent = "edo"', "parent"),
    ],
)
def test_a_fault_names_the_file_and_the_key(city: Path, file: str, old: str, new: str, told: str) -> None:
    spoil(city / file, old, new)
    with pytest.raises(PolicyUnreadable) as fault:
        Rules.load(city)
    assert file in str(fault.value)
    assert told in str(fault.value)


def test_a_missing_file_says_where_to_take_it_from(city: Path) -> None:
    (city / "holidays.toml").unlink()
    with pytest.raises(PolicyUnreadable, match="copy it from"):
        Rules.load(city)
