"""What the right formula, or a misconception, gives on altered inputs: run in the trusted process, for diagnosis alone.

Code that takes the first sample for the batch, forgets a bias or swaps two arguments has the values of the right formula on other
inputs, whatever else its text looks like.
"""

from __future__ import annotations

import itertools
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.building.compiler import answer
from grader.errors import COURSE_RAISES
from grader.judging.answer_key import CaseKey
from grader.judging.compare import Precision, compare
from grader.judging.diagnosis import Alteration
from grader.wire.functions import compiled
from grader.wire.values import Array, arrays, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from grader.building.compiler import Compiled
    from grader.judging.answer_key import AnswerKey, CheckKey
    from grader.wire.values import Value

    Numbers = NDArray[Any]
    Arguments = list[Any]
    Alter = Callable[[Arguments], Arguments | None]
    """New arguments for those of a case; None where they cannot be altered so."""

__all__ = ["agreeing_by_luck", "alterations", "answer_on", "names", "sentence", "ways"]

_MOST_ENTRIES = 4_096
_MATRIX = 2


def alterations(made: Compiled, key: AnswerKey, function: str) -> tuple[Alteration, ...]:
    """What altered inputs give where that is not the right answer: of the right formula first, then of misconceptions.

    `key` is the key of the compiled exercise, or of the same exercise with a student's own inputs. Checks with a judge of
    their own, with a driver where there are others, and cases of more than 4,096 entries, the answer's included, are left out.
    So are alterations that the author has switched off.
    """
    cases = _cases(key, function)
    found = []
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tried in _tried(made, key, function, cases):
            answers = tuple(tried.answers())
            if any(compare(case.expected, value, case.precision) for (_, _, case), value in answers):
                of_each = {(check.name, index): value for (check, index, _), value in answers}
                words = sentence(made, key, tried.words, tried.misconception)
                found.append(Alteration(words, of_each, tried.misconception))
    return tuple(found)


def agreeing_by_luck(
    made: Compiled, function: str, fresh: Iterable[tuple[CheckKey, tuple[Value, ...]]]
) -> Iterator[tuple[str, str]]:
    """The alterations that agree with the right answer on the checks, and not on `fresh` inputs of theirs.

    Each by the name of the misconception, empty for the right formula, and its own name. One that agrees on all of them is no
    mistake.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agree = [tried for tried in _tried(made, made.key, function, _cases(made.key, function)) if tried.agrees()]
    if not agree:
        return
    right = made.references[function]
    cases: list[tuple[CheckKey, int, CaseKey]] = []
    for check, args in fresh:
        expected = pack(answer(right, args, driver=check.driver, strict=False))
        if _entries((*args, expected)) <= _MOST_ENTRIES:
            cases.append((check, len(cases), CaseKey(args, expected)))
    given = [[unpack(argument, readonly=True) for argument in case.args] for _, _, case in cases]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tried in agree:
            for (check, _, case), arguments in zip(cases, given, strict=True):
                value = _answer(tried.formula, check, _altered(tried.alter, arguments))
                # What float32 makes of an input is a matter of accuracy, and no mistake.
                if value is not None and compare(case.expected, value, Precision.SINGLE):
                    yield tried.misconception, tried.name
                    break


def names(made: Compiled) -> tuple[str, ...]:
    """The names of all alterations of an exercise's functions: what an author may switch off, or word better."""
    return tuple(
        dict.fromkeys(
            _name(words)
            for function in made.key.functions
            if (cases := _cases(made.key, function))
            for words, _, _ in _ways(cases[0][0].arguments, [case for _, _, case in cases])
        )
    )


class _Tried(msgspec.Struct, frozen=True):
    """A formula on altered inputs."""

    misconception: str
    words: str
    formula: Callable[..., Any]
    alter: Alter
    cases: Sequence[tuple[CheckKey, int, CaseKey]]
    altered: Sequence[Arguments | None]
    """The inputs for each case; None where they cannot be altered so."""

    @property
    def name(self) -> str:
        """What an author calls the alteration."""
        return _name(self.words)

    def answers(self) -> Iterator[tuple[tuple[CheckKey, int, CaseKey], Value]]:
        """What comes of it, where something does: one after the other, as most often the first is enough."""
        for place, arguments in zip(self.cases, self.altered, strict=True):
            value = _answer(self.formula, place[0], arguments)
            if value is not None:
                yield place, value

    def agrees(self) -> bool:
        """Whether the right answer comes of it wherever something does, and it does somewhere."""
        found = False
        for (_, _, case), value in self.answers():
            if compare(case.expected, value, case.precision):
                return False
            found = True
        return found


def _name(words: str) -> str:
    """The words of an alteration without the first, which only joins them to a sentence."""
    return words.replace("`", "").partition(" ")[2]


def sentence(made: Compiled, key: AnswerKey, words: str, misconception: str = "") -> str:
    """What a student reads whose values come of an alteration with these words, of the right formula or of a misconception."""
    feedback = f"{key.misconceptions[misconception]}\n" if misconception else ""
    beside, of_what = ("Beside that, your", "") if feedback else ("your", " of the right formula")
    told = made.alterations.get(_name(words)) or f"{beside} values are those{of_what} {words}"
    return f"{feedback}{told}"


def ways(made: Compiled, key: AnswerKey, function: str) -> Iterator[tuple[str, Alter, bool]]:
    """Each alteration of a function's inputs with its words, and whether it is tried with misconceptions too.

    Those that the author has switched off are left out.
    """
    cases = _cases(key, function)
    for words, alter, common in _ways(cases[0][0].arguments, [case for _, _, case in cases]) if cases else ():
        if made.alterations.get(_name(words), "") is not None:
            yield words, alter, common


def answer_on(formula: Callable[..., Any], check: CheckKey, case: CaseKey, alter: Alter) -> Value | None:
    """What a formula gives on the altered inputs of a case; None where it raises, or where nothing can be altered."""
    arguments = [unpack(argument, readonly=True) for argument in case.args]
    return _answer(formula, check, _altered(alter, arguments))


def _cases(key: AnswerKey, function: str) -> list[tuple[CheckKey, int, CaseKey]]:
    """The cases in which alterations are looked for, with their check and number."""
    asked = [check for check in key.checks if check.function == function and not check.judge]
    direct = [check for check in asked if not check.driver] or asked
    return [
        (check, index, case)
        for check in direct
        for index, case in enumerate(check.cases)
        if _entries((*case.args, case.expected)) <= _MOST_ENTRIES
    ]


def _entries(values: Iterable[Value]) -> int:
    return sum(array.numpy().size for value in values for array in arrays(value))


def _tried(
    made: Compiled, key: AnswerKey, function: str, cases: Sequence[tuple[CheckKey, int, CaseKey]]
) -> Iterator[_Tried]:
    """Each formula on each alteration. Warnings are whoever's who asks for the answers."""
    if not cases:
        return
    formulas = [("", made.references[function])]
    formulas += [
        (name, thing.answer)
        for name, thing in made.misconceptions.items()
        if name in key.misconceptions and (thing.function or function) == function
    ]
    given = [[unpack(argument, readonly=True) for argument in case.args] for _, _, case in cases]
    found = [
        (words, alter, common, [_altered(alter, arguments) for arguments in given])
        for words, alter, common in ways(made, key, function)
    ]
    for (name, formula), (words, alter, common, altered) in itertools.product(formulas, found):
        if common or not name:
            yield _Tried(name, words, formula, alter, cases, altered)


def _altered(alter: Alter, arguments: Arguments) -> Arguments | None:
    """The altered arguments of a case, as arrays that no formula writes into; None where they cannot be altered so."""
    try:
        found = alter(arguments)
    except COURSE_RAISES:  # a change may have no meaning for some inputs
        return None
    for value in found or ():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return found


def _answer(formula: Callable[..., Any], check: CheckKey, arguments: Arguments | None) -> Value | None:
    """What a formula gives on altered inputs; None where it raises, or where nothing can be altered."""
    if arguments is None:
        return None
    try:
        return pack(partial(compiled(check.driver), formula)(*arguments) if check.driver else formula(*arguments))
    except COURSE_RAISES:  # a formula may raise as it likes on inputs that nobody meant for it
        return None


# --- the table of alterations, each with its words


def _ways(names: Sequence[str], cases: Sequence[CaseKey]) -> Iterator[tuple[str, Alter, bool]]:
    """Each alteration with its words, and whether it is common enough to be tried with misconceptions too."""
    # Whole numbers are sizes and counts: another one is another question.
    floats = [
        index
        for index in range(min(len(names), *(len(case.args) for case in cases)))
        if all(isinstance(value := case.args[index], Array) and np.dtype(value.dtype).kind == "f" for case in cases)
    ]
    yield from ((words, alter, True) for words, alter in _batches(cases, floats))
    for one, two in itertools.combinations(floats, 2):
        yield f"with `{names[one]}` and `{names[two]}` swapped", partial(_swapped, one, two), True
    for index in floats:
        for words, change in _CHANGES.items():
            yield words.format(f"`{names[index]}`"), partial(_changed, index, change), words in _COMMON


def _batches(cases: Sequence[CaseKey], floats: Sequence[int]) -> Iterator[tuple[str, Alter]]:
    """One sample for the batch: where two arguments or more have one length in every case."""
    lengths = {
        index: tuple(
            value.shape[0] if isinstance(value := case.args[index], Array) and value.shape else 0 for case in cases
        )
        for index in floats
    }
    alike = [index for index in floats if list(lengths.values()).count(lengths[index]) > 1 and any(lengths[index])]
    if alike and max(lengths[alike[0]]) > 1:
        batch = [index for index in alike if lengths[index] == lengths[alike[0]]]
        yield "of the first sample alone", partial(_sliced, batch, slice(0, 1))
        yield "of the last sample alone", partial(_sliced, batch, slice(-1, None))
        yield "of the batch without its last sample", partial(_sliced, batch, slice(0, -1))


def _sliced(batch: Sequence[int], rows: slice, arguments: Arguments) -> Arguments | None:
    return [value[rows] if index in batch else value for index, value in enumerate(arguments)]


def _swapped(one: int, two: int, arguments: Arguments) -> Arguments:
    found = list(arguments)
    found[one], found[two] = found[two], found[one]
    return found


def _changed(index: int, change: Callable[[Numbers], Numbers | None], arguments: Arguments) -> Arguments | None:
    value = change(np.asarray(arguments[index]))
    if value is None:
        return None
    # A number stays one, as formulas may ask for its sign with `if`.
    return [*arguments[:index], value if np.ndim(arguments[index]) else value.item(), *arguments[index + 1 :]]


def _repeated(row: int, value: Numbers) -> Numbers | None:
    return np.repeat(value[[row]], len(value), axis=0) if value.ndim and len(value) > 1 else None


def _averaged(value: Numbers) -> Numbers | None:
    return np.repeat(value.mean(axis=0, keepdims=True), len(value), axis=0) if value.ndim and len(value) > 1 else None


_CHANGES: dict[str, Callable[[Numbers], Numbers | None]] = {
    "with all of {} taken as 0": lambda value: np.zeros_like(value, dtype=float),
    "with all of {} taken as 1": lambda value: np.ones_like(value, dtype=float),
    "with {} taken without its sign": np.abs,
    "with {} taken with the opposite sign": np.negative,
    "with {} transposed": lambda value: value.T if value.ndim >= _MATRIX else None,
    "with the first row of {} for all of its rows": partial(_repeated, 0),
    "with the last row of {} for all of its rows": partial(_repeated, -1),
    "with the mean row of {} for all of its rows": _averaged,
    "with {} divided by its length": lambda value: value / np.linalg.norm(value),
    "with {} divided by its largest entry": lambda value: value / np.max(value),
    "with {} divided by its sum": lambda value: value / np.sum(value),
    "with {} less its mean": lambda value: value - np.mean(value),
    "with {} cut off below 0": lambda value: np.maximum(value, 0),
    "with {} cut off below 0 and above 1": lambda value: np.clip(value, 0, 1),
    "with {} cut off below -1 and above 1": lambda value: np.clip(value, -1, 1),
    "with {} rounded to whole numbers": np.round,
    "with the decimals of {} cut off": np.trunc,
    "with {} in float32 instead of float64": lambda value: value.astype(np.float32).astype(float),
    "with {} squared": np.square,
    "with {} shifted by one place": lambda value: np.roll(value, 1, axis=0) if value.ndim else None,
    "with {} in reverse order": lambda value: value[::-1] if value.ndim else None,
    "with the sigmoid of {} in its place": lambda value: 1 / (1 + np.exp(-value)),
    "with the exponential of {} in its place": np.exp,
    "with the positive entries of {} taken as 1, the others as 0": lambda value: (value > 0).astype(float),
}

_COMMON = frozenset(itertools.islice(_CHANGES, 5))
"""The first of these: an argument that was left out, its sign, its transpose."""
