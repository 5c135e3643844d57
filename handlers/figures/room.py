"""Everything about figures over one database, for whoever shows them: pages, chats, papers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers.desk.labels import Labels
from handlers.figures.asked import Clock, Record
from handlers.figures.asking import Answering
from handlers.figures.book import FigureBook
from handlers.figures.charts import Pictures
from handlers.figures.comparing import Comparing
from handlers.figures.overview import Overviews
from handlers.figures.public import PublicFigures
from handlers.figures.saying import Saying
from handlers.figures.understanding import Asking
from handlers.policy import Policy
from storage.database import Database
from storage.rules import Rules


@dataclass(frozen=True)
class FiguresRoom:
    """The record, the words, and the views made of both."""

    record: Record
    rules: Rules
    saying: Saying
    pictures: Pictures
    overviews: Overviews
    answering: Answering
    public: PublicFigures

    @classmethod
    def over(cls, database: Database, policy: Policy, rules: Rules, clock: Clock, *, font: Path | None = None) -> Self:
        """`font`: a font file to draw with instead of the one that comes along."""
        record = Record(database, clock)
        saying = Saying(FigureBook.load(policy.folder), Labels.of(policy), rules.calendar.seconds_per_day)
        pictures = Pictures(font)
        comparing = Comparing(record, rules, saying)
        answering = Answering(record, rules, Asking.load(policy.folder, saying.labels, rules), saying, pictures, comparing)
        overviews, public = Overviews(record, rules, saying, pictures, comparing), PublicFigures(record, rules, saying)
        return cls(record, rules, saying, pictures, overviews, answering, public)
