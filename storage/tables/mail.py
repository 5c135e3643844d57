"""What comes in and what goes out: addressees, inbox, drafts, outbox."""

import sqlalchemy as sa

from storage.tables.columns import Instant, Int64, one_of, primary_key, table

# A data key per subject (an addressee, an identity, a report), wrapped by the key outside the database. Erasure empties `wrapped`.
data_key = table(
    "data_key",
    primary_key(),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("wrapping_key", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("destroyed_at", Instant),
    sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_means_empty"),
)

# One person on one channel, parent or officer. The address itself is sealed; `address_index` finds it again.
addressee = table(
    "addressee",
    primary_key(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("address_index", sa.LargeBinary, nullable=False),
    sa.Column("address", sa.LargeBinary),
    sa.Column("data_key_id", sa.ForeignKey("data_key.id"), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("gone_at", Instant),
    sa.UniqueConstraint("channel", "address_index"),
)

inbox = table(
    "inbox",
    primary_key(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("addressee_id", sa.ForeignKey("addressee.id"), nullable=False),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done_at", Instant),
    sa.Column("outcome", sa.Text),
    sa.UniqueConstraint("channel", "event_id"),
    one_of("outcome", ("handled", "failed")),
    sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done_has_outcome"),
    sa.CheckConstraint("done_at IS NOT NULL OR payload IS NOT NULL", name="unfinished_has_payload"),
)
_unfinished = inbox.c.done_at.is_(None)
sa.Index("ix_inbox_unfinished", inbox.c.addressee_id, inbox.c.id, sqlite_where=_unfinished, postgresql_where=_unfinished)

draft = table(
    "draft",
    sa.Column("addressee_id", sa.ForeignKey("addressee.id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.CheckConstraint("version >= 1", name="version_counts"),
    sa.CheckConstraint("expires_at > updated_at", name="expires_later"),
)

# `dedupe_key` makes an act's message exist once; `sequence` is the order one person reads in; `cause_id` ties a reply to what it answers.
outbox = table(
    "outbox",
    primary_key(),
    sa.Column("addressee_id", sa.ForeignKey("addressee.id"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("cause_id", sa.ForeignKey("inbox.id")),
    sa.Column("dedupe_key", sa.Text, nullable=False, unique=True),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("leased_until", Instant),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("settled_at", Instant),
    sa.Column("reference", sa.Text),
    sa.Column("failure", sa.Text),
    one_of("state", ("waiting", "sent", "undeliverable")),
    sa.CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_has_time"),
    sa.CheckConstraint("state = 'waiting' OR leased_until IS NULL", name="settled_is_free"),
    sa.CheckConstraint("attempts >= 0", name="attempts_count"),
)
# Led by the channel: what waits for the web page to fetch it must not be walked over by those who push.
sa.Index(
    "ix_outbox_waiting",
    outbox.c.channel,
    outbox.c.addressee_id,
    outbox.c.id,
    sqlite_where=outbox.c.state == "waiting",
    postgresql_where=outbox.c.state == "waiting",
)
sa.Index("ix_outbox_person", outbox.c.addressee_id, outbox.c.id)
sa.Index("ix_outbox_cause", outbox.c.cause_id)

__all__ = ["Int64", "addressee", "data_key", "draft", "inbox", "outbox"]
