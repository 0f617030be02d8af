"""What Alembic runs: the migrations that are missing, in the transaction of whoever opens the record."""

from __future__ import annotations

from alembic import context

from grader.record.schema import VERSIONS

context.configure(connection=context.config.attributes["connection"], version_table=VERSIONS)
with context.begin_transaction():
    context.run_migrations()
