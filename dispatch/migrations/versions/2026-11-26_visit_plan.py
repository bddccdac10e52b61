"""What may be offered at a visit."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_visit_plan"
down_revision = "2026_11_26_region"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("options", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_column("options")
