"""How late a crew said that it would be, on its way to a visit."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_late"
down_revision = "2026_11_26_topics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_column("late_minutes")
