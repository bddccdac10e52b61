"""What people say of a visit, and who answers for a breach."""

import sqlalchemy as sa
from alembic import op

import dispatch.db

revision = "2026_11_26_feedback"
down_revision = "2026_11_26_visit_plan"
branch_labels = None
depends_on = None

_LINKS = ("branch_id", "case_id", "person_id", "visit_id")
_TABLES = {"case_id": "loan_case"}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _LINKS),
        sa.Column("kind", _choice("feedbackkind", "how_it_was", "contest"), nullable=False),
        sa.Column("felt", _choice("felt", "respected", "mixed", "not_respected"), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{_TABLES.get(name, name.removesuffix('_id'))}.id"],
                name=op.f(f"fk_feedback_{name}"),
            )
            for name in _LINKS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        for name in (*_LINKS, "kind"):
            batch_op.create_index(batch_op.f(f"ix_feedback_{name}"), [name], unique=False)
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_breach", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("responsible_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("person_told_at", dispatch.db.UTCDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(
            batch_op.f("ix_incident_responsible_id"), ["responsible_id"], unique=False
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_responsible_id"))
        batch_op.drop_column("person_told_at")
        batch_op.drop_column("responsible_id")
        batch_op.drop_column("is_breach")
    op.drop_table("feedback")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
