"""Playbooks: by which process a branch works, and since when a case has been in its stage."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db

revision = "2026_11_26_playbooks"
down_revision = "2026_11_26_care"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "playbook",
                sqlmodel.sql.sqltypes.AutoString(length=8),
                nullable=False,
                server_default="S2",
            )
        )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.alter_column("playbook", server_default=None)
    with op.batch_alter_table("loan_case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage_since_at", dispatch.db.UTCDateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("loan_case", schema=None) as batch_op:
        batch_op.drop_column("stage_since_at")
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.drop_column("playbook")
