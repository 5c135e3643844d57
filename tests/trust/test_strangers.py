"""Whatever a stranger sends to a public door is answered: no crash, no hang, no word about how we are built.

TIPLINE_FUZZ says how many mutated requests are sent; the bench sends ten thousand.
"""

import json
import os
import random
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests.trust.abroad import abroad
from tests.trust.hostile import a_picture

COUNT = int(os.environ.get("TIPLINE_FUZZ", "150"))
PATIENCE_SECONDS = 20.0
TELLTALES = ("Traceback", "sqlalchemy", "sqlite", "/site-packages/", "pydantic", "INSERT INTO", "SELECT ")
PUBLIC = (
    ("GET", "/"),
    ("GET", "/privacy"),
    ("GET", "/privacy/mine"),
    ("POST", "/privacy/mine/copy"),
    ("POST", "/privacy/mine/erase"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/static/chat.js"),
    ("GET", "/api/chat"),
    ("POST", "/api/chat"),
    ("DELETE", "/api/chat"),
    ("POST", "/api/chat/attachments"),
    ("GET", "/desk/login"),
    ("POST", "/desk/login"),
    ("GET", "/desk/reports/WG-SJ-20261125-0001"),
    ("POST", "/desk/reports/WG-SJ-20261125-0001/files/1/original"),
    ("GET", "/office"),
)
FOR_OPERATORS = ("/static", "/metrics")
ODD: tuple[Any, ...] = (
    "",
    "\0",
    "😀" * 50,
    "'; DROP TABLE report; --",
    "{{7*7}}",
    "../../etc/passwd",
    "%s%n",
    "\ud7ff\u202e",
    "-1",
    "9" * 40,
    "١٢٣",
    "a" * 9_000,
    None,
    True,
    -1,
    0,
    2**63,
    10**30,
    1e308,
    [],
    [[]],
    {},
    {"a": {"b": []}},
    [1] * 100,
)
HEADERS = ("cookie", "authorization", "content-type", "accept", "last-event-id", "x-forwarded-for", "origin", "sec-fetch-site", "range")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with abroad(tmp_path_factory.mktemp("site")) as address:
        yield address


def _turn(chance: random.Random) -> dict[str, Any]:
    turn: dict[str, Any] = {"client_id": str(uuid.UUID(int=chance.getrandbits(128))), "text": "机构跑了"}
    for _ in range(chance.randint(0, 3)):
        turn[chance.choice(["client_id", "text", "choice", "attachment", "location", "start", "extra"])] = chance.choice(ODD)
    return turn


def _mutated(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(0, 5)):
        match chance.randint(0, 2):
            case 0 if changed:
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            case 1 if changed:
                del changed[chance.randrange(len(changed)) :]
            case _:
                place = chance.randint(0, len(changed))
                changed[place:place] = chance.randbytes(chance.randint(1, 30))
    return bytes(changed)


def _request(chance: random.Random) -> dict[str, Any]:
    method, path = chance.choice(PUBLIC)
    headers = {"sec-fetch-site": "same-origin"}
    for _ in range(chance.randint(0, 2)):
        # What a client library would refuse to send is no test of ours.
        headers[chance.choice(HEADERS)] = str(chance.choice(ODD)).encode("ascii", "replace").decode().replace("\0", "?").strip()
    query = {chance.choice(["after", "latest", "from", "next", "queue", "x"]): str(chance.choice(ODD))} if chance.random() < 0.3 else {}
    request: dict[str, Any] = {"method": chance.choice([method] * 9 + ["PUT"]), "url": path, "params": query, "headers": headers}
    if method == "POST" and path == "/api/chat":
        request |= {"content": _mutated(chance, json.dumps(_turn(chance), ensure_ascii=False).encode())}
        headers.setdefault("content-type", "application/json")
    elif path.endswith("/attachments"):
        request |= {"files": {chance.choice(["file"] * 5 + ["other"]): ("a", _mutated(chance, a_picture()))}}
        headers.pop("content-type", None)
    elif method == "POST":
        request |= {"data": {name: str(chance.choice(ODD)) for name in ("number", "code", "sure", "login", "password", "reason")}}
    return request


def test_odd_requests_are_all_answered_and_tell_nothing(site: str) -> None:
    chance = random.Random(4711)
    with httpx.Client(base_url=site, timeout=PATIENCE_SECONDS) as stranger:
        for _ in range(COUNT):
            request = _request(chance)
            answer = stranger.request(**request)
            assert answer.status_code < 500 or answer.status_code in (503, 507), request
            told = "" if request["url"].startswith(FOR_OPERATORS) else answer.text
            assert not [word for word in TELLTALES if word in told], request
        ready = stranger.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (200, "ok")


def test_a_slow_stranger_is_not_waited_for_by_the_others(site: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    form = "Content-Length: 1000000\r\nContent-Type: multipart/form-data; boundary=x"
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(f"POST /api/chat/attachments HTTP/1.1\r\nHost: x\r\n{form}\r\n\r\n--x".encode())
        assert httpx.get(f"{site}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
        photo = httpx.post(f"{site}/api/chat/attachments", files={"file": ("a", a_picture())}, timeout=PATIENCE_SECONDS)
        assert photo.status_code == 200


def test_everything_our_own_description_allows_is_answered_as_described(site: str) -> None:
    schema = schemathesis.openapi.from_url(f"{site}/api/openapi.json")
    for operation in schema.get_all_operations():
        one = operation.ok()
        if one.path.endswith("/stream"):
            continue
        _try(one)


def _try(operation: Any) -> None:
    @settings(max_examples=max(10, COUNT // 20), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=operation.as_strategy())
    def answered(case: Any) -> None:
        answer = case.call(timeout=PATIENCE_SECONDS)
        assert answer.status_code < 500 or answer.status_code in (503, 507)

    answered()
