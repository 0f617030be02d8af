"""The cases of a function in numbers, part by part: what is expected, what came back, what each misconception gives. Pure."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from grader.judging.compare import WHOLE, conform, split
from grader.judging.mistakes.hypotheses import Sample, same
from grader.wire import messages as wire
from grader.wire.values import Array, Mapping, Text, Value, parts

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Callable, Iterable, Sequence

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.compare import Precision
    from grader.judging.mistakes.hypotheses import Numbers

    Answered = Sequence[tuple[CheckKey, CaseKey, wire.Outcome | None]]
    """Each case of a function with its check and its outcome; None where it was skipped."""

__all__ = ["Table", "checks_of", "inputs_of", "labels_of", "parts_in_numbers", "tables_of", "wrong_in"]

_MOST_ENTRIES = 50_000
"""Slips are looked for in arrays up to this size: far above any answer of a course, and quick."""


class Table(msgspec.Struct, frozen=True, eq=False):
    """One case in numbers, by part: what is expected, what came back, what each misconception gives."""

    check: str
    index: int
    expected: Value
    inputs: collections.abc.Mapping[str, Numbers]
    want: collections.abc.Mapping[str, Numbers]
    got: collections.abc.Mapping[str, Numbers]
    wrong: frozenset[str]
    """The parts in which these differ."""
    wrongs: Callable[[str], collections.abc.Mapping[str, Numbers] | None]
    """The parts that a misconception gives which differs here, worked out when first asked for: none where it has no value, or one of
    another structure; None of one that does not differ."""
    names: tuple[str, ...]
    words: collections.abc.Mapping[str, str]
    """The texts among the inputs, by argument, that a public example has too."""
    silent: tuple[str, ...]
    """The misconceptions of which this case tells nothing."""
    asked: Precision
    precision: Precision
    """What is asked of an answer, and what can be expected of a mistake: a slip in float32 is a slip all the same."""

    def gives(self, name: str) -> collections.abc.Mapping[str, Numbers]:
        """The parts that a misconception gives; none where it has no such value."""
        found = self.wrongs(name)
        return self.want if found is None else found

    def sample(self, part: str, base: collections.abc.Mapping[str, Numbers] | None = None) -> Sample:
        """A part for the recognition of slips, on top of the expected values or of those of another `base`."""
        if base is None:
            return Sample.of(self.inputs, self.want[part], self.got[part], self.asked, self.words)
        return Sample.of(self.inputs, base[part], self.got[part], self.precision)


def tables_of(key: AnswerKey, answered: Answered) -> list[Table] | None:
    """The cases with a value, in numbers; None where one has another structure, or is of immense size.

    A check with a judge of its own, where the answer is not unique, is left out; so is one with a driver, whose values are made
    of the function's, where there are others; and a case in which more than numbers is asked.
    """
    tables = []
    direct = any(not check.driver and not check.judge for check, _, _ in answered)
    known = {
        arg.text
        for check in key.checks
        if check.public
        for case in check.cases
        for arg in case.args
        if isinstance(arg, Text)
    }
    indices = {id(case): index for check in key.checks for index, case in enumerate(check.cases)}
    for check, case, outcome in answered:
        if check.judge or (direct and check.driver) or not isinstance(outcome, wire.Returned):
            continue
        names = check.names
        want = parts_in_numbers(case.expected, case.expected, names)
        if want is None:
            continue
        got = parts_in_numbers(case.expected, outcome.value, names)
        if got is None or want.keys() != got.keys():
            return None
        if any(array.size > _MOST_ENTRIES for array in got.values()):
            return None
        index = indices.get(id(case), 0)
        wrongs = functools.cache(functools.partial(_wrong_in_numbers, case, names, frozenset(want)))
        asked, precision, inputs = check.precision(case), case.precision, inputs_of(check, case)
        named = zip(check.arguments, case.args, strict=False)
        words = {name: arg.text for name, arg in named if isinstance(arg, Text) and arg.text in known}
        wrong = frozenset(label for label in want if not same(want[label], got[label], asked))
        tables.append(
            Table(
                check.name,
                index,
                case.expected,
                inputs,
                want,
                got,
                wrong,
                wrongs,
                names,
                words,
                case.silent,
                asked,
                precision,
            )
        )
    return tables


def _wrong_in_numbers(
    case: CaseKey, names: Sequence[str], labels: frozenset[str], name: str
) -> dict[str, Numbers] | None:
    if name not in case.wrong:
        return None
    value = case.wrong[name]
    pieces = None if value is None else parts_in_numbers(case.expected, value, names)
    return pieces if pieces is not None and pieces.keys() == labels else {}


def parts_in_numbers(expected: Value, value: Value, names: Sequence[str]) -> dict[str, Numbers] | None:
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


def inputs_of(check: CheckKey, case: CaseKey) -> dict[str, Numbers]:
    """The arguments of a case that are real arrays or numbers, by name."""
    named = zip(check.arguments, case.args, strict=False)
    arrays = {name: value.numpy() for name, value in named if isinstance(value, Array)}
    return {name: array for name, array in arrays.items() if array.dtype.kind != "c"}


def labels_of(tables: Sequence[Table]) -> list[str]:
    """The parts that there are, in order."""
    return list(dict.fromkeys(label for table in tables for label in table.want))


def checks_of(tables: Iterable[Table]) -> frozenset[str]:
    """The names of their checks."""
    return frozenset(table.check for table in tables)


def wrong_in(tables: Sequence[Table], label: str) -> list[Table]:
    """The cases in which a part is wrong."""
    return [table for table in tables if label in table.wrong]
