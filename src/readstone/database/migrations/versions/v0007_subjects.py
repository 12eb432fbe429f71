"""The subject of an event may be the digest of a file."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make room for it."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("subject", existing_type=sa.String(32), type_=sa.String(64))
