"""Recognise the mistakes of the tables from the numbers alone, and say so with the evidence. Pure.

A mistake is told only where it gives the student's value on every case, the right ones included: never a guess. A
sentence names no number of an input: a factor goes by the argument and axis whose size it is.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from grader.judging.mistakes.hypotheses import Hypothesis, Sample, same
from grader.judging.mistakes.partial_errors import OTHER_VALUES, PARTIAL_ERRORS
from grader.judging.mistakes.rearrangements import REARRANGEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.judging.mistakes.hypotheses import Numbers

    Samples = Sequence[Sample]

__all__ = ["agrees", "by_part", "evidence", "misplaced", "on_top", "recognise"]

_ENOUGH = 4
"""So many distinct numbers in one case are as good as two cases."""
_MAX_PARTS = 4
_ACCURACY = 1e-5
"""How well a factor is known from two values that agree within tolerance."""
_NEARLY_ONE = 1e-3
"""A factor nearer to 1 than this is an inaccuracy."""


def recognise(samples: Samples, *, silent: str = "", compound: bool = False) -> str | None:
    """The simplest mistake that gives the student's value on every case, in a sentence with its evidence; else None.

    One mistake in all values is looked for, or with `compound` two, or one in some. `silent` says of which inputs these are, where others gave no value.
    """
    ordered = sorted(samples, key=lambda sample: sample.right)
    wrong = [sample for sample in ordered if not sample.right]
    if not wrong:
        return None
    with np.errstate(all="ignore"):
        phrase = next(_phrases(ordered, wrong, compound=compound), None)
    return phrase and f"your values are {phrase}, {evidence(len(wrong), len(ordered), silent=silent)}"


def agrees(samples: Samples, separating: Samples) -> bool:
    """Whether all of the student's values are these, and the ones that tell them from others are enough."""
    plain = Hypothesis("", lambda sample: sample.want)
    return all(sample.right for sample in samples) and _tells(plain, samples, separating)


def on_top(samples: Samples, separating: Samples, *, compound: bool = False) -> str | None:
    """The slip that turns the values of a mistake into the student's, as a sentence to follow it; else None.

    With `compound`, it may be a sign and a factor, or a kink. All values tell of a factor, those that do not tell the mistake too.
    """
    plain = Hypothesis("", lambda sample: sample.want)
    with np.errstate(all="ignore"):
        phrase = next(_scaled(plain, samples, samples, plainly=True, alone=not compound), None)
        if phrase:
            return f"Then your values are {phrase.replace('the expected ones', 'as that gives them, but')}."
        if not compound:
            return None
        return next((f"And it does something else where {name} is 0." for name in _kinks(samples, separating)), None)


def _kinks(samples: Samples, separating: Samples) -> Iterator[str]:
    """The inputs, of the shape of the values, at whose zeros alone the student's values are not these."""
    if any(sample.want.shape != sample.got.shape for sample in samples):
        return
    for name in samples[0].inputs:
        at = [sample.inputs.get(name) for sample in samples]
        kinks = [array == 0 for array in at if array is not None]
        if len(kinks) < len(at) or any(
            sample.want.shape != zero.shape for sample, zero in zip(samples, kinks, strict=True)
        ):
            continue
        elsewhere = not any((sample.wrong() & ~zero).any() for sample, zero in zip(samples, kinks, strict=True))
        seen = [
            _distinct(sample.got[~zero]) for sample, zero in zip(samples, kinks, strict=True)
            if elsewhere and any(sample is each for each in separating)
        ]  # fmt: skip
        if elsewhere and _enough(seen):
            yield name


def misplaced(names: Sequence[str], cases: Sequence[tuple[Sequence[Numbers], Sequence[Numbers]]]) -> str | None:
    """The order in which the parts (expected, returned) of every case were returned, if not the one asked; else None."""
    if not 1 < len(names) <= _MAX_PARTS:
        return None
    wrong = [case for case in cases if not all(map(same, *case))]
    for order in itertools.permutations(range(len(names))):
        if all(same(wants[k], got) for wants, gots in cases for k, got in zip(order, gots, strict=True)):
            told = [_distinct(np.concatenate([np.ravel(part) for part in gots])) for _, gots in wrong]
            parts = ", ".join(names[k] for k in order)
            sentence = f"your values are the expected ones in the order {parts}; asked is {', '.join(names)}"
            return f"{sentence} ({evidence(len(wrong), len(cases))})" if _enough(told) else None
    return None


def by_part(found: Iterable[tuple[str, str]]) -> list[str]:
    """The sentences on the parts; parts that share a sentence are named together, and the WHOLE is not named."""
    parts: dict[str, list[str]] = {}
    for part, sentence in found:
        parts.setdefault(sentence, []).append(part)
    return [f"{', '.join(names)}: {sentence}".removeprefix(": ") for sentence, names in parts.items()]


def evidence(count: int, total: int, *, silent: str = "") -> str:
    """On how many inputs of how many, in words; `silent` says of which, where others gave no value."""
    rest = "; the rest is right" if count < total else ""
    inputs = f"input{'s' if total > 1 else ''}"
    return f"on {count} of {f'the {total} {inputs} for which {silent}' if silent else f'{total} {inputs}'}{rest}"


def _phrases(ordered: Samples, wrong: Samples, *, compound: bool) -> Iterator[str]:
    """What the values are, simplest first: rearranged; scaled; others. With `compound`: scaled twice; right but for some; rearranged and scaled."""
    first = wrong[0]
    structures = [
        hypothesis
        for family in REARRANGEMENTS
        for hypothesis in family(ordered)
        if (predicted := hypothesis.predict(first)) is not None and predicted.shape == hypothesis.seen(first).shape
    ]
    plain = Hypothesis("", lambda sample: sample.want)
    if not compound:
        for hypothesis in structures:
            if _holds(hypothesis, ordered, wrong):
                yield f"the expected ones {hypothesis.phrase}"
        yield from _scaled(plain, ordered, wrong, alone=True)
        yield from _of(OTHER_VALUES, ordered, wrong)
        return
    yield from _scaled(plain, ordered, wrong)
    yield from _of(PARTIAL_ERRORS, ordered, wrong)
    for hypothesis in structures:
        yield from _scaled(hypothesis, ordered, wrong)


def _of(
    families: Iterable[Callable[[Samples], Iterator[Hypothesis]]], ordered: Samples, wrong: Samples
) -> Iterator[str]:
    for family in families:
        yield from (hypothesis.phrase for hypothesis in family(ordered) if _holds(hypothesis, ordered, wrong))


def _holds(hypothesis: Hypothesis, ordered: Samples, wrong: Samples) -> bool:
    """Whether a mistake gives the student's value on every case, and the wrong ones are enough to tell."""
    for sample in ordered:
        predicted = hypothesis.predict(sample)
        if not (sample.right if predicted is None else sample.agrees(predicted, hypothesis.seen(sample))):
            return False
    return _tells(hypothesis, ordered, wrong)


def _tells(hypothesis: Hypothesis, ordered: Samples, wrong: Samples) -> bool:
    """At least two wrong cases with numbers other than 0 in them, or one with several; for `partial`, as many right."""
    if hypothesis.partial:
        right = [
            _distinct(sample.want[~np.broadcast_to(sample.wrong(hypothesis.partial), sample.want.shape)])
            for sample in ordered
        ]
        # One number in the place of several is enough where it comes twice, even in one case.
        told = [1] * sum(int(sample.wrong().sum()) for sample in wrong) if hypothesis.repeats else [
            _distinct(sample.got) or 1 for sample in wrong]  # fmt: skip
        return _enough(told) and _enough(right)
    counts = []
    for sample in wrong:
        seen = hypothesis.seen(sample)
        # One number repeated, as in a mask, looks the same in many orders.
        several = bool(hypothesis.phrase) and seen.size > 1 and sample.got.shape == sample.want.shape
        vague = several and not hypothesis.repeats
        counts.append(max(_distinct(seen) - vague, 0))
    return _enough(counts)


def _distinct(numbers: Numbers) -> int:
    return len(np.unique(numbers[np.isfinite(numbers) & (numbers != 0)]))


def _enough(distinct: Sequence[int]) -> bool:
    return sum(count > 0 for count in distinct) > 1 or max(distinct, default=0) >= _ENOUGH


# --- scaling


def _scaled(
    hypothesis: Hypothesis, ordered: Samples, wrong: Samples, *, plainly: bool = False, alone: bool = False
) -> Iterator[str]:
    """What a mistake is together with a factor, where one factor with a name turns it into the student's values.

    With `plainly`, the factor is 2 or a dimension, and nothing else. With `alone`, it is one thing: a sign, or what has a name.
    """
    ratios = []
    for sample in ordered:
        ratio = _ratio(hypothesis, sample)
        if ratio is None or not sample.scalable:
            return
        ratios.append(ratio)
    known = [index for index, ratio in enumerate(ratios) if not np.isnan(ratio)]
    sizes = np.abs([ratios[index] for index in known])
    negative = {ratios[index] < 0 for index in known}
    if len(negative) != 1 or not _tells(hypothesis, ordered, wrong):
        return
    told = [hypothesis.phrase] * bool(hypothesis.phrase) + ["with the opposite sign"] * negative.pop()
    if _near(np.ones(1), sizes):
        if len(told) > bool(hypothesis.phrase):
            yield f"the expected ones {' and '.join(told)}"
    elif not (alone and len(told) > bool(hypothesis.phrase)):
        factor = next(_factors([ordered[index] for index in known], sizes, plainly=plainly, alone=alone), None)
        if factor:
            yield f"the expected ones {' and '.join([*told, factor])}"


def _ratio(hypothesis: Hypothesis, sample: Sample) -> float | None:
    """The factor between the predicted and the student's value: nan where both are 0, or not finite; None where there is none."""
    predicted, seen = hypothesis.predict(sample), hypothesis.seen(sample)
    if predicted is None:
        return 1.0 if sample.right else None
    if predicted.shape != seen.shape:
        return None
    informing = np.isfinite(predicted) & (predicted != 0)
    if not informing.any():
        return np.nan if any(same(predicted * sign, seen) for sign in (1, -1)) else None
    place = np.unravel_index(np.where(informing, np.abs(predicted), 0).argmax(), predicted.shape)
    ratio = seen[place] / predicted[place]
    # numpy divides complex numbers into complex ones; a factor is real.
    real = float(np.real(ratio))
    return real if np.isfinite(real) and real and sample.agrees(predicted * real, seen) else None


def _factors(samples: Samples, sizes: Numbers, *, plainly: bool, alone: bool) -> Iterator[str]:
    """The factors that have these sizes, in words: a number or a dimension, then, but for `alone`, any constant or two of them."""
    quantities = _quantities(samples)
    for values, names in quantities.items():
        # Equal names cannot be told apart here; the sentence shows that they are equal.
        name, dimension = " = ".join(names[:3]), "." in names[0]
        if plainly and names[0] != "2" and not dimension:
            continue
        if _near(np.array(values), sizes):
            yield f"times {name}" + (" (a sum where a mean is asked?)" if dimension else "")
        if _near(1 / np.array(values), sizes):
            yield f"divided by {name}" + (" (a mean where a sum is asked?)" if dimension else "")
    if plainly or alone:
        return
    if len(sizes) > 1 and not _near(sizes[:1], sizes):
        yield from _products([(np.array(values), names[0]) for values, names in quantities.items()], sizes)
    elif len(sizes) > 1 and abs(sizes[0] - 1) > _NEARLY_ONE:
        yield "times one and the same constant"


def _products(named: Sequence[tuple[Numbers, str]], sizes: Numbers) -> Iterator[str]:
    """Two quantities: tried only where the factor differs between cases, as many products come near one number."""
    for (one, name), (two, other) in itertools.combinations_with_replacement(named, 2):
        if _near(one * two, sizes):
            yield f"times {name} * {other}"
        if _near(1 / (one * two), sizes):
            yield f"divided by {name} * {other}"
    for (one, name), (two, other) in itertools.permutations(named, 2):
        if _near(one / two, sizes):
            yield f"times {name} / {other}"


def _near(factor: Numbers, sizes: Numbers) -> bool:
    """Whether a factor has these sizes, for the accuracy of a ratio."""
    return bool((np.abs(factor - sizes) <= _ACCURACY * sizes).all())


def _quantities(samples: Samples) -> dict[tuple[float, ...], list[str]]:
    """What a factor may be named after, by its value in each sample: equal ones cannot be told apart."""
    found: dict[tuple[float, ...], list[str]] = {(2.0,) * len(samples): ["2"]}
    each = [dict(_named_quantities(sample)) for sample in samples]
    for name in dict.fromkeys(itertools.chain(*each)):
        # An array without an axis has one entry along it, as for np.atleast_1d.
        values = tuple(float(named.get(name, "." in name)) for named in each)
        clear = not name.startswith("result.") or values not in found
        if min(values) > 0 and set(values) != {1.0} and clear:
            found.setdefault(values, []).append(name)
    return found


def _named_quantities(sample: Sample) -> Iterator[tuple[str, float]]:
    for name, array in [*sample.inputs.items(), ("result", sample.want)]:
        if array.ndim:
            yield from ((f"{name}.shape[{axis}]", size) for axis, size in enumerate(array.shape))
        elif name != "result":
            yield name, float(array)
        if array.ndim > 1:
            yield f"{name}.size", array.size
