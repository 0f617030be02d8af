"""grades.csv: a line for each student and exercise, derived from the reports and never read back. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import Verdict
from grader.names import is_unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.reports.report import Report

__all__ = ["COLUMNS", "GradeRow", "inert", "is_grades_csv", "rows", "to_csv"]

_FIRST = ("student", "assignment", "exercise", "score", "max_score", "verdict", "misconceptions", "submitted_at")
COLUMNS = (*_FIRST, "penalty", "final")


class GradeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line; `score` is None for a judge error, which is for the instructor to settle."""

    student: str
    assignment: str
    exercise: str
    score: float | None
    max_score: float
    verdict: Verdict
    misconceptions: tuple[str, ...]
    submitted_at: str
    penalty: float
    """The points that lateness takes."""
    final: float | None
    """What is left of the score; None while a person or a judge has still to give points, and of one who is excused."""
    waiting: bool = False
    """Whether a person has still to give points."""

    def cells(self) -> tuple[str, ...]:
        """The line's cells, as they stand in the file."""
        score = "" if self.score is None else repr(self.score)
        texts = (self.student, self.assignment, self.exercise, score, repr(self.max_score), self.verdict.value,
                 ";".join(self.misconceptions), self.submitted_at, repr(self.penalty),
                 "" if self.final is None else repr(self.final))  # fmt: skip
        return tuple(inert(text) for text in texts)


def rows(report: Report) -> Iterator[GradeRow]:
    """A line for each exercise of a report."""
    for result in report.exercises:
        yield GradeRow(
            student=report.student, assignment=report.assignment, exercise=result.exercise,
            score=None if result.verdict is Verdict.JUDGE_ERROR else result.score, max_score=result.max_score,
            verdict=result.verdict, misconceptions=result.misconceptions, submitted_at=result.submitted_at,
            penalty=result.worth.penalty, final=result.worth.final,
            waiting=any(check.waiting for check in result.checks),
        )  # fmt: skip


_SEPARATORS = re.compile(r"([,;|\s])")
"""Where a spreadsheet may be told to split a line: each part of a cell may become a cell."""


_PLAIN = re.compile(r"[0-9A-Za-z][-+.:\w]*", re.ASCII)
"""What most cells are: one part, which begins with no sign."""


def inert(text: str) -> str:
    """A cell no part of which a spreadsheet takes for a formula; another one for each text."""
    if _PLAIN.fullmatch(text):
        return text
    parts = _SEPARATORS.split(text)
    quoted = "".join(f"'{part}" if _is_dangerous(part) else part for part in parts)
    return f"'{quoted}" if _begins_with_a_break(parts) else quoted


def _begins_with_a_break(parts: Sequence[str]) -> bool:
    """Whether a tab or the end of a line is the first in a text, apostrophes apart: then it may be dropped."""
    return len(parts) > 1 and not parts[0].strip("'") and unicodedata.category(parts[1]) == "Cc"


def _is_dangerous(text: str) -> bool:
    """Whether it begins with a formula, or with a control character, after what is not seen and apostrophes."""
    bare = text.lstrip("'")
    if bare and not bare[0].isspace() and unicodedata.category(bare[0]) == "Cc":
        return True
    first = next((letter for letter in bare if letter != "'" and not is_unseen(letter)), "")
    return unicodedata.normalize("NFKC", first)[:1] in tuple("=+-@")  # also where it is written wide or small


def is_grades_csv(data: bytes) -> bool:
    """Whether a file may be written over: its first line is that of ours."""
    return data.splitlines()[:1] in ([",".join(columns).encode()] for columns in (COLUMNS, _FIRST))


def to_csv(lines: Iterable[GradeRow]) -> bytes:
    """The file, in the order of the lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(line.cells() for line in lines)
    return text.getvalue().encode()
