"""A place may lie in another region than its branch, with a calendar of its own."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_region"
down_revision = "2026_11_26_playbooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("place", sa.Column("region", sa.String(length=10), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("place") as table:
        table.drop_column("region")
