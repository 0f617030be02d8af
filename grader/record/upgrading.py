"""Bring a database to the newest version of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["known_versions", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "grader.record:migrations")
    config.set_main_option("path_separator", "os")
    return config


def known_versions() -> list[str]:
    """The versions that this grader knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def upgrade(connection: sa.Connection) -> None:
    """Run what is missing, in the transaction that the connection is in."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
