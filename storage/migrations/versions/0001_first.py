"""The first shape of the database, with its append-only triggers."""

from alembic import op

from storage import triggers
from storage.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    triggers.create(op.get_bind())


def downgrade() -> None:
    triggers.drop(op.get_bind())
    metadata.drop_all(op.get_bind())
