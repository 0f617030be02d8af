"""Every student's pages in one archive, in the folders that the service gave, or of the students' own ids. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files import packed
from grader.reports.export.exported import Exported
from grader.reports.feedback import feedback_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.course.model import Course
    from grader.reports.report import Report

__all__ = ["feedback"]


def feedback(course: Course, reports: Iterable[Report], folders: Mapping[tuple[str, str], str]) -> Exported:
    """The archive; `folders` are those that a service gave, by student and assignment.

    Raises UsageError where there is no report, or where two pages would be in one place.
    """
    wanted = {assignment.id for assignment in course.assignments}
    files: dict[str, bytes] = {}
    for report in reports:
        if report.assignment in wanted:
            folder = folders.get((report.student, report.assignment), report.student)
            if folder in {"", ".", ".."} or "/" in folder or "\\" in folder:
                folder = report.student  # it would lead elsewhere
            name = f"{folder}/{report.assignment}.html"
            if name in files:
                raise UsageError(f"two students have the folder {folder!r} for {report.assignment}; rename one of them")
            files[name] = feedback_page(report).encode()
    if not files:
        raise UsageError(f"there are no results of {', '.join(sorted(wanted))}; run `grader grade SUBMITTED` first")
    return Exported(packed(files))
