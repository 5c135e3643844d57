"""Marks of what a report tells, keyed so that the file says nothing of the words: two reports with common marks tell a common story."""

import sqlalchemy as sa

from storage.tables.columns import Int64, table

# Found by mark, so the table is its own index. `among` is how many marks the report has, repeated here to spare a second walk.
similar_mark = table(
    "similar_mark",
    sa.Column("mark", Int64, primary_key=True, autoincrement=False),
    sa.Column("report_id", sa.ForeignKey("report.id"), primary_key=True),
    sa.Column("among", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("ix_similar_mark_report", similar_mark.c.report_id)
