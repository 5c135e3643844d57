"""The office's ledgers: problems, risks, joint inspections, spot checks, and who is on duty (domain §7)."""

import sqlalchemy as sa

from storage.tables.columns import Instant, one_of, primary_key, table
from storage.vocabulary import Finding, ProblemSource, RiskKind, RiskLevel

# 问题台账: from finding to 销号. Accepted by someone else than the one who reports it put right.
problem = table(
    "problem",
    primary_key(),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("report_id", sa.ForeignKey("report.id")),
    sa.Column("institution_id", sa.ForeignKey("institution.id")),
    sa.Column("task", sa.Integer, nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("plan", sa.Text),
    sa.Column("due_on", sa.Text),
    sa.Column("evidence", sa.Text),
    sa.Column("put_right_by", sa.ForeignKey("officer.id")),
    sa.Column("put_right_at", Instant),
    sa.Column("accepted_by", sa.ForeignKey("officer.id")),
    sa.Column("accepted_at", Instant),
    sa.Column("struck_off_at", Instant),
    one_of("source", ProblemSource),
    sa.CheckConstraint("task BETWEEN 0 AND 5", name="task_known"),
    sa.CheckConstraint("(plan IS NULL) = (due_on IS NULL)", name="plan_has_date"),
    sa.CheckConstraint("put_right_at IS NULL OR (plan IS NOT NULL AND evidence IS NOT NULL)", name="put_right_has_evidence"),
    sa.CheckConstraint("accepted_at IS NULL OR put_right_at IS NOT NULL", name="accepted_after_put_right"),
    sa.CheckConstraint("struck_off_at IS NULL OR accepted_at IS NOT NULL", name="struck_off_only_when_accepted"),
    sa.CheckConstraint("accepted_by IS NULL OR accepted_by <> put_right_by", name="four_eyes"),
)
sa.Index("ix_problem_department", problem.c.department, problem.c.struck_off_at)

problem_step = table(
    "problem_step",
    primary_key(),
    sa.Column("problem_id", sa.ForeignKey("problem.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
)
sa.Index("ix_problem_step_problem", problem_step.c.problem_id)

# 风险台账: one open risk of a kind per institution, and one open line of each gathering of reports. A gathering of one matter
# in one town has no institution (`about` says which gathering opened or joined the line).
risk = table(
    "risk",
    primary_key(),
    sa.Column("institution_id", sa.ForeignKey("institution.id")),
    sa.Column("about", sa.Text),
    sa.Column("category", sa.Text),
    sa.Column("town", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("families", sa.Integer),
    sa.Column("yuan", sa.Integer),
    sa.Column("unpaid_staff", sa.Integer),
    sa.Column("unpaid_yuan", sa.Integer),
    sa.Column("measures", sa.Text),
    sa.Column("responsible", sa.Text),
    sa.Column("due_on", sa.Text),
    sa.Column("progress", sa.Text),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("opened_by", sa.ForeignKey("officer.id")),
    sa.Column("settled_at", Instant),
    one_of("kind", RiskKind),
    one_of("level", RiskLevel),
    sa.CheckConstraint("institution_id IS NOT NULL OR about IS NOT NULL", name="about_something"),
)
_open = risk.c.settled_at.is_(None)
sa.Index("uq_risk_one_open", risk.c.institution_id, risk.c.kind, unique=True, sqlite_where=_open, postgresql_where=_open)
sa.Index("uq_risk_one_gathering", risk.c.about, unique=True, sqlite_where=_open, postgresql_where=_open)

# Which reports an early warning has counted: a line that was settled is opened again by none of them.
risk_report = table(
    "risk_report",
    sa.Column("risk_id", sa.ForeignKey("risk.id"), primary_key=True),
    sa.Column("report_id", sa.ForeignKey("report.id"), primary_key=True),
)

risk_step = table(
    "risk_step",
    primary_key(),
    sa.Column("risk_id", sa.ForeignKey("risk.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
)
sa.Index("ix_risk_step_risk", risk_step.c.risk_id)

# 联合检查: at least two departments, which the act checks; each department signs once.
inspection = table(
    "inspection",
    primary_key(),
    sa.Column("report_id", sa.ForeignKey("report.id")),
    sa.Column("institution_id", sa.ForeignKey("institution.id")),
    sa.Column("inspected_at", Instant, nullable=False),
    sa.Column("data_key_id", sa.ForeignKey("data_key.id"), nullable=False),
    sa.Column("content", sa.LargeBinary),
    sa.Column("recorded_by", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)
inspection_department = table(
    "inspection_department",
    sa.Column("inspection_id", sa.ForeignKey("inspection.id"), primary_key=True),
    sa.Column("department", sa.Text, primary_key=True),
)

# 抽查验收: a sample drawn with a seed that anyone can draw again.
spot_check = table(
    "spot_check",
    primary_key(),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("drawn_at", Instant, nullable=False),
    sa.Column("finding", sa.Text),
    sa.Column("checked_by", sa.ForeignKey("officer.id")),
    sa.Column("checked_at", Instant),
    one_of("finding", Finding),
    sa.UniqueConstraint("period", "report_id"),
    sa.CheckConstraint("(finding IS NULL) = (checked_at IS NULL)", name="checked_has_finding"),
)

# 值班表: who answers for P0 and P1 at night and on holidays.
duty = table(
    "duty",
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("department", sa.Text, primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officer.id"), primary_key=True),
)
