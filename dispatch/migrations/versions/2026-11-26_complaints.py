"""Complaints: their clocks, what was found, and a handler who goes out to no visits."""

import sqlalchemy as sa
from alembic import op

import dispatch.db

revision = "2026_11_26_complaints"
down_revision = "2026_11_26_wording"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_account_id_role", "account", ["id", "role"], unique=True)
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("finding_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("remedy_sealed", sa.LargeBinary(), nullable=True))
        for name in ("acknowledge_by_at", "acknowledged_at", "told_at"):
            batch_op.add_column(
                sa.Column(name, dispatch.db.UTCDateTime(timezone=True), nullable=True)
            )
        batch_op.add_column(
            sa.Column("handler_role", _choice("handler_role", *_ROLES), nullable=True)
        )
        batch_op.add_column(
            sa.Column("extension", _choice("extension", "complex", "approved"), nullable=True)
        )
        batch_op.create_check_constraint(
            op.f("ck_complaint_handler_role"), f"handler_role IN {_ROLES}"
        )
        batch_op.create_check_constraint(
            op.f("ck_complaint_extension"), "extension IN ('complex', 'approved')"
        )
        batch_op.create_check_constraint(
            op.f("ck_complaint_handler_with_role"),
            "(handler_id IS NULL) = (handler_role IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_complaint_handler_independent"), "handler_role IN ('admin', 'manager')"
        )
        batch_op.create_foreign_key(
            op.f("fk_complaint_handler_id_handler_role"),
            "account",
            ["handler_id", "handler_role"],
            ["id", "role"],
        )
        batch_op.create_index(batch_op.f("ix_complaint_due_at"), ["due_at"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_due_at"))
        batch_op.drop_constraint(op.f("fk_complaint_handler_id_handler_role"), type_="foreignkey")
        for name in ("handler_independent", "handler_with_role", "extension", "handler_role"):
            batch_op.drop_constraint(op.f(f"ck_complaint_{name}"), type_="check")
        for name in (
            "extension",
            "handler_role",
            "told_at",
            "acknowledged_at",
            "acknowledge_by_at",
            "remedy_sealed",
            "finding_sealed",
        ):
            batch_op.drop_column(name)
    op.drop_index("ix_account_id_role", table_name="account")


_ROLES = ("admin", "manager", "agent", "auditor", "service")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=False, length=40)
