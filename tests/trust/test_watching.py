"""What the operator sees: logs that tell nothing about anyone, and numbers on this machine only."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot import logs
from bot.observe import Measured, Metrics, metrics_routes
from handlers.evidence.receiving import EvidenceIntake
from storage.database import Database
from tests.clock import Now
from tests.trust.planted import PLANTED, tell_everything

TOKEN = "1234567890:AAF-abcdefghijklmnopqrstuvwxyz0123456"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("DEBUG", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def _lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def _fail(failure: Exception) -> None:
    raise failure


@pytest.mark.parametrize(
    "told",
    [
        PLANTED["name"],
        PLANTED["story"],
        "13800004711",
        "+86 138 0000 4711",
        "138-0000-4711",
        "41048119900101123X",
        "6222020200112233445",
        "mother@example.org",
        TOKEN,
        "K7QM-0000-ABCD-WXYZ",
        "Bearer abc.def",
        "talk=abcdef.0123456789",
        "203.0.113.9",
        "2001:db8:0:1:1:1:1:1",
    ],
)
def test_nothing_a_person_could_be_known_by_gets_into_a_log(written: io.StringIO, told: str) -> None:
    log = logging.getLogger("anything")
    log.warning("odd input %s", told)
    log.warning("odd input", extra={"field": told, "nested": {"deep": [told]}})
    try:
        _fail(ValueError(told))
    except ValueError:
        log.exception("failed")
    assert told not in written.getvalue()
    assert len(_lines(written)) == 3


def test_what_an_operator_needs_stays_in_the_log(written: io.StringIO) -> None:
    logging.getLogger("bot.reception").warning("message %s of WG-SJ-20261125-0001 waits for the database: %s", 4711, "Unavailable")
    line = _lines(written)[0]
    assert line["event"] == "message 4711 of WG-SJ-20261125-0001 waits for the database: Unavailable"
    assert (line["level"], line["logger"]) == ("warning", "bot.reception")


def test_a_password_in_a_database_address_is_hidden(written: io.StringIO) -> None:
    logging.getLogger("x").error("cannot reach postgresql://tips:geheim@db/tips")
    assert "geheim" not in written.getvalue()


def test_a_failure_is_told_by_its_kind_and_place(written: io.StringIO) -> None:
    try:
        _fail(KeyError("something private"))
    except KeyError:
        logging.getLogger("x").exception("failed")
    failure = _lines(written)[0]["failure"]
    assert isinstance(failure, list)
    assert failure[0] == "KeyError"
    assert any("test_watching.py" in place for place in failure)
    assert "private" not in written.getvalue()


@pytest.fixture
async def metrics(embedded: Database, intake: EvidenceIntake, tmp_path: Path, now: Now) -> Metrics:
    await tell_everything(embedded, intake, now())
    return Metrics(embedded, ["telegram"], tmp_path, now)


def _site(metrics: Metrics) -> FastAPI:
    app = FastAPI()
    app.include_router(metrics_routes(metrics))
    app.add_middleware(Measured, metrics=metrics)
    return app


async def test_the_numbers_are_for_this_machine_alone(metrics: Metrics) -> None:
    app = _site(metrics)
    for client, headers, status in (
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
    ):
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as visitor:
            assert (await visitor.get("/metrics", headers=headers)).status_code == status


async def test_the_numbers_count_and_tell_nothing(metrics: Metrics, now: Now) -> None:
    now.move(minutes=2)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_site(metrics), client=("127.0.0.1", 1)), base_url="http://t") as visitor:
        await visitor.get("/metrics")
        await visitor.get(f"/{PLANTED['phone']}")
        page = (await visitor.get("/metrics")).text
    assert "tipline_reports 1.0" in page
    assert "tipline_unanswered 1.0" in page
    assert "tipline_unanswered_age_seconds 120.0" in page
    assert 'route="/metrics",status="200"' in page
    assert not [secret for secret in PLANTED.values() if secret in page]
