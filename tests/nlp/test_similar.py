"""A story told again is found, and a different one about the same thing is not."""

from nlp.similar import Index, fingerprint, jaccard

_STORY = (
    "我家孩子在步行街三楼那家画室学画，去年十月一次交了六千八，说好一百节课，上到三十多节老师换了三个，"
    "今年八月开始总说装修，上周去一看门锁了，老板电话关机，群也解散了，我们十几个家长都找不到人，请帮忙追回学费。"
)
_RETOLD = "你好，想反映一下：" + _STORY.replace("请帮忙追回学费", "希望把钱要回来").replace("今年八月", "八月份")
_OTHER = (
    "楼上有人天天晚上给十来个初中生补数学，门口没有招牌，收现金，一节八十，桌椅声音特别大，"
    "老人睡不好，跟物业说了两次都没有用，小区里也没人管，希望你们派人来查一查到底有没有手续。"
)


def test_a_story_told_again_in_other_words_is_found():
    index: Index[str] = Index()
    index.add("first", _STORY)
    index.add("other", _OTHER)
    found = index.query(_RETOLD)
    assert [one.key for one in found] == ["first"]


def test_two_different_stories_share_nothing():
    assert jaccard(fingerprint(_STORY), fingerprint(_OTHER)) == 0


def test_traditional_characters_and_spaces_change_no_mark():
    assert fingerprint("楼上 天天 补课，一节八十块钱") == fingerprint("樓上天天補課一節八十塊錢")


def test_a_short_report_is_found_too():
    index: Index[int] = Index()
    index.add(1, "寺坡桥头往南第二家又在偷偷补课")
    assert index.query("寺坡桥头往南第二家又在偷偷补课了")


def test_a_withdrawn_report_is_no_longer_found():
    index: Index[int] = Index()
    index.add(1, _STORY)
    index.add(1, _OTHER)
    index.remove(1)
    assert index.query(_STORY) == ()
    assert len(index) == 0
