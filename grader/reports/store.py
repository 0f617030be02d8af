"""The files of a grading run: grades.csv, and a report and a feedback page for each student and assignment."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.files import write_atomically
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.reports.feedback import feedback_page
from grader.reports.report import Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from grader.course.model import Course
    from grader.reports.report import Graded

__all__ = [
    "COLUMNS",
    "GradeRow",
    "Run",
    "lines_of_course",
    "read_grades",
    "read_report",
    "read_run",
    "rows",
    "students_with_reports",
    "write_grades",
    "write_report",
    "write_run",
]

_GRADES = "grades.csv"
COLUMNS = ("student", "assignment", "exercise", "score", "max_score", "verdict", "misconceptions", "submitted_at")


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One line of grades.csv; `score` is None for a judge error, which is for the instructor to settle."""

    student: str
    assignment: str
    exercise: str
    score: float | None
    max_score: float
    verdict: Verdict
    misconceptions: tuple[str, ...]
    submitted_at: str

    def cells(self) -> tuple[str, ...]:
        """The line's cells, as they stand in the file."""
        score = "" if self.score is None else repr(self.score)
        texts = (self.student, self.assignment, self.exercise, score, repr(self.max_score), self.verdict.value,
                 ";".join(self.misconceptions), self.submitted_at)  # fmt: skip
        return tuple(_inert(text) for text in texts)


_SEPARATORS = re.compile(r"([,;|])")
"""Where a spreadsheet may be told to split a line: each part of a cell may become a cell."""

_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")


def _inert(text: str) -> str:
    """A cell no part of which a spreadsheet takes for a formula; another one for each text."""
    return "".join(f"'{part}" if _is_dangerous(part) else part for part in _SEPARATORS.split(text))


def _raw(cell: str) -> str:
    """The text that `_inert` made a cell of."""
    parts = _SEPARATORS.split(cell)
    return "".join(part[1:] if part[:1] == "'" and _is_dangerous(part[1:]) else part for part in parts)


def _is_dangerous(text: str) -> bool:
    """Whether it begins with a formula, or with a control character, after what is not seen and apostrophes."""
    bare = text.lstrip("'")
    if bare and unicodedata.category(bare[0]) == "Cc":
        return True
    unseen = (each == "'" or each.isspace() or unicodedata.category(each) == "Cf" for each in text)
    return next((each for each, hidden in zip(text, unseen, strict=True) if not hidden), "") in _FORMULA


class Run(msgspec.Struct, frozen=True):
    """Where a run's submissions were, so that one can be looked at again."""

    submitted: str


def rows(report: Report, graded: Graded, kept: Collection[str], before: Lines) -> Iterator[GradeRow]:
    """A line for each exercise that was graded, as the written report has it; those `kept` were handed in `before`."""
    times = dict(zip((each.exercise for each in graded.report.exercises), graded.submitted_at, strict=True))
    for result in report.exercises:
        if result.exercise not in times:
            continue
        earlier = before.get((_inert(report.student), report.assignment, result.exercise), ("",))
        submitted_at = earlier[-1] if result.exercise in kept else times[result.exercise]
        score = None if result.verdict is Verdict.JUDGE_ERROR else result.score
        yield GradeRow(
            report.student, report.assignment, result.exercise, score, result.max_score, result.verdict,
            result.misconceptions, submitted_at,
        )  # fmt: skip


def _order(course: Course) -> dict[str, int]:
    return {exercise.id: index for index, exercise in enumerate(course.exercises())}


Lines = dict[tuple[str, ...], tuple[str, ...]]
"""The lines of a grades.csv, cells as they stand there, by student, assignment and exercise."""


def lines_of_course(lines: Lines, course: Course) -> tuple[Lines, tuple[str, ...]]:
    """The lines of exercises that the course has, and the names of those that it no longer has."""
    known = {(exercise.assignment, exercise.id) for exercise in course.exercises()}
    dropped = {f"{assignment}/{exercise}" for _, assignment, exercise in lines if (assignment, exercise) not in known}
    return {key: cells for key, cells in lines.items() if key[1:] in known}, tuple(sorted(dropped))


def write_grades(out: Path, course: Course, before: Lines, new: Iterable[GradeRow]) -> Path:
    """Write grades.csv, sorted by student, then course order; the lines of `before` stay but where there are new ones.

    Raises OSError.
    """
    lines = dict(before)
    for row in new:
        cells = row.cells()
        lines[cells[:3]] = cells
    order = _order(course)

    def place(cells: tuple[str, ...]) -> tuple[str, int, tuple[str, ...]]:
        return _raw(cells[0]), order.get(cells[2], len(order)), cells

    ordered = sorted(lines.values(), key=place)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(ordered)
    path = out / _GRADES
    write_atomically(path, text.getvalue().encode())
    return path


def read_grades(out: Path) -> Lines:
    """The lines of an earlier run; none where there was none. Raises UsageError for a file of another kind."""
    path = out / _GRADES
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    table = list(csv.reader(io.StringIO(text)))
    if not table or tuple(table[0]) != COLUMNS or any(len(line) != len(COLUMNS) for line in table):
        raise UsageError(f"{path} is not a grades.csv of this grader; move it away, or choose another --out")
    return {tuple(line[:3]): tuple(line) for line in table[1:]}


def _report_path(out: Path, student: str, assignment: str) -> Path:
    return out / "reports" / student / f"{assignment}.json"


def read_report(out: Path, student: str, assignment: str) -> Report | None:
    """A report of an earlier run; None where there is none. Raises UsageError for a file that is no report."""
    path = _report_path(out, student, assignment)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"{path} is not a report of this grader ({error}); move it away, or choose another --out"
        ) from None


def write_report(
    out: Path, course: Course, report: Report, *, missing_is_zero: bool = False
) -> tuple[Report, tuple[str, ...]]:
    """Write a report and its feedback page, merged with the report of an earlier run.

    Returns the report as written, and the exercises whose earlier result stays although they were graded again: nothing
    was found for them, unless `missing_is_zero`, or they could not be judged. Raises UsageError and OSError.
    """
    before = read_report(out, report.student, report.assignment)
    kept: tuple[str, ...] = ()
    if before is not None:
        report, kept = merged(before, report, _order(course), missing_is_zero=missing_is_zero)
    data = msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
    write_atomically(_report_path(out, report.student, report.assignment), data)
    page = out / "feedback" / report.student / f"{report.assignment}.html"
    write_atomically(page, feedback_page(report).encode())
    return report, kept


def students_with_reports(out: Path) -> frozenset[str]:
    """The students that an earlier run has graded."""
    folder = out / "reports"
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()


def merged(
    before: Report, after: Report, order: dict[str, int], *, missing_is_zero: bool
) -> tuple[Report, tuple[str, ...]]:
    """An earlier report with a later one's results in their place, and the exercises that kept their earlier result.

    A result replaces an earlier one unless nothing was found for it, or it could not be judged.
    """
    results = {result.exercise: result for result in before.exercises}
    kept = []
    for result in after.exercises:
        earlier = results.get(result.exercise)
        if earlier is not None and _stays(earlier, result, missing_is_zero=missing_is_zero):
            kept.append(result.exercise)
        else:
            results[result.exercise] = result
    ordered = sorted(results.values(), key=lambda result: order.get(result.exercise, len(order)))
    provenance = msgspec.structs.replace(
        after.provenance,
        keys=before.provenance.keys | after.provenance.keys,
        limits=before.provenance.limits | after.provenance.limits,
    )
    return Report.of(after.student, after.assignment, ordered, provenance), tuple(kept)


def _stays(earlier: ExerciseResult, later: ExerciseResult, *, missing_is_zero: bool) -> bool:
    """Whether a result is worth more than a later one that found nothing, or could not be judged."""
    if later.verdict is Verdict.JUDGE_ERROR:
        return earlier.verdict is not Verdict.JUDGE_ERROR
    return _is_missing(later) and not _is_missing(earlier) and not missing_is_zero


def _is_missing(result: ExerciseResult) -> bool:
    return bool(result.checks) and all(check.verdict is Verdict.NOT_ATTEMPTED for check in result.checks)


def write_run(out: Path, run: Run) -> None:
    """Remember where the submissions were. Raises OSError."""
    write_atomically(out / "run.json", msgspec.json.encode(run) + b"\n")


def read_run(out: Path) -> Run:
    """What the last run remembered. Raises UsageError where there was none."""
    try:
        return msgspec.json.decode((out / "run.json").read_bytes(), type=Run)
    except (FileNotFoundError, msgspec.MsgspecError):
        raise UsageError(f"{out} holds no graded class; run `grader grade SUBMITTED --out {out}` first") from None
