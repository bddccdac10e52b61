"""Risk flags on places: kind, who set it and when, when it is looked at again, how it was lifted."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db

revision = "2026_11_27_risk_flags"
down_revision = "2026_11_27_outages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "risk_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "loose_dog",
                "no_light",
                "unsafe_building",
                "lonely_way",
                "earlier_threat",
                name="riskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("set_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("set_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("lifted_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column(
            "lifted_because",
            sa.Enum(
                "gone",
                "made_safe",
                "not_met_again",
                "mistake",
                name="risklifted",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_risk_flag_branch_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_risk_flag_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_flag")),
    )
    with op.batch_alter_table("risk_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_flag_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_risk_flag_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_risk_flag_review_on"), ["review_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_risk_flag_source_id"), ["source_id"], unique=False)
        batch_op.create_index(
            "uq_risk_flag_standing",
            ["place_id", "kind"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("risk_flag", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_risk_flag_standing",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_risk_flag_source_id"))
        batch_op.drop_index(batch_op.f("ix_risk_flag_review_on"))
        batch_op.drop_index(batch_op.f("ix_risk_flag_place_id"))
        batch_op.drop_index(batch_op.f("ix_risk_flag_branch_id"))

    op.drop_table("risk_flag")
