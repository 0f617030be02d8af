"""What a person gave for written answers, and what a result is with it. Pure.

A mark belongs to a text: whoever hands in the same text again keeps it, and a text that has changed is asked again. Until there is
a mark a written answer has no points, and its exercise none that are final.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.grades_csv import inert
from grader.reports.pages import inert_line
from grader.tables import columns_of
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "EXTRA", "INSTEAD", "MAX_COMMENT", "OVERALL", "Answer", "Mark", "agreement", "answers", "from_sheet", "judged_points", "points_of", "text_name", "to_sheet", "with_marks",
]  # fmt: skip

OVERALL = ""
"""The check of a mark for all that the judge gives points for; its text is the hash of the program."""
EXTRA = "+"
"""The check of a mark for what is given beyond what the exercise is worth; its text is the hash of the program, too."""
INSTEAD = "by_a_person"
"""The line of a result that a mark for all is: what it adds to the judge's points, or takes."""
MAX_COMMENT = 10_000
"""The longest comment, in characters."""
_END_OF_LINE = re.compile(r"\r\n?|\n")
_SHOWN = ("student", "exercise", "check", "answer", "max_points")
_SHEET = ("code", *_SHOWN, "points", "comment")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What one person gave for one text."""

    student: str
    exercise: str
    check: str
    text: str
    """The name of the text, see `text_name`."""
    points: float | None
    """None where an earlier mark was taken back."""
    comment: str = ""
    lines: tuple[int, ...] = ()
    """The lines of the rubric that hold, from 1."""
    by: str = ""
    at: str = ""

    @property
    def whose(self) -> tuple[str, str, str, str]:
        """What it is about."""
        return (self.student, self.exercise, self.check, self.text)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A written answer, for a person to read."""

    student: str
    exercise: str
    check: str
    claim: str
    text: str
    max_points: float

    @property
    def whose(self) -> tuple[str, str, str, str]:
        """What a mark of it is about."""
        return (self.student, self.exercise, self.check, text_name(self.text))


def text_name(text: str) -> str:
    """A hash that tells texts apart."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def _is_written(check: CheckResult) -> bool:
    """Whether a person gives its points: it was accepted as a text, and is worth something."""
    return bool(check.kept) and check.max_points > 0 and check.verdict is Verdict.ACCEPTED


def answers(student: str, result: ExerciseResult) -> list[Answer]:
    """The written answers in a result, as judging left it."""
    return [
        Answer(
            student=student, exercise=result.exercise, check=check.name, claim=check.claim, text=check.kept,
            max_points=check.max_points,
        )
        for check in result.checks
        if _is_written(check)
    ]  # fmt: skip


def judged_points(result: ExerciseResult) -> tuple[float, float]:
    """What the judge gives of all that it gives points for: what is not written for a person."""
    judged = [check for check in result.checks if not _is_written(check)]
    return math.fsum(check.points for check in judged), math.fsum(check.max_points for check in judged)


def with_marks(
    student: str, result: ExerciseResult, marks: Mapping[tuple[str, str, str, str], Mark], program: str = ""
) -> ExerciseResult:
    """A result with what a person gave in it; what waits for a person has no points yet.

    What a person gave in the place of the judge's points, or beyond them, for the `program` of that hash, is a line of its own:
    so all lines still add up.
    """
    overall, extra = (
        marks.get((student, result.exercise, check, program)) if program else None for check in (OVERALL, EXTRA)
    )
    more = extra.points or 0.0 if extra is not None else 0.0
    if overall is None and not more and not any(map(_is_written, result.checks)):
        return result
    checks = []
    for check in result.checks:
        if not _is_written(check):
            checks.append(check)
            continue
        mark = marks.get((student, result.exercise, check.name, text_name(check.kept)))
        if mark is None or mark.points is None:
            checks.append(replace(check, points=0.0, waiting=True))
        else:
            right = mark.points >= check.max_points
            verdict = Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER
            points = min(mark.points, check.max_points)
            checks.append(replace(check, points=points, verdict=verdict, comment=mark.comment))
    if overall is not None and overall.points is not None:
        judged, _ = judged_points(result)
        checks.append(
            CheckResult(
                name=INSTEAD, claim=f"what a person gave instead: {count_of(overall.points, 'point')}", public=True,
                verdict=Verdict.ACCEPTED, points=overall.points - judged, max_points=0.0, comment=overall.comment,
            )
        )  # fmt: skip
    if more:
        checks.append(
            CheckResult(
                name="extra_credit", claim="extra credit, which a person gave", public=True, verdict=Verdict.ACCEPTED,
                points=more, max_points=0.0,
            )
        )  # fmt: skip
    score = math.fsum(check.points for check in checks)
    verdict = Verdict.of(check.verdict for check in checks)
    return replace(result, checks=tuple(checks), score=score, verdict=verdict)


def points_of(lines: Sequence[int], rubric: Sequence[str], max_points: float) -> float:
    """The points for the lines of a rubric that hold: each is worth as much as the others."""
    return max_points * len(set(lines)) / len(rubric) if rubric else 0.0


def agreement(one: Iterable[Mark], other: Iterable[Mark]) -> tuple[float, int]:
    """Cohen's kappa of two people's marks, and of how many texts: 1 where they agree in all, 0 as chance would.

    J. Cohen, A coefficient of agreement for nominal scales, 1960. 1 where both gave all texts the same points; nan for none.
    """
    first = {mark.whose: mark.points for mark in one if mark.points is not None}
    second = {mark.whose: mark.points for mark in other if mark.points is not None}
    pairs = [(first[whose], second[whose]) for whose in first.keys() & second.keys()]
    if not pairs:
        return math.nan, 0
    observed = sum(a == b for a, b in pairs) / len(pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[points] * right[points] for points in left) / len(pairs) ** 2
    return (1.0 if chance == 1 else (observed - chance) / (1 - chance)), len(pairs)


def _code(course: str, answer: Answer) -> str:
    """What finds an answer again in a sheet, whatever its order: of this course and this text alone.

    It begins with a letter, or a spreadsheet would save some as numbers: 12345678901234567890, or 1234567890123456e12.
    """
    return "x" + hashlib.sha256("\0".join((course, *answer.whose)).encode(errors="surrogatepass")).hexdigest()[:20]


def to_sheet(
    course: str, found: Sequence[Answer], marks: Mapping[tuple[str, str, str, str], Mark], *, anonymous: bool
) -> bytes:
    """The answers as a spreadsheet to fill in: points and comment are the columns that are read back."""
    text = io.StringIO()
    writer = csv.writer(text)  # with lines that end in \r\n, so that a lone \r in an answer is quoted, too
    writer.writerow(_SHEET)
    for answer in found:
        mark = marks.get(answer.whose)
        given = "" if mark is None or mark.points is None else repr(mark.points)
        cells = (
            "" if anonymous else answer.student, answer.exercise, answer.check, _harmless(answer.text), repr(answer.max_points), given,
            mark.comment if mark else "",
        )  # fmt: skip
        writer.writerow([_code(course, answer), *map(inert, cells)])
    return ("\ufeff" + text.getvalue()).encode()  # the mark by which spreadsheets know that it is UTF-8


def _harmless(text: str) -> str:
    """A student's text as it is shown in a terminal, where somebody may look at the sheet: nothing in it acts."""
    return "\n".join(map(inert_line, _END_OF_LINE.split(text)))


def from_sheet(course: str, data: bytes, found: Sequence[Answer], name: str) -> list[Mark]:
    """The marks in a spreadsheet of `to_sheet`, its rows in any order, those left empty apart.

    Raises UsageError, with every problem a line, for columns that are missing, for what is not of this course or whose text has
    changed since, and for points that are none or above the maximum; `name` is the file's.
    """
    known = {_code(course, answer): answer for answer in found}
    marks: list[Mark] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for line, row in columns_of(data, name, _SHEET, optional=_SHOWN):
        code, given = row["code"].strip(), row["points"].strip().lstrip("'").replace(",", ".")
        answer = known.get(code)
        if not given:
            continue
        if answer is None:
            problems.append(
                f"{name}:{line}: {code!r} is no answer of this course, or its text has changed: export the sheet again"
            )
        elif code in seen:
            problems.append(f"{name}:{line}: this answer stands in line {seen[code]} already; keep one of them")
        elif (points := _number(given)) is None or not 0 <= points <= answer.max_points:
            problems.append(f"{name}:{line}: points are a number from 0 to {answer.max_points:g}, not {given!r}")
        elif len(row["comment"]) > MAX_COMMENT:
            problems.append(f"{name}:{line}: the comment has more than {MAX_COMMENT} characters; shorten it")
        else:
            student, exercise, check, name_of_text = answer.whose
            marks.append(
                Mark(
                    student=student, exercise=exercise, check=check, text=name_of_text, points=points,
                    comment=row["comment"],
                )
            )  # fmt: skip
        seen.setdefault(code, line)
    if problems:
        raise UsageError("\n".join(problems))
    return marks


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
