"""The configuration of an nbgrader course, from all the places in which nbgrader looks for it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from nbgrader.apps import AutogradeApp

from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["Configured", "configuration"]


class Configured(msgspec.Struct, frozen=True):
    """What nbgrader's own `nbgrader autograde` would be told, and the course directory that it would work in."""

    config: Config
    root: Path


def configuration(root: Path | None) -> Configured:
    """The configuration of nbgrader's course directory: `root`, else what is configured, else the current folder.

    Read as nbgrader reads it: Jupyter's folders (~/.jupyter, JUPYTER_CONFIG_PATH, /etc/jupyter), the current folder, and
    the course directory. Raises UsageError for a file that fails, where nbgrader goes on without it.
    """
    app = AutogradeApp(raise_config_file_errors=True, log_level=logging.ERROR)
    try:
        app.initialize([f"--course-dir={root.resolve()}"] if root else [])
    except GraderError:
        raise
    except Exception as error:
        raise UsageError(f"nbgrader's configuration cannot be read: {type(error).__name__}: {error}") from error
    return Configured(app.config, Path(app.coursedir.root))
