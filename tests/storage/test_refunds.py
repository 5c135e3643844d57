"""Money counts as refunded when an approved answer says so, once for each report; what was hoped for is not money."""

from dataclasses import replace
from datetime import date

from storage import assignments, outcomes, refunds, works
from storage.metrics.grouping import By
from storage.metrics.questions import Question
from storage.refunds import Refunded
from storage.reports import Route
from storage.vocabulary import Disposition
from tests.storage.cases import ANSWER
from tests.storage.office import Office

ALONE = Route("auto", "edu", ())
PAID = replace(ANSWER, disposition=Disposition.REFUND_DONE, refund_asked_yuan=9800, refund_yuan=6000)


async def _approved(office: Office, assignment_id: int) -> None:
    await office.does(assignments.approve, assignment_id, office.qian, office.now())


async def test_only_what_an_approved_answer_says_was_paid_counts(office: Office) -> None:
    first, second = [await office.files(route=ALONE) for _ in range(2)]
    await _approved(office, await office.hands_in(first, office.li, PAID))
    # Handed in and not approved yet: nobody has confirmed it.
    await office.hands_in(second, office.li, PAID)
    assert await office.sees(refunds.refunded, Question(())) == [Refunded("", 6000, 1)]
    assert await office.sees(refunds.refunded, Question(()), By.DEPARTMENT) == [Refunded("edu", 6000, 1)]
    today = office.now().date()
    for elsewhere in (
        Question((), department="market_reg"),
        Question((), end=date(2026, 11, 1)),
        Question((), start=today.replace(year=2027)),
    ):
        assert await office.sees(refunds.refunded, elsewhere) == []


async def test_a_report_done_again_has_its_money_counted_once(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await _approved(office, await office.hands_in(filed, office.li, PAID))
    await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="还有一部分没有退")
    await _approved(office, await office.hands_in(filed, office.li, replace(PAID, refund_yuan=9800)))
    assert await office.sees(refunds.refunded, Question(())) == [Refunded("", 9800, 1)]
    start, end = office.now().replace(year=2026, month=1), office.now().replace(year=2027)
    assert sum(one.refund_yuan for one in await office.sees(works.done, start, end)) == 9800
