"""Expected and returned arrays beside each other, entry by entry: for public examples alone, whose values a student has. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.judging.compare import arranged, compare, conform, wrong_entries
from grader.judging.facts import argument_shown
from grader.wire import messages as wire
from grader.wire.values import Array, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey

__all__ = ["Cell", "Comparison", "comparisons", "grid", "side_by_side"]

_MOST = 8
"""How many rows and columns of an array are shown."""
_GAP = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One call of a public check whose answer was not right: what was expected, and what came back."""

    check: str
    call: str
    """The call, as it can be pasted into Python."""
    expected: NDArray[np.generic]
    returned: NDArray[np.generic]
    wrong: NDArray[np.bool_] | None
    """The entries that differ; None where the shapes do."""

    @property
    def difference(self) -> NDArray[np.generic] | None:
        """Returned minus expected; None where the shapes differ."""
        if self.wrong is None:
            return None
        with np.errstate(all="ignore"):
            return np.asarray(
                np.subtract(
                    self.returned,
                    self.expected,
                    dtype=complex if "c" in (self.returned.dtype.kind, self.expected.dtype.kind) else float,
                )
            )


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry, as it is shown: its text, how large it is beside the largest of its array (-1 to 1), and whether it differs."""

    text: str
    shade: float = 0.0
    wrong: bool = False


def comparisons(key: AnswerKey, outcomes: Sequence[Sequence[wire.Outcome]]) -> Iterator[Comparison]:
    """For each public check, the first case whose answer is an array that is not the right one."""
    for check, found in zip(key.checks, outcomes, strict=False):
        if check.public and not check.judge:
            compared = (_compared(check, case, outcome) for case, outcome in zip(check.cases, found, strict=False))
            yield from itertools.islice((each for each in compared if each is not None), 1)


def _compared(check: CheckKey, case: CaseKey, outcome: wire.Outcome) -> Comparison | None:
    if not isinstance(outcome, wire.Returned):
        return None
    value = arranged(case.expected, check.names, outcome.value)
    if compare(case.expected, value, check.precision(case)) is None:
        return None
    expected, returned = _arrays(case.expected, conform(case.expected, value))
    if expected is None or returned is None or not (expected.ndim or returned.ndim):
        return None
    same = expected.shape == returned.shape
    call = f"{check.function}({', '.join(map(argument_shown, case.args))})"
    return Comparison(
        check=check.name, call=call, expected=expected, returned=returned,
        wrong=wrong_entries(expected, returned, check.precision(case)) if same else None,
    )  # fmt: skip


def _arrays(expected: Value, returned: Value) -> tuple[NDArray[np.generic] | None, NDArray[np.generic] | None]:
    """The numbers of two values that are arrays of at most two axes."""
    found = [
        each.numpy() if isinstance(each, Array) and len(each.shape) <= 2 else None  # noqa: PLR2004  what a page has
        for each in (expected, returned)
    ]
    return found[0], found[1]


def grid(array: NDArray[np.generic], wrong: NDArray[np.bool_] | None = None) -> list[list[Cell]]:
    """An array as rows of cells; what is beyond a few rows and columns is an ellipsis. A vector is one row."""
    table, marked = np.atleast_2d(array), None if wrong is None else np.atleast_2d(wrong)
    finite = np.abs(table[np.isfinite(table)]) if table.dtype.kind in "fiub" else np.array([])
    largest = float(finite.max()) if finite.size else 0.0
    rows = []
    for i in range(min(len(table), _MOST)):
        row = [
            Cell(_number(table[i, j]), _shade(table[i, j], largest), marked is not None and bool(marked[i, j]))
            for j in range(min(table.shape[1], _MOST))
        ]
        rows.append(row + [Cell("…")] * (table.shape[1] > _MOST))
    if len(table) > _MOST:
        rows.append([Cell("…")] * len(rows[0]))
    return rows


def _shade(entry: np.generic, largest: float) -> float:
    if not largest or entry.dtype.kind not in "fiub" or not np.isfinite(entry):
        return 0.0
    return float(np.clip(float(entry) / largest, -1, 1))


def _number(entry: np.generic) -> str:
    """A number in a few letters, and not rounded to another one where it is short."""
    value = entry.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    return f"{value:.4g}" if isinstance(value, complex) else str(value)


def side_by_side(found: Comparison, width: int) -> list[str]:
    """Both arrays beside each other, or below where there is no room; an entry that differs has a `*` behind it."""
    left = _block(f"expected {found.expected.shape}", grid(found.expected))
    right = _block(f"returned {found.returned.shape}", grid(found.returned, found.wrong))
    wide = max(map(len, left))
    if wide + len(_GAP) + max(map(len, right)) > width:
        return [*left, *right]
    pairs = itertools.zip_longest(left, right, fillvalue="")
    return [f"{one.ljust(wide)}{_GAP}{other}".rstrip() for one, other in pairs]


def _block(head: str, rows: Sequence[Sequence[Cell]]) -> list[str]:
    texts = [[cell.text + "*" * cell.wrong for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [head, *("  ".join(text.rjust(wide) for text, wide in zip(row, widths, strict=True)) for row in texts)]
