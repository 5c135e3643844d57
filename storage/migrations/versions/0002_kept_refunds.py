"""What was refunded is kept beside the figures; of what was approved before, it is written down here."""

from alembic import op

from storage.migrations.shape import frozen

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TOLD = """
INSERT INTO stat_refund (report_id, approved_at, yuan, department, category, town, level, source)
SELECT a.report_id, a.done_at, h.refund_yuan, a.department, r.category, coalesce(r.town, ''), r.level, r.source
FROM handling h JOIN assignment a ON a.id = h.assignment_id JOIN report r ON r.id = a.report_id
WHERE h.refund_yuan > 0 AND a.part = 'lead' AND a.status = 'done' AND r.sealed = 0 AND NOT EXISTS (
    SELECT 1 FROM handling later JOIN assignment same ON same.id = later.assignment_id
    WHERE same.report_id = a.report_id AND same.part = 'lead' AND same.status = 'done' AND later.id > h.id
)
"""


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (*frozen(revision, bind.dialect.name), TOLD):
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("stat_refund")
