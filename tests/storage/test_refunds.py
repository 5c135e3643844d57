"""Money counts as refunded when an approved answer says so, once for each report; what was hoped for is not money."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, migrations, outcomes, refunds, works
from storage.metrics import keeping
from storage.metrics.grouping import By
from storage.metrics.questions import Question
from storage.refunds import Refunded
from storage.reports import Route
from storage.tables.stats import stat_refund
from storage.vocabulary import Disposition
from tests.storage.cases import ANSWER
from tests.storage.office import Office

ALONE = Route("auto", "edu", ())
PAID = replace(ANSWER, disposition=Disposition.REFUND_DONE, refund_asked_yuan=9800, refund_yuan=6000)


async def _approved(office: Office, assignment_id: int) -> None:
    await office.does(assignments.approve, assignment_id, office.qian, office.now())


async def _refunded(office: Office, question: Question, by: By | None = None) -> list[Refunded]:
    await office.does(keeping.catch_up)
    return await office.sees(refunds.refunded, question, by)


async def test_only_what_an_approved_answer_says_was_paid_counts(office: Office) -> None:
    first, second = [await office.files(route=ALONE) for _ in range(2)]
    await _approved(office, await office.hands_in(first, office.li, PAID))
    # Handed in and not approved yet: nobody has confirmed it.
    await office.hands_in(second, office.li, PAID)
    assert await _refunded(office, Question(())) == [Refunded("", 6000, 1)]
    assert await _refunded(office, Question(()), By.DEPARTMENT) == [Refunded("edu", 6000, 1)]
    today = office.now().date()
    for elsewhere in (
        Question((), department="market_reg"),
        Question((), end=date(2026, 11, 1)),
        Question((), start=today.replace(year=2027)),
    ):
        assert await _refunded(office, elsewhere) == []


async def test_a_report_done_again_has_its_money_counted_once(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await _approved(office, await office.hands_in(filed, office.li, PAID))
    await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="还有一部分没有退")
    await _approved(office, await office.hands_in(filed, office.li, replace(PAID, refund_yuan=9800)))
    assert await _refunded(office, Question(())) == [Refunded("", 9800, 1)]
    start, end = office.now().replace(year=2026, month=1), office.now().replace(year=2027)
    assert sum(one.refund_yuan for one in await office.sees(works.done, start, end)) == 9800


async def test_a_migration_writes_down_what_was_refunded_before_it(office: Office, database_url: str) -> None:
    """The same rows as if each had been kept when it was approved."""
    for _ in range(2):
        filed = await office.files(route=ALONE)
        await _approved(office, await office.hands_in(filed, office.li, PAID))
    await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="还有一部分没有退")
    await _approved(office, await office.hands_in(filed, office.li, replace(PAID, refund_yuan=9800)))
    await office.does(keeping.catch_up)
    before = await office.sees(_kept)
    assert sorted(row.yuan for row in before) == [6000, 9800]
    await migrations.downgrade(database_url, "0001")
    await migrations.upgrade(database_url)
    assert await office.sees(_kept) == before


def _kept(tx: Connection) -> list[sa.Row[tuple[object, ...]]]:
    return list(tx.execute(sa.select(stat_refund).order_by(stat_refund.c.report_id)).all())
