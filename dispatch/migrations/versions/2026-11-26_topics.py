"""Topics of a training."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_topics"
down_revision = "2026_11_26_feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; a training on record covered the full course."""
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("topics", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.drop_column("topics")
