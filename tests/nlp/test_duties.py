"""The duty lists are checked whole when they load, and a fault says where it is."""

import shutil
from pathlib import Path

import pytest

from nlp.duties import Duties
from nlp.lexicon import Lexicon, PolicyFault
from nlp.model import Model

POLICY = Path(__file__).parents[2] / "policy" / "wugang"


@pytest.fixture
def city(tmp_path):
    """A copy of the policy that a story may spoil."""
    return Path(shutil.copytree(POLICY, tmp_path / "city"))


def spoil(city, file, old, new):
    path = city / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_whoever_approves_a_course_regulates_it():
    duties = Duties.load(POLICY)
    found = {field: duties.industry(field) for field in ("subject", "preschool", "art", "sport", "sci", "unknown", "none")}
    assert found == {
        "subject": "edu",
        "preschool": "edu",
        "art": "culture_tourism",
        "sport": "sports",
        "sci": "sci_tech",
        "unknown": "edu",
        "none": "edu",
    }


def test_helpers_are_joined_without_the_lead():
    duties = Duties.load(POLICY)
    assert duties.assists("sham_closure", ("biz_no_permit",), "subject", "") == ("market_reg", "civil_affairs")


def test_the_cover_s_own_regulator_helps_with_a_disguised_subject_course():
    duties = Duties.load(POLICY)
    assert duties.assists("disguised_theme", (), "subject", "art") == ("culture_tourism", "market_reg")


def test_a_sealed_report_has_no_helpers():
    duties = Duties.load(POLICY)
    assert duties.assists("official_misconduct", ("unlicensed_nonsubject",), "art", "") == ()


def test_an_unknown_department_is_named_with_its_file_and_category(city):
    spoil(city, "categories.toml", 'lead = "hr_social"', 'lead = "labour"')
    with pytest.raises(PolicyFault, match=r"categories\.toml: \[wage_arrears\].*labour"):
        Duties.load(city)


def test_a_combination_of_words_that_nobody_defined_is_refused(city):
    spoil(city, "lexicon.toml", '"SHAM+SUBJECT"', '"SHAM+NOTHING"')
    with pytest.raises(PolicyFault, match="NOTHING"):
        Lexicon.load(city)


def test_a_word_that_speaks_for_no_category_is_refused(city):
    spoil(city, "lexicon.toml", "sham_closure = 2.2", "sham_closed = 2.2")
    with pytest.raises(PolicyFault, match="sham_closed"):
        Model.load(city, Lexicon.load(city), Duties.load(city))


def test_the_city_works_on_the_hand_s_words_alone(city):
    (city / "weights.json").unlink(missing_ok=True)
    model = Model.load(city, Lexicon.load(city), Duties.load(city))
    assert not model.prior.any()
