"""Stories parents tell, and the shortest way to tell them."""

import re

from tests.phone import Phone

HIDDEN = "朱兰某小区3号楼2单元5楼，每周六上午有老师偷偷给一群初三学生补数学，一个人收三千块"
REFUND = "孩子在寺坡星光舞蹈班报名交了9800元，上了一个月不想上了，退课老板一直拖着不退钱"
SHAM = "朱兰那个学校说关了，老师还在原来楼上教数学"

NUMBER = re.compile(r"WG-SJ-\d{8}-\d{4,}")
CODE = re.compile(r"查询码：(\S+(?: \S+)*)")


async def tell(phone: Phone, story: str, consent: str = "同意，继续") -> None:
    await phone.say(story)
    if consent in phone.buttons:
        await phone.press(consent)
    await phone.press("说完了")


async def agree(phone: Phone) -> None:
    """Whichever way the reading asks, the first button is what it believes."""
    await phone.press("对" if "对" in phone.buttons else phone.buttons[0])


async def file(phone: Phone, story: str, contact: str = "匿名") -> tuple[str, str]:
    """All the way, saying as little as possible; the receipt's number and code."""
    await tell(phone, story)
    await agree(phone)
    if "跳过" in phone.buttons:
        await phone.press("跳过", until_gone=True)
    if contact in phone.buttons:
        await phone.press(contact)
    await phone.press("确认提交")
    return receipt(phone.latest)


def receipt(text: str) -> tuple[str, str]:
    number, code = NUMBER.search(text), CODE.search(text)
    assert number, text
    assert code, text
    return number[0], code[1]
