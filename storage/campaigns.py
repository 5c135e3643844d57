"""专项: a year's campaign with its stages, the departments' summaries in every version, and who has not handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves, outbox
from storage.errors import NoSuchReport, NotPermitted, ReportError
from storage.people import Actor
from storage.tables.campaigns import campaign, campaign_draft
from storage.tables.staff import officer
from storage.vocabulary import Role


class CampaignKnown(ReportError):
    """There is a campaign of this year already."""


@dataclass(frozen=True)
class Stage:
    name: str
    until: date


@dataclass(frozen=True)
class Plan:
    """What a campaign is opened with. Departments hand in by `inside_due`; the office reports by `summary_due`."""

    year: int
    name: str
    stages: tuple[Stage, ...]
    departments: tuple[str, ...]
    summary_due: date
    inside_due: date

    def stage(self, today: date) -> Stage | None:
        """The stage that is on; None when the last one is over."""
        return next((one for one in self.stages if today <= one.until), None)


@dataclass(frozen=True)
class Draft:
    """A department's newest summary."""

    department: str
    version: int
    text: str
    officer: str
    handed_in_at: datetime


@dataclass(frozen=True)
class Campaign:
    """One year's campaign as it stands."""

    id: int
    plan: Plan
    drafts: tuple[Draft, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Departments that have not handed in, in the plan's order."""
        given = {one.department for one in self.drafts}
        return tuple(key for key in self.plan.departments if key not in given)

    def draft(self, department: str | None) -> Draft | None:
        return next((one for one in self.drafts if one.department == department), None)


def begin(tx: Connection, plan: Plan, by: Actor, at: datetime) -> int:
    """Open the year's campaign; its id."""
    moves.office_only("campaign", by)
    if of_year(tx, plan.year):
        raise CampaignKnown
    row = {
        "year": plan.year,
        "name": plan.name,
        "stages": [[one.name, one.until.isoformat()] for one in plan.stages],
        "departments": list(plan.departments),
        "summary_due": plan.summary_due.isoformat(),
        "inside_due": plan.inside_due.isoformat(),
        "opened_by": by.officer_id,
        "opened_at": at,
    }
    return int(tx.execute(sa.insert(campaign).values(row).returning(campaign.c.id)).scalar_one())


def hand_in(tx: Connection, year: int, text: str, by: Actor, at: datetime) -> int:
    """The department's summary, or its next version; the version's number."""
    known = of_year(tx, year)
    if known is None:
        raise NoSuchReport
    if by.role not in (Role.OFFICER, Role.HEAD) or by.department not in known.plan.departments:
        raise NotPermitted("campaign_draft", by.role)
    before = known.draft(by.department)
    version = before.version + 1 if before else 1
    row = {"campaign_id": known.id, "department": by.department, "version": version, "text": text}
    tx.execute(sa.insert(campaign_draft).values(**row, handed_in_by=by.officer_id, handed_in_at=at))
    return version


def of_year(tx: Connection, year: int) -> Campaign | None:
    row = tx.execute(sa.select(campaign).where(campaign.c.year == year)).one_or_none()
    return _read(tx, row) if row else None


def everyone(tx: Connection) -> list[Campaign]:
    """All campaigns, the newest year first."""
    return [_read(tx, row) for row in tx.execute(sa.select(campaign).order_by(campaign.c.year.desc())).all()]


def tell(tx: Connection, department: str, payload: dict[str, Any], at: datetime, *, once: str) -> int:
    """Tell a department's people who can be reached, once for each `once`; how many were told now."""
    who = sa.select(officer.c.addressee_id).where(
        officer.c.department == department,
        officer.c.active == 1,
        officer.c.addressee_id.is_not(None),
        officer.c.role.in_((Role.OFFICER, Role.HEAD, Role.OFFICE)),
    )
    people: Sequence[int] = tx.execute(who.order_by(officer.c.id)).scalars().all()
    told = [outbox.tell(tx, one, payload, dedupe_key=f"campaign:{once}:{department}:{one}", at=at) for one in people]
    return sum(1 for one in told if one is not None)


def _read(tx: Connection, row: Any) -> Campaign:
    stages = tuple(Stage(name, date.fromisoformat(until)) for name, until in row.stages)
    due, inside = date.fromisoformat(row.summary_due), date.fromisoformat(row.inside_due)
    plan = Plan(row.year, row.name, stages, tuple(row.departments), due, inside)
    return Campaign(row.id, plan, _drafts(tx, row.id))


def _drafts(tx: Connection, campaign_id: int) -> tuple[Draft, ...]:
    newest = (
        sa.select(sa.func.max(campaign_draft.c.id)).where(campaign_draft.c.campaign_id == campaign_id).group_by(campaign_draft.c.department)
    )
    query = (
        sa.select(campaign_draft, officer.c.name)
        .join(officer, officer.c.id == campaign_draft.c.handed_in_by)
        .where(campaign_draft.c.id.in_(newest))
        .order_by(campaign_draft.c.id)
    )
    return tuple(Draft(row.department, row.version, row.text, row.name, row.handed_in_at) for row in tx.execute(query))
