"""What a clock on the wall shows when an appointment begins, beside its instants."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_wall_time"
down_revision = "73e356f69c27"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; the duty `keep_wall_times` fills what was told before, by the rules it finds."""
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wall_from", sa.String(length=19), nullable=True))
        batch_op.add_column(sa.Column("wall_zone", sa.String(length=60), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_column("wall_zone")
        batch_op.drop_column("wall_from")
