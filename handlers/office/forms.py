"""What the office's acts ask for, as data; the forms are read and drawn like those of the moves."""

from collections.abc import Mapping

from handlers.desk.forms import REASON, Field, Kind
from storage.api_tokens import Scope
from storage.vocabulary import EventKind, Finding, FundMode, InstitutionKind, InstitutionState, ProblemSource, RiskKind, RiskLevel, Role

# A person's roles; the two others are the reporter and the system itself.
ROLES = tuple(role for role in Role if role not in (Role.CITIZEN, Role.SYSTEM))
YES_NO = ("yes", "no")

ENTRY = (
    Field("name", required=True),
    Field("kind", Kind.ONE, required=True, options=tuple(InstitutionKind), labels="institution_kind"),
    Field("state", Kind.ONE, required=True, options=tuple(InstitutionState), labels="institution_state"),
    Field("credit_code"),
    Field("licence"),
    Field("town", Kind.ONE, source="towns"),
    Field("address"),
    Field("principal"),
    Field("phone"),
    Field("students", Kind.NUMBER),
    Field("fund_mode", Kind.ONE, required=True, options=tuple(FundMode), labels="fund_mode"),
    Field("unused_yuan", Kind.NUMBER),
    Field("account_yuan", Kind.NUMBER),
    Field("covered", Kind.ONE, options=YES_NO, labels="yes_no"),
    Field("funds_fully_covered", Kind.ONE, options=YES_NO, labels="yes_no"),
    Field("plan", Kind.AREA),
    Field("progress", Kind.AREA),
)
RISK = (
    Field("families", Kind.NUMBER),
    Field("yuan", Kind.NUMBER),
    Field("unpaid_staff", Kind.NUMBER),
    Field("unpaid_yuan", Kind.NUMBER),
    Field("measures", Kind.AREA),
    Field("responsible"),
    Field("due_on", Kind.DAY),
    Field("progress", Kind.AREA),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "hire": (
        Field("login", required=True),
        Field("name", required=True),
        Field("department", Kind.ONE, required=True, source="all_departments"),
        Field("role", Kind.ONE, required=True, options=ROLES, labels="role"),
    ),
    "issue_token": (
        Field("name", required=True),
        Field("scopes", Kind.SEVERAL, required=True, options=tuple(Scope), labels="scope"),
        Field("department", Kind.ONE, source="departments"),
        Field("life_days", Kind.NUMBER, required=True),
    ),
    "subscribe": (
        Field("name", required=True),
        Field("url", required=True),
        Field("events", Kind.SEVERAL, required=True, options=tuple(EventKind), labels="event"),
    ),
    "put_on_duty": (
        Field("day", Kind.DAY, required=True),
        Field("until", Kind.DAY),
        Field("officers", Kind.SEVERAL, source="staff"),
    ),
    "find_problem": (
        Field("source", Kind.ONE, required=True, options=tuple(ProblemSource), labels="problem_source"),
        Field("department", Kind.ONE, required=True, source="departments"),
        Field("responsible", required=True),
        Field("description", Kind.AREA, required=True),
        Field("task", Kind.ONE, required=True, options=("0", "1", "2", "3", "4", "5"), labels="task"),
        Field("report"),
        Field("institution"),
    ),
    "plan": (Field("text", Kind.AREA, required=True), Field("due_on", Kind.DAY)),
    "put_right": (Field("evidence", Kind.AREA, required=True),),
    "accept": (),
    "refuse": (REASON, Field("due_on", Kind.DAY)),
    "strike_off": (),
    "warn": (
        Field("risk_kind", Kind.ONE, required=True, options=tuple(RiskKind), labels="risk_kind"),
        Field("level", Kind.ONE, required=True, options=tuple(RiskLevel), labels="risk_level"),
        Field("why", Kind.AREA, required=True),
    ),
    "describe": RISK,
    "settle": (Field("progress", Kind.AREA, required=True),),
    "inspect": (
        Field("inspected_at", Kind.MOMENT, required=True),
        Field("departments", Kind.SEVERAL, required=True, source="departments"),
        Field("people", Kind.LINES, required=True),
        Field("place", required=True),
        Field("findings", Kind.AREA, required=True),
        Field("report"),
        Field("institution"),
    ),
    "draw": (
        Field("period", required=True),
        Field("start", Kind.DAY, required=True),
        Field("end", Kind.DAY, required=True),
        Field("seed", required=True),
    ),
    "judge": (Field("finding", Kind.ONE, required=True, options=tuple(Finding), labels="finding"), REASON),
    "register": (*ENTRY, Field("aliases", Kind.LINES)),
    "change": ENTRY,
    "add_alias": (Field("name", required=True),),
    "merge_institution": (Field("into", required=True),),
}
