"""What a person sees in a terminal: tables and lists, in colour where it is a terminal. Student text is never markup."""

from __future__ import annotations

import itertools
import math
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from grader.judging.verdicts import ExerciseResult, Verdict
from grader.names import shown
from grader.reports.pages import groups, points

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from grader.course.model import Course
    from grader.reports.grades_csv import GradeRow
    from grader.sandbox.layers import Layer
    from grader.sandbox.printed import Printed
    from grader.verify.verify import Verification

__all__ = ["class_table", "console", "exercise_list", "layer_table", "progress", "verification_table"]

_WIDTH = 120
"""Of a file or a pipe, which has no width of its own."""

_STUDENT_WIDTH, _CELL_WIDTH = 24, 17
"""Columns of a terminal: a student's, and one for a verdict and points."""

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


def console(*, quiet: bool = False) -> Console:
    """Where tables go."""
    return Console(quiet=quiet, highlight=False, width=None if sys.stdout.isatty() else _WIDTH)


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr where that is a terminal; what is given moves it: how many are done with, of how many."""
    screen = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def class_table(course: Course, rows: Iterable[GradeRow], width: int) -> Table:
    """Students x exercises: points, and what went wrong; students x assignments where that is too wide."""
    table = Table(box=box.SIMPLE_HEAD, title=Text(course.title), title_justify="left", padding=(0, 1, 0, 0))
    table.add_column("student", overflow="fold", min_width=_STUDENT_WIDTH)
    exercises = [exercise.id for exercise in course.exercises()]
    by_exercise = _STUDENT_WIDTH + len(exercises) * _CELL_WIDTH <= width
    columns = exercises if by_exercise else [assignment.id for assignment in course.assignments]
    for column in columns:
        table.add_column(Text(column.replace("_", " ") if by_exercise else column), justify="right")
    table.add_column("total", justify="right", style="bold")
    for student, found in itertools.groupby(rows, key=lambda row: row.student):
        cells: dict[str, list[GradeRow]] = {}
        for row in found:
            cells.setdefault(row.exercise if by_exercise else row.assignment, []).append(row)
        total = math.fsum(row.score or 0 for group in cells.values() for row in group)
        table.add_row(Text(shown(student)), *(_cell(cells.get(column, [])) for column in columns), Text(points(total)))
    return table


def _cell(rows: Sequence[GradeRow]) -> Text:
    """Points of one exercise with its verdict, or of several together."""
    verdict = Verdict.of(row.verdict for row in rows)
    word, style = _MARKS[verdict]
    if not rows:
        return Text("")
    if verdict is Verdict.JUDGE_ERROR or all(row.verdict is Verdict.NOT_ATTEMPTED for row in rows):
        return Text(word, style=style)
    score = math.fsum(row.score or 0 for row in rows)
    possible = math.fsum(row.max_score for row in rows)
    return Text(f"{word if len(rows) == 1 else ''} {points(score)}/{points(possible)}".strip(), style=style)


def exercise_list(console: Console, result: ExerciseResult, printed: Printed, file: str) -> None:
    """One exercise with its checks, what is to be said about each, and the file that was checked."""
    _, style = _MARKS[result.verdict]
    head = f"{result.exercise}  {result.verdict}"
    console.print(Text(head, style=f"bold {style}") + Text(f"  {shown(file)}" if file else "", style="not bold dim"))
    for group in groups(result.checks):
        accepted = group[0].verdict is Verdict.ACCEPTED
        claim = "; ".join(check.claim for check in group)
        console.print(
            Text("  ✓ " if accepted else "  ✗ ", style="green" if accepted else "red") + Text(claim, style="default")
        )
        for line in group[0].feedback.splitlines():
            console.print(Text(f"      {line}"))
    if result.verdict is not Verdict.ACCEPTED:
        for note in result.notes:
            console.print(Text(f"      Note: {_inert(note)}."))
    if printed:
        console.print(Text("  printed:", style="dim"))
        for line in printed.lines():
            console.print(Text(f"      {_inert(line)}", style="dim"))


def _inert(line: str) -> str:
    """A line without the control characters that could drive a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "?" for letter in line)


def layer_table(layers: Iterable[Layer], active: Collection[str]) -> Table:
    """Layers x whether they are active, what they protect from, and how to get them."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("layer", "active", "keeps student code from", "how to get it"):
        table.add_column(column, overflow="fold")
    for layer in layers:
        on = layer.name in active
        table.add_row(
            layer.name, Text("yes", "green") if on else Text("no", "red"), layer.protects, "" if on else layer.get
        )
    return table


def verification_table(found: Sequence[Verification]) -> Group:
    """Exercises x what was proven; below it, remarks and faults."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    words = ("exercise", "result")
    for column in ("exercise", "points", "checks", "cases", "wrong", "oracle", "differences", "mutants", "result"):
        table.add_column(column, justify="left" if column in words else "right")
    lines = []
    for each in found:
        counts = (each.checks, each.cases, each.misconceptions, each.oracle, each.differences)
        equivalent = f" ({each.equivalent} equivalent)" if each.equivalent else ""
        mutants = f"{each.rejected}/{each.mutants - each.equivalent}{equivalent}"
        result = Text(f"{len(each.faults)} faults", style="red") if each.faults else Text("proven", style="green")
        cells = ["-" if count is None else str(count) for count in counts]
        table.add_row(each.exercise, points(each.points), *cells, mutants, result)
        lines += [Text(f"{each.exercise}: {note}", style="dim") for note in each.notes]
        lines += [Text(f"{each.exercise}: {fault}", style="red") for fault in each.faults]
    return Group(table, *lines)
