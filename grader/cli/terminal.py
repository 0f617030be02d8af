"""What a person sees in a terminal: tables and lists, in colour where it is a terminal. Student text is never markup."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from grader.cli.by_student import Column, by_student, fit
from grader.cli.lines import MARKS
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.pages import points
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from grader.course.model import Course
    from grader.reports.grades_csv import GradeRow
    from grader.sandbox.layers import Layer
    from grader.verify.verify import Verification

__all__ = ["class_table", "layer_table", "progress", "verification_table"]


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


def class_table(course: Course, rows: Iterable[GradeRow], width: int) -> Group:
    """Students x exercises: points, and what went wrong; students x assignments where that does not fit into a `width`.

    What does not fit beside the others comes below, so that no column and no digit is ever cut off.
    """
    found = [(student, list(group)) for student, group in itertools.groupby(rows, key=lambda row: row.student)]
    names = Column(Text("student"), tuple(Text(shown(student)) for student, _ in found))
    totals = Column(
        Text("total"), tuple(Text(points(math.fsum(row.score or 0 for row in group)), "bold") for _, group in found)
    )
    of_exercise = [_grouped(group, lambda row: row.exercise) for _, group in found]
    of_assignment = [_grouped(group, lambda row: row.assignment) for _, group in found]
    by_exercise = [
        Column(Text(exercise.id.replace("_", " ")), tuple(_cell(each[exercise.id]) for each in of_exercise))
        for exercise in course.exercises()
    ]
    by_assignment = [
        Column(Text(assignment.id), tuple(_cell(each[assignment.id]) for each in of_assignment))
        for assignment in course.assignments
    ]
    title = Text(shown(course.title), style="italic")
    fits = len(by_assignment) == 1 or fit(names, totals, by_exercise, width)
    return Group(title, *by_student(names, totals, by_exercise if fits else by_assignment, width))


def _grouped(rows: Iterable[GradeRow], key: Callable[[GradeRow], str]) -> defaultdict[str, list[GradeRow]]:
    """The rows by a key; none for one that has none."""
    found: defaultdict[str, list[GradeRow]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _cell(rows: Sequence[GradeRow]) -> Text:
    """Points of one exercise with its verdict, or of several together."""
    verdict = Verdict.of(row.verdict for row in rows)
    word, style = MARKS[verdict]
    if not rows:
        return Text("")
    if verdict is Verdict.JUDGE_ERROR or all(row.verdict is Verdict.NOT_ATTEMPTED for row in rows):
        return Text(word, style=style)
    score = math.fsum(row.score or 0 for row in rows)
    possible = math.fsum(row.max_score for row in rows)
    waits = " waits" * any(row.waiting for row in rows)
    return Text(f"{word if len(rows) == 1 else ''} {points(score)}/{points(possible)}{waits}".strip(), style=style)


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
    columns = ("exercise", "points", "checks", "cases", "wrong", "oracle", "differences", "others", "mutants", "result")
    for column in columns:
        table.add_column(column, justify="left" if column in words else "right")
    lines = []
    for each in found:
        counts = (each.checks, each.cases, each.misconceptions, each.oracle, each.differences, each.alternatives)
        equivalent = f" ({each.equivalent} equivalent)" if each.equivalent else ""
        mutants = f"{each.rejected}/{each.mutants - each.equivalent}{equivalent}"
        style = {"proven": "green", "consistent": "yellow"}.get(each.result, "red")
        result = Text(count_of(len(each.faults), "fault") if each.faults else each.result, style=style)
        cells = ["-" if count is None else str(count) for count in counts]
        table.add_row(each.exercise, points(each.points), *cells, mutants, result)
        lines += [Text(f"{each.exercise}: note: {note}", style="dim") for note in each.notes]
        lines += [Text(f"{each.exercise}: {fault}", style="red") for fault in each.faults]
    return Group(table, *lines, Text(_proofs(Counter(each.result for each in found))))


def _proofs(counts: Counter[str]) -> str:
    """How many exercises are proven, and what the others lack."""
    told = [f"{counts['proven']} proven"]
    if counts["consistent"]:
        told.append(
            f"{counts['consistent']} consistent (no oracle, no differences, and no second implementation in tests/alternatives)"
        )
    if counts["faults"]:
        told.append(f"{counts['faults']} with faults")
    return ", ".join(told)
