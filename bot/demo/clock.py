"""Time in a demonstration: it goes where the play puts it, and is the real time when the play is over."""

from datetime import UTC, datetime


class StageClock:
    """Call it for the time. Until `release`, it stands where it was set and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._at: datetime | None = start

    def __call__(self) -> datetime:
        return self._at or datetime.now(UTC)

    def set(self, at: datetime) -> None:
        if self._at is not None:
            self._at = max(self._at, at)

    def release(self) -> None:
        self._at = None
