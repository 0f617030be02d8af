"""One answer for the instructor's eyes: the program with the lines that are cited, and cases with all their values. Pure."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.judging.compare import arranged, compare, conform, wrong_entries
from grader.judging.facts import argument_shown
from grader.judging.verdicts import Verdict
from grader.wire import messages as wire
from grader.wire.values import Array, List, Mapping, Tuple
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.compare import Precision
    from grader.judging.verdicts import CheckResult, ExerciseResult
    from grader.wire.messages import Chunk
    from grader.wire.values import Value

__all__ = ["Answered", "explained"]

_ENTRIES, _PARTS, _LINES = 1000, 50, 400
"""How many entries of an array, parts of a value and lines of a program are shown at most."""
_CHANGED = re.compile(r"^\+\+\+ (.*)\n@@ -(\d+)", re.MULTILINE)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an answer: its result, what it was judged from, and the program, of a notebook what answers in it."""

    result: ExerciseResult
    """As it was judged."""
    marked: ExerciseResult | None = None
    """The same with what people gave; None where nobody looked for that."""
    outcomes: Sequence[Sequence[wire.Outcome]]
    program: Sequence[Chunk]


def explained(  # noqa: PLR0913
    key: AnswerKey, answered: Answered, rubric: Sequence[str] = (), *, check: str = "", case: int = 0, width: int = 120
) -> Iterator[str]:
    """Lines about every check that is not accepted, with the first case that shows it; and about words, what to look for.

    With a `check` about that one alone and all its wrong cases, with a `case` about that one, from 1, whatever came of it.
    """
    result, marked = answered.result, answered.marked or answered.result
    yield f"{result.exercise}: {marked.verdict}, {marked.score:g} of {marked.max_score:g} points"
    yield from (line for each in marked.checks[len(result.checks) :] for line in _instead(each))
    yield from (f"  fault: {line}" for line in result.fault.splitlines())
    yield from (f"  note: {note}" for note in result.notes)
    if result.not_searched:
        yield f"  for the edit that makes it right: {result.not_searched}"
    if check or any(each.verdict is not Verdict.ACCEPTED for each in result.checks):
        yield from _program(answered.program, set(_cited(answered)))
    told: set[str] = set()
    for index, (asked, judged) in enumerate(zip(key.checks, result.checks, strict=True)):
        if check and asked.name != check:
            continue
        if judged.kept:
            yield from _kept(asked, marked.checks[index], rubric)
            if answered.marked:
                yield from _given(marked.checks[index])
        if judged.verdict is Verdict.ACCEPTED and not check:
            continue
        yield from _head(asked, judged, told)
        outcomes = answered.outcomes[index] if answered.outcomes else ()
        yield from _cases(asked, outcomes, every=bool(check), only=case, width=width)


def _instead(given: CheckResult) -> Iterator[str]:
    """What a person gave in the place of the judge's points."""
    yield f"  {given.claim}"
    yield from (f"    {line}" for line in given.comment.splitlines())


def _given(marked: CheckResult) -> Iterator[str]:
    """What a person gave for words, or that nobody has yet."""
    if marked.waiting:
        yield "  nobody has given points yet: `grader mark` does"
        return
    yield f"  a person gave {marked.points:g} of {count_of(marked.max_points, 'point')}"
    yield from (f"    {line}" for line in marked.comment.splitlines())


def _kept(check: CheckKey, judged: CheckResult, rubric: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"{check.name}: a person marks these words"
    yield from (f"    {line}" for line in judged.kept.splitlines())
    yield "  what to look for:"
    yield from (f"    - {line}" for line in rubric)


def _head(check: CheckKey, judged: CheckResult, told: set[str]) -> Iterator[str]:
    """What came of a check; an edit that was `told` of an earlier one is referred to."""
    yield ""
    visibility = "public" if check.public else "hidden"
    yield f"{check.name} ({visibility}): {judged.verdict}, {judged.points:g} of {judged.max_points:g} points"
    yield f"  claim: {check.claim}"
    for name in judged.misconceptions:
        yield f"  misconception: {name}"
    yield from (f"  the student was told: {line}" for line in judged.feedback.splitlines())
    edit = judged.diagnosis.edit if judged.diagnosis else ""
    if edit in told:
        yield "  one edit makes it right: the one above"
    elif edit:
        told.add(edit)
        yield "  one edit makes it right:"
        yield from (f"    {line}" for line in edit.splitlines())


def _cited(answered: Answered) -> Iterator[tuple[str, int]]:
    """The lines that were raised at, that a diagnosis names and that one edit changes, each with its chunk's name."""
    for outcome in itertools.chain.from_iterable(answered.outcomes):
        if isinstance(outcome, wire.Raised) and outcome.line:
            yield outcome.chunk, outcome.line
    for told in filter(None, (check.diagnosis for check in answered.result.checks)):
        found = _CHANGED.search(told.edit)
        if told.line and (found or len(answered.program) == 1):
            yield (found[1] if found else answered.program[0].name), told.line


def _program(program: Iterable[Chunk], cited: set[tuple[str, int]]) -> Iterator[str]:
    for chunk in program:
        yield ""
        yield f"{chunk.name}, the lines that are cited below with a >"
        lines = chunk.source.splitlines()
        for number, line in enumerate(lines[:_LINES], 1):
            yield f"  {'>' if (chunk.name, number) in cited else ' '} {number:4}  {line}".rstrip()
        if len(lines) > _LINES:
            yield f"         ... and {len(lines) - _LINES} more lines"


def _cases(check: CheckKey, outcomes: Sequence[wire.Outcome], *, every: bool, only: int, width: int) -> Iterator[str]:
    """The cases that are wrong, or the one that is wanted."""
    found = dict(enumerate(itertools.zip_longest(check.cases, outcomes[: len(check.cases)]), 1))
    wrong = [number for number, (case, outcome) in found.items() if not _is_right(check, case, outcome)]
    shown_now = [only] if only else wrong if every else wrong[:1]
    for number in shown_now:
        case, outcome = found[number]
        right = "" if number in wrong else ", which is right"
        yield f"  case {number} of {len(check.cases)}{right}"
        yield from (f"    {line}" for line in _case(check, case, outcome, width - 8))
    if others := [str(number) for number in wrong if number not in shown_now]:
        yield f"  wrong too: case {', '.join(others)}; --check {check.name} shows all, --case N one"


def _is_right(check: CheckKey, case: CaseKey, outcome: wire.Outcome | None) -> bool:
    return isinstance(outcome, wire.Returned) and check.agrees(case, outcome.value)


def _case(check: CheckKey, case: CaseKey, outcome: wire.Outcome | None, width: int) -> Iterator[str]:
    for name, value in zip(check.arguments, case.args, strict=False):
        yield from _labelled(f"{name} =", _unfolded(value, width))
    other = " (or another answer that the check's judge takes)" if check.judge else ""
    match outcome:
        case wire.Returned(value):
            expected = case.expected
            got = conform(expected, arranged(expected, check.names, value))
            yield from _compared(expected, got, check.names, check.precision(case), other, width)
            return
        case wire.Raised():
            said = f"raised     {outcome.kind}: {outcome.message} ({outcome.chunk}, line {outcome.line})"
        case wire.Stopped():
            said = f"stopped    {outcome.limit} {outcome.detail}".rstrip()
        case _:
            said = "not run"
    yield from _labelled(f"expected{other}", _unfolded(case.expected, width))
    yield said


def _compared(  # noqa: PLR0913
    expected: Value, got: Value, names: Sequence[str], precision: Precision, other: str, width: int
) -> Iterator[str]:  # fmt: skip
    """Part by part where both have the same: the two values, and how they differ."""
    wanted, had = dict(_parts(expected, names)), dict(_parts(got, names))
    if wanted.keys() != had.keys():
        wanted, had = {"": expected}, {"": got}
    for name, want in itertools.islice(wanted.items(), _PARTS):
        have, of = had[name], f" {name}" if name else ""
        if name and compare(want, have, precision) is None:
            yield f"{name} is right"
            continue
        yield from _labelled(f"expected{of}{_shape(want)}{other}", _unfolded(want, width))
        yield from _labelled(f"returned{of}{_shape(have)}", _unfolded(have, width))
        yield from _difference(want, have, precision, width)


def _parts(value: Value, names: Sequence[str]) -> Iterator[tuple[str, Value]]:
    """The parts of an answer by their names, or its places; the answer itself where it has none."""
    if isinstance(value, Mapping):
        yield from value.items.items()
    elif isinstance(value, Tuple | List) and len(value.items) == len(names):
        yield from zip(names, value.items, strict=True)
    elif isinstance(value, Tuple | List) and any(isinstance(each, Array) and each.shape for each in value.items):
        yield from ((f"[{place}]", each) for place, each in enumerate(value.items))
    else:
        yield "", value


def _shape(value: Value) -> str:
    return f", shape {value.shape}" if isinstance(value, Array) and value.shape else ""


def _difference(want: Value, have: Value, precision: Precision, width: int) -> Iterator[str]:
    """Returned minus expected, a dot where it is right; of other shapes entry by entry, where both have as many."""
    if not (isinstance(want, Array) and isinstance(have, Array)):
        return
    right, mine, order = want.numpy(), have.numpy(), ""
    if right.shape != mine.shape:
        if right.size != mine.size:
            yield f"difference none: {mine.size} entries, and {right.size} are asked"
            return
        right, mine, order = right.ravel(), mine.ravel(), ", entry by entry in the order of memory"
    wrong = wrong_entries(right, mine, precision)
    with np.errstate(all="ignore"):
        difference = mine - 1.0 * right
    head = f"difference, {int(wrong.sum())} of {wrong.size} entries are wrong{order}" if wrong.shape else "difference"
    if not wrong.any():
        yield head if wrong.shape else f"{head} none"
        return
    texts = np.where(wrong, _texts(difference), ".")
    yield from _labelled(head, _lines(texts, width) if wrong.shape else [str(texts)])


def _texts(numbers: NDArray[Any]) -> NDArray[Any]:
    return np.array([f"{each:.6g}" for each in numbers.ravel()]).reshape(numbers.shape)


def _unfolded(value: Value, width: int) -> list[str]:
    """A value on as many lines as it takes."""
    if isinstance(value, Array) and value.shape:
        return _lines(value.numpy(), width)
    found = dict(itertools.islice(_parts(value, ()), _PARTS))
    if "" in found or not found:
        return [argument_shown(value)]
    return [line for name, each in found.items() for line in _labelled(f"{name}:", _unfolded(each, width - 4))]


def _lines(array: NDArray[Any], width: int) -> list[str]:
    """An array as Python shows it; texts are put below each other."""
    if array.dtype.kind == "U":
        wide = max(map(len, array.ravel()), default=0)
        options: dict[str, Any] = {"formatter": {"str_kind": lambda text: str(text).rjust(wide)}}
    else:
        options = {"precision": 6}
    text = np.array2string(array, max_line_width=max(width, 20), threshold=_ENTRIES, separator=", ", **options)
    return text.splitlines()


def _labelled(label: str, lines: Sequence[str]) -> Iterator[str]:
    """What something is; below it where it takes several lines."""
    if len(lines) == 1:
        yield f"{label if label.endswith('=') else label.ljust(10)} {lines[0]}"
    else:
        yield label
        yield from (f"    {line}" for line in lines)
