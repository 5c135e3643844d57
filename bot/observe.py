"""Numbers for the operator's monitoring, on loopback only: how fast we answer, what waits, how much room is left."""

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage import load
from storage.database import Database

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
PROXIED = ("x-forwarded-for", "forwarded", "x-real-ip")


class Metrics:
    """The service's numbers. None of them has a label that a parent could choose."""

    def __init__(self, database: Database, channels: list[str], folder: Path, clock: Callable[[], datetime]) -> None:
        self._database, self._channels, self._folder, self._clock = database, channels, folder, clock
        self.registry = CollectorRegistry()
        self.seconds = Histogram("tipline_request_seconds", "Time to answer", ["route"], buckets=BUCKETS, registry=self.registry)
        self.answers = Counter("tipline_answers", "Answers by route and status", ["route", "status"], registry=self.registry)
        self._gauges = {
            name: Gauge(f"tipline_{name}", help_text, registry=self.registry)
            for name, help_text in (
                ("reports", "Reports ever filed"),
                ("events", "Steps of their history"),
                ("drafts", "Reports being written"),
                ("unanswered", "Messages kept and not yet answered"),
                ("unanswered_age_seconds", "Age of the oldest of them"),
                ("undelivered", "Messages waiting to be sent"),
                ("failed", "Messages answered with an apology"),
                ("evidence_bytes", "Size of all evidence files"),
                ("disk_free_bytes", "Room left on the disk"),
            )
        }

    async def page(self) -> bytes:
        """Everything in Prometheus' text format, counted now."""
        found = await self._database.read(load.load, self._channels)
        age = (self._clock() - found.oldest).total_seconds() if found.oldest else 0.0
        values = {
            "reports": found.reports,
            "events": found.events,
            "drafts": found.drafts,
            "unanswered": found.unanswered,
            "unanswered_age_seconds": age,
            "undelivered": found.undelivered,
            "failed": found.failed,
            "evidence_bytes": found.evidence_bytes,
            "disk_free_bytes": shutil.disk_usage(self._folder).free,
        }
        for name, value in values.items():
            self._gauges[name].set(value)
        return generate_latest(self.registry)


class Measured:
    """Counts and times every answer by its route's pattern, never by the path that was asked for."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.seconds.labels(route).observe(time.perf_counter() - start)
            self._metrics.answers.labels(route, str(status)).inc()


def metrics_routes(metrics: Metrics) -> APIRouter:
    """`/metrics`, which exists for this machine alone."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    async def page(request: Request) -> Response:
        if not is_local(request):
            return Response(status_code=404)
        return Response(await metrics.page(), media_type=CONTENT_TYPE_LATEST)

    return router


def is_local(request: Request) -> bool:
    """Whether this machine asks for itself. A request a proxy passed on is somebody else's, wherever the proxy stands."""
    if any(name in request.headers for name in PROXIED) or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
