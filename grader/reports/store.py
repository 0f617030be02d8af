"""The results of a class in a folder: reports, the pages that students get, and grades.csv, which is derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.files import format_of, write_atomically
from grader.reports.feedback import feedback_page
from grader.reports.grades_csv import GradeRow, is_grades_csv, rows, to_csv
from grader.reports.report import Report, decode_report, encode_report, merge, searched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.course.model import Course

__all__ = ["LastRun", "Results"]

RUN_FORMAT = 1
_GRADES = "grades.csv"


class LastRun(msgspec.Struct, frozen=True):
    """Where the submissions of the last run were, so that one can be looked at again."""

    submitted: str
    format_version: int = RUN_FORMAT


class Results:
    """What is in the folder, read once, and what a run adds to it."""

    def __init__(self, out: Path, course: Course) -> None:
        """Read what earlier runs have left. Raises UsageError for a report that is none, or of a newer grader."""
        self.out = out
        self._order = {(exercise.assignment, exercise.id): index for index, exercise in enumerate(course.exercises())}
        self._rows = {(report.student, report.assignment): tuple(rows(report)) for report in self.reports()}

    @property
    def students(self) -> frozenset[str]:
        """The students that there is a report on."""
        return frozenset(student for student, _ in self._rows)

    @property
    def dropped(self) -> tuple[str, ...]:
        """The exercises that there are results of, and that the course no longer has: grades.csv leaves them out."""
        found = {(row.assignment, row.exercise) for each in self._rows.values() for row in each}
        return tuple(sorted(f"{assignment}/{exercise}" for assignment, exercise in found - self._order.keys()))

    def require_writable(self) -> None:
        """Find out before the work, not after it. Raises UsageError, also for a grades.csv of somebody else's."""
        path = self.out / _GRADES
        if path.is_file() and not is_grades_csv(path.read_bytes()):
            raise UsageError(f"{path} is not a grades.csv of this grader; move it away, or choose another --out")
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            probe = self.out / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UsageError(f"--out {self.out} cannot be written ({error.strerror}); choose another folder") from None

    def reports(self) -> Iterator[Report]:
        """Every report, by student and assignment. Raises UsageError as `report` does."""
        for path in sorted((self.out / "reports").glob("*/*.json")):
            if (found := self.report(path.parent.name, path.stem)) is not None:
                yield found

    def report(self, student: str, assignment: str) -> Report | None:
        """One report; None where there is none. Raises UsageError for a file that is no report, or a newer one."""
        path = self._path(student, assignment)
        try:
            return decode_report(path.read_bytes(), path)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError as error:
            raise UsageError(
                f"{path} is not a report of this grader ({error}); move it away, or choose another --out"
            ) from None

    def searches(self, student: str, assignment: str) -> frozenset[str]:
        """The exercises of a report in which an edit is still to be looked for. Raises UsageError as `report` does."""
        found = self.report(student, assignment)
        return frozenset(each.exercise for each in found.exercises if each.not_searched) if found else frozenset()

    def add(self, report: Report, *, missing_is_zero: bool = False) -> tuple[str, ...]:
        """Write a report and its page, merged with that of an earlier run; the exercises that kept their earlier result.

        Raises UsageError and OSError.
        """
        kept: tuple[str, ...] = ()
        if (before := self.report(report.student, report.assignment)) is not None:
            order = {exercise: index for (_, exercise), index in self._order.items()}
            report, kept = merge(before, report, order, missing_is_zero=missing_is_zero)
        self._write(report)
        return kept

    def add_searched(self, report: Report) -> None:
        """Put what searches have found into a report that there is, and into its page; no grade changes.

        Raises UsageError and OSError.
        """
        if (graded := self.report(report.student, report.assignment)) is not None:
            self._write(searched(graded, report))

    def _write(self, report: Report) -> None:
        write_atomically(self._path(report.student, report.assignment), encode_report(report))
        page = self.out / "feedback" / report.student / f"{report.assignment}.html"
        write_atomically(page, feedback_page(report).encode())
        self._rows[report.student, report.assignment] = tuple(rows(report))

    def rows(self) -> list[GradeRow]:
        """The lines of grades.csv: of the course's exercises, by student, then in course order."""
        known = [row for each in self._rows.values() for row in each if (row.assignment, row.exercise) in self._order]
        return sorted(known, key=lambda row: (row.student, self._order[row.assignment, row.exercise]))

    def write_grades(self) -> Path:
        """Write grades.csv. Raises OSError."""
        path = self.out / _GRADES
        write_atomically(path, to_csv(self.rows()))
        return path

    def remember(self, run: LastRun) -> None:
        """Keep where the submissions were. Raises OSError."""
        write_atomically(self.out / "run.json", msgspec.json.encode(run) + b"\n")

    def last_run(self) -> LastRun:
        """What the last run remembered. Raises UsageError where there was none."""
        path = self.out / "run.json"
        try:
            data = path.read_bytes()
            format_of(data, path, RUN_FORMAT)
            return msgspec.json.decode(data, type=LastRun)
        except (FileNotFoundError, msgspec.MsgspecError):
            raise UsageError(
                f"{self.out} holds no graded class; run `grader grade SUBMITTED --out {self.out}` first"
            ) from None

    def _path(self, student: str, assignment: str) -> Path:
        return self.out / "reports" / student / f"{assignment}.json"
