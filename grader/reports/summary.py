"""What came of a check, as Markdown for a page that somebody else shows. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.pages import points, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.judging.verdicts import ExerciseResult

__all__ = ["summary"]

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>&~$@:-])")
"""What Markdown, or GitHub in it, makes something else of: a message may hold a student's own text."""


def summary(results: Iterable[ExerciseResult], hidden_points: Mapping[str, float], absent: Iterable[str] = ()) -> str:
    """A table of the exercises, and below it what to look at: the first check that is not right of each that was tried."""
    found = tuple(results)
    lines = ["### Public examples", "", "| Exercise | | Points | Hidden checks decide |", "| --- | --- | ---: | ---: |"]
    for each in found:
        cells = (_plain(each.exercise), words(each.verdict), f"{points(each.score)} of {points(each.max_score)}",
                 points(hidden_points.get(each.exercise, 0.0)))  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += [f"| {_plain(name)} | not checked: a package is not installed | | |" for name in absent]
    return "\n".join([*lines, "", *(line for each in found for line in _told(each)), ""])


def _told(result: ExerciseResult) -> Iterator[str]:
    wrong = [check for check in result.checks if check.verdict is not Verdict.ACCEPTED]
    if wrong and result.attempted:
        yield f"**{_plain(result.exercise)}**: {_plain(wrong[0].claim)}"
        yield ""
        yield from (f"> {_plain(line)}" for line in wrong[0].feedback.splitlines())
        yield ""


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", shown(text))
