"""What a channel's driver may build on."""

from dataclasses import dataclass

from handlers.policy import Policy
from nlp.reader import Reader
from storage.database import Database
from storage.rules import Rules
from tests.clock import Now


@dataclass(frozen=True)
class World:
    """The records, the rule book and what it makes of times and departments, the reader, and the time."""

    database: Database
    policy: Policy
    reader: Reader
    rules: Rules
    now: Now
