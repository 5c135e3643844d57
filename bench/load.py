"""Two hundred parents at once for a minute over HTTP, while an attacker floods: is every acknowledged report stored once, and how fast?

python -m bench.load [--parents 200] [--seconds 60] [--attackers 20]
"""

import argparse
import asyncio
import os
import random
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from handlers.policy import Policy
from tests.journeys.telling import HIDDEN, REFUND, SHAM, file
from tests.journeys.web import WebLine
from tests.phone import NotOnScreen, Phone

ROOT = Path(__file__).parents[1]
PORT = 18_099
THINKING = (2.0, 8.0)
START_SECONDS = 60
PLENTY = {"MESSAGES_PER_MINUTE": "120", "LOG_LEVEL": "ERROR"}


@dataclass
class Seen:
    """What the parents and the attacker were answered."""

    numbers: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    attacker: Counter[int] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    processor: float = 0.0


class Thoughtful(httpx.AsyncHTTPTransport):
    """A parent reads before answering; what is timed is only the service."""

    def __init__(self, seen: Seen, chance: random.Random) -> None:
        super().__init__()
        self._seen, self._chance = seen, chance

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self._chance.uniform(*THINKING))
        start = time.perf_counter()
        try:
            response = await super().handle_async_request(request)
        except (httpx.ReadError, httpx.RemoteProtocolError):
            # The connection was closed while the parent was thinking. The page sends the same turn again, and so do we.
            response = await super().handle_async_request(request)
        await response.aread()
        self._seen.seconds.append(time.perf_counter() - start)
        return response


async def parent(number: int, seen: Seen, policy: Policy, until: float) -> None:
    """Files one report after the other, each from a fresh browser, until the time is over."""
    chance = random.Random(number)  # noqa: S311 - only its evenness matters
    headers = {"sec-fetch-site": "same-origin", "x-forwarded-for": f"10.1.{number // 250}.{number % 250 + 1}"}
    while time.monotonic() < until:
        async with httpx.AsyncClient(transport=Thoughtful(seen, chance), base_url=_address(), headers=headers, timeout=30) as browser:
            phone = Phone(WebLine(browser, policy), lambda: None)  # type: ignore[arg-type, return-value]
            try:
                seen.numbers.append((await file(phone, chance.choice((HIDDEN, REFUND, SHAM))))[0])
            except (httpx.HTTPError, NotOnScreen, AssertionError) as failure:
                seen.failures[type(failure).__name__] += 1


async def attacker(seen: Seen, until: float) -> None:
    """Sends as fast as it can, from one address, with a new token each time."""
    headers = {"x-forwarded-for": "203.0.113.66"}
    async with httpx.AsyncClient(base_url=_address(), headers=headers, timeout=30) as flood:
        while time.monotonic() < until:
            turn = {"client_id": f"00000000-0000-4000-8000-{secrets.randbits(48):012x}", "text": "灌水" * 2_000}
            try:
                flood.cookies.clear()
                seen.attacker[(await flood.post("/api/chat", json=turn)).status_code] += 1
            except httpx.HTTPError:
                seen.attacker[0] += 1


async def watch(pid: int, seen: Seen, until: float) -> None:
    while time.monotonic() < until:
        seen.memory.append(_resident(pid))
        seen.processor = _processor(pid)
        await asyncio.sleep(2)


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[int]:
    """The real service in a process of its own."""
    where = {"VAR_DIR": str(folder), "KEY_FILE": str(folder / "keys.json"), "POLICY": str(ROOT / "policy/wugang"), "PORT": str(PORT)}
    process = subprocess.Popen(  # noqa: ASYNC220 - started once, before anything is measured
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env={**os.environ, **where, **PLENTY}, stdout=subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(base_url=_address()) as asking:
            await _until_ready(asking)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


async def run(arguments: argparse.Namespace) -> int:
    policy, seen = Policy.load(ROOT / "policy/wugang"), Seen()
    with tempfile.TemporaryDirectory() as name:
        async with service(Path(name)) as pid:
            until = time.monotonic() + arguments.seconds
            await asyncio.gather(
                watch(pid, seen, until),
                *(parent(number, seen, policy, until) for number in range(arguments.parents)),
                *(attacker(seen, until) for _ in range(arguments.attackers)),
            )
        with closing(sqlite3.connect(Path(name) / "tipline.db")) as record:
            stored = Counter(number for (number,) in record.execute("SELECT number FROM report"))
    return report(seen, stored)


def report(seen: Seen, stored: Counter[str]) -> int:
    """Print the figures; not zero when an acknowledged report is missing or stored twice."""
    lost = [number for number in seen.numbers if stored[number] != 1]
    times = sorted(seen.seconds)
    shares = {name: times[min(len(times) - 1, int(len(times) * share))] for name, share in (("p50", 0.5), ("p99", 0.99))}
    print(f"reports acknowledged {len(seen.numbers)}, stored {sum(stored.values())}, lost or doubled {len(lost)}")
    print(f"answers {len(times)}, p50 {shares['p50']:.3f} s, p99 {shares['p99']:.3f} s, slowest {times[-1]:.3f} s")
    print(f"parents' failures {dict(seen.failures)}; attacker's answers {dict(seen.attacker)}")
    each = seen.processor / max(1, len(times) + sum(seen.attacker.values()))
    print(f"the service used {seen.processor:.0f} s of processor, {each * 1000:.1f} ms an answer; load average {os.getloadavg()[0]:.1f}")
    third = max(1, len(seen.memory) // 3)
    print(f"memory {seen.memory[third]} MB after a third, {max(seen.memory)} MB at most, {seen.memory[-1]} MB at the end")
    return 1 if lost or not seen.numbers else 0


async def _until_ready(asking: httpx.AsyncClient) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                if (await asking.get("/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)


def _address() -> str:
    return f"http://127.0.0.1:{PORT}"


def _resident(pid: int) -> int:
    """Resident memory in megabytes, as Linux tells it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def _processor(pid: int) -> float:
    """Seconds of processor the process has used, as Linux tells it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parents", type=int, default=200)
    parser.add_argument("--attackers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
