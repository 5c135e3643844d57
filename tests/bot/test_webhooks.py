"""An outside address hears what happened, once, in order, signed, and nothing of what people wrote."""

import json

import httpx
import pytest
from sqlalchemy import Connection

from bot.channels.webhook import WebhookChannel
from bot.delivery import TryLater, Unreachable
from handlers.dialogue import Reply
from storage import outbox, webhooks
from storage.database import Database
from storage.reports import Route
from storage.vocabulary import EventKind
from storage.webhooks import NotAnAddress
from tests.clock import START
from tests.storage import cases


async def test_it_hears_of_the_wanted_events_from_now_on_and_of_each_once(database: Database) -> None:
    def lived(tx: Connection) -> None:
        cases.a_report(tx, START)
        webhooks.subscribe(tx, "city data", "https://data.example/hook", [EventKind.FILED, EventKind.DISPATCHED], START)
        assert webhooks.tell_all(tx, START) == 0
        filed = cases.a_report(tx, START)
        assert webhooks.tell_all(tx, START) == 3
        assert webhooks.tell_all(tx, START) == 0
        sent = [json.loads(one.message.payload["text"]) for one in outbox.lease(tx, ["webhook"], START, 10)]
        assert sent[0]["event"] == "filed"
        assert {one["number"] for one in sent} == {filed.number}
        assert "朱兰" not in json.dumps(sent, ensure_ascii=False)

    await database.write(lived)


async def test_it_never_hears_of_a_sealed_report(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        webhooks.subscribe(tx, "city data", "https://data.example/hook", list(EventKind), START)
        cases.a_report(tx, START, route=Route("sealed"))
        assert webhooks.tell_all(tx, START) == 0

    await embedded.write(lived)


async def test_an_address_without_encryption_is_not_taken(embedded: Database) -> None:
    with pytest.raises(NotAnAddress):
        await embedded.write(webhooks.subscribe, "x", "http://data.example/hook", [EventKind.FILED], START)


def test_a_signature_covers_the_moment_and_the_body() -> None:
    made = webhooks.signature("secret", 100, "{}")
    assert made == webhooks.signature("secret", 100, "{}")
    assert (
        len({made, webhooks.signature("secret", 101, "{}"), webhooks.signature("secret", 100, "[]"), webhooks.signature("x", 100, "{}")})
        == 4
    )


async def test_the_post_is_signed_and_a_busy_receiver_is_tried_again() -> None:
    answers = iter([httpx.Response(200), httpx.Response(503), httpx.Response(410)])
    seen: list[httpx.Request] = []

    def receiver(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return next(answers)

    channel = WebhookChannel(lambda: START, httpx.MockTransport(receiver))
    address = json.dumps({"url": "https://data.example/hook", "secret": "secret"})
    assert await channel.send(address, Reply('{"id":1}')) == "200"
    moment = int(START.timestamp())
    signed = webhooks.signature("secret", moment, '{"id":1}')
    assert seen[0].headers["tipline-signature"] == f"t={moment},v1={signed}"
    with pytest.raises(TryLater):
        await channel.send(address, Reply("{}"))
    with pytest.raises(Unreachable):
        await channel.send(address, Reply("{}"))
