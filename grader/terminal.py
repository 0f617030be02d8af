"""What a person sees in a terminal: tables and lists, in colour where it is a terminal. Student text is never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from grader.feedback import groups, points
from grader.result import ExerciseResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from grader.course import Course
    from grader.gradebook import GradeRow
    from grader.verify import Verification

__all__ = ["class_table", "exercise_list", "verification_table"]

_MARKS = {
    Verdict.ACCEPTED: ("", "green"),
    Verdict.WRONG_ANSWER: ("wrong", "red"),
    Verdict.RUNTIME_ERROR: ("error", "red"),
    Verdict.TIME_LIMIT_EXCEEDED: ("time", "red"),
    Verdict.MEMORY_LIMIT_EXCEEDED: ("memory", "red"),
    Verdict.OUTPUT_LIMIT_EXCEEDED: ("output", "red"),
    Verdict.NOT_ATTEMPTED: ("-", "dim"),
    Verdict.FORBIDDEN: ("forbidden", "magenta"),
    Verdict.JUDGE_ERROR: ("JUDGE ERROR", "bold yellow"),
}


def class_table(course: Course, rows: Iterable[GradeRow]) -> Table:
    """Students x exercises: points, and what went wrong."""
    exercises = [exercise.id for exercise in course.exercises()]
    students: dict[str, dict[str, GradeRow]] = {}
    for row in rows:
        students.setdefault(row.student, {})[row.exercise] = row
    table = Table(box=box.SIMPLE_HEAD, title=Text(course.title), title_justify="left")
    table.add_column("student")
    for exercise in exercises:
        table.add_column(exercise, justify="right")
    table.add_column("total", justify="right", style="bold")
    for student, found in students.items():
        total = sum(row.score or 0 for row in found.values())
        cells = [_cell(found[exercise]) if exercise in found else Text("") for exercise in exercises]
        table.add_row(Text(student), *cells, Text(points(total)))
    return table


def _cell(row: GradeRow) -> Text:
    word, style = _MARKS[row.verdict]
    if row.verdict in (Verdict.NOT_ATTEMPTED, Verdict.JUDGE_ERROR):
        return Text(word, style=style)
    return Text(f"{word} {points(row.score or 0)}/{points(row.max_score)}".strip(), style=style)


def exercise_list(console: Console, result: ExerciseResult, printed: str = "") -> None:
    """One exercise with its checks, and what is to be said about each."""
    _, style = _MARKS[result.verdict]
    head = f"{result.exercise}  {result.verdict}  {points(result.score)} of {points(result.max_score)} points"
    console.print(Text(head, style=f"bold {style}"))
    for group in groups(result.checks):
        accepted = group[0].verdict is Verdict.ACCEPTED
        claim = "; ".join(check.claim for check in group)
        console.print(
            Text("  ✓ " if accepted else "  ✗ ", style="green" if accepted else "red") + Text(claim, style="default")
        )
        for line in group[0].feedback.splitlines():
            console.print(Text(f"      {line}"))
    if printed:
        console.print(Text("  printed:", style="dim"))
        for line in printed.splitlines()[:20]:
            console.print(Text(f"      {_inert(line)}", style="dim"))


def _inert(line: str) -> str:
    """A line without the control characters that could drive a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "?" for letter in line)


def verification_table(found: Sequence[Verification]) -> Table:
    """Exercises x what was proven."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("exercise", "points", "checks", "cases", "misconceptions", "result"):
        table.add_column(column, justify="left" if column in ("exercise", "result") else "right")
    for each in found:
        result = Text("proven", style="green") if not each.faults else Text("\n".join(each.faults), style="red")
        table.add_row(
            each.exercise, points(each.points), str(each.checks), str(each.cases), str(each.misconceptions), result
        )
    return table
