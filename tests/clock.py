"""Time in tests is a variable: it stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

# A Wednesday morning in working hours.
START = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


class Now:
    """Call it for the time; move it forward, or back to see what a wrong wall clock does."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at
