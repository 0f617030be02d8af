"""Put the judge into nbgrader's configuration, or let nothing be graded.

Nothing of nbgrader is imported before it is needed. Two lines in nbgrader_config.py put the judge into place:

    from grader.nbgrader import configure
    configure(c, course="../course")

Where they cannot be imported nbgrader goes on without them; the nbgrader_config.py that `grader nbgrader source` writes
ends it instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import grader
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["configure"]


def configure(config: Config, course: Path | str = "", *, plain_cells: str = "refuse") -> None:
    """Have `nbgrader autograde` and `nbgrader validate` judge the course's exercises instead of executing notebooks.

    `course` is the folder with course.yml, seen from nbgrader's course directory [default: the nearest one above
    that]. `plain_cells` is "refuse", or "execute" to have nbgrader run the test cells that are no exercise of the
    course in a kernel, without isolation. Where nbgrader is missing or of an unsupported version, or an argument is
    wrong: ends nbgrader with the reason, or refuses formgrader under a Jupyter server, or else raises UsageError.
    """
    from grader.for_nbgrader.versions import require_nbgrader  # noqa: PLC0415  imports stay light until one is needed

    try:
        _require_own_package()
        require_nbgrader()
        from grader.for_nbgrader.preprocessors.installed import install  # noqa: PLC0415  the same

        install(config, str(course), plain_cells)
    except GraderError as error:
        _refuse(config, error)


def _require_own_package() -> None:
    """Raises UsageError where `grader` is a package beside the configuration, and this one only a part of it."""
    place = Path(grader.__file__ or "").parent
    if place != Path(__file__).parents[1]:
        raise UsageError(f"another package, in {place}, has the name `grader`; rename it, or move it away")


def _refuse(config: Config, error: GraderError) -> None:
    """Let nothing be graded: nbgrader goes on after a configuration that raises, and would run students' code itself."""
    from traitlets import HasTraits  # noqa: PLC0415  the same
    from traitlets.config import Application  # noqa: PLC0415  the same

    if not Application.initialized():
        raise error
    if not any(kind.__module__.startswith("jupyter_server.") for kind in type(Application.instance()).__mro__):
        raise SystemExit(f"nbgrader_config.py: {error}") from error

    class Refused(HasTraits):
        """A step that refuses, since a server must not end: formgrader does not load then, and grades nothing."""

        def __init__(self, *_: object, **__: object) -> None:
            raise error

    for kind in ("sanitize_preprocessors", "autograde_preprocessors"):
        config.Autograde[kind] = [Refused]
    config.Exporter.preprocessors = [Refused]
