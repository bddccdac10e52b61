"""What Alembic runs: one engine, handed over by `dispatch.migrations.config_of`."""

from alembic import context
from sqlmodel import SQLModel

import dispatch.model  # noqa: F401  declares the tables

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
