"""How a record of an earlier version becomes one of this version, with Alembic."""
