"""The documented names of `grader.for_nbgrader`, where the integration is.

Nothing of nbgrader is imported before it is needed. Two lines in nbgrader_config.py put the judge into place:

    from grader.nbgrader import configure
    configure(c, course="../course")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from traitlets.config import Config

__all__ = ["configure"]


def configure(config: Config, course: Path | str = "", *, plain_cells: str = "refuse") -> None:
    """Have `nbgrader autograde` and `nbgrader validate` judge the course's exercises instead of executing notebooks.

    `course` is the folder with course.yml, seen from nbgrader's course directory [default: the nearest one above
    that]. `plain_cells` is "refuse", or "execute" to have nbgrader run the test cells that are no exercise of the
    course in a kernel, without isolation. Raises UsageError where nbgrader is missing or of an unsupported version.
    """
    from grader.for_nbgrader.versions import require_nbgrader  # noqa: PLC0415  imports stay light until one is needed

    require_nbgrader()
    from grader.for_nbgrader.preprocessors.judge_exercises import install  # noqa: PLC0415  the same

    install(config, str(course), plain_cells)
