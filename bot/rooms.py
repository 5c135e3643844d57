"""What every part of the service is built from: settings, rule book, keys, records, channels, and the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.delivery import Channel
from bot.settings import Settings
from handlers.policy import Policy
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring

ZONE = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
Channels = Mapping[str, Channel]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Rooms:
    settings: Settings
    policy: Policy
    rules: Rules
    keyring: Keyring
    database: Database
    channels: Channels
    clock: Clock
    zone: ZoneInfo = ZONE
