"""What the office re-routed becomes a proposal, and changes nothing by itself."""

import json

from nlp.examples import read_tsv, training_files
from nlp.suggest import Rerouted, describe, propose, read_rerouted


def test_a_misread_text_leads_to_a_proposal_that_would_read_it_right(reader):
    misread = [Rerouted("孩子在蹦床馆练翻跟头，那馆子压根没办过手续", "out_of_scope", "unlicensed_nonsubject")] * 2
    check = read_tsv(training_files(held_out=True), reader.duties)[:60]
    before = reader.model.matrix.copy()
    proposal = propose(reader, misread, check)
    assert proposal.right_after == 2
    assert proposal.checked_after >= proposal.checked_before - 1
    assert (reader.model.matrix == before).all()


def test_the_proposal_shows_scores_before_and_after(reader):
    lines = list(describe(propose(reader, [Rerouted("你好", "unclear", "suggestion")], [])))
    assert "→" in lines[0]


def test_rerouted_texts_are_read_line_by_line(tmp_path):
    path = tmp_path / "rerouted.jsonl"
    path.write_text(json.dumps({"text": "某事", "was": "unclear", "is": "runaway"}, ensure_ascii=False) + "\n", "utf-8")
    assert read_rerouted(path) == [Rerouted("某事", "unclear", "runaway")]
