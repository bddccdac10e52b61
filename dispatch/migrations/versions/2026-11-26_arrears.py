"""Reasons for arrears are a closed list."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "2026_11_26_arrears"
down_revision = "2026_11_26_law"
branch_labels = None
depends_on = None

REASONS = (
    "job_loss",
    "illness",
    "bereavement",
    "family_change",
    "business_loss",
    "disaster",
    "income_irregular",
    "over_indebted",
    "costs_rose",
    "money_management",
    "missed_reminder",
    "moved_or_new_number",
    "not_aware",
    "disagrees",
    "does_not_wish_to_pay",
    "other",
    "unknown",
)


def upgrade() -> None:
    """Apply the change; a lender's own word that is not on the list becomes `other`."""
    assessment = sa.table("assessment", sa.column("reason", sa.String()))
    op.execute(
        assessment.update().where(assessment.c.reason == "told_at_visit").values(reason="unknown")
    )
    op.execute(
        assessment.update().where(assessment.c.reason.not_in(REASONS)).values(reason="other")
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.alter_column(
            "reason",
            existing_type=sqlmodel.sql.sqltypes.AutoString(length=60),
            type_=sa.Enum(
                *REASONS,
                name="arrearsreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            existing_nullable=False,
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_assessment_arrearsreason"), type_="check")
        batch_op.alter_column(
            "reason",
            existing_type=sa.String(length=40),
            type_=sqlmodel.sql.sqltypes.AutoString(length=60),
            existing_nullable=False,
        )
