"""The layouts in which other services hand out a class's files: recognised, named, and not graded by accident."""

from __future__ import annotations

import os
import re
import shlex
import stat
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.names import shown
from grader.submissions.files import children
from grader.submissions.intake.brightspace import FOLDER as BRIGHTSPACE
from grader.submissions.intake.classroom import as_slug
from grader.submissions.intake.listing import METADATA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Outside", "export_in", "how_to_collect", "refuse_layout"]

_MOODLE = re.compile(r"_\d+_assignsubmission_\w*$")
_GRADESCOPE = re.compile(r"submission_\d+$")
_FEWEST = 3
"""Fewer students are no class, and what they did is told one by one."""


class Outside(msgspec.Struct, frozen=True):
    """A student all of whose answers are outside their places."""

    student: str
    folder: Path
    files: tuple[str, ...]
    """As they are below the folder, with `/`."""
    assignments: tuple[str, ...]
    """What they answer."""

    @property
    def at_the_root(self) -> bool:
        """Whether the answers lie in the student's folder itself."""
        return all("/" not in name for name in self.files)


def refuse_layout(submitted: Path, outside: Sequence[Outside], students: int) -> None:
    """Raises UsageError where at least half of the students, and at least 3, are as another service hands them out."""
    for layout, found in (
        ("Moodle's download (`Full Name_123_assignsubmission_file_`/files)", _named(outside, _MOODLE)),
        ("Brightspace's download (`123-456 - Full Name - Sep 24, 2026 926 PM`/files)", _named(outside, BRIGHTSPACE)),
        ("Gradescope's export (`submission_123`/files)", _of_gradescope(submitted, outside)),
        ("GitHub Classroom's repositories (`assignment-user`, files at the top)", _of_github(outside)),
    ):
        if len(found) >= _FEWEST and 2 * len(found) >= students:
            raise UsageError(
                f"{submitted} is laid out as {layout}, not as <student>/<assignment>/<exercise>.py: {len(found)} of"
                f" {students} students have answers outside their places alone, such as"
                f" {f'{found[0].student}/{found[0].files[0]}'!r}; nothing was graded; {how_to_collect(submitted)}"
            )


def export_in(folder: Path) -> str | None:
    """What to say where the one folder of SUBMITTED is no student's, but holds those of another service."""
    inside = [name for name, status in children(folder)[0].items() if stat.S_ISDIR(status.st_mode)]
    for layout, pattern in (
        ("Moodle's download", _MOODLE),
        ("Brightspace's download", BRIGHTSPACE),
        ("Gradescope's export", _GRADESCOPE),
    ):
        if sum(pattern.search(name) is not None for name in inside) >= _FEWEST:
            return f"{folder} is no student's folder but {layout}; {how_to_collect(folder.parent)}"
    return None


def _named(outside: Sequence[Outside], pattern: re.Pattern[str]) -> list[Outside]:
    return [each for each in outside if pattern.search(each.student)]


def _of_gradescope(submitted: Path, outside: Sequence[Outside]) -> list[Outside]:
    return list(outside) if (submitted / METADATA).exists() else _named(outside, _GRADESCOPE)


def _of_github(outside: Sequence[Outside]) -> list[Outside]:
    """Repositories: named after an assignment, or all by one slug, or with the history that a clone brings."""
    found = [each for each in outside if each.at_the_root]
    slug = "-" in os.path.commonprefix([each.student for each in found])  # noqa: RUF071  of names, not of paths

    def is_repository(each: Outside) -> bool:
        named = any(as_slug(each.student).startswith(f"{as_slug(assignment)}-") for assignment in each.assignments)
        return "-" in each.student and (slug or named or (each.folder / ".git").exists())

    return [each for each in found if is_repository(each)]


def how_to_collect(download: Path) -> str:
    """What to type, so that a class in another layout comes into the one that is graded."""
    name = "submitted" if download.name != "submitted" else "collected"
    source, into = (shlex.quote(shown(str(path))) for path in (download, download.with_name(name)))
    return f"let it be arranged, and grade that:\n  grader collect {source} --into {into}"
