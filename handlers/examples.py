"""What the office set right, as texts to learn from: masked, for a stated reason, and never without a trace."""

import json
from collections.abc import Sequence
from datetime import datetime

from nlp.mask import mask
from storage import accesses, reroutes
from storage.accesses import Action
from storage.database import Database
from storage.people import SYSTEM
from storage.reroutes import Of


class ReasonMissing(Exception):
    """Texts of reports leave the record only for a reason somebody states."""


async def lines(database: Database, of: Of, *, reason: str, at: datetime) -> Sequence[str]:
    """One line of JSON an example, as `python -m nlp suggest` reads them. The trace is written before anything is read."""
    if not reason.strip():
        raise ReasonMissing
    await database.write(accesses.record, SYSTEM, Action.EXPORT, at, allowed=True, reason=reason.strip())
    found = await database.read(reroutes.examples, of)
    return [json.dumps({"text": mask(one.text).text, "was": one.was, "is": one.became}, ensure_ascii=False) for one in found]
