"""Expected and returned arrays beside each other, entry by entry: for public examples alone, whose values a student has. Pure."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.judging.compare import arranged, compare, conform, split, wrong_entries
from grader.judging.verdicts import Example, Verdict
from grader.wire import messages as wire
from grader.wire.values import Array, List, Tuple, Value, pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.verdicts import ExerciseResult

__all__ = ["Cell", "Comparison", "comparisons", "grid", "of_example", "side_by_side", "with_examples"]

_MOST = 8
"""How many rows and columns of an array are shown."""
_KEPT = 36
"""How many entries an array may have that is kept with a result: what a student's page shows is counted, see docs/security.md."""
_GAP = "    "


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a public check whose answer was not right: what was expected, and what came back."""

    check: str
    part: str = ""
    """Which part of the answer it is; empty for the whole."""
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


class Cell(msgspec.Struct, frozen=True):
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


def with_examples(result: ExerciseResult, key: AnswerKey, outcomes: Sequence[Sequence[wire.Outcome]]) -> ExerciseResult:
    """A result with the arrays of the first case that is not right, of each public check: of no other are values told."""
    checks = []
    for check, found, judged in zip(key.checks, outcomes, result.checks, strict=True):
        told = judged.verdict is Verdict.WRONG_ANSWER and check.public and not check.judge
        example = _example(check, found) if told else None
        checks.append(replace(judged, example=example) if example else judged)
    return replace(result, checks=tuple(checks))


def _example(check: CheckKey, outcomes: Sequence[wire.Outcome]) -> Example | None:
    wrong = (
        (case, outcome)
        for case, outcome in zip(check.cases, outcomes, strict=False)
        if not (isinstance(outcome, wire.Returned) and check.agrees(case, outcome.value))
    )
    case, outcome = next(wrong, (None, None))
    compared = _compared(check, case, outcome) if case and outcome else None
    if compared is None:
        return None
    both = (compared.expected, compared.returned)
    if any(each.size > _KEPT or each.dtype.kind not in "fiub" for each in both):
        return None
    expected, returned = pack(compared.expected), pack(compared.returned)
    if not (isinstance(expected, Array) and isinstance(returned, Array)):
        return None
    entries = () if compared.wrong is None else np.flatnonzero(compared.wrong).tolist()
    return Example(part=compared.part, expected=expected, returned=returned, wrong=tuple(entries))


def of_example(example: Example) -> Comparison:
    """What was kept of a case, to be shown."""
    expected, returned = example.expected.numpy(), example.returned.numpy()
    wrong = None
    if expected.shape == returned.shape:
        wrong = np.isin(np.arange(expected.size), example.wrong).reshape(expected.shape)
    return Comparison(check="", part=example.part, expected=expected, returned=returned, wrong=wrong)


def _compared(check: CheckKey, case: CaseKey, outcome: wire.Outcome) -> Comparison | None:
    """The first part of an answer that is an array and not the right one."""
    if not isinstance(outcome, wire.Returned):
        return None
    precision = check.precision(case)
    value = arranged(case.expected, check.names, outcome.value)
    for part, wanted, got in _parts(check, case.expected, value):
        expected, returned = _arrays(wanted, got)
        if expected is None or returned is None or not (expected.ndim or returned.ndim):
            continue
        if compare(wanted, got, precision) is not None:
            same = expected.shape == returned.shape
            return Comparison(
                check=check.name, part=part, expected=expected, returned=returned,
                wrong=wrong_entries(expected, returned, precision) if same else None,
            )  # fmt: skip
    return None


def _parts(check: CheckKey, expected: Value, value: Value) -> Iterator[tuple[str, Value, Value]]:
    """The parts of an answer with what is expected of each; the whole where it has none, or others."""
    names = check.names
    if not names and isinstance(expected, Tuple | List):
        names = tuple(f"result[{index}]" for index in range(len(expected.items)))
    wanted, got = (split(expected, names, each) if names else None for each in (expected, value))
    if wanted is None or got is None:
        yield "", expected, conform(expected, value)
    else:
        yield from ((name, each, conform(each, got[name])) for name, each in wanted.items())


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
    part = f"{found.part} " * bool(found.part)
    left = _block(f"expected {part}{found.expected.shape}", grid(found.expected))
    right = _block(f"returned {part}{found.returned.shape}", grid(found.returned, found.wrong))
    wide = max(map(len, left))
    if wide + len(_GAP) + max(map(len, right)) > width:
        return [*left, *right]
    pairs = itertools.zip_longest(left, right, fillvalue="")
    return [f"{one.ljust(wide)}{_GAP}{other}".rstrip() for one, other in pairs]


def _block(head: str, rows: Sequence[Sequence[Cell]]) -> list[str]:
    texts = [[cell.text + "*" * cell.wrong for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [head, *("  ".join(text.rjust(wide) for text, wide in zip(row, widths, strict=True)) for row in texts)]
