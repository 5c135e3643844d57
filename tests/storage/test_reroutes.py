"""What the office sets right is kept as an example, and only what still stands at the end."""

from storage import reroutes, returns, supervision, triage
from storage.reports import Filed, Route
from storage.reroutes import Example
from tests.storage import cases
from tests.storage.office import Office

STORY = cases.SUBMISSION.story


async def _examples(office: Office, of: reroutes.Of = "category") -> list[tuple[str, str, str]]:
    return [(one.text, one.was, one.became) for one in await office.sees(reroutes.examples, of)]


async def _is_really(office: Office, filed: Filed, category: str) -> None:
    await office.does(triage.change_category, filed.report_id, category, office.qian, office.now(), reason="看过了")


async def test_a_category_set_right_is_an_example(office: Office) -> None:
    await _is_really(office, await office.files(), "hidden_venue")
    assert await _examples(office) == [(STORY, "sham_closure", "hidden_venue")]
    assert STORY not in repr(await office.sees(reroutes.examples, "category"))


async def test_the_first_word_of_the_reading_stands_against_the_last_word_of_the_office(office: Office) -> None:
    wavering, back = await office.files(), await office.files()
    for category in ("hidden_venue", "subject_time"):
        await _is_really(office, wavering, category)
    for category in ("hidden_venue", "sham_closure", "sham_closure"):
        await _is_really(office, back, category)
    assert await _examples(office) == [(STORY, "sham_closure", "subject_time")]


async def test_a_lead_handed_over_or_returned_is_an_example_and_an_assist_is_none(office: Office) -> None:
    handed, returned = await office.files(route=Route("auto", "edu", ("market_reg",))), await office.files(route=Route("auto", "edu"))
    at = office.now()
    await office.does(supervision.reassign, await office.lead(handed, "market_reg"), "sci_tech", office.qian, at, reason="归科技")
    assert await _examples(office, "lead") == []
    await office.does(supervision.reassign, await office.lead(handed), "market_reg", office.qian, at, reason="归市场监管")
    asked = await office.lead(returned)
    await office.does(returns.request_return, asked, office.li, at, reason="不归我们", suggested="market_reg")
    await office.does(returns.approve_return, asked, office.qian, at, to="sci_tech")
    assert await _examples(office, "lead") == [(STORY, "edu", "market_reg"), (STORY, "edu", "sci_tech")]


async def test_a_dispatch_against_the_guess_is_an_example_and_one_along_it_is_none(office: Office) -> None:
    for lead in ("edu", "market_reg"):
        filed = await office.files(route=Route("triage"), reading={"lead": "edu"})
        await office.does(triage.dispatch, filed.report_id, office.qian, office.now(), lead=lead)
    by_hand = await office.files(route=Route("triage"), reading={})
    await office.does(triage.dispatch, by_hand.report_id, office.qian, office.now(), lead="market_reg")
    assert await _examples(office, "lead") == [(STORY, "edu", "market_reg")]


async def test_what_turns_out_to_concern_an_official_teaches_nobody(office: Office) -> None:
    filed = await office.files()
    await _is_really(office, filed, "official_misconduct")
    assert await _examples(office) == []


def test_an_example_does_not_show_its_text() -> None:
    assert STORY not in repr(Example(STORY, "a", "b"))
