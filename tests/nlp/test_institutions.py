"""One institution is one row, however its name was written."""

import pytest

from nlp.institutions import Register, core

_NAMES = ("舞钢市金铃铛教育培训学校有限公司", "月牙湾艺术中心", "米粒多多托辅中心", "朝阳艺术培训学校", "晨曦书法工作室")


@pytest.fixture(scope="module")
def register():
    return Register(_NAMES, aliases={"老陈家画室": "月牙湾艺术中心"})


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("金铃铛", "舞钢市金铃铛教育培训学校有限公司"),
        ("金玲铛辅导班", "舞钢市金铃铛教育培训学校有限公司"),
        ("那个金铃铛教育", "舞钢市金铃铛教育培训学校有限公司"),
        ("月牙弯舞蹈", "月牙湾艺术中心"),
        ("岳芽湾", "月牙湾艺术中心"),
        ("老陈家画室", "月牙湾艺术中心"),
        ("米立多多小饭桌", "米粒多多托辅中心"),
        ("朝陽藝術", "朝阳艺术培训学校"),
    ],
)
def test_slips_and_homophones_lead_to_the_registered_name(register, written, name):
    match = register.match(written)
    assert match is not None
    assert match.name == name


@pytest.mark.parametrize("written", ["", "学校", "那个培训班", "向日葵美术", "阳光教育"])
def test_an_unknown_name_is_not_forced_upon_a_known_one(register, written):
    assert register.match(written) is None


def test_two_names_that_sound_alike_are_left_to_a_person():
    match = Register(["金铃铛培训学校", "金玲铛培训学校"]).match("金铃当")
    assert match is not None
    assert not match.is_sure


def test_a_name_made_only_of_common_words_keeps_something_to_compare():
    assert core("英语学校") == "英语"
    assert core("舞钢市金铃铛教育培训学校有限公司") == "金铃铛"
