"""Every student's pages in one archive, named as the service named what was handed in, or by the students' own ids. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.files import packed
from grader.reports.export.exported import Exported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.course.model import Course
    from grader.reports.report import Report

__all__ = ["Given", "feedback"]

_OF_MOODLE = re.compile(r"([^_]*_\d+_assignsubmission_[a-z]+)(_?)(.*)", re.DOTALL)
"""What Moodle looks for. Before 4.1 an underscore ends a folder's name; the file's own name follows in a download without folders."""


class Given(msgspec.Struct, frozen=True):
    """What a service called the file or folder that was handed in, and its own numbers in that."""

    service: str
    name: str
    ids: Mapping[str, str] = {}

    def stem(self) -> str:
        """What the name of a page begins with, in that service; empty where it has no such names.

        Canvas knows a file by two numbers in its name, the others a folder.
        """
        match self.service:
            case "canvas":
                numbers = f"_{self.ids.get('user')}_{self.ids.get('attachment')}_"
                before, named, _ = self.name.partition(numbers)
                return f"{before}{named}" if named else ""
            case "moodle":
                match = _OF_MOODLE.fullmatch(self.name)
                return f"{match[1]}{self.moodle_ending}/" if match else ""
            case "gradescope" | "brightspace" | "classroom" | "folders":
                return f"{self.name}/"
            case _:
                return ""

    @property
    def moodle_ending(self) -> str:
        """What ends the names of Moodle's folders, as its download has them."""
        match = _OF_MOODLE.fullmatch(self.name) if self.service == "moodle" else None
        return match[2] if match and not match[3] else ""


def feedback(
    course: Course, reports: Iterable[Report], given: Mapping[tuple[str, str], Given], page: Callable[[Report], str]
) -> Exported:
    """The archive; `page` makes that of a report, `given` is what a service gave, by student and assignment.

    What is of a group has the name once and a page for each student in it. Raises UsageError where there is no report, or where two
    pages would be in one place.
    """
    wanted = {assignment.id for assignment in course.assignments}
    chosen = [report for report in reports if report.assignment in wanted]
    if not chosen:
        raise UsageError(f"there are no results of {', '.join(sorted(wanted))}; run `grader grade SUBMITTED` first")
    stems = {
        (report.student, report.assignment): stem
        for report in chosen
        if (each := given.get((report.student, report.assignment))) and _leads_nowhere(stem := each.stem())
    }
    shared = Counter((assignment, stem) for (_, assignment), stem in stems.items())
    files: dict[str, bytes] = {}
    for report in chosen:
        stem = stems.get((report.student, report.assignment), f"{report.student}/")
        if shared[report.assignment, stem] > 1:
            stem += f"{report.student}_" if not stem.endswith("/") else f"{report.student}/"
        name = f"{stem}{report.assignment}.html"
        if name in files:
            raise UsageError(f"two students would have the page {name}; rename one of them")
        files[name] = page(report).encode()
    return Exported(packed(files))


def _leads_nowhere(stem: str) -> bool:
    """Whether a name stays in the archive, in a folder of its own or in none."""
    folder = stem.removesuffix("/")
    return folder not in {"", ".", ".."} and "/" not in folder and "\\" not in folder
