"""Care: calls owed to people, where people are sent for help, and who is trained."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db

revision = "2026_11_26_care"
down_revision = "2026_11_26_complaints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "care_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "distress",
                "vulnerable",
                name="carereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken",
                "reached",
                "unreachable",
                name="carestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_care_call_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_care_call_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_care_call_person_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_care_call_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_call")),
    )
    with op.batch_alter_table("care_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_call_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_call_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_call_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_call_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_call_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_call_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_call_taken_by"), ["taken_by"], unique=False)

    op.create_table(
        "support_referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "crisis",
                "health",
                "money_advice",
                "legal_advice",
                "family",
                "housing",
                name="supporttopic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_support_referral_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_support_referral_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_referral")),
    )
    with op.batch_alter_table("support_referral", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_referral_added_by"), ["added_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_support_referral_branch_id"), ["branch_id"], unique=False
        )

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("care_trained_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("care_trained_until")

    with op.batch_alter_table("support_referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_referral_branch_id"))
        batch_op.drop_index(batch_op.f("ix_support_referral_added_by"))

    op.drop_table("support_referral")
    with op.batch_alter_table("care_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_call_taken_by"))
        batch_op.drop_index(batch_op.f("ix_care_call_state"))
        batch_op.drop_index(batch_op.f("ix_care_call_source_id"))
        batch_op.drop_index(batch_op.f("ix_care_call_person_id"))
        batch_op.drop_index(batch_op.f("ix_care_call_due_at"))
        batch_op.drop_index(batch_op.f("ix_care_call_case_id"))
        batch_op.drop_index(batch_op.f("ix_care_call_branch_id"))

    op.drop_table("care_call")
