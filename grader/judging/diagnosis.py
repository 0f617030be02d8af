"""Say in a tutor's words why a value is wrong: the misconception it shows, else the facts. Pure.

For a hidden check (`dims` given) a sentence never holds inputs, expected values, or text of the student's making.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging.compare import WHOLE, Difference, Mismatch, compare, conform, split, wrong_entries
from grader.judging.mistakes.hypotheses import Sample
from grader.judging.mistakes.recognise import misplaced, recognise
from grader.wire import messages as wire
from grader.wire.values import Array, Code, List, Mapping, Nothing, Opaque, Text, Tuple, Value, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.judging.answer_key import CaseKey, CheckKey
    from grader.judging.mistakes.hypotheses import Numbers

__all__ = ["array_shown", "describe", "dimensions", "shown", "shows_misconception", "symptoms"]

_ENTRIES_SHOWN = 3
_TINY = 1e-3
"""A wrong zero is a rounded tail where the expected entry is below this."""

_ENTRIES_PRINTED, _PARTS_SHOWN, _CHARACTERS_SHOWN = 500, 100, 80

_MOST_ENTRIES = 50_000
"""Mistakes are looked for in arrays up to this size: far above any answer of a course, and quick."""

_TYPES = frozenset(
    ["bool", "bytearray", "bytes", "complex", "dict", "ellipsis", "float", "frozenset", "function", "generator", "int", "list", "map", "method", "module", "object", "range", "set", "str", "tuple", "type", "zip", "builtin_function_or_method", "numpy.matrix", "numpy.ndarray", "numpy.ufunc", "numpy.ma.MaskedArray", "torch.Tensor", "torch.nn.Parameter"]
) | {f"numpy.ndarray of {name}" for name in ("object", "str", "bytes", "datetime64", "timedelta64", "void")}  # fmt: skip
"""Type names that are not the student's own text."""


def dimensions(case: CaseKey) -> frozenset[int]:
    """The sizes that a case's own arrays have: what a returned shape may be made of to be shown for a hidden check."""
    return frozenset(size for value in (*case.args, case.expected) for size in _sizes(value)) | {1}


def _sizes(value: Value) -> Iterable[int]:
    if isinstance(value, Array):
        yield from value.shape
    for part in parts(value):
        yield from _sizes(part)


def describe(mismatch: Mismatch, dims: frozenset[int] | None = None, names: Sequence[str] = ()) -> str:
    """The facts about a wrong value, in a sentence; `dims` for a hidden check, `names` where its parts have some."""
    where = _place(mismatch.path, names)
    expected, got = mismatch.expected, mismatch.got
    match mismatch.kind:
        case Difference.TYPE if isinstance(got, Nothing):
            return f"returned None{where}: a `return` is missing, or returns nothing"
        case Difference.TYPE:
            return f"returned {_kind_of(got)}{where}, asked was {_kind_of(expected)}"
        case Difference.STRUCTURE if asked := _asked(mismatch, names):
            return _other_parts(asked, got, where, dims)
        case Difference.STRUCTURE if dims is not None and parts(got):
            # How many values came back is a number of the student's choosing.
            return f"returned several values{where} in another form than the one asked, {_kind_of(expected)}"
        case Difference.STRUCTURE:
            return f"returned {_kind_of(got)}{where}, asked was {_kind_of(expected)}"
        case Difference.SHAPE if isinstance(expected, Array) and isinstance(got, Array):
            if dims is not None and not (set(got.shape) <= dims and len(got.shape) <= len(expected.shape) + 1):
                return f"returned another shape{where} than the one asked, {expected.shape}"
            return f"returned shape {got.shape}{where}, asked was {expected.shape}"
        case Difference.DTYPE if isinstance(expected, Array) and isinstance(got, Array):
            return f"returned {_dtype(got)}{where}, asked were {_dtype(expected)}"
        case Difference.NONFINITE:
            return f"returned nan or inf{where} where the right value is finite" + _entries(mismatch, dims)
        case _:
            return _wrong_values(mismatch, where, dims)


def _place(path: Sequence[str], names: Sequence[str]) -> str:
    """Where in the result something is: a part goes by its name, in whatever form it came."""
    if not path:
        return ""
    first, *rest = path
    named = first if first in names else names[int(first)] if first.isdigit() and int(first) < len(names) else ""
    steps = rest if named else path
    return f" in {named or 'result'}" + "".join(f"[{step}]" if step.isdigit() else f"[{step!r}]" for step in steps)


def _asked(mismatch: Mismatch, names: Sequence[str]) -> tuple[str, ...]:
    """The names of the parts that are asked for where a value of other parts came; none where they have no names."""
    if isinstance(mismatch.expected, Mapping) and isinstance(mismatch.got, Mapping):
        return tuple(mismatch.expected.items)
    several = isinstance(mismatch.expected, Tuple | List | Mapping) and len(parts(mismatch.expected)) == len(names)
    return tuple(names) if several and not mismatch.path else ()


def _other_parts(asked: Sequence[str], got: Value, where: str, dims: frozenset[int] | None) -> str:
    """What differs between the parts that are asked for and those that came: of hidden ones no name that was made up."""
    listed = ", ".join(asked)
    if not isinstance(got, Mapping):
        count, several = len(parts(got)), bool(parts(got))
        few = "fewer" if count < len(asked) else "more"
        came = f"{few} values" if several and dims is not None else _kind_of(got)
        return f"returned {came}{where}, asked were {len(asked)}: {listed}"
    missing = [name for name in asked if name not in got.items]
    strange = [name for name in got.items if name not in asked]
    beside = f", but with {', '.join(repr(name[:_CHARACTERS_SHOWN]) for name in strange[:_ENTRIES_SHOWN])}"
    told = beside if strange and dims is None else ""
    if missing:
        return f"returned a dict{where} without {missing[0]!r}{told}; asked were {listed}"
    return (
        f"returned a dict{where} with more in it than was asked{told.replace(', but with', ':')}; asked were {listed}"
    )


def _wrong_values(mismatch: Mismatch, where: str, dims: frozenset[int] | None) -> str:
    expected, got = mismatch.expected, mismatch.got
    if isinstance(expected, Array) and isinstance(got, Array):
        want, have = expected.numpy(), got.numpy()
        wrong = wrong_entries(want, have)
        if not have[wrong].any() and (np.abs(want[wrong]) < _TINY).all():
            return f"returned 0{where} where the right value is tiny, but not 0" + _entries(mismatch, dims)
    if isinstance(expected, Text):
        return f"the answer{where} is not the right one" + _entries(mismatch, dims)
    several = isinstance(expected, Array) and expected.shape
    facts = f"the shape is right, the values{where} are not" if several else f"the value{where} is wrong"
    return facts + _entries(mismatch, dims)


def _entries(mismatch: Mismatch, dims: frozenset[int] | None) -> str:
    """The first entries that differ, for a public check."""
    expected, got = mismatch.expected, mismatch.got
    if dims is not None:
        return ""
    if not (isinstance(expected, Array) and isinstance(got, Array)):
        return f": returned {shown(got)}, expected {shown(expected)}"
    want, have = expected.numpy(), got.numpy()
    wrong = wrong_entries(want, have)
    if not expected.shape:
        return f": returned {have.item()!r}, expected {want.item()!r}"
    places = [tuple(int(i) for i in index) for index in np.argwhere(wrong)[:_ENTRIES_SHOWN]]
    listed = "; ".join(
        f"at {list(index)} returned {have[index].item()!r}, expected {want[index].item()!r}" for index in places
    )
    total = f" ({int(wrong.sum())} of {wrong.size} entries differ)" if wrong.size > 1 else ""
    return f": {listed}{total}"


def _dtype(value: Array) -> str:
    return {"c": "complex numbers", "b": "booleans", "f": "floating-point numbers"}.get(
        np.dtype(value.dtype).kind, "integers"
    )


def _kind_of(value: Value) -> str:
    match value:
        case Array(shape=()):
            return "a single number"
        case Array():
            return "an array"
        case Text():
            return "a string"
        case Nothing():
            return "None"
        case Tuple(items) | List(items):
            return f"{len(items)} values"
        case Mapping():
            return "a dict"
        case Opaque(name):
            return f"an object of type {name}" if name in _TYPES else "an object that is not an array"
        case Code():
            return "a function"


def shown(value: Value) -> str:
    """A value as Python would print it, shortened: its first parts, of each its first entries."""
    return _shown(value, itertools.count(1))


def _shown(value: Value, seen: Iterator[int]) -> str:
    if next(seen) > _PARTS_SHOWN:
        return "..."
    match value:
        case Array(shape=()):
            return repr(value.numpy().item())
        case Array():
            return array_shown(value.numpy())
        case Text(text):
            return repr(text[:_CHARACTERS_SHOWN])
        case Tuple(items) | List(items):
            return "(" + ", ".join(_shown(item, seen) for item in items[:_PARTS_SHOWN]) + ")"
        case Mapping(items):
            named = itertools.islice(items.items(), _PARTS_SHOWN)
            return "{" + ", ".join(f"{key[:_CHARACTERS_SHOWN]!r}: {_shown(item, seen)}" for key, item in named) + "}"
        case _:
            return _kind_of(value)


def array_shown(array: Numbers) -> str:
    """An array in one line, shortened: numpy leaves axes of six entries or fewer whole, however many there are."""
    options: dict[str, Any] = {"threshold": 20, "precision": 6, "separator": ", "}
    if math.prod(min(size, 6) for size in array.shape) <= _ENTRIES_PRINTED:
        return np.array2string(array, **options).replace("\n", "")
    return f"{np.array2string(array.ravel()[:20], **options)[:-1]}, ...] of shape {array.shape}".replace("\n", "")


def shows_misconception(
    name: str, answered: Sequence[tuple[CaseKey, wire.Outcome | None]], part: str = WHOLE, names: Iterable[str] = ()
) -> bool:
    """Whether the outcomes agree with a misconception on every case that separates it, at least one with a value.

    With `part`, one of the parts `names`, only that part is looked at, on the cases where the misconception differs
    in it. A missing outcome (None) agrees with nothing.
    """
    evidence = flags = 0
    for case, outcome in answered:
        if name not in case.wrong or (isinstance(outcome, wire.Raised) and outcome.wrote):
            continue  # code that writes into read-only inputs has no value to show there, and another sentence
        wrong = case.wrong[name]
        if wrong is None:
            if not isinstance(outcome, wire.Raised):
                return False
            flags += outcome.kind == "FloatingPointError"
            continue
        if part != WHOLE:
            pieces = [split(case.expected, names, value) for value in (case.expected, wrong)]
            if pieces[0] is None or pieces[1] is None or compare(pieces[0][part], pieces[1][part]) is None:
                continue
        if not isinstance(outcome, wire.Returned) or not _agrees(case, wrong, outcome.value, part, names):
            return False
        evidence += 1
    # A formula that differs in floating-point flags alone has no wrong value to show: then all its right values count.
    return evidence > 0 or (flags > 0 and part == WHOLE and _right_elsewhere(name, answered))


def _right_elsewhere(name: str, answered: Sequence[tuple[CaseKey, wire.Outcome | None]]) -> bool:
    return all(
        isinstance(outcome, wire.Returned) and compare(case.expected, outcome.value) is None
        for case, outcome in answered
        if name not in case.wrong
    )


def _agrees(case: CaseKey, wrong: Value, got: Value, part: str, names: Iterable[str]) -> bool:
    if part == WHOLE:
        return compare(wrong, got, kinds=False) is None
    mine, theirs = split(case.expected, names, wrong), split(case.expected, names, got)
    return mine is not None and theirs is not None and compare(mine[part], theirs[part], kinds=False) is None


def symptoms(answered: Sequence[tuple[CheckKey, CaseKey, wire.Outcome | None]]) -> dict[str, str]:
    """The generic mistakes that explain every wrong outcome of a function: a sentence for each part, or for the WHOLE.

    A case without a value, or with one of another structure or of immense size, is explained by none of them, nor is a
    check with a judge of its own, where the answer is not unique.
    """
    plain = [item for item in answered if not item[0].judge]
    tables = []
    for check, case, outcome in plain:
        wanted = _parts_in_numbers(case.expected, case.expected, check.names)
        got = (
            _parts_in_numbers(case.expected, outcome.value, check.names) if isinstance(outcome, wire.Returned) else None
        )
        if wanted is None or got is None or wanted.keys() != got.keys():
            return {}
        if any(array.size > _MOST_ENTRIES for array in got.values()):
            return {}
        tables.append((_inputs(check, case), wanted, got))
    labels = list(dict.fromkeys(name for _, wanted, _ in tables for name in wanted))
    cases = [
        (list(wanted.values()), [got[label] for label in labels]) for _, wanted, got in tables if list(wanted) == labels
    ]
    if len(cases) == len(tables) and (sentence := misplaced(labels, cases)):
        return {WHOLE: sentence}
    found = {
        label: recognise(
            [Sample.of(inputs, wanted[label], got[label]) for inputs, wanted, got in tables if label in wanted]
        )
        for label in labels
    }
    return {label: sentence for label, sentence in found.items() if sentence}


def _parts_in_numbers(expected: Value, value: Value, names: Sequence[str]) -> dict[str, Numbers] | None:
    """The arrays of a value by their part, named or by position; None for a value that is not made of arrays."""
    value = conform(expected, value)
    if isinstance(value, Array):
        return {WHOLE: value.numpy()}
    keys = [f"result[{key!r}]" for key in value.items] if isinstance(value, Mapping) else []
    found = split(expected, names, value)
    if found is None:
        keys = keys or [f"result[{index}]" for index in range(len(parts(value)))]
        found = dict(zip(keys, parts(value), strict=True))
    arrays = {key: item.numpy() for key, item in found.items() if isinstance(item, Array)}
    return arrays if arrays and len(arrays) == len(found) else None


def _inputs(check: CheckKey, case: CaseKey) -> dict[str, Numbers]:
    """The arguments of a case that are real arrays or numbers, by name."""
    named = zip(check.arguments, case.args, strict=False)
    arrays = {name: value.numpy() for name, value in named if isinstance(value, Array)}
    return {name: array for name, array in arrays.items() if array.dtype.kind != "c"}
