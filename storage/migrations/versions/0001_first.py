"""The first shape of the database, with its append-only triggers."""

from alembic import op

from storage import triggers
from storage.migrations.shape import frozen, taken_down

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    for statement in frozen(revision, bind.dialect.name):
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    bind = op.get_bind()
    triggers.drop(bind)
    for statement in taken_down(bind.dialect.name):
        bind.exec_driver_sql(statement)
