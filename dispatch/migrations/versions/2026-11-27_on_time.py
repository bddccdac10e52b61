"""How surely each window of a plan is kept, and whether a branch fills what is given back."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_on_time"
down_revision = "2026_11_26_late"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_time", sa.Float(), nullable=True))
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("refills", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.alter_column("refills", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.drop_column("refills")
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.drop_column("on_time")
