"""Notices remember their template, its version, and the hash of what went out."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "2026_11_26_wording"
down_revision = "2026_11_26_arrears"
branch_labels = None
depends_on = None

_COLUMNS = {"template": 60, "template_version": 16, "body_hash": 64}


def upgrade() -> None:
    """Apply the change; notices of before know none of it."""
    with op.batch_alter_table("notice", schema=None) as batch_op:
        for name, length in _COLUMNS.items():
            text = sqlmodel.sql.sqltypes.AutoString(length=length)
            batch_op.add_column(sa.Column(name, text, nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("notice", schema=None) as batch_op:
        for name in reversed(_COLUMNS):
            batch_op.drop_column(name)
