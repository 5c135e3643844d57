"""One report of the demonstration takes the long way: returned, arbitrated, extended, answered, disliked, redone, closed."""

from collections.abc import AsyncIterator
from datetime import timedelta

from bot.demo.parents import Parents
from bot.demo.staff import WORDS, Staff

STORY = "寺坡街道向阳小区2号楼，每周日有人打着美术班的名义给五年级孩子补数学，一个月收一千六"


async def long_way(parents: Parents, staff: Staff) -> AsyncIterator[timedelta]:
    """Makes each step in turn, and says how long it is until the next."""
    receipt, *_ = await parents.report(STORY)
    number = receipt.number
    lead = await staff.lead(number)
    cast = staff.cast
    other = cast.second if lead == cast.first else cast.first
    yield timedelta(hours=2)
    await staff.does(lead, number, "request_return", reason="经核对是美术机构的场地，请文化和旅游部门先查。", suggested=other)
    yield timedelta(hours=3)
    await staff.does("", number, "approve_return", to=other)
    yield timedelta(hours=18)
    await staff.does(other, number, "claim", no_conflict="yes")
    yield timedelta(hours=1)
    await staff.does(other, number, "start")
    yield timedelta(hours=24)
    await staff.does(other, number, "request_extension", days="3", reason="机构负责人外出，需要等他到场。")
    yield timedelta(hours=4)
    await staff.does("", number, "approve_extension", reason="机构负责人外出，同意延长。")
    await staff.waive(number, "这件不需要协办意见。")
    yield timedelta(hours=72)
    await staff.submit(other, number, WORDS["answer"])
    yield timedelta(hours=2)
    await staff.does("", number, "approve")
    yield timedelta(hours=20)
    await parents.answer(receipt, "no", "bad", "他们换到隔壁楼了，这个星期天还在上课。")
    yield timedelta(hours=3)
    await staff.does("", number, "redo", reason="理由成立，请到隔壁楼再查一次。")
    yield timedelta(hours=2)
    await staff.does(other, number, "claim", no_conflict="yes")
    yield timedelta(hours=16)
    await staff.does(other, number, "start")
    yield timedelta(hours=48)
    await staff.submit(other, number, "隔壁楼的场地已经停课，学费正在退。谢谢您再次告诉我们。")
    yield timedelta(hours=4)
    await staff.does("", number, "approve")
    yield timedelta(hours=7)
    await parents.answer(receipt, "yes", "good")
