"""What a person sees in a terminal: tables and lists, in colour where it is a terminal. Student text is never markup."""

from __future__ import annotations

import itertools
import math
import os
import sys
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from grader.judging.verdicts import ExerciseResult, Verdict
from grader.names import shown
from grader.reports.comparison import side_by_side
from grader.reports.pages import groups, inert_line, points, said

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from grader.course.model import Course
    from grader.reports.comparison import Comparison
    from grader.reports.grades_csv import GradeRow
    from grader.sandbox.layers import Layer
    from grader.sandbox.printed import Printed
    from grader.verify.verify import Verification

__all__ = ["class_table", "console", "exercise_list", "layer_table", "progress", "verification_table"]

_WIDTH, _INDENT = 120, 6
"""Of a file or a pipe, which has no width of its own, where COLUMNS says nothing."""

_STUDENT_WIDTH, _GAP = 12, 2
"""A student's name may take this many columns of a terminal, or a quarter of it, before it is folded; and what is between two."""

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
    named = os.environ.get("COLUMNS", "")
    width = None if sys.stdout.isatty() else int(named) if named.isdecimal() and int(named) else _WIDTH
    return Console(quiet=quiet, highlight=False, width=width)


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


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the class table, a cell for each student."""

    header: Text
    cells: tuple[Text, ...]

    @property
    def width(self) -> int:
        """What it needs: every cell in one line, the header with a word on each."""
        return max(map(cell_len, [*self.header.plain.split(), *(cell.plain for cell in self.cells)]), default=0)


def class_table(course: Course, rows: Iterable[GradeRow], width: int) -> Group:
    """Students x exercises: points, and what went wrong; students x assignments where that does not fit into a `width`.

    What does not fit beside the others comes below, so that no column and no digit is ever cut off.
    """
    found = [(student, list(group)) for student, group in itertools.groupby(rows, key=lambda row: row.student)]
    names = _Column(Text("student"), tuple(Text(shown(student)) for student, _ in found))
    totals = _Column(
        Text("total"), tuple(Text(points(math.fsum(row.score or 0 for row in group)), "bold") for _, group in found)
    )
    of_exercise = [_grouped(group, lambda row: row.exercise) for _, group in found]
    of_assignment = [_grouped(group, lambda row: row.assignment) for _, group in found]
    by_exercise = [
        _Column(Text(exercise.id.replace("_", " ")), tuple(_cell(each[exercise.id]) for each in of_exercise))
        for exercise in course.exercises()
    ]
    by_assignment = [
        _Column(Text(assignment.id), tuple(_cell(each[assignment.id]) for each in of_assignment))
        for assignment in course.assignments
    ]
    title = Text(course.title, style="italic")
    room = width - max(min(names.width, max(_STUDENT_WIDTH, width // 4)), cell_len("student")) - totals.width - _GAP
    fits = sum(column.width + _GAP for column in by_exercise) <= room
    columns = by_exercise if fits or len(by_assignment) == 1 else by_assignment
    if any(column.width + _GAP > room for column in columns):
        return Group(title, *_one_by_one(names, totals, columns, width))
    tables = [_table(names, totals, block) for block in _blocks(columns, room)]
    return Group(title, *(piece for table in tables for piece in (Text(""), table)))


def _grouped(rows: Iterable[GradeRow], key: Callable[[GradeRow], str]) -> defaultdict[str, list[GradeRow]]:
    """The rows by a key; none for one that has none."""
    found: defaultdict[str, list[GradeRow]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _blocks(columns: Iterable[_Column], room: int) -> Iterator[list[_Column]]:
    """The columns in as many blocks as it takes for each to have room."""
    block: list[_Column] = []
    for column in columns:
        if block and sum(each.width + _GAP for each in [*block, column]) > room:
            yield block
            block = []
        block.append(column)
    yield block


def _table(names: _Column, totals: _Column, columns: Sequence[_Column]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    table.add_column(names.header, overflow="fold", min_width=cell_len("student"))
    for column in (totals, *columns):
        table.add_column(column.header, justify="right", width=column.width)
    for cells in zip(names.cells, totals.cells, *(column.cells for column in columns), strict=True):
        table.add_row(*cells)
    return table


def _one_by_one(names: _Column, totals: _Column, columns: Sequence[_Column], width: int) -> Iterator[Text]:
    """A list for each student: what a terminal has room for in which no two columns stand beside each other."""
    for index, name in enumerate(names.cells):
        yield name
        for column in (totals, *columns):
            cell = column.cells[index]
            line = Text.assemble("  ", column.header, "  ", cell)
            if cell.plain and cell_len(line.plain) <= width:
                yield line
            elif cell.plain:
                yield Text.assemble("  ", column.header)
                words = [cell] if cell_len(cell.plain) + 4 <= width else cell.split(" ")
                yield from (Text.assemble("    ", word) for word in words)


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


def exercise_list(  # noqa: PLR0913  what there is to show of an exercise
    console: Console, result: ExerciseResult, printed: Printed, file: str, hidden: float, compared: Iterable[Comparison]
) -> None:
    """One exercise with its checks, what is to be said about each, and the file that was checked.

    `hidden` is what the checks are worth that are not among these; what is `compared` is shown under its check.
    """
    _, style = _MARKS[result.verdict]
    head = f"{result.exercise}  {said(result, hidden)}"
    where = Text(f"  {shown(file)}" if file else "", style="not bold dim")
    # One line, whatever the width: a terminal wraps it, and what is searched for in a file is found.
    console.print(Text(head, style=f"bold {style}") + where, soft_wrap=True)
    arrays = {each.check: side_by_side(each, console.width - _INDENT) for each in compared}
    for group in groups(result.checks):
        accepted = group[0].verdict is Verdict.ACCEPTED
        claim = "; ".join(check.claim for check in group)
        console.print(
            Text("  ✓ " if accepted else "  ✗ ", style="green" if accepted else "red") + Text(claim, style="default")
        )
        for line in group[0].feedback.splitlines():
            console.print(Text(f"      {line}"))
        for line in next((arrays[check.name] for check in group if check.name in arrays), ()):
            console.print(Text(f"      {line}", style="dim"), soft_wrap=True)
    for note in result.notes:
        console.print(Text(f"      Note: {inert_line(note)}."))
    if printed:
        console.print(Text("  printed:", style="dim"))
        for line in printed.lines():
            console.print(Text(f"      {inert_line(line)}", style="dim"))


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
        result = Text(f"{len(each.faults)} faults" if each.faults else each.result, style=style)
        cells = ["-" if count is None else str(count) for count in counts]
        table.add_row(each.exercise, points(each.points), *cells, mutants, result)
        lines += [Text(f"{each.exercise}: {note}", style="dim") for note in each.notes]
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
