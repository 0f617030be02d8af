"""What is shown of a public example that is not right, beside the facts: its call as code, and what the program did there. Pure."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import msgspec

from grader.judging.facts import call_shown
from grader.judging.judge import is_right
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.calls import call_code
from grader.reports.comparison import comparisons, side_by_side
from grader.wire import messages as wire
from grader.wire.values import Array, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.verdicts import CheckResult, ExerciseResult

__all__ = ["Failure", "LocalArray", "examples_shown", "failures", "local_arrays"]

MOST_ARRAYS = 30
_LONGEST_LINE = 100
_ARRAY = r"(?P<name>\w{1,40}|return)\t(?P<chunk>[^\t]{1,80})\t(?P<line>\d{1,7})\t(?P<shape>\((?:\d{1,12}(?:, \d{1,12})*,?)?\))\t(?P<dtype>[\w.]{1,30})"


class LocalArray(msgspec.Struct, frozen=True):
    """What a name of a function's own was bound to at a line: an array, by the program's own word."""

    name: str
    chunk: str
    line: int
    shape: str
    dtype: str


class Failure(msgspec.Struct, frozen=True):
    """The first case of a public check that is not right."""

    check: CheckKey
    case: CaseKey
    outcome: wire.Outcome


def failures(key: AnswerKey, result: ExerciseResult, outcomes: Sequence[Sequence[wire.Outcome]]) -> Iterator[Failure]:
    """The first case that is not right of each public check that was tried."""
    for check, judged, found in zip(key.checks, result.checks, outcomes, strict=False):
        if check.public and judged.verdict not in {Verdict.ACCEPTED, Verdict.NOT_ATTEMPTED, Verdict.JUDGE_ERROR}:
            pairs = zip(check.cases, found, strict=False)
            failed = (Failure(check, case, outcome) for case, outcome in pairs if _failed(check, case, outcome, judged))
            yield from itertools.islice(failed, 1)


def _failed(check: CheckKey, case: CaseKey, outcome: wire.Outcome, judged: CheckResult) -> bool:
    """Whether a case is the one that is told; of a check with a judge of its own the call that stands there says so."""
    if check.judge:
        return f"{call_shown(check, case)}:" in judged.feedback.splitlines()
    return not is_right(check, case, outcome)


def local_arrays(said: str, program: Sequence[wire.Chunk]) -> tuple[LocalArray, ...]:
    """What a child says of the arrays in a function, as far as it is of the right form and about lines that there are."""
    lines = {chunk.name: chunk.source.count("\n") + 1 for chunk in program}
    found = (re.fullmatch(_ARRAY, line) for line in said.splitlines()[:MOST_ARRAYS])
    return tuple(
        LocalArray(each["name"], each["chunk"], int(each["line"]), each["shape"], each["dtype"])
        for each in found
        if each and 0 < int(each["line"]) <= lines.get(each["chunk"], 0)
    )


def examples_shown(  # noqa: PLR0913  what there is to show
    key: AnswerKey, result: ExerciseResult, outcomes: Sequence[Sequence[wire.Outcome]], program: Sequence[wire.Chunk],
    arrays: Mapping[str, Sequence[LocalArray]], width: int,
) -> dict[str, list[str]]:  # fmt: skip
    """By the name of each public check that failed, what is shown below its facts; `arrays` are those of some of them.

    The first that fails of each function has its call as code.

    Without a `width` the arrays that are compared are left out.
    """
    compared = {each.check: side_by_side(each, width) for each in comparisons(key, outcomes)} if width else {}
    found: dict[str, list[str]] = {}
    told: set[str] = set()
    for failure in failures(key, result, outcomes):
        check = failure.check
        found[check.name] = [
            *compared.get(check.name, ()),
            *_line(failure.outcome, program),
            *_table(arrays.get(check.name, ()), several=len(program) > 1),
            *(() if check.function in told else _code(failure)),
        ]
        told.add(check.function)
    return found


def _line(outcome: wire.Outcome, program: Sequence[wire.Chunk]) -> Iterator[str]:
    """The student's line that raised."""
    if not isinstance(outcome, wire.Raised):
        return
    source = next((each.source for each in program if each.name == outcome.chunk), "")
    lines = source.split("\n")
    if 0 < outcome.line <= len(lines) and (text := shown(lines[outcome.line - 1].strip())):
        yield f"line {outcome.line} is: {text if len(text) <= _LONGEST_LINE else f'{text[:_LONGEST_LINE]}...'}"


def _table(arrays: Sequence[LocalArray], *, several: bool) -> Iterator[str]:
    """The arrays in the function, by line; of a notebook, which has `several` chunks, by cell."""
    rows = [
        (f"{each.chunk}, line {each.line}" if several else f"line {each.line}", each.name, each.shape, each.dtype)
        for each in arrays
    ]
    if rows:
        yield "its arrays on that call, by line:"
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _code(failure: Failure) -> Iterator[str]:
    """The call as code, where it is not code already as it stands in the facts: of numbers and strings alone."""
    plain = (isinstance(each, Text) or (isinstance(each, Array) and not each.shape) for each in failure.case.args)
    if all(plain):
        return
    if code := call_code(failure.check, failure.case):
        yield "the call, to paste into Python:"
        yield from (f"  {line}" for line in code)
