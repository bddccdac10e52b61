"""Disasters: areas and periods in which nobody is visited, and how far the work on them is."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db

revision = "2026_11_27_disasters"
down_revision = "2026_11_27_risk_flags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "disaster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.JSON(), nullable=False),
        sa.Column("area_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("until_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "spreading",
                "in_force",
                "lifting",
                "over",
                name="disasterstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("declared_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("declared_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("swept_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_disaster_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disaster")),
    )
    with op.batch_alter_table("disaster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disaster_area_hash"), ["area_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_disaster_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disaster_state"), ["state"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("disaster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disaster_state"))
        batch_op.drop_index(batch_op.f("ix_disaster_branch_id"))
        batch_op.drop_index(batch_op.f("ix_disaster_area_hash"))

    op.drop_table("disaster")
