"""A term may hold alternatives in parentheses; the lexicon writes them out when it is loaded."""

import pytest

from nlp.lexicon import PolicyFault, expand


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("汽油", ["汽油"]),
        ("(拎|提)桶汽油", ["拎桶汽油", "提桶汽油"]),
        ("(拎|提)(一|)桶汽油", ["拎一桶汽油", "拎桶汽油", "提一桶汽油", "提桶汽油"]),
        ("(楼顶|天台)~(跳|坐着)", ["楼顶~跳", "楼顶~坐着", "天台~跳", "天台~坐着"]),
        ("跳(楼|河)", ["跳楼", "跳河"]),
        ("(割腕~血|上吊)", ["割腕~血", "上吊"]),
    ],
)
def test_alternatives_are_written_out(term, written):
    assert list(expand([term], "groups.THREAT")) == written


def test_what_two_terms_share_is_there_once():
    assert expand(["跳(楼|河)", "跳河"], "groups.DESPAIR") == ("跳楼", "跳河")


@pytest.mark.parametrize("term", ["(拎|提桶汽油", "拎|提)桶汽油", "拎|提", "((拎|提)着|)汽油", ")(", "(拎)(提"])
def test_a_parenthesis_left_open_or_put_inside_another_is_a_fault_that_names_the_term(term):
    with pytest.raises(PolicyFault, match=r"lexicon\.toml: \[groups\.THREAT\] .*close every \(") as fault:
        expand([term], "groups.THREAT")
    assert term in str(fault.value)


@pytest.mark.parametrize("term", ["", "()", "(汽油|)", "汽油~(点|)", "(拿着|)~刀", "~刀", "老师~(在|去)~机构"])
def test_an_alternative_that_leaves_nothing_or_has_two_gaps_is_a_fault(term):
    with pytest.raises(PolicyFault, match=r"lexicon\.toml: \[groups\.THREAT\] .*is empty, begins or ends with ~ or has two"):
        expand([term], "groups.THREAT")


def test_danger_gives_the_segmenter_no_words(reader):
    own, groups = set(reader.lexicon.own_words()), reader.lexicon.groups
    elsewhere = {term for group in groups.values() if group.axis != "danger" for term in group.terms}
    assert "卷款" in own
    assert own <= elsewhere


def test_fears_may_hold_alternatives_too(reader):
    assert {"可能造成", "会导致"} <= set(reader.lexicon.context.worries)
    assert not any("(" in worry for worry in reader.lexicon.context.worries)
