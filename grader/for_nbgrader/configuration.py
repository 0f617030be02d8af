"""The instructor's nbgrader_config.py, as nbgrader reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["configuration"]


def configuration(root: Path) -> Config:
    """What nbgrader_config.py says: the instructor's own file. Raises UsageError where it cannot be run."""
    try:
        return PyFileConfigLoader("nbgrader_config.py", path=str(root.resolve())).load_config()
    except ConfigFileNotFound:
        return Config()
