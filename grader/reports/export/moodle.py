"""Moodle's grading worksheet with the scores in it, and the archive that its students' feedback files are taken from. Pure.

Moodle names a row by its identifier, "Participant 123" in English, and reads the columns by their headings in the language of
whoever imports the file: they stay as they are. Those of another language are known by their places and by what is in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.files import packed
from grader.names import shown
from grader.reports.export.exported import Exported
from grader.reports.export.people import Person, Row, matched, unplaced
from grader.reports.export.totals import number, the_assignment, totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.course.model import Course
    from grader.reports.export.feedback import Given
    from grader.reports.export.sheet import Sheet
    from grader.reports.report import Report

__all__ = ["moodle", "moodle_feedback"]

_PARTICIPANT = re.compile(r"\D*(?P<number>\d+)")
_GRADE = re.compile(r"\d+([.,]\d+)?")
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f_/\\:*?\"<>|]+")


def moodle(
    course: Course, reports: Iterable[Report], sheet: Sheet, people: Mapping[str, Person], *, scale: bool = False
) -> Exported:
    """The worksheet that Moodle gave, with the scores of one assignment; all else stays as it is.

    Raises UsageError for a file that is no worksheet, for rows that cannot be told apart, for a maximum that is another than the
    course's unless points are to be counted in it (`scale`), and as `totals` does.
    """
    assignment = the_assignment(course, "a grading worksheet")
    found = totals(course, reports)[assignment.id]
    worksheet = _Worksheet.of(sheet)
    possible = next(iter(found.values())).possible
    theirs = float(worksheet.maximum.replace(",", "."))
    if number(theirs) != number(possible) and not scale:
        raise UsageError(
            f"{sheet.name} has a maximum grade of {number(theirs)}, and {assignment.id} {number(possible)} points: change it "
            "in Moodle, or give --scale to count ours in it"
        )
    owners = worksheet.owners(found, people)
    rows = [list(row) for row in sheet.rows]
    for place, student in owners.items():
        total = found[student]
        if total.score is not None and (total.attempted or not assignment.optional):
            grade = number(total.score * theirs / possible if possible else 0.0)
            rows[place - 1][worksheet.grade] = grade.replace(".", ",") if "," in worksheet.maximum else grade
    waiting = sorted(student for student, total in found.items() if total.score is None and not total.excused)
    # Moodle reads no other separator.
    return Exported(
        replace(sheet.with_rows(rows), separator=",").encoded(),
        tuple([f"not judged in full, so without a grade here: {', '.join(map(shown, waiting))}"] if waiting else ()),
        unplaced(sorted(found), set(owners.values()), sheet.name),
    )


def moodle_feedback(  # noqa: PLR0913
    course: Course, reports: Iterable[Report], sheet: Sheet, people: Mapping[str, Person],
    given: Mapping[tuple[str, str], Given], page: Callable[[Report], str],
) -> Exported:  # fmt: skip
    """The pages of one assignment in the folders that Moodle looks for: `Full name_123_assignsubmission_file/`.

    They end as those in Moodle's own download did, where `given` has them. `page` makes that of a report. Raises UsageError as `moodle` does.
    """
    assignment = the_assignment(course, "Moodle's feedback")
    pages = {report.student: page(report) for report in reports if report.assignment == assignment.id}
    worksheet = _Worksheet.of(sheet)
    owners = worksheet.owners(pages, people)
    ending = max((each.moodle_ending for (_, name), each in given.items() if name == assignment.id), default="")
    files = {
        f"{worksheet.folder(place)}{ending}/{assignment.id}.html": pages[student].encode()
        for place, student in owners.items()
    }
    return Exported(packed(files), (), unplaced(sorted(pages), set(owners.values()), sheet.name))


class _Worksheet(msgspec.Struct, frozen=True):
    """Where in a worksheet is what; the identifier is the first column, and the name, unless it is kept secret, the second."""

    sheet: Sheet
    grade: int
    maximum: str

    @staticmethod
    def of(sheet: Sheet) -> _Worksheet:
        """What a file is. Raises UsageError where it is no worksheet, or one with a scale of words."""
        rows = [row for row in sheet.rows[1:] if any(row)]
        if not rows or not all(_PARTICIPANT.fullmatch(row[0]) for row in rows):
            raise UsageError(
                f"{sheet.name} is not Moodle's grading worksheet: its first column should hold identifiers such as "
                "`Participant 123`, a line for each; in the assignment choose Download grading worksheet"
            )
        grades = [
            column - 1
            for column in range(2, len(sheet.headings))
            if _is_maximum([row[column] for row in rows]) and all(_is_grade(row[column - 1]) for row in rows)
        ]
        english = [index for index in grades if sheet.headings[index : index + 2] == ("Grade", "Maximum grade")]
        if len(english or grades) != 1:
            raise UsageError(
                f"{sheet.name} has no column of grades with that of the maximum grade behind it that could be told from the "
                "others; does the assignment grade with points, and is the worksheet as Moodle gave it?"
            )
        (grade,) = english or grades
        return _Worksheet(sheet, grade, rows[0][grade + 1])

    def owners(self, students: Mapping[str, object], people: Mapping[str, Person]) -> dict[int, str]:
        """Whose each row is. Raises UsageError as `matched` does."""
        rows = (
            Row(place, (_number(row[0]), *row[: self.grade]), row[1] if self.grade > 1 else "")
            for place, row in enumerate(self.sheet.rows[1:], start=2)
        )
        return matched(rows, students, people, self.sheet.name)

    def folder(self, place: int) -> str:
        """The folder of a row's student, as Moodle would name it."""
        cells = self.sheet.rows[place - 1]
        name = " ".join(_NOT_IN_A_NAME.sub(" ", cells[1]).split()).strip(". ") or "Participant"
        return f"{name}_{_number(cells[0])}_assignsubmission_file"


def _number(identifier: str) -> str:
    found = _PARTICIPANT.fullmatch(identifier)
    return found["number"] if found else ""


def _is_maximum(cells: list[str]) -> bool:
    return len(set(cells)) == 1 and _GRADE.fullmatch(cells[0]) is not None and float(cells[0].replace(",", ".")) > 0


def _is_grade(cell: str) -> bool:
    return not cell.strip(" -") or _GRADE.fullmatch(cell) is not None
