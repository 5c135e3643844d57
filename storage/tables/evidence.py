"""What was done to pictures before officers see them."""

import sqlalchemy as sa

from storage.tables.columns import Instant, Json, primary_key, table

# Black boxes over faces and names. Each drawing holds all boxes so far; the rows stay, so it can be seen who covered what.
covering = table(
    "covering",
    primary_key(),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("data_key_id", sa.ForeignKey("data_key.id"), nullable=False),
    sa.Column("boxes", Json, nullable=False),
    sa.Column("drawn_by", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("drawn_at", Instant, nullable=False),
)
sa.Index("ix_covering_key", covering.c.data_key_id)
