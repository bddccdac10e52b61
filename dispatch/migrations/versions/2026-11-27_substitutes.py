"""Whether notices name a substitute, whom an appointment names, and the crews that they would make."""

import sqlalchemy as sa
from alembic import op

revision = "73e356f69c27"
down_revision = "2026_11_27_disasters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("substitute_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_appointment_substitute_id"), ["substitute_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_appointment_substitute_id"), "agent", ["substitute_id"], ["id"]
        )

    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("names_substitutes", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("substitute_hashes", sa.JSON(), server_default="[]", nullable=False)
        )

    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.alter_column("names_substitutes", server_default=None)
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("substitute_hashes", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("substitute_hashes")

    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.drop_column("names_substitutes")

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_appointment_substitute_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_appointment_substitute_id"))
        batch_op.drop_column("substitute_id")
