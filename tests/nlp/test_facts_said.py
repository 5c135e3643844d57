"""The same fact in the many ways people say it: names, counts, ways of paying, places and times in sentences of their own."""

from datetime import date

import pytest

from nlp.facts import Extractor

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def read(policy):
    extractor = Extractor.load(policy)
    return lambda text: {key: fact.value for key, fact in extractor.facts(text, TODAY).items()}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("俺外甥女搁蒲公英画室学素描", "蒲公英画室"),
        ("我在寺坡大街三楼的青苗托管交了一年钱", "青苗托管"),
        ("有个叫向阳花作业吧的，没证", "向阳花作业吧"),
        ("尚店的启明培训学校说关了", "启明培训学校"),
        ("院岭老街三楼小蜜蜂托管收了我九千六", "小蜜蜂托管"),
        ("8号楼2单元502室致远教育还在补课", "致远教育"),
        ("店名叮咚鼓屋，老板不见了", "叮咚鼓屋"),
        ("门口挂的是朝阳口才，里头教数学", "朝阳口才"),
        ("他家名字叫小蜗牛，在二楼", "小蜗牛"),
        ("举报“麦田书屋”周末给初中生补课", "麦田书屋"),
        ("墙上贴着“博闻阅读”，天天一屋子人", "博闻阅读"),
        ("凌云武道馆卷钱跑了", "凌云武道馆"),
        ("钱交给七色光创客了，八千", "七色光创客"),
        ("枣林的墨香书法，交了两千就关门", "墨香书法"),
        ("听雨轩，古筝，交了三千", "听雨轩"),
        ("投诉小白鸽少儿舞团不退费", "小白鸽少儿舞团"),
        ("孩子一直在知新自习室上晚自习", "知新自习室"),
        ("朱兰街上开了个小灯塔小饭桌", "小灯塔小饭桌"),
        ("翰林雅苑辅导站没有证还收钱", "翰林雅苑辅导站"),
        ("阳光拖管不让退钱", "阳光托管"),
        ("舞钢市金帆教育培训中心拒不退费", "舞钢市金帆教育培训中心"),
    ],
)
def test_an_institution_is_known_by_its_ending_its_sign_or_what_it_did(read, said, name):
    assert read(said).get("org_name") == name


@pytest.mark.parametrize(
    "said",
    [
        "一个托管班收了我家三千",
        "那个机构跑了",
        "某培训机构不退钱",
        "孩子上课外辅导班",
        "我家托管的钱没退",
        "小区里有个美术班",
        "跆拳道馆关门了",
        "素质教育，义务教育都要讲",
        "我去教育局咨询了",
        "孩子喜欢舞蹈，想学",
        "收据上写着“定金”",
        "他管这叫“开小灶”",
        "月嫂培训交了两千",
        "在学校交了资料费",
        "墙上挂着小黑板",
        "楼上办的课后托管，没证",
    ],
)
def test_a_kind_of_business_is_no_name(read, said):
    assert "org_name" not in read(said)


def test_a_name_is_no_place_and_its_subject_no_course(read):
    facts = read("飞燕舞苑关门了，在朱兰商厦三楼，我交了两千")
    assert facts["org_name"] == "飞燕舞苑"
    assert facts["address"] == "朱兰商厦三楼"
    assert "course" not in facts


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("屋里有六七十个学生", 60),
        ("一屋子二十来个", 20),
        ("坐了十五六个娃", 15),
        ("孩子们都在那补课，十好几个", 10),
        ("教初二数学，二十个左右，一人八百", 20),
        ("上百个孩子挤在里头", 100),
        ("我们十几家联名投诉", 10),
        ("俺们三十一户家长都交了钱", 31),
        ("七八家都找过他", 7),
        ("我家仨孩子都在他那补课", 3),
        ("班上三十来个人都去他家补课", 30),
    ],
)
def test_of_a_rough_number_of_pupils_the_smaller_one_counts(read, said, count):
    assert read(said).get("student_count") == count


@pytest.mark.parametrize("said", ["几十个孩子", "这条街上十几家机构", "摔了十二个跟头", "好几家都知道", "三家培训班都这样"])
def test_what_cannot_be_counted_or_is_no_pupil_is_left_out(read, said):
    assert "student_count" not in read(said)


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ("学费用的是支付宝，三千", "支付宝"),
        ("五千块，银行卡转的", "银行卡"),
        ("扫码付了两千", "扫码"),
        ("一共四千，转账，有收据", "转账"),
        ("报名费五百，微信，没给票", "微信"),
        ("刷卡交的六千", "刷卡"),
        ("让转账到他媳妇卡上", "转账到他媳妇卡上"),
    ],
)
def test_the_way_of_paying_is_found_wherever_it_is_said(read, said, how):
    assert read(said).get("pay_method") == how


@pytest.mark.parametrize("said", ["扫码进群听课", "有转账记录为证", "微信不回，电话不接", "加他微信聊"])
def test_a_phone_in_use_is_no_way_of_paying(read, said):
    assert "pay_method" not in read(said)


@pytest.mark.parametrize(
    ("said", "key", "value"),
    [
        ("就在信用社隔壁二楼", "address", "信用社隔壁二楼"),
        ("搁邮政所楼上补课", "address", "邮政所楼上"),
        ("在尹集粮所院内西屋", "address", "尹集粮所院内西屋"),
        ("街道办对面", "address", "街道办对面"),
        ("地点是老影院三楼", "address", "老影院三楼"),
        ("书香公寓2204有人补课", "address", "书香公寓2204"),
        ("安康家属院3排6号", "address", "安康家属院3排6号"),
        ("每天放学教写作业", "time_pattern", "每天放学"),
        ("教初三物理，双休日白天，三十人", "time_pattern", "双休日白天"),
        ("晌午给学生补课", "time_pattern", "晌午"),
        ("把周三的课改到周日了", "time_pattern", "周日"),
        ("天天黑喽给孩子补课", "time_pattern", "天天黑喽"),
        ("给二十来个初三学生补数学", "student_count", 20),
        ("有30个四年级的孩子", "student_count", 30),
        ("带着七八个一年级娃", "student_count", 7),
        ("说好包一年", "months", 12),
        ("讲好学俩月", "months", 2),
        ("五十节三千六，才上两回", "hours", 50),
        ("合同写的是八十次课", "hours", 80),
        ("36节的课，一次没上", "hours", 36),
        ("打0375-1234567没人接", "phone", "03751234567"),
        ("一次性交两年四千二，他还欠房东电费五百", "amount_yuan", 4200),
        ("两千六包一年，又要加三百资料费", "amount_yuan", 2600),
        ("九千整，学笛子的", "amount_yuan", 9000),
        ("郑州才收一千，俺这收两千四", "amount_yuan", 2400),
        ("先交三百块定金又交2700学费", "amount_yuan", 2700),
        ("我家住尹集，孩子在枣林学古筝", "town", "枣林"),
        ("王老师家在垭口，周末在家补课", "town", "垭口"),
        ("他家住朱兰，每周六在家教数学", "town", "朱兰"),
        ("孩子才五岁", "grade", "五岁"),
    ],
)
def test_each_thing_is_found_in_other_words_too(read, said, key, value):
    assert read(said).get(key) == value


@pytest.mark.parametrize(
    ("said", "key", "value"),
    [
        ("没有签合同，转账记录还在", "contract", "没有合同"),
        ("没跟我们签过合同", "contract", "没有合同"),
        ("合同也没签", "contract", "没有合同"),
        ("没有任何书面合同", "contract", "没有合同"),
        ("说不用签合同", "contract", "没有合同"),
        ("当时签过合同", "contract", "有合同"),
        ("合同没到期就关门了", "contract", None),
        ("有没有合同我记不清了", "contract", None),
        ("没有营业执照", "license_seen", None),
        ("不知道有没有营业执照", "license_seen", None),
        ("有没有许可证不知道", "license_seen", None),
        ("墙上没有挂着许可证", "license_seen", None),
        ("好在没有人受伤", "injury_or_danger", None),
        ("现在不上课了", "happening_now", None),
        ("现在还在上课", "happening_now", "正在"),
        ("没打过12345", "prior_report", None),
        ("孩子不是三年级，是四年级", "grade", "四年级"),
        ("不是在寺坡，是在垭口", "town", "垭口"),
        ("是不是在寺坡我不清楚", "town", "寺坡"),
    ],
)
def test_what_is_denied_is_not_taken_for_said(read, said, key, value):
    assert read(said).get(key) == value


@pytest.mark.parametrize(
    ("said", "key"),
    [("妮儿今年九岁了", "grade"), ("打过139 0000 1357没人接", "amount_yuan"), ("消防验收花了四万", "amount_yuan"), ("我家住尹集", "town")],
)
def test_what_is_about_something_else_is_no_fact_of_the_case(read, said, key):
    assert key not in read(said)
