"""Law on record: changes of packs, relaxations, and times at which a person wants quiet."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db

revision = "2026_11_26_law"
down_revision = "2026_11_26_evidence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "pack_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("pack_version", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "adopted",
                "refused",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ground", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_pack_change_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_pack_change_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_change")),
    )
    with op.batch_alter_table("pack_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pack_change_decided_at"), ["decided_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pack_change_decided_by"), ["decided_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pack_change_fingerprint"), ["fingerprint"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pack_change_pack_id"), ["pack_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_pack_change_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pack_change_state"), ["state"], unique=False)

    op.create_table(
        "relaxation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("parameter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column(
            "given_by",
            sa.Enum(
                "borrower",
                "contract",
                "court",
                "lender",
                name="giver",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("until_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ground", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_relaxation_branch_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_relaxation_case_id")),
        sa.ForeignKeyConstraint(["first_by"], ["account.id"], name=op.f("fk_relaxation_first_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_relaxation_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_by"], ["account.id"], name=op.f("fk_relaxation_second_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relaxation")),
    )
    with op.batch_alter_table("relaxation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relaxation_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relaxation_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relaxation_first_by"), ["first_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_relaxation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relaxation_second_by"), ["second_by"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet_times", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("quiet_times")

    with op.batch_alter_table("relaxation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relaxation_second_by"))
        batch_op.drop_index(batch_op.f("ix_relaxation_person_id"))
        batch_op.drop_index(batch_op.f("ix_relaxation_first_by"))
        batch_op.drop_index(batch_op.f("ix_relaxation_case_id"))
        batch_op.drop_index(batch_op.f("ix_relaxation_branch_id"))

    op.drop_table("relaxation")
    with op.batch_alter_table("pack_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pack_change_state"))
        batch_op.drop_index(batch_op.f("ix_pack_change_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_pack_change_pack_id"))
        batch_op.drop_index(batch_op.f("ix_pack_change_fingerprint"))
        batch_op.drop_index(batch_op.f("ix_pack_change_decided_by"))
        batch_op.drop_index(batch_op.f("ix_pack_change_decided_at"))

    op.drop_table("pack_change")
