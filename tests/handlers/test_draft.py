"""A draft survives being stored, and going back deletes exactly one answer."""

from datetime import UTC, datetime

import pytest

from handlers.intake.draft import Draft, DraftUnreadable

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def draft() -> Draft:
    told = Draft("ab12", NOW).answer("consent", "agreed").tell("舞蹈班关门了").tell("钱没退").attach((4, 5))
    return told.answer("told", "yes").answer("org_name", "某舞蹈班", {"amount_yuan": 3980}).answer("payee", None).remark("P0")


def test_a_stored_draft_comes_back_as_it_was(draft):
    assert Draft.from_content(draft.to_content()) == draft


def test_a_draft_of_an_unknown_version_is_refused_and_not_misread(draft):
    with pytest.raises(DraftUnreadable):
        Draft.from_content(draft.to_content() | {"schema": 99})


def test_an_answer_given_twice_is_replaced_where_it_stood(draft):
    again = draft.answer("org_name", "另一个舞蹈班")
    assert [answer.key for answer in again.answers] == [answer.key for answer in draft.answers]
    assert again.value("org_name") == "另一个舞蹈班"


def test_what_steers_the_talk_is_no_fact(draft):
    assert draft.given() == {"org_name": "某舞蹈班", "amount_yuan": 3980}


def test_a_direct_answer_counts_more_than_one_found_beside_another(draft):
    assert draft.answer("amount_yuan", 4000).given()["amount_yuan"] == 4000


def test_back_deletes_the_last_answer_then_the_one_before(draft):
    once = draft.back()
    assert not once.has("payee")
    assert once.has("org_name")
    assert not once.back().has("org_name")


def test_back_also_forgets_what_was_found_beside_the_answer(draft):
    assert "amount_yuan" not in draft.back().back().given()


def test_back_reaches_the_story_and_takes_its_last_message(draft):
    story = draft.back().back().back()
    assert story.back().story == ("舞蹈班关门了",)


def test_back_at_the_very_beginning_does_no_harm():
    assert Draft("ab12", NOW).back() == Draft("ab12", NOW)


def test_the_same_photo_twice_is_kept_once(draft):
    assert draft.attach((5, 6)).attachments == (4, 5, 6)
