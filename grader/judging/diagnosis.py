"""Say in a tutor's words why a function's values are wrong, in the order of what is known best. Pure.

1. A registered misconception explains them: alone, with a slip on top of it, or two between them.
2. A slip of the right values does: `mistakes`.
3. The right formula, or a misconception, on altered inputs does: whoever calls hands these values in.
   In which entries values are wrong, two slips, and two of all this come after it.
5. Nothing does: then for which inputs the values are right, where there is a pattern in that. (The fourth way runs programs.)
   And for which the function raises, whatever explains its values.

A sentence is said only if it holds on all cases with a value. A case without one, after an exception or a limit, neither shows
nor refutes: the sentence then says so. Evidence is a finite number other than 0, as 0 and nan come of anything; formulas that
show in nothing else are told where all the other values are right.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.judging.compare import WHOLE, Precision, compare, held, split
from grader.judging.mistakes.hypotheses import Sample, not_finite, same
from grader.judging.mistakes.patterns import pattern
from grader.judging.mistakes.recognise import agrees, evidence, misplaced, on_top, recognise
from grader.judging.tables import checks_of, inputs_of, labels_of, parts_in_numbers, tables_of, wrong_in
from grader.wire import messages as wire
from grader.wire.values import Array, Value, parts

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Callable, Iterable, Sequence

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.mistakes.hypotheses import Numbers
    from grader.judging.tables import Answered, Table

    Valued = Sequence[tuple[CheckKey, CaseKey, Value]]
    """The cases that gave a value."""

__all__ = ["PATTERN", "Alteration", "Diagnosis", "diagnose"]

PATTERN = 5
"""The way that says for which inputs values are right, and names no mistake."""

_SEVERAL = 3
"""For so many different right values one and the same is no chance."""
_ROUNDING = 1e-6
"""What rounding leaves of a 0, in float32 too."""
_PARALLEL = 1 - 1e-9
"""The cosine between an array and a multiple of it, but for rounding."""


class Diagnosis(msgspec.Struct, frozen=True):
    """Why the values of a function are wrong: all of them, or one part."""

    way: int
    sentence: str
    checks: frozenset[str]
    """The names of the checks of which it speaks."""
    parts: frozenset[str] = frozenset({WHOLE})
    misconception: str = ""


class Alteration(msgspec.Struct, frozen=True):
    """What the right formula gives on altered inputs, or a misconception does."""

    sentence: str
    """What a student reads whose values these are."""
    answers: collections.abc.Mapping[tuple[str, int], Value]
    """By check and case, where there is an answer."""
    misconception: str = ""


def diagnose(
    key: AnswerKey, answered: Answered, altered: Callable[[], Iterable[Alteration]] = tuple
) -> tuple[Diagnosis, ...]:
    """What explains the wrong values of one function, at most one thing for each wrong value; () where nothing does."""
    valued = [(check, case, outcome.value) for check, case, outcome in answered if isinstance(outcome, wire.Returned)]
    if all(_is_right(*item) for item in valued):
        return _by_flags(key, answered) or _raising(answered)
    found = _shown(key, valued) or _by_flags(key, answered)
    tables = tables_of(key, answered)
    if tables is None:
        return found + _constant(found, valued)
    raised = any(not check.judge and not isinstance(outcome, wire.Returned) for check, _, outcome in answered)
    silent = "your function returns" if raised else ""
    alterations = functools.cache(lambda: tuple(altered()))
    # One mistake before two, and before where values are wrong: a factor on top of a known one says more than two slips.
    for compound in (False, True):
        found += _slips(found, tables, silent=silent, compound=compound)
        if _unexplained(found, tables):
            found += _on_top(key, found, tables, compound=compound)
        if not compound and _unexplained(found, tables):
            found += _altered(found, tables, alterations(), plainly=True)
    if _unexplained(found, tables):
        found += _pair(key, found, tables)
    if _unexplained(found, tables):
        found += _altered(found, tables, alterations())
    found += _constant(found, valued)
    return found + _patterns(found, tables, silent=silent) + _raising(answered)


def _is_right(check: CheckKey, case: CaseKey, value: Value) -> bool:
    """Whether a value is the expected one; a check's own judge is not asked here, so what else it takes counts as wrong."""
    return compare(case.expected, value, check.precision(case)) is None


# --- 1. a misconception, by whole values: texts and constructed answers too


def _shown(key: AnswerKey, valued: Valued) -> tuple[Diagnosis, ...]:
    """The misconceptions whose values came back: whole ones, else those that agree in each part in which they differ.

    Of whole ones, none is told all of whose wrong values another has as well, which has more.
    """
    whole = {
        name: {index for index, (_, case, _) in enumerate(valued) if _differs(name, case, WHOLE, ())}
        for name in key.misconceptions
        if _shows(name, valued)
    }
    if whole:
        return tuple(
            Diagnosis(1, key.misconceptions[name], _evident(name, valued, WHOLE, ()), misconception=name)
            for name, cases in whole.items()
            if not any(cases < more for more in whole.values())
        )
    names = next((tuple(check.parts) for check, _, _ in valued if check.parts), ())
    named = [item for item in valued if item[0].parts]
    shared = {name: {part for part in names if _shows(name, named, part, names)} for name in key.misconceptions}
    found = []
    for name, shown in shared.items():
        differing = {part for part in names if any(_differs(name, case, part, names) for _, case, _ in named)}
        # Two formulas may share a wrong part: then the part does not tell which of them was used.
        others = set().union(*(parts for other, parts in shared.items() if other != name))
        if differing and differing <= shown and not differing & others:
            checks = frozenset().union(*(_evident(name, named, part, names) for part in differing))
            found.append(Diagnosis(1, key.misconceptions[name], checks, frozenset(differing), name))
    return tuple(found)


def _evident(name: str, valued: Valued, part: str, names: Sequence[str]) -> frozenset[str]:
    """The checks in which a misconception shows, rather than an exception or another mistake."""
    return frozenset(check.name for check, case, _ in valued if _differs(name, case, part, names))


def _differs(name: str, case: CaseKey, part: str, names: Sequence[str]) -> bool:
    """Whether a misconception has a value for a case, and another one than is expected, in this part of it."""
    wrong = case.wrong.get(name)
    if wrong is None or part == WHOLE:
        return wrong is not None
    want, have = (split(case.expected, names, value) for value in (case.expected, wrong))
    return want is not None and have is not None and compare(want[part], have[part], case.precision) is not None


def _shows(name: str, valued: Valued, part: str = WHOLE, names: Sequence[str] = ()) -> bool:
    """Whether the values agree with a misconception on every case that separates it, at least one with a number in it.

    With `part`, one of the parts `names`, only that part is looked at. Where it shows in zeros and nan alone, all other
    values have to be right, its own, or such as well.
    """
    evident = shows = False
    for _, case, value in valued:
        if name in case.silent:
            continue
        if name in case.wrong and case.wrong[name] is None:
            if compare(case.expected, value, case.precision) is None:
                return False  # a right value where the wrong formula has none
        elif _differs(name, case, part, names):
            predicted, got = (_piece(case, each, part, names) for each in (case.wrong[name], value))
            if predicted is None or got is None:
                return False
            predicted = held(predicted, got)
            if not _alike(predicted, got, _piece(case, case.expected, part, names), case.precision):
                if _overflows(_piece(case, case.expected, part, names), predicted, got, case.precision):
                    continue
                return False
            shows = True
            evident = evident or _informs(predicted)
    return evident or (
        shows
        and all(
            name in case.wrong or check.judge or _is_right(check, case, value) or _is_empty(value)
            for check, case, value in valued
        )
    )


def _alike(predicted: Value, got: Value, right: Value | None, precision: Precision) -> bool:
    """Whether a value is the one predicted; zeros may be what rounding left of them, unless that is the right value."""
    if compare(predicted, got, precision, kinds=False) is None:
        return True
    if right is None or compare(right, got, precision) is None:
        return False
    same = isinstance(predicted, Array) and isinstance(got, Array) and predicted.shape == got.shape
    return same and not _informs(predicted) and _is_empty(predicted) and _is_empty(got)


def _overflows(right: Value | None, predicted: Value, got: Value, precision: Precision) -> bool:
    """Whether nan or infinity came of what has a finite value otherwise, and zeros beside it: that is no value, as an exception is.

    Where the right value is not finite either, it is what the check asks about.
    """
    if not (isinstance(predicted, Array) and isinstance(got, Array) and predicted.shape == got.shape):
        return False
    return _is_finite(right) and not_finite(predicted.numpy(), got.numpy(), precision)


def _is_finite(value: Value | None) -> bool:
    if not isinstance(value, Array):
        return False
    numbers = value.numpy()
    return numbers.dtype.kind not in "fc" or bool(np.isfinite(numbers).all())


def _is_empty(value: Value) -> bool:
    """Whether a value is an array in which all is 0, but for rounding, or nan or infinite."""
    if not isinstance(value, Array):
        return False
    numbers = value.numpy()
    return not (np.isfinite(numbers) & (np.abs(numbers) > _ROUNDING)).any()


def _piece(case: CaseKey, value: Value | None, part: str, names: Sequence[str]) -> Value | None:
    if value is None or part == WHOLE:
        return value
    pieces = split(case.expected, names, value)
    return None if pieces is None else pieces[part]


def _informs(value: Value) -> bool:
    """Whether a value holds a finite number other than 0, or is no number at all."""
    if isinstance(value, Array):
        numbers = value.numpy()
        return bool((np.isfinite(numbers) & (numbers != 0)).any())
    inner = tuple(parts(value))
    return any(map(_informs, inner)) if inner else True


def _by_flags(key: AnswerKey, answered: Answered) -> tuple[Diagnosis, ...]:
    """The misconceptions that differ from the right formula in floating-point flags alone: all its values count."""
    found = []
    for name, sentence in key.misconceptions.items():
        cases = [(case, outcome) for _, case, outcome in answered if name in case.wrong]
        rest = [item for item in answered if name not in item[1].wrong]
        raised = [outcome for case, outcome in cases if case.wrong[name] is None and isinstance(outcome, wire.Raised)]
        overflows = [outcome for outcome in raised if outcome.kind == "FloatingPointError"]
        right = all(isinstance(item[2], wire.Returned) and _is_right(*item[:2], item[2].value) for item in rest)
        if (
            overflows
            and right
            and all(outcome in overflows or outcome.wrote for outcome in raised)
            and len(raised) == len(cases)
        ):
            checks = frozenset(check.name for check, case, _ in answered if name in case.wrong)
            found.append(Diagnosis(1, sentence, checks, misconception=name))
    return tuple(found)


# --- what is explained already, in numbers


def _speaks_of(diagnosis: Diagnosis, table: Table, label: str) -> bool:
    return table.check in diagnosis.checks and (label in diagnosis.parts or WHOLE in diagnosis.parts)


def _explains(diagnosis: Diagnosis, table: Table, label: str) -> bool:
    """Whether a diagnosis speaks of a part in a case, and an overflow has not taken its value there."""
    predicted = table.gives(diagnosis.misconception) or table.want
    return _speaks_of(diagnosis, table, label) and not _is_lost(predicted[label], table, label)


def _unexplained(
    found: Sequence[Diagnosis], tables: Sequence[Table], explains: Callable[..., bool] = _explains
) -> list[str]:
    """The parts with a wrong value that nothing explains yet."""
    return [
        label
        for label in labels_of(tables)
        if any(not any(explains(each, table, label) for each in found) for table in wrong_in(tables, label))
    ]


def _left(found: Sequence[Diagnosis], tables: Sequence[Table], label: str) -> list[Table]:
    """The cases of a part but those that are explained: right ones, and wrong ones that nothing explains."""
    wrong = wrong_in(tables, label)
    return [
        table
        for table in tables
        if label in table.want and not (table in wrong and any(_explains(each, table, label) for each in found))
    ]


# --- 2. slips of the right values


def _slips(
    found: Sequence[Diagnosis], tables: Sequence[Table], *, silent: str, compound: bool
) -> tuple[Diagnosis, ...]:
    """The slip that explains what is left of each part: of all its cases in which overflow has left a value, if one does."""
    labels = labels_of(tables)
    cases = [(list(table.want.values()), [table.got[label] for label in labels]) for table in tables if list(table.want) == labels]  # fmt: skip
    if not found and len(cases) == len(tables) and (phrase := misplaced(labels, cases)):
        return (Diagnosis(2, phrase, checks_of(tables)),)
    slips = []
    for label in _unexplained(found, tables):
        asked = _left(found, tables, label)
        left = [table for table in asked if not _is_lost(table.want[label], table, label)]
        finite = "your values are finite" if len(left) < len(asked) else silent
        if sentence := recognise([table.sample(label) for table in left], silent=finite, compound=compound):
            slips.append(Diagnosis(2, sentence, checks_of(wrong_in(left, label)), frozenset({label})))
    return tuple(slips)


# --- 1. again: a slip on top of a misconception, and two of them


def _on_top(
    key: AnswerKey, found: Sequence[Diagnosis], tables: Sequence[Table], *, compound: bool
) -> tuple[Diagnosis, ...]:
    """The misconceptions that explain, with a slip on top, each part in which they differ: several where each is a factor of the other.

    With `compound`, the slip may be more, and there may be many: then it is the first.
    """
    known = {each.misconception for each in found}
    explaining = (
        _on_base(1, sentence, name, base, found, tables, compound=compound)
        for name, sentence in key.misconceptions.items()
        if name not in known
        for base in [{(table.check, table.index): table.gives(name) for table in tables if table.gives(name)}]
    )
    told = filter(None, explaining)
    return next(told, ()) if compound else tuple(itertools.chain(*told))


def _on_base(  # noqa: PLR0913
    way: int, sentence: str, name: str, base: collections.abc.Mapping[tuple[str, int], collections.abc.Mapping[str, Numbers]],
    found: Sequence[Diagnosis], tables: Sequence[Table], *, compound: bool = True, plainly: bool = False,
) -> tuple[Diagnosis, ...]:  # fmt: skip
    """What values of another origin explain, plainly or with a slip on top: in every part in which they differ; one has to show it."""
    told: dict[str, list[str]] = {}
    checks: frozenset[str] = frozenset()
    news = False
    for label in labels_of(tables):
        asked = [
            table
            for table in _left((), tables, label)
            if name not in table.silent
            and not _is_lost(base.get((table.check, table.index), table.want)[label], table, label)
        ]
        cases = [table for table in asked if (table.check, table.index) in base]
        differing = [t for t in cases if not same(t.want[label], base[t.check, t.index][label], t.precision)]
        if not differing:
            continue
        samples = [table.sample(label, base[table.check, table.index]) for table in cases]
        separating = [samples[cases.index(table)] for table in differing]
        if len(cases) < len(asked):
            return ()
        wrong, alike = wrong_in(cases, label), all(sample.right for sample in samples)
        # What something on top makes right again, but for an inaccuracy, is no mistake.
        undone = all(same(table.want[label], table.got[label], Precision.SINGLE) for table in cases)
        phrase = "" if alike else None if plainly or undone else on_top(samples, separating, compound=compound)
        if phrase is None:
            return ()
        told.setdefault(phrase, []).append(label)
        unexplained = any(not any(_explains(each, table, label) for each in found) for table in wrong)
        news = news or (unexplained and (not alike or agrees(samples, separating)))
        checks |= checks_of(wrong)
    added = [
        f"{', '.join(filter(None, labels))}: {phrase}".removeprefix(": ") for phrase, labels in told.items() if phrase
    ]
    labels = frozenset(label for group in told.values() for label in group)
    return (Diagnosis(way, "\n".join([sentence, *added]), checks, labels, name),) if news else ()


def _is_lost(predicted: Numbers, table: Table, label: str) -> bool:
    """Whether overflow has left no value of a part in a case, where another origin than the right formula would give one."""
    return (
        bool(np.isfinite(table.want[label]).all())
        and predicted.shape == table.got[label].shape
        and not_finite(predicted, table.got[label], table.precision)
    )


def _pair(key: AnswerKey, found: Sequence[Diagnosis], tables: Sequence[Table]) -> tuple[Diagnosis, ...]:
    """Two misconceptions that explain the wrong checks of a part between them, each of them some check as a whole.

    A right value where one of them has another tells that it is not there.
    """
    for label in _unexplained(found, tables):
        left = _left(found, tables, label)
        wrong = wrong_in(left, label)
        right = [table for table in left if label not in table.wrong]
        covered = {
            name: _covered(name, wrong, label) for name in key.misconceptions if not _refuted(name, right, label)
        }
        for one, two in itertools.combinations([name for name, checks in covered.items() if checks], 2):
            if covered[one] | covered[two] == checks_of(wrong):
                return tuple(
                    Diagnosis(1, key.misconceptions[name], covered[name], frozenset({label}), name)
                    for name in (one, two)
                )
    return ()


def _refuted(name: str, right: Sequence[Table], label: str) -> bool:
    """Whether a misconception has another value, or none, where the right one came back."""
    return any(
        label not in (base := table.gives(name)) or not same(table.want[label], base[label], table.precision)
        for table in right
        if name not in table.silent
    )


def _covered(name: str, wrong: Sequence[Table], label: str) -> frozenset[str]:
    """The checks in all of whose wrong cases a misconception's values came back, with evidence."""
    found = []
    for check in checks_of(wrong):
        cases = [table for table in wrong if table.check == check]
        samples = [table.sample(label, base) for table in cases if (base := table.wrongs(name))]
        if len(samples) == len(cases) and agrees(samples, samples):
            found.append(check)
    return frozenset(found)


# --- 3. altered inputs


def _altered(
    found: Sequence[Diagnosis], tables: Sequence[Table], alterations: Sequence[Alteration], *, plainly: bool = False
) -> tuple[Diagnosis, ...]:
    """The first alteration of the inputs that explains, `plainly` or with a slip on top, each part in which it differs.

    And of what that leaves, as arguments may be altered each in its own way.
    """
    left = _unexplained(found, tables)
    first = {label: wrong_in(_left(found, tables, label), label)[0] for label in left}
    for multiple, alteration in itertools.product((False,) if plainly else (False, True), alterations):
        if not _is_in(alteration.misconception, tables, left):
            continue
        if any(_worth_a_try(alteration, table, label, multiple=multiple) for label, table in first.items()):
            pieces = {(table.check, table.index): _pieces(alteration, table) for table in tables}
            base = {place: parts for place, parts in pieces.items() if parts}
            name, sentence = alteration.misconception, alteration.sentence
            # A wrong formula on altered inputs is two mistakes; with a third on top, which may undo one of them, it is a coincidence.
            if told := _on_base(3, sentence, name, base, found, tables, plainly=plainly or bool(name)):
                others = [each for each in alterations if each is not alteration]
                return told + _altered((*found, *told), tables, others, plainly=plainly)
    return ()


def _is_in(name: str, tables: Sequence[Table], labels: Sequence[str]) -> bool:
    """Whether a misconception is one in some of these parts; no name is that of the right formula, which is in all.

    One in other parts alone would be told of what is right: an alteration that undoes it there is a coincidence.
    """
    return not name or any(
        label in (base := table.gives(name)) and not same(table.want[label], base[label], table.precision)
        for table in tables
        for label in labels
        if label in table.want
    )


def _pieces(alteration: Alteration, table: Table) -> dict[str, Numbers]:
    """The parts that an alteration gives for a case; none where it has no such value."""
    value = alteration.answers.get((table.check, table.index))
    pieces = None if value is None else parts_in_numbers(table.expected, value, table.names)
    return pieces if pieces is not None and pieces.keys() == table.want.keys() else {}


def _worth_a_try(alteration: Alteration, table: Table, label: str, *, multiple: bool) -> bool:
    """Whether an alteration gives what came back for one case, or a `multiple` of it."""
    predicted, got = _pieces(alteration, table).get(label), table.got[label]
    if predicted is None or predicted.shape != got.shape:
        return False
    if not multiple:
        return same(predicted, got, table.precision)
    one, two = (np.ravel(each).astype(complex) for each in (predicted, got))
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(one) * np.linalg.norm(two)
        return bool(lengths) and bool(abs(np.vdot(one, two)) > _PARALLEL * lengths)


# --- 5. the same for all inputs, and right for some


def _constant(found: Sequence[Diagnosis], valued: Valued) -> tuple[Diagnosis, ...]:
    """The parts of which one and the same value came back for all inputs, where several are asked: as of the numbers of an example.

    Texts too, where texts are asked for: None, and what has another form than the answer, holds no numbers of an example. Of zeros
    it is no news that they are alike.
    """
    asked = [item for item in valued if not item[0].judge]
    asked = [item for item in asked if not item[0].driver] or asked
    names = next((check.names for check, _, _ in asked if check.names), ())
    told = []
    for part in names or (WHOLE,):
        if not asked or any({part, WHOLE} & each.parts for each in found):
            continue
        values = [_piece(case, value, part, names) for _, case, value in asked]
        wants = [_piece(case, case.expected, part, names) for _, case, _ in asked]
        alike = values[0] is not None and _informs(values[0]) and all(value == values[0] for value in values)
        if alike and isinstance(values[0], type(wants[0])) and _are_several(wants):
            sentence = f"your values are the same for all inputs (are they those of one example?), {evidence(len(asked), len(asked))}"
            checks = frozenset(item[0].name for item in asked)
            told.append(Diagnosis(PATTERN, sentence, checks, frozenset({part})))
    return tuple(told)


def _are_several(values: Iterable[Value | None]) -> bool:
    """Whether more of them differ than do by chance."""
    known: list[Value | None] = []
    for value in values:
        if value not in known:
            known.append(value)
        if len(known) == _SEVERAL:
            return True
    return False


def _patterns(found: Sequence[Diagnosis], tables: Sequence[Table], *, silent: str) -> tuple[Diagnosis, ...]:
    """For which inputs each part that nothing explains is right, of all its cases."""
    told = []
    for label in _unexplained(found, tables, _speaks_of):
        asked = [table.sample(label) for table in tables if label in table.want]
        if phrase := pattern(asked):
            sentence = f"your values are {phrase}, {evidence(len(asked), len(asked), silent=silent)}"
            told.append(Diagnosis(PATTERN, sentence, checks_of(wrong_in(tables, label)), frozenset({label})))
    return tuple(told)


def _raising(answered: Answered) -> tuple[Diagnosis, ...]:
    """For which inputs the function raises, of all that it returned from or raised for by itself.

    What a check makes raise, as by arguments that cannot be written to, tells of no inputs.
    """
    one, none = np.ones(1), np.zeros(1)
    asked = [
        (check.name, isinstance(outcome, wire.Raised), inputs_of(check, case))
        for check, case, outcome in answered
        if not (check.driver or check.strict or check.readonly or check.judge)
        and isinstance(outcome, wire.Returned | wire.Raised)
    ]
    samples = [Sample.of(inputs, one, none if raises else one) for _, raises, inputs in asked]
    phrase = pattern(samples, ("returns a value", "raises")) if samples else None
    if phrase is None:
        return ()
    sentence = f"your function {phrase}, {evidence(len(asked), len(asked))}"
    return (Diagnosis(PATTERN, sentence, frozenset(name for name, raises, _ in asked if raises)),)
