"""The figures' own store: which reports moved, one narrow row per assignment and report, those packed in columns, and what was refunded.

Nothing here is a record: all of it can be thrown away and counted again from the history.
"""

import sqlalchemy as sa

from storage.tables.columns import Flag, Instant, Int64, primary_key, table

# Reports whose facts are out of date. A move marks its report here in the same transaction; whoever asks for figures first catches up.
stat_stale = table(
    "stat_stale",
    sa.Column("report_id", Int64, primary_key=True, autoincrement=False),
    sa.Column("marks", sa.Integer, nullable=False),
)

# Keys of categories, towns, levels, channels and the like as small numbers, so that a column of them can be packed.
stat_name = table("stat_name", primary_key(), sa.Column("name", sa.Text, nullable=False, unique=True))

# What all this was reckoned with: another working calendar makes every fact stale, other definitions every chunk.
stat_basis = table(
    "stat_basis",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("calendar", sa.Text, nullable=False),
    sa.Column("definitions", sa.Text, nullable=False),
)

# One month of one department by the day of dispatch; department "" holds the reports themselves by the day of filing.
# `settled` facts are over and tell the same at every moment; `open` ones depend on when they are asked about.
stat_chunk = table(
    "stat_chunk",
    primary_key(),
    sa.Column("month", sa.Integer, nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("settled", sa.Integer, nullable=False),
    sa.Column("open", sa.Integer, nullable=False),
    sa.Column("started_from", Int64, nullable=False),
    sa.Column("started_until", Int64, nullable=False),
    sa.Column("due_from", Int64, nullable=False),
    sa.Column("due_until", Int64, nullable=False),
    sa.Column("stale", Flag, nullable=False),
    sa.UniqueConstraint("month", "department"),
)
_stale = stat_chunk.c.stale == 1
sa.Index("ix_stat_chunk_stale", stat_chunk.c.id, sqlite_where=_stale, postgresql_where=_stale)

TIMES = ("started", "sign_due", "contact_due", "due", "due_original", "paused_since")
SPANS = (
    "sign_clock",
    "sign_work",
    "first_clock",
    "first_work",
    "reply_clock",
    "reply_work",
    "close_clock",
    "close_work",
    "held_clock",
    "held_work",
    "paused_clock",
    "paused_work",
)
NAMES = ("category", "town", "level", "channel", "source", "nature")

# `assignment_id` 0 is the report itself. Times are whole UTC seconds, 0 when there is none; spans are seconds, -1 when not yet.
stat_fact = table(
    "stat_fact",
    sa.Column("chunk_id", Int64, primary_key=True),
    sa.Column("report_id", Int64, primary_key=True),
    sa.Column("assignment_id", Int64, primary_key=True),
    sa.Column("part", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Integer, nullable=False) for name in NAMES),
    sa.Column("officer", sa.Integer, nullable=False),
    sa.Column("flags", sa.Integer, nullable=False),
    sa.Column("satisfaction", sa.Integer, nullable=False),
    sa.Column("work_base", Int64, nullable=False),
    *(sa.Column(name, Int64, nullable=False) for name in TIMES),
    *(sa.Column(name, Int64, nullable=False) for name in SPANS),
    sqlite_with_rowid=False,
)
sa.Index("ix_stat_fact_report", stat_fact.c.report_id)

# The settled facts of one chunk, counted: a row of numbers for all of them, then one for each category.
# storage/metrics/cells.py says what each number is.
stat_cell = table(
    "stat_cell",
    sa.Column("chunk_id", Int64, primary_key=True, autoincrement=False),
    sa.Column("numbers", sa.LargeBinary, nullable=False),
)

# Little-endian numbers of one chunk: each column of its settled facts, their spans sorted within each category,
# and under "open" the open facts whole.
stat_pack = table(
    "stat_pack",
    sa.Column("chunk_id", Int64, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("numbers", sa.LargeBinary, nullable=False),
)

# What the last approved answer of a report says was refunded, by the moment of its approval; a report without a refund has no row.
stat_refund = table(
    "stat_refund",
    sa.Column("report_id", Int64, primary_key=True, autoincrement=False),
    sa.Column("approved_at", Instant, nullable=False),
    sa.Column("yuan", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("department", "category", "town", "level", "source")),
)
sa.Index("ix_stat_refund_approved", stat_refund.c.approved_at)
