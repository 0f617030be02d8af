"""The layouts in which other services hand out a class's files: recognised, named, and not graded by accident."""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.names import shown
from grader.submissions.files import children

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Outside", "export_in", "refuse_layout"]

_MOODLE = re.compile(r"_\d+_assignsubmission_\w*$")
_GRADESCOPE = re.compile(r"submission_\d+$")
_GRADESCOPE_LIST = "submission_metadata.yml"
_FEWEST = 3
"""Fewer students are no class, and what they did is told one by one."""


@dataclass(frozen=True, slots=True)
class Outside:
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
        ("Gradescope's export (`submission_123`/files)", _of_gradescope(submitted, outside)),
        ("GitHub Classroom's repositories (`assignment-user`, files at the top)", _of_github(outside)),
    ):
        if len(found) >= _FEWEST and 2 * len(found) >= students:
            raise UsageError(
                f"{submitted} is laid out as {layout}, not as <student>/<assignment>/<exercise>.py: {len(found)} of"
                f" {students} students have answers outside their places alone, such as"
                f" {f'{found[0].student}/{found[0].files[0]}'!r}; nothing was graded\n{_how_to_arrange(submitted, found)}"
            )


def export_in(folder: Path) -> str | None:
    """What to say where the one folder of SUBMITTED is no student's, but holds those of another service."""
    inside = [name for name, status in children(folder)[0].items() if stat.S_ISDIR(status.st_mode)]
    for layout, pattern in (("Moodle's download", _MOODLE), ("Gradescope's export", _GRADESCOPE)):
        if sum(pattern.search(name) is not None for name in inside) >= _FEWEST:
            return f"{folder} is no student's folder but {layout}: name it, instead of the folder around it"
    return None


def _named(outside: Sequence[Outside], pattern: re.Pattern[str]) -> list[Outside]:
    return [each for each in outside if pattern.search(each.student)]


def _of_gradescope(submitted: Path, outside: Sequence[Outside]) -> list[Outside]:
    return list(outside) if (submitted / _GRADESCOPE_LIST).exists() else _named(outside, _GRADESCOPE)


def _of_github(outside: Sequence[Outside]) -> list[Outside]:
    """Repositories: named after an assignment, or all by one slug, or with the history that a clone brings."""
    found = [each for each in outside if each.at_the_root]
    slug = "-" in os.path.commonprefix([each.student for each in found])  # noqa: RUF071  of names, not of paths

    def is_repository(each: Outside) -> bool:
        named = any(_plain(each.student).startswith(f"{_plain(assignment)}-") for assignment in each.assignments)
        return "-" in each.student and (slug or named or (each.folder / ".git").exists())

    return [each for each in found if is_repository(each)]


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def _how_to_arrange(submitted: Path, found: Sequence[Outside]) -> str:
    """What to type, where all files lie at the top of the students' folders; else what to do."""
    answered = Counter(assignment for each in found for assignment in set(each.assignments))
    assignment, _ = answered.most_common(1)[0]
    if len(answered) > 1 or not all(each.at_the_root for each in found):
        return "move each file into <student>/<assignment>/, named as its exercise, and run this again"
    return (
        f"move each student's files into a folder {assignment} inside the student's, and run this again:\n"
        f"  cd {shlex.quote(shown(str(submitted)))}\n"
        f'  for student in ./*/; do mkdir "$student/{assignment}"; '
        f'find "$student" -maxdepth 1 -type f -exec mv {{}} "$student/{assignment}/" \\;; done'
    )
