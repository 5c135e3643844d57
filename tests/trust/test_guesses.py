"""Wrong query codes typed in a chat: slowed for whoever guesses, and told apart by nobody."""

import itertools
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, event

from bot.compose import Service, assemble
from bot.rooms import Rooms
from bot.settings import Settings
from handlers.dialogue import Incoming
from handlers.policy import Policy
from nlp.reader import Reader
from storage import addressees
from storage.addressees import Address
from storage.database import Database
from storage.reports import Filed
from storage.rules import Rules
from storage.sealing import Keyring
from tests.clock import Now
from tests.storage.cases import a_report

WRONG = "0000-0000-0000-0000"
NOBODY = "WG-SJ-20200101-0001"
# Three wrong codes from one sender or place in an hour, and fifty times as many from everybody.
ALLOWED, OF_ALL = 3, 150
Open = Callable[[], Service]


@pytest.fixture
def opening(
    embedded: Database,
    keyring: Keyring,
    rules: Rules,
    rule_book: Policy,
    reader: Reader,
    now: Now,
    tmp_path_factory: pytest.TempPathFactory,
) -> Open:
    """The service; called again, the service after a restart."""
    settings = Settings(
        _env_file=None,
        policy=rule_book.folder,
        var_dir=tmp_path_factory.mktemp("var"),
        lookups_per_hour=ALLOWED,
        messages_per_minute=1_000,
        address_per_minute=1_000,
    )
    rooms = Rooms(settings, rule_book, rules, keyring, embedded, {}, now)
    return lambda: assemble(rooms, reader=reader)


@pytest.fixture
def service(opening: Open) -> Service:
    return opening()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement the database is given."""
    given: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        given.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield given
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def filed(embedded: Database, now: Now) -> Filed:
    return await embedded.write(a_report, now())


ids = itertools.count()


async def said(service: Service, text: str, *, who: str = "guesser", place: str = "", channel: str = "telegram") -> str:
    kept = await service.reception.receive(Incoming(f"m{next(ids)}", channel, who, text), place=place)
    return "\n".join(stored.reply.text for stored in await service.reception.answered(kept))


def shown(filed: Filed) -> str:
    return f"{filed.number} {filed.code.reveal()}"


async def guess(service: Service, times: int, *, who: str = "guesser", place: str = "") -> None:
    for _ in range(times):
        assert "没有查到" in await said(service, f"{NOBODY} {WRONG}", who=who, place=place)


async def test_who_guesses_codes_in_a_chat_is_soon_told_to_wait(service: Service, filed: Filed) -> None:
    await guess(service, ALLOWED)
    waiting = await said(service, f"{NOBODY} {WRONG}")
    assert "一个小时" in waiting
    assert await said(service, f"{filed.number} {WRONG}") == waiting
    assert await said(service, shown(filed)) == waiting
    assert filed.number in await said(service, shown(filed), who="mother")


async def test_right_codes_never_use_up_the_tries(service: Service, filed: Filed) -> None:
    for _ in range(ALLOWED + 2):
        assert filed.number in await said(service, shown(filed))


async def test_a_number_in_one_message_and_the_code_in_the_next_is_a_try_too(service: Service, filed: Filed) -> None:
    for _ in range(ALLOWED):
        await said(service, "查进度")
        await said(service, filed.number)
        await said(service, WRONG)
    await said(service, filed.number)
    assert "一个小时" in await said(service, filed.code.reveal())


async def test_new_conversations_from_one_network_address_count_together(service: Service, filed: Filed) -> None:
    for number in range(ALLOWED):
        await guess(service, 1, who=f"guesser-{number}", place="192.0.2.7")
    assert "一个小时" in await said(service, shown(filed), who="fresh", place="192.0.2.7")
    assert filed.number in await said(service, shown(filed), who="fresh", place="192.0.2.8")


async def test_many_who_guess_a_little_each_are_seen_as_one(service: Service, filed: Filed) -> None:
    for number in range(OF_ALL):
        await guess(service, 1, who=f"guesser-{number}", place=f"192.0.2.{number}")
    assert "一个小时" in await said(service, shown(filed), who="fresh", place="198.51.100.1")


async def test_while_codes_wait_a_parents_own_report_is_still_shown(service: Service, embedded: Database, now: Now) -> None:
    sender = await embedded.write(addressees.remember, Address.of("telegram", "guesser"), now())
    filed = await embedded.write(a_report, now(), reporter=sender.id)
    await guess(service, ALLOWED)
    kept = await service.reception.receive(Incoming("own", "telegram", "guesser", choice=f"f.{filed.number}.show"))
    assert filed.number in (await service.reception.answered(kept))[0].reply.text


async def test_a_try_kept_over_the_limit_is_not_looked_up_after_a_restart(opening: Open, filed: Filed, embedded: Database) -> None:
    before = opening()
    await guess(before, ALLOWED)
    kept = await before.reception.receive(Incoming("cut off", "telegram", "guesser", shown(filed)))
    await before.reception.drain(0)
    after = opening()
    assert await after.reception.replay() == 1
    assert "一个小时" in (await after.reception.answered(kept))[0].reply.text


async def test_page_and_chat_count_together(service: Service, filed: Filed) -> None:
    transport = httpx.ASGITransport(service.app, client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://tipline.test") as browser:
        for _ in range(ALLOWED):
            answer = await browser.post("/api/chat", json={"client_id": str(uuid4()), "text": f"{filed.number} {WRONG}"})
            assert "没有查到" in answer.json()["replies"][0]["text"]
            browser.cookies.clear()
        proof = {"number": filed.number, "code": filed.code.reveal()}
        assert (await browser.post("/privacy/mine/copy", data=proof)).status_code == 429


async def test_a_wrong_code_and_an_unknown_number_take_the_same_work(service: Service, filed: Filed, statements: list[str]) -> None:
    work = []
    for text in (f"{filed.number} {WRONG}", f"{NOBODY} {WRONG}", f"{filed.number} ABCD-EFGH-JKMN-PQRS"):
        statements.clear()
        answer = await said(service, text, who=text)
        work.append((answer, tuple(statements)))
    assert len(set(work)) == 1


async def test_over_the_limit_right_and_wrong_take_the_same_work(service: Service, filed: Filed, statements: list[str]) -> None:
    await guess(service, ALLOWED)
    work = []
    for text in (f"{filed.number} {WRONG}", f"{NOBODY} {WRONG}", shown(filed)):
        statements.clear()
        answer = await said(service, text)
        work.append((answer, tuple(statements)))
    assert len(set(work)) == 1
