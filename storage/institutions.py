"""The register of institutions (一企一策): every name they go by, what is known of them, and all reports on them (domain §7)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves, reports, risks
from storage.errors import ChangedMeanwhile, NameTaken, NoSuchReport, NotPermitted, SelfMerge
from storage.people import SYSTEM, Actor
from storage.reports import Report
from storage.tables.institutions import institution, institution_alias, institution_change
from storage.tables.ledgers import inspection, problem
from storage.tables.reports import report
from storage.vocabulary import EventKind, FundMode, InstitutionKind, InstitutionState, RiskLevel, Role


@dataclass(frozen=True)
class Entry:
    """What the register holds of one institution. Money in yuan; `principal` and `phone` are its own, never a reporter's."""

    name: str
    kind: InstitutionKind = InstitutionKind.UNKNOWN
    state: InstitutionState = InstitutionState.UNKNOWN
    credit_code: str | None = None
    licence: str | None = None
    town: str | None = None
    address: str | None = None
    principal: str | None = None
    phone: str | None = None
    students: int | None = None
    unused_yuan: int | None = None
    account_yuan: int | None = None
    fund_mode: FundMode = FundMode.UNKNOWN
    covered: bool | None = None
    funds_fully_covered: bool | None = None
    plan: str | None = None
    progress: str | None = None


COLUMNS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Institution:
    """An entry with its place in the register."""

    id: int
    entry: Entry
    aliases: tuple[str, ...]
    risk_level: RiskLevel
    merged_into_id: int | None
    version: int


@dataclass(frozen=True)
class Change:
    """One change of the register: what was before and what came."""

    at: datetime
    officer_id: int | None
    change: str
    details: Mapping[str, Any]


def register(tx: Connection, entry: Entry, by: Actor, at: datetime, *, aliases: tuple[str, ...] = ()) -> int:
    """Enter an institution; its id. NameTaken when another goes by one of its names or its credit code."""
    moves.office_only("register", by)
    _code_is_free(tx, entry.credit_code, None)
    row = {**_values(entry), "risk_level": str(RiskLevel.NONE), "created_at": at, "updated_at": at}
    made = int(tx.execute(sa.insert(institution).values(row).returning(institution.c.id)).scalar_one())
    for name in dict.fromkeys((entry.name, *aliases)):
        _name(tx, made, name)
    _remember(tx, made, by, at, what="registered", details={"name": entry.name})
    return made


def change(tx: Connection, institution_id: int, entry: Entry, by: Actor, at: datetime, *, version: int) -> None:
    """Write the entry anew. ChangedMeanwhile when somebody else did since it was read; a former name stays an alias."""
    moves.office_only("change", by)
    before = get(tx, institution_id).entry
    _code_is_free(tx, entry.credit_code, institution_id)
    changed = (
        sa.update(institution)
        .where(institution.c.id == institution_id, institution.c.version == version)
        .values(**_values(entry), updated_at=at, version=version + 1)
        .returning(institution.c.id)
    )
    if tx.execute(changed).one_or_none() is None:
        raise ChangedMeanwhile
    if find(tx, entry.name) != institution_id:
        _name(tx, institution_id, entry.name)
    old, new = _values(before), _values(entry)
    moved = {name: [old[name], new[name]] for name in COLUMNS if old[name] != new[name]}
    _remember(tx, institution_id, by, at, what="changed", details=moved)


def add_alias(tx: Connection, institution_id: int, name: str, by: Actor, at: datetime) -> None:
    """Another name people use for it."""
    moves.office_only("add_alias", by)
    _name(tx, institution_id, name)
    _remember(tx, institution_id, by, at, what="alias_added", details={"name": name})


def find(tx: Connection, name: str) -> int | None:
    """Who goes by exactly this name, spelling aside; the institution it was merged into, if it was."""
    query = sa.select(institution_alias.c.institution_id).where(institution_alias.c.folded == fold(name))
    found: int | None = tx.execute(query).scalar_one_or_none()
    return found


def search(tx: Connection, text: str, *, limit: int = 20) -> list[Institution]:
    """Institutions one of whose names contains the text, or whose credit code or licence begins with it."""
    folded = fold(text)
    named = sa.select(institution_alias.c.institution_id).where(institution_alias.c.folded.contains(folded, autoescape=True))
    numbered = sa.or_(institution.c.credit_code.startswith(text, autoescape=True), institution.c.licence.startswith(text, autoescape=True))
    query = sa.select(institution).where(sa.or_(institution.c.id.in_(named), numbered), institution.c.merged_into_id.is_(None))
    return [_read(tx, row) for row in tx.execute(query.order_by(institution.c.id).limit(limit)).all()]


def everyone(tx: Connection) -> list[Institution]:
    """The whole register, without what was merged away."""
    rows = tx.execute(sa.select(institution).where(institution.c.merged_into_id.is_(None)).order_by(institution.c.id)).all()
    return [_read(tx, row) for row in rows]


def names(tx: Connection) -> dict[str, str]:
    """Every name anybody goes by, and the name that institution has in the register."""
    query = sa.select(institution_alias.c.name, institution.c.name.label("own")).join(
        institution, institution.c.id == institution_alias.c.institution_id
    )
    return {row.name: row.own for row in tx.execute(query)}


def version(tx: Connection) -> int:
    """Grows with every change of the register: the history is only ever added to."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(institution_change)).scalar_one())


def get(tx: Connection, institution_id: int) -> Institution:
    row = tx.execute(sa.select(institution).where(institution.c.id == institution_id)).one_or_none()
    if row is None:
        raise NoSuchReport
    return _read(tx, row)


def link(tx: Connection, report_id: int, institution_id: int | None, by: Actor, at: datetime) -> None:
    """This report is on this institution (or, None, on none of the register). A sealed one is for those who see it to link."""
    if not reports.visible(tx, report_id, by):
        raise NoSuchReport
    if by.role not in (Role.OFFICE, Role.DISCIPLINE):
        raise NotPermitted("link", by.role)
    _link(tx, report_id, institution_id, by, at)


def link_named(tx: Connection, report_id: int, institution_id: int, at: datetime) -> None:
    """The report itself names this institution beyond doubt, so it is linked as it is filed, without anybody's decision."""
    _link(tx, report_id, institution_id, SYSTEM, at)


def reports_on(tx: Connection, institution_id: int) -> list[Report]:
    """Every report on it, newest first; sealed ones are not even counted."""
    rows = tx.execute(sa.select(report).where(report.c.institution_id == institution_id, report.c.sealed == 0).order_by(report.c.id.desc()))
    return [reports.read(row) for row in rows]


def merge(tx: Connection, institution_id: int, into: int, by: Actor, at: datetime) -> None:
    """Two records are one institution: names, reports, risks and problems go to the one that stays, and the history says so."""
    moves.office_only("merge_institution", by)
    source, target = get(tx, institution_id), get(tx, into)
    if institution_id == into or target.merged_into_id is not None or source.merged_into_id is not None:
        raise SelfMerge
    moved = list(tx.execute(sa.select(report.c.id).where(report.c.institution_id == institution_id)).scalars())
    for table in (report, problem, inspection):
        tx.execute(sa.update(table).where(table.c.institution_id == institution_id).values(institution_id=into))
    risks.move_to(tx, institution_id, into, by, at, why=f"{source.entry.name} → {target.entry.name}")
    names = sa.update(institution_alias).where(institution_alias.c.institution_id == institution_id).values(institution_id=into)
    tx.execute(names)
    gone = {"merged_into_id": into, "credit_code": None, "risk_level": str(RiskLevel.NONE), "updated_at": at}
    tx.execute(sa.update(institution).where(institution.c.id == institution_id).values(**gone, version=source.version + 1))
    if target.entry.credit_code is None and source.entry.credit_code is not None:
        tx.execute(sa.update(institution).where(institution.c.id == into).values(credit_code=source.entry.credit_code))
    _remember(tx, institution_id, by, at, what="merged", details={"into": into, "credit_code": source.entry.credit_code})
    _remember(tx, into, by, at, what="took_over", details={"from": institution_id, "names": list(source.aliases), "reports": moved})


def changes(tx: Connection, institution_id: int) -> list[Change]:
    """How the record came to be what it is, oldest first."""
    rows = tx.execute(
        sa.select(institution_change).where(institution_change.c.institution_id == institution_id).order_by(institution_change.c.id)
    )
    return [Change(row.at, row.officer_id, row.change, row.details) for row in rows]


def fold(name: str) -> str:
    """A name as compared: one width, one case, letters and digits only."""
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


def _link(tx: Connection, report_id: int, institution_id: int | None, by: Actor, at: datetime) -> None:
    held = moves.hold(tx, report_id, at)
    tx.execute(sa.update(report).where(report.c.id == report_id).values(institution_id=institution_id, version=report.c.version + 1))
    moves.note(tx, held, EventKind.LINKED, by, details={"institution": institution_id, "before": held.report.institution_id})


def _values(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in COLUMNS}


def _name(tx: Connection, institution_id: int, name: str) -> None:
    owner = find(tx, name)
    if not fold(name) or owner not in (None, institution_id):
        raise NameTaken
    if owner is None:
        tx.execute(sa.insert(institution_alias).values(institution_id=institution_id, name=name, folded=fold(name)))


def _code_is_free(tx: Connection, code: str | None, institution_id: int | None) -> None:
    if code is None:
        return
    owner = tx.execute(sa.select(institution.c.id).where(institution.c.credit_code == code)).scalar_one_or_none()
    if owner not in (None, institution_id):
        raise NameTaken


def _remember(tx: Connection, institution_id: int, by: Actor, at: datetime, *, what: str, details: Mapping[str, Any]) -> None:
    row = {"institution_id": institution_id, "at": at, "officer_id": by.officer_id, "change": what, "details": dict(details)}
    tx.execute(sa.insert(institution_change).values(row))


def _read(tx: Connection, row: Any) -> Institution:
    names = sa.select(institution_alias.c.name).where(institution_alias.c.institution_id == row.id).order_by(institution_alias.c.id)
    aliases = tuple(name for name in tx.execute(names).scalars() if name != row.name)
    values = {name: getattr(row, name) for name in COLUMNS}
    words = {
        "kind": InstitutionKind(row.kind),
        "state": InstitutionState(row.state),
        "fund_mode": FundMode(row.fund_mode),
    }
    return Institution(row.id, Entry(**{**values, **words}), aliases, RiskLevel(row.risk_level), row.merged_into_id, row.version)
