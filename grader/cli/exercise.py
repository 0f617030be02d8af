"""One exercise in a terminal: its checks, and what is to be said about each. Student text is never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.common import near_here
from grader.cli.lines import LOOKS, MARKS, Line, folded_text
from grader.names import shown
from grader.reports.pages import ended, groups, inert_line, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.grading.desk import Desk, Tried
    from grader.judging.verdicts import ExerciseResult
    from grader.sandbox.printed import Printed

__all__ = ["exercise_lines", "lines_of"]

_INDENT = 6
"""How far what is said of a check stands from the edge."""
_EDGE = Line.of(" " * _INDENT)


def lines_of(desk: Desk, tried: Tried, width: int) -> Iterator[Line]:
    """What is shown of an answer."""
    found, key = tried.attempt, tried.key
    below = desk.shown(tried, width - _INDENT)
    return exercise_lines(found.result, found.printed, near_here(tried.chosen.path), key.hidden_points, below, width)


def exercise_lines(  # noqa: PLR0913  what there is to show of an exercise
    result: ExerciseResult, printed: Printed, file: str, hidden: float, below: Mapping[str, Sequence[str]], width: int
) -> Iterator[Line]:
    """One exercise with its checks, what is to be said about each, and the file that was checked.

    `hidden` is what the checks are worth that are not among these; `below` are lines to show under a check, by its name.
    The head, and what is below, may be longer than the width: what is searched for in a file is found in one line.
    """
    _, style = MARKS[result.verdict]
    head = Line.of(f"{result.exercise}  {said(result, hidden)}", f"bold {style}")
    yield head + Line.of(f"  {shown(file)}" if file else "", "dim")
    for group in groups(result.checks):
        stands = ended(group)
        mark = Line.of(f"  {stands.mark} ", LOOKS[stands.look])
        yield from folded_text("; ".join(check.claim for check in group), width, mark)
        for line in group[0].feedback.splitlines():
            yield from folded_text(line, width, _EDGE)
        for line in next((below[check.name] for check in group if check.name in below), ()):
            yield _EDGE + Line.of(line, "dim")
    for note in result.notes:
        yield from folded_text(f"Note: {inert_line(note)}.", width, _EDGE)
    if printed:
        yield Line.of("  printed:", "dim")
        for line in printed.lines():
            yield from folded_text(inert_line(line), width, _EDGE, style="dim")
