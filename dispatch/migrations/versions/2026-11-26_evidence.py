"""Evidence as canonical JSON, the ends of its chains, daily roots; amendments."""

import json

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db
from dispatch.canonical import canonical

revision = "2026_11_26_evidence"
down_revision = "2026_11_22_first"
branch_labels = None
depends_on = None

_EVIDENCE = sa.table(
    "evidence",
    sa.column("number", sa.Integer()),
    sa.column("facts", sa.Text()),
    sa.column("sequence", sa.Integer()),
    sa.column("previous_hash", sa.String()),
    sa.column("hash", sa.String()),
    sa.column("sealed_at", sa.DateTime()),
)


def upgrade() -> None:
    """Apply the change; entries are sealed anew, since what is hashed of them has changed."""
    op.create_table(
        "evidence_chain",
        sa.Column("chain", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("root", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_evidence_chain")),
    )
    op.create_table(
        "evidence_root",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("root", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("taken_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("anchored_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_root")),
        sa.UniqueConstraint("chain", "day_on", name=op.f("uq_evidence_root_chain_day_on")),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("after_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ground_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("made_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_amendment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_amendment_subject_id"), ["subject_id"], unique=False)

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.alter_column(
            "facts",
            existing_type=sa.JSON(),
            type_=sa.Text(),
            existing_nullable=False,
            postgresql_using="facts::text",
        )
    connection = op.get_bind()
    connection.execute(
        sa.update(_EVIDENCE).values(sequence=None, previous_hash=None, hash=None, sealed_at=None)
    )
    written = connection.execute(sa.select(_EVIDENCE.c.number, _EVIDENCE.c.facts)).all()
    for number, facts in written:
        connection.execute(
            sa.update(_EVIDENCE)
            .where(_EVIDENCE.c.number == number)
            .values(facts=canonical(json.loads(facts)))
        )


def downgrade() -> None:
    """Take the change back; the seals go with it."""
    op.get_bind().execute(
        sa.update(_EVIDENCE).values(sequence=None, previous_hash=None, hash=None, sealed_at=None)
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.alter_column(
            "facts",
            existing_type=sa.Text(),
            type_=sa.JSON(),
            existing_nullable=False,
            postgresql_using="facts::json",
        )
    op.drop_table("amendment")
    op.drop_table("evidence_root")
    op.drop_table("evidence_chain")
