"""What the office sees beside a report: others that tell nearly the same story, and institutions it may be about. Nobody else does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk.accounts import Person
from handlers.known import Known
from nlp.similar import SAME_STORY
from storage import reports, similarity
from storage.dossiers import Dossier
from storage.merging import CLOSED
from storage.vocabulary import Role, Status

LISTED = 5


@dataclass(frozen=True)
class Same:
    """One report like this one. `takes_merger`: this one could be merged into it."""

    number: str
    category: str
    share: float
    status: Status
    filed_at: datetime
    takes_merger: bool


@dataclass(frozen=True)
class Likeness:
    """Suggestions; the office decides."""

    reports: tuple[Same, ...]
    institutions: tuple[str, ...]


NOTHING_ALIKE = Likeness((), ())


def likeness(tx: Connection, whole: Dossier, person: Person, known: Known) -> Likeness:
    """For the office, of what it may see itself; for everybody else nothing."""
    if person.role is not Role.OFFICE:
        return NOTHING_ALIKE
    found = similarity.alike(tx, whole.report.id, at_least=SAME_STORY, limit=LISTED)
    same = tuple(
        Same(one.number, one.category, one.likeness, one.status, one.filed_at, one.status not in CLOSED)
        for one in found
        if reports.visible(tx, one.report_id, person.actor)
    )
    return Likeness(same, _institutions(tx, whole, known))


def _institutions(tx: Connection, whole: Dossier, known: Known) -> tuple[str, ...]:
    if whole.report.institution_id is not None or whole.contents is None:
        return ()
    return known.nearest(tx, str(whole.contents.facts.get("org_name") or ""), LISTED)
