"""Reading may not fall below what it was: measured on messages and on whole letters of two authors nobody learned from."""

import pytest

from nlp.evaluate import describe, figures, judge
from nlp.examples import read_tsv, training_files

# What the last learning reached, less two points: a change that costs more must be meant.
FLOORS = {
    ("messages", "category_accuracy"): 0.862,
    ("messages", "category_macro_f1"): 0.870,
    ("messages", "lead_accuracy"): 0.870,
    ("messages", "coverage"): 0.812,
    ("messages", "routed_lead_accuracy"): 0.920,
    ("messages", "confirmed_category_accuracy"): 0.905,
    ("messages", "urgent_recall"): 0.939,
    ("messages", "urgent_precision"): 0.805,
    ("messages", "secondary_f1"): 0.286,
    ("letters", "category_accuracy"): 0.833,
    ("letters", "category_macro_f1"): 0.845,
    ("letters", "lead_accuracy"): 0.833,
    ("letters", "coverage"): 0.698,
    ("letters", "routed_lead_accuracy"): 0.837,
    ("letters", "confirmed_category_accuracy"): 0.903,
    ("letters", "urgent_recall"): 0.773,
    ("letters", "urgent_precision"): 0.570,
    ("letters", "secondary_f1"): 0.257,
}
KEPT_ASIDE = {"messages": "author_c_held_out", "letters": "author_m_held_out"}


@pytest.fixture(scope="module")
def judged(reader):
    return judge(reader, read_tsv(training_files(held_out=True), reader.duties))


@pytest.fixture(scope="module")
def reached(judged):
    return {kind: figures([each for each in judged if each.example.author == author]) for kind, author in KEPT_ASIDE.items()}


@pytest.mark.parametrize(("kind", "figure"), FLOORS)
def test_texts_of_unseen_authors_are_read_no_worse_than_before(reached, kind, figure):
    assert reached[kind][figure] >= FLOORS[kind, figure]


def test_the_authors_kept_aside_are_never_learned_from(judged, reader):
    learned = {example.text for example in read_tsv(training_files(), reader.duties)}
    assert not learned & {each.example.text for each in judged}


def test_the_report_names_confusions_and_the_worst_errors(judged):
    text = "\n".join(describe(judged))
    assert "most confused" in text
    assert "worst errors" in text
    assert "department" in text


def test_the_weights_are_small_enough_to_be_read(policy):
    assert (policy / "weights.json").stat().st_size <= 500_000
