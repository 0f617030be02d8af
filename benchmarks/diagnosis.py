"""How many of the mistakes that are known are told, as they are and with something on top, and how many planted edits are found.

A student is played who returns the values of a mistake, and what is said of them is one of four things:

- the planted mistake: its own sentence, or that of another mistake whose values these are in every case. Of two mistakes one is
  enough, as all that is said holds on all values. But for misconceptions, which have sentences of their own, a slip that all values
  have counts too: what a linear formula makes of `-x` has the opposite sign, and is no other mistake;
- another known mistake, whose values these are with something on top of it. Where that is so on inputs drawn afresh too, it counts as
  the planted one;
- another fact that holds on all values, as a slip of some of them or for which inputs they are right;
- nothing but the bare facts.

Played are each misconception of each exercise, as it is and changed; the right formula on each altered input that the diagnosis
knows; and pairs: a misconception on an altered input, two alterations one after the other, and two misconceptions of which no array
shows both. Of each kind of pair an exercise has about as many as it has misconceptions. What passes the checks is not counted; nor, of
alterations and pairs, what is wrong in zeros, nan and exceptions alone, as these come of anything.

Edits are planted, one a program and a fixed sample of them, in right programs in other styles than the reference's, and in the
references: how many are told something, and on which line, without and with the search for the one edit that makes an answer right,
and how long that takes. The planted mistake is told by its line, by a kind of change that undoes it where no line is told, or as above.

A third of the exercises, chosen by a hash, is shown apart: what is changed in the diagnosis is tried on the others.

    python benchmarks/diagnosis.py [--exercise NAME] [--planted N] [--share PART [--seed N]] [--sample SEED]

Of all that is played a share may be drawn by a seed: `--share 0.2` takes about a fifth of the time of the first table, and all
exercises are in it.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import re
import statistics
import time
import warnings
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from msgspec.structs import replace
from sampling import sample_option

from grader.building.alterations import answer_on, sentence, ways
from grader.building.reference import read_reference
from grader.course.course_yml import load_course
from grader.grading.attempt import attempt
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.grading.repair import Repairs, is_due
from grader.judging.compare import arranged, compare
from grader.judging.edits import undoing
from grader.judging.judge import judge
from grader.judging.mistakes.hypotheses import not_finite
from grader.judging.repairs import edits
from grader.submissions.cells import ReviewedCell
from grader.submissions.program import Source
from grader.wire import messages as wire
from grader.wire.values import Array, List, Mapping, Tuple, arrays, pack, parts

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.building.alterations import Alter
    from grader.building.compiler import Compiled
    from grader.course.model import Course, Exercise
    from grader.grading.attempt import Attempt
    from grader.grading.pool import Bench
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.compare import Precision
    from grader.judging.judge import Altered
    from grader.judging.repairs import Edit
    from grader.judging.verdicts import ExerciseResult
    from grader.wire.values import Value

    Outcomes = Sequence[tuple[wire.Outcome, ...]]
    Situation = tuple[str, Sequence[str], Callable[[AnswerKey], Outcomes]]
    """The row of the table, the sentences of which any is true of it, and what is returned for each check of a key."""
    Answers = collections.abc.Mapping[tuple[str, int], Value]
    """By check and case."""

Pair = TypeVar("Pair")
ROOT = Path(__file__).parents[1]
SAMPLE = 0.05, 10
"""The share of what is played, and how many edits are planted in each kind of program."""
ALTERED, WRONG_ALTERED, TWICE_ALTERED, TWO = PLAYED = (
    "the right formula on an altered input",
    "a misconception on an altered input",
    "the right formula on an input altered twice",
    "two misconceptions in different arrays",
)
SLIP = re.compile("your values are (the expected ones|right to|.*, and the expected ones are)")
TOLD = ("the planted mistake", "another known mistake", "another fact", "nothing")


def changed(value: Value, change: Callable[[np.ndarray], np.ndarray]) -> Value:
    """A value with each of its floating-point arrays changed."""
    if isinstance(value, Array):
        numbers = value.numpy()
        with np.errstate(all="ignore"):
            return pack(change(numbers)) if numbers.dtype.kind == "f" else value
    if isinstance(value, Tuple | List):
        return Tuple(tuple(changed(item, change) for item in value.items))
    if isinstance(value, Mapping):
        return Mapping({name: changed(item, change) for name, item in value.items.items()})
    return value


def batch_argument(key: AnswerKey) -> int:
    """The place of the first argument that has an axis in some case: most often it holds the batch."""
    cases = [case.args for check in key.checks for case in check.cases]
    return next((n for n, column in enumerate(zip(*cases, strict=False)) if any(map(axis_of, column))), 0)


def axis_of(value: Value) -> int:
    """The length of the first axis of an array; 0 where there is none."""
    return value.shape[0] if isinstance(value, Array) and value.shape else 0


FACTORS: dict[str, Callable[[int], float]] = {
    "with the opposite sign": lambda _: -1.0,
    "twice as large": lambda _: 2.0,
    "divided by the first size": lambda size: 1 / size,
}
ON_TOP = (
    "as it is",
    *FACTORS,
    "in float32",
    "and the first hidden case raises",
    "and raises for arrays with an axis of size 1",
)


def outcome(case: CaseKey, name: str, on_top: str, size: int, *, first: bool) -> wire.Outcome:
    """What a student who makes that mistake returns for a case of this size."""
    alone = any(isinstance(each, Array) and 1 in each.shape for each in case.args)
    raises = (on_top.startswith("and the first") and first) or ("axis of size 1" in on_top and alone)
    value = case.wrong.get(name, case.expected)
    if raises or value is None:
        return wire.Raised("ValueError")
    if on_top in FACTORS:
        return wire.Returned(changed(value, lambda numbers: numbers * FACTORS[on_top](size)))
    return wire.Returned(changed(value, lambda numbers: numbers.astype(np.float32)) if "float32" in on_top else value)


def played(name: str, on_top: str, key: AnswerKey) -> Outcomes:
    """What a student who makes a known mistake returns, for each check."""
    hidden = next((check.name for check in key.checks if not check.public), "")
    batch = batch_argument(key)
    return [
        tuple(
            outcome(
                case,
                name,
                on_top,
                axis_of(case.args[batch]) or 1 if case.args else 1,
                first=check.name == hidden and not index,
            )
            for index, case in enumerate(check.cases)
        )
        for check in key.checks
    ]


def of_misconceptions(exercise: Exercise, key: AnswerKey, share: float, seed: int) -> Iterator[Situation]:
    """Each misconception with each thing on top.

    Where only a judge of its own refuses a misconception, an answer with a factor is another answer, and no factor is put on top.
    """
    refused = [(check, name) for check in key.checks if check.points for case in check.cases for name in case.wrong]
    for on_top in ON_TOP:
        separated = {name for check, name in refused if not (on_top in FACTORS and check.judge)}
        for name, feedback in key.misconceptions.items():
            if name in separated and is_drawn(exercise.id, name, share, seed):
                yield on_top, [feedback], partial(played, name, on_top)


def of_alterations(exercise: Exercise, made: Compiled, share: float, seed: int) -> Iterator[Situation]:
    """The right formula on each altered input, and on two; misconceptions on altered inputs. Of pairs as many as there are misconceptions."""
    key = made.key
    for function in key.functions:
        single = list(ways(made, key, function))
        for words, alter, _ in single:
            if is_drawn(exercise.id, words, share, seed):
                formula = made.references[function]
                yield ALTERED, [sentence(made, key, words)], partial(on_altered, function, formula, [alter])
        wrong = {
            f"{name} {words}": (name, (words, alter))
            for words, alter, common in single
            for name, known in made.misconceptions.items()
            if common and (known.function or function) == function
        }
        for name, (words, alter) in of_pairs(exercise, key, wrong, share, seed):
            said = [sentence(made, key, words, name), key.misconceptions[name], sentence(made, key, words)]
            yield WRONG_ALTERED, said, partial(on_altered, function, made.misconceptions[name].answer, [alter])
        twice = {f"{one[0]} {two[0]}": (one[:2], two[:2]) for one, two in itertools.combinations(single, 2)}
        for one, two in of_pairs(exercise, key, twice, share, seed):
            said = [sentence(made, key, one[0]), sentence(made, key, two[0])]
            yield TWICE_ALTERED, said, partial(on_altered, function, made.references[function], [one[1], two[1]])


def on_altered(function: str, formula: Callable[..., object], alters: Sequence[Alter], key: AnswerKey) -> Outcomes:
    """What a student returns who has this formula for a function, and alters its inputs one way after the other."""

    def alter(arguments: list[Any]) -> list[Any] | None:
        given: list[Any] | None = arguments
        for change in alters:
            given = change(given) if given else None
        return given

    def of_case(check: CheckKey, case: CaseKey) -> wire.Outcome:
        value = answer_on(formula, check, case, alter) if check.function == function else case.expected
        return wire.Raised("ValueError") if value is None else wire.Returned(value)

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [tuple(of_case(check, case) for case in check.cases) for check in key.checks]


def of_two(exercise: Exercise, key: AnswerKey, share: float, seed: int) -> Iterator[Situation]:
    """Two misconceptions in one program that meet in no array: in different parts, functions or checks."""
    both = {f"{one} {two}": (one, two) for one, two in itertools.combinations(key.misconceptions, 2)}
    possible = {name: each for name, each in both.items() if together(*each, key)}
    for one, two in of_pairs(exercise, key, possible, share, seed):
        yield TWO, [key.misconceptions[one], key.misconceptions[two]], partial(together, one, two)


def of_pairs(
    exercise: Exercise, key: AnswerKey, pairs: collections.abc.Mapping[str, Pair], share: float, seed: int
) -> Iterator[Pair]:
    """Of all pairs, by name, about so many as there are misconceptions, and of those a share."""
    part = share * min(1, len(key.misconceptions) / max(len(pairs), 1))
    yield from (pair for name, pair in pairs.items() if is_drawn(exercise.id, name, part, seed))


def together(one: str, two: str, key: AnswerKey) -> Outcomes:
    """What a student returns who makes two mistakes; nothing where they meet in an array, or one has no value."""
    found = []
    for check in key.checks:
        values = [
            merged(case.precision, case.expected, *(case.wrong.get(name, case.expected) for name in (one, two)))
            for case in check.cases
        ]
        if None in values:
            return []
        found.append(tuple(wire.Returned(value) for value in values if value is not None))
    return found


def merged(precision: Precision, right: Value, one: Value | None, two: Value | None) -> Value | None:
    """A value with two mistakes in it, each in arrays of its own; None where there is none."""
    if one is None or two is None:
        return None
    if compare(right, one, precision) is None:
        return two
    if compare(right, two, precision) is None:
        return one
    if not type(right) is type(one) is type(two) or not isinstance(right, Tuple | Mapping):
        return None
    inner = zip(parts(right), parts(one), parts(two), strict=False)
    items = tuple(item for each in inner if (item := merged(precision, *each)) is not None)
    if not len(items) == len(parts(right)) == len(parts(one)) == len(parts(two)):
        return None
    return Mapping(dict(zip(right.items, items, strict=True))) if isinstance(right, Mapping) else Tuple(items)


def has_evidence(key: AnswerKey, outcomes: Outcomes) -> bool:
    """Whether something wrong is a finite number other than 0, or no number: 0 and nan come of anything."""
    for check, found in zip(key.checks, outcomes, strict=True):
        for case, outcome in zip(check.cases, found, strict=True):
            if isinstance(outcome, wire.Returned) and compare(case.expected, outcome.value, check.precision(case)):
                wrong = [
                    got.numpy()
                    for right, got in zip(arrays(case.expected), arrays(outcome.value), strict=False)
                    if compare(right, got, check.precision(case))
                ]
                if not wrong or any((np.isfinite(each) & (each != 0)).any() for each in wrong):
                    return True
    return False


def told(  # noqa: PLR0913
    key: AnswerKey, result: ExerciseResult, planted: Iterable[str], outcomes: Outcomes, altered: Altered, *, slips: bool = True
) -> str:  # fmt: skip
    """Which of TOLD is said of an answer that is not right; `slips` of all values count as what was planted."""
    feedback = "\n".join(check.feedback for check in result.checks)
    known = said_mistakes(key, result, altered)
    if any(is_said(each, feedback) for each in planted) or any(gives(key, each, outcomes) for each in known.values()):
        return TOLD[0]
    if not known and slips and SLIP.search(feedback):
        return TOLD[0]
    return TOLD[1] if known else TOLD[2] if "your values are" in feedback else TOLD[3]


def said_mistakes(key: AnswerKey, result: ExerciseResult, altered: Altered) -> dict[str, Answers]:
    """The misconceptions and altered inputs that are said, and what they give."""
    feedback = "\n".join(check.feedback for check in result.checks)
    places = [(check, index, case) for check in key.checks for index, case in enumerate(check.cases)]
    found: dict[str, Answers] = {
        name: {
            (check.name, index): wrong
            for check, index, case in places
            if name not in case.silent and (wrong := case.wrong.get(name))
        }
        for name in result.misconceptions
    }
    every = [each for function in key.functions for each in altered(function)]
    return found | {each.sentence: each.answers for each in every if is_said(each.sentence, feedback)}


def is_said(sentence: str, feedback: str) -> bool:
    """Whether lines of a feedback are this sentence, after the names of parts or not."""
    return re.search(rf"(^|: ){re.escape(sentence)}$", feedback, re.MULTILINE) is not None


def gives(key: AnswerKey, answers: Answers, outcomes: Outcomes) -> bool:
    """Whether these values are just another mistake's: N times a mean is the sum, whichever of the two was planted.

    In each array in which it differs from the right one, as a diagnosis goes by parts.
    """
    return all(
        compare(wrong, got, case.precision) is None
        for check, found in zip(key.checks, outcomes, strict=True)
        for index, (case, outcome) in enumerate(zip(check.cases, found, strict=False))
        if isinstance(outcome, wire.Returned) and (check.name, index) in answers
        for right, wrong, got in zip(
            *(
                arrays(arranged(case.expected, check.names, each))
                for each in (case.expected, answers[check.name, index], outcome.value)
            ),
            strict=False,
        )
        if compare(right, wrong, case.precision) is not None and not is_lost(wrong, got, case.precision)
    )


def is_lost(predicted: Array, got: Array, precision: Precision) -> bool:
    """Whether overflow has left no number where a mistake gives one."""
    return predicted.shape == got.shape and not_finite(predicted.numpy(), got.numpy(), precision)


def is_drawn(exercise: str, name: str, share: float, seed: int) -> bool:
    """Whether a situation is of the share that is played; a larger share of the same seed holds a smaller one."""
    drawn = hashlib.sha256(f"{seed} {exercise} {name}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def counts(keys: Keys, fresh: Keys, exercise: Exercise, share: float = 1.0, seed: int = 0) -> dict[str, Counter[str]]:
    """How often each of TOLD is said, by what is played, of a share of it; right answers are not counted."""
    made = keys.compiled(exercise)
    key, altered = made.key, keys.altered(exercise, made.key)
    assert keys.own_judge is not None  # noqa: S101  these keys are compiled
    found = {row: Counter[str]() for row in (*ON_TOP, *PLAYED)}
    situations = [of_misconceptions(exercise, key, share, seed), of_two(exercise, key, share, seed)]
    if exercise.framework == "numpy":
        situations.append(of_alterations(exercise, made, share, seed))
    for row, planted, play in itertools.chain(*situations):
        outcomes = play(key)
        result = judge(key, outcomes, keys.own_judge, altered)
        if result.score == result.max_score or not (row in ON_TOP or has_evidence(key, outcomes)):
            continue
        words = told(key, result, planted, outcomes, altered, slips=row in PLAYED)
        if words == TOLD[1] and (values := play(fresh.of(exercise))):
            anew = judge(fresh.of(exercise), values, keys.own_judge, fresh.altered(exercise, fresh.of(exercise)))
            words = TOLD[0] if is_said_again(keys, fresh, exercise, result, anew) else words
        found[row][words] += 1
    return found


def is_said_again(keys: Keys, fresh: Keys, exercise: Exercise, result: ExerciseResult, anew: ExerciseResult) -> bool:
    """Whether the mistakes that are said are said on inputs that were drawn afresh too: then that is what was planted."""
    first, second = (
        said_mistakes(each.of(exercise), found, each.altered(exercise, each.of(exercise)))
        for each, found in ((keys, result), (fresh, anew))
    )
    return first.keys() <= second.keys()


ALL = 100_000
LINES = ("the planted line", "another line", "the kind alone", "nothing of an edit")


def programs(course: Course) -> dict[str, list[tuple[Exercise, str]]]:
    """Right programs in other styles than the reference's, and the references."""
    exercises = {exercise.id: exercise for exercise in course.exercises() if exercise.framework == "numpy"}
    paths = [path for path in sorted((ROOT / "tests" / "alternatives").glob("*/*.py")) if path.parent.name in exercises]
    return {
        "in right programs": [(exercises[path.parent.name], path.read_text(encoding="utf-8")) for path in paths],
        "in references": [(each, read_reference(course.reference(each))) for each in exercises.values()],
    }


def planted(
    right: Sequence[tuple[Exercise, str]], keys: Keys, bench: Bench, count: int, seed: int
) -> Iterator[tuple[Exercise, Attempt, Edit]]:
    """Wrong answers with an edit planted in them, and that: of each kind of edit as many as chance has it."""
    chance = random.Random(seed + 1)  # noqa: S311  a sample
    while count and right:
        exercise, text = chance.choice(right)
        key = keys.of(exercise)
        chunk = wire.Chunk(f"{exercise.id}.py", text)
        found = edits([chunk], {chunk.name}, chance.choice(key.functions), ALL)
        if not found:
            continue
        kind = chance.choice(sorted({edit.kind for edit in found}))
        edit = chance.choice([edit for edit in found if edit.kind == kind])
        wrong = answer(bench, exercise, keys, edit)
        if is_due(wrong):
            count -= 1
            yield exercise, wrong, edit


def answer(bench: Bench, exercise: Exercise, keys: Keys, edit: Edit) -> Attempt:
    """A program with an edit, handed in."""
    key = keys.of(exercise)
    source = Source((ReviewedCell(edit.after),))
    return attempt(bench, exercise, key, source, {}, keys.own_judge, keys.altered(exercise, key))


def told_of_edit(key: AnswerKey, wrong: Attempt, result: ExerciseResult, edit: Edit, altered: Altered) -> str:
    """Which of TOLD is said of a planted edit: itself by its line, or its kind where no line is told, or a mistake of its values."""
    by_edit = [check.diagnosis for check in result.checks if check.diagnosis and check.diagnosis.edit]
    said = [f"one change to {kind} makes" for kind in undoing(edit.kind)]
    for each in by_edit:
        if each.line == edit.line or (not each.line and any(words in each.sentence for words in said)):
            return TOLD[0]
    found = told(key, wrong.result, (), wrong.outcomes, altered)
    return TOLD[2] if found == TOLD[3] and any(each.sentence for each in by_edit) else found


def print_planted(  # noqa: PLR0913
    course: Course, keys: Keys, fresh: Keys, where: str, right: Sequence[tuple[Exercise, str]], count: int, seed: int
) -> None:
    """How many planted edits are told, without and with the search; the line, and the time of the search."""
    tables = {apart: Counter[str]() for apart in (False, True)}
    named, seconds = Counter[bool](), []
    repairs = Repairs(course.repair, course.reference)
    with Pool(1) as pool, pool.bench() as bench:
        for exercise, wrong, edit in planted(right, keys, bench, count, seed):
            apart, key = held_out(exercise.id), keys.of(exercise)
            begun = time.perf_counter()
            result = repairs.result(bench, exercise, key, wrong, keys.own_judge)
            seconds.append(time.perf_counter() - begun)
            known = any(check.diagnosis for check in wrong.result.checks)
            told_now = [check.diagnosis for check in result.checks if check.diagnosis and check.diagnosis.edit]
            told_line = next((each.line for each in told_now if each.line), 0)
            kind_alone = not told_line and any(each.way == 4 and each.sentence for each in told_now)  # noqa: PLR2004
            row = LINES[0 if told_line == edit.line else 1 if told_line else 2 if kind_alone else 3]
            tables[apart][row] += 1
            words = told_of_edit(key, wrong, result, edit, keys.altered(exercise, key))
            if words == TOLD[1]:
                anew = answer(bench, exercise, fresh, edit).result
                words = TOLD[0] if is_said_again(keys, fresh, exercise, wrong.result, anew) else words
            tables[apart][words] += 1
            tables[apart]["told nothing, without the search"] += not known
            tables[apart]["told nothing, with it"] += not known and row == LINES[3]
            named[apart] += 1
    for apart, table in tables.items():
        total = named[apart] or 1
        print(f"edits planted {where}{', exercises that are held out' if apart else ''}: {named[apart]}")
        for row in (*TOLD, *LINES, "told nothing, without the search", "told nothing, with it"):
            print(f"  {row:46}{table[row]:>16} ({100 * table[row] / total:4.0f} %)")
    if seconds:
        print(f"  seconds a wrong answer: {statistics.median(seconds):.2f} (median), {max(seconds):.2f} (longest)")


def held_out(exercise: str) -> bool:
    """Whether an exercise is of the third that is shown apart."""
    return hashlib.sha256(exercise.encode()).digest()[0] % 3 == 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exercise", default=None)
    parser.add_argument(
        "--planted", type=int, default=60, help="how many edits are planted in each kind of program [default: 60]"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of what is played, from 0 to 1 [default: 1]")
    parser.add_argument("--seed", type=int, default=0, help="which share it is, and which edits [default: 0]")
    sample_option(parser)
    arguments = parser.parse_args()
    if arguments.sample is not None:
        arguments.share, arguments.planted, arguments.seed = *SAMPLE, arguments.sample
    chosen = arguments.exercise
    course = load_course(ROOT)
    keys, fresh = Keys(course), Keys(replace(course, seed=(course.seed or 0) + 1))
    tables = {apart: {row: Counter[str]() for row in (*ON_TOP, *PLAYED)} for apart in (False, True)}
    print(f"{'each exercise, all on top together':48}{'':>10}" + "".join(f"{words:>24}" for words in TOLD))
    for exercise in course.exercises():
        if chosen in (None, exercise.id):
            of_each = counts(keys, fresh, exercise, arguments.share, arguments.seed)
            for row, found in of_each.items():
                tables[held_out(exercise.id)][row] += found
            total = sum(of_each.values(), Counter[str]())
            apart = "held out" if held_out(exercise.id) else ""
            print(f"  {exercise.id:46}{apart:>10}" + "".join(f"{total[words]:>24}" for words in TOLD), flush=True)
    for apart, table in tables.items():
        print("exercises that are held out" if apart else "exercises")
        print(f"  {'':46}" + "".join(f"{words:>24}" for words in TOLD))
        for row, found in table.items():
            total = sum(found.values()) or 1
            cells = "".join(f"{found[words]:>16} ({100 * found[words] / total:4.0f} %)" for words in TOLD)
            print(f"  {row:46}{cells}")
    if chosen is None:
        for where, right in programs(course).items():
            print_planted(course, keys, fresh, where, right, arguments.planted, arguments.seed)


if __name__ == "__main__":
    main()
