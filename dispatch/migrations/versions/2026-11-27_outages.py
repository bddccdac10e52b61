"""A try that a gateway's outage cost is none of a notice's, and tries of a day are counted fast."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_outages"
down_revision = "2026_11_27_on_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("send_attempt", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_spent", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.create_index(
            batch_op.f("ix_send_attempt_started_at"), ["started_at"], unique=False
        )
    with op.batch_alter_table("send_attempt", schema=None) as batch_op:
        batch_op.alter_column("is_spent", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("send_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_send_attempt_started_at"))
        batch_op.drop_column("is_spent")
