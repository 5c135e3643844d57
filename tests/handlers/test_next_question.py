"""What is asked, what is not, and in which order."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.intake.draft import Draft
from handlers.intake.next_question import next_question, remaining, skipped
from handlers.questions import Questions
from nlp.reading import Candidate, Reading, Term
from tests.city import POLICY, rule_book
from tests.handlers.readings import a_reading

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def questions() -> Questions:
    return rule_book().questions


@pytest.fixture
def draft() -> Draft:
    return Draft("ab12", NOW, story=("小区里有人补课",))


def asked_in_order(draft: Draft, reading: Reading, questions: Questions) -> list[str]:
    keys = []
    while question := next_question(draft, reading, questions):
        keys.append(question.key)
        draft = draft.answer(question.key, None)
    return keys


def test_the_place_is_asked_first_because_somebody_has_to_go_there(draft, questions):
    assert next_question(draft, a_reading("hidden_venue"), questions).key == "address"


def test_who_wants_money_back_is_first_asked_from_whom(draft, questions):
    assert next_question(draft, a_reading("refund_dispute", nature="C"), questions).key == "org_name"


def test_online_lessons_are_first_asked_for_the_group_or_link(draft, questions):
    assert next_question(draft, a_reading("online_violation"), questions).key == "platform_account"


def test_what_the_story_says_is_never_asked(draft, questions):
    reading = a_reading("hidden_venue", facts={"address": "朱兰某小区3号楼", "time_pattern": "周六上午", "course": "数学"})
    assert not {"address", "time_pattern", "course"} & set(asked_in_order(draft, reading, questions))


def test_a_fact_said_while_answering_something_else_is_not_asked_either(draft, questions):
    answered = draft.answer("address", "朱兰3号楼，周六上午上课", {"time_pattern": "周六上午"})
    assert "time_pattern" not in asked_in_order(answered, a_reading("hidden_venue"), questions)


def test_a_skipped_question_is_not_asked_again(draft, questions):
    assert next_question(draft.answer("address", None), a_reading("hidden_venue"), questions).key != "address"


def test_going_back_asks_the_deleted_answer_again(draft, questions):
    answered = draft.answer("address", "朱兰3号楼")
    assert next_question(answered.without("address"), a_reading("hidden_venue"), questions).key == "address"


@pytest.mark.parametrize("category", sorted(rule_book().topics))
def test_no_report_costs_more_than_six_questions(category, draft, questions):
    nature = rule_book().topics[category].nature
    assert len(asked_in_order(draft, a_reading(category, nature=nature), questions)) <= 6


@pytest.mark.parametrize("category", sorted(rule_book().topics))
def test_every_tip_off_and_complaint_is_asked_who_or_where(category, draft, questions):
    nature = rule_book().topics[category].nature
    if nature in "TC" and category != "out_of_scope":
        assert {"address", "org_name", "platform_account", "misconduct_of"} & set(
            asked_in_order(draft, a_reading(category, nature=nature), questions)
        )


def test_the_progress_in_words_counts_down_to_nothing(draft, questions):
    reading = a_reading("hidden_venue")
    counts = []
    while question := next_question(draft, reading, questions):
        counts.append(remaining(draft, reading, questions))
        draft = draft.answer(question.key, None)
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] >= 1
    assert remaining(draft, reading, questions) == 0


def test_what_was_skipped_and_then_said_elsewhere_is_no_longer_a_gap(draft, questions):
    passed = draft.answer("address", None)
    assert [question.key for question in skipped(passed, a_reading(), questions)] == ["address"]
    assert not skipped(passed, a_reading(facts={"address": "朱兰3号楼"}), questions)


def test_next_question_changes_nothing(draft, questions):
    before = draft.to_content()
    next_question(draft, a_reading(), questions)
    assert draft.to_content() == before


def test_where_children_are_only_looked_after_nobody_is_asked_what_is_taught(draft, questions):
    care = Candidate("out_of_scope", 4.0, 0.6)
    said = Term("托管班", 0, 3, 1.0, "out_of_scope", "AFTERCARE")
    reading = replace(a_reading("runaway", nature="C"), reasons=lambda: (said,))
    lessons_too = replace(reading, candidates=(care, Candidate("aftercare_tutoring", 5.0, 0.7)))
    only_care = replace(reading, candidates=(care, Candidate("aftercare_tutoring", 1.0, 0.1)))
    assert "course" in asked_in_order(draft, lessons_too, questions)
    assert "course" not in asked_in_order(draft, only_care, questions)


def test_what_is_taught_can_be_answered_with_a_button(questions):
    assert {"数学", "舞蹈", "只看管，不教课"} <= set(questions.by_key["course"].choices)


def test_the_rules_of_asking_hold_whatever_a_city_writes_in_its_table(tmp_path, questions):
    text = (POLICY / "questions.toml").read_text("utf-8")
    (tmp_path / "questions.toml").write_text(text.replace("limit = 6", "limit = 2", 1), "utf-8")
    fewer = Questions.load(tmp_path, rule_book().topics)
    assert len(asked_in_order(Draft("ab12", NOW), a_reading(), fewer)) == 2


@pytest.mark.parametrize("category", ["safety_hazard", "illegal_fee", "out_of_scope"])
def test_somebody_in_danger_is_asked_where_and_nothing_else(category, draft, questions):
    assert asked_in_order(draft, replace(a_reading(category), level="P0"), questions) == ["address"]
    assert not asked_in_order(draft, replace(a_reading(category, facts={"address": "朱兰3号楼"}), level="P0"), questions)
