"""How many of the mistakes that are known are told, as they are and with something on top, and how many planted edits are found.

Each misconception of each exercise is played as a student who returns its values, as they are and changed. What is said of it is the
planted mistake, another known one, some other fact that holds on all values, or nothing but the bare facts. A third of the exercises,
chosen by a hash, is shown apart: what is changed in the diagnosis is tried on the others.

Edits are planted, one a program and a fixed sample of them, in right programs in other styles than the reference's: how many are told
something, and on which line, without and with the search for the one edit that makes an answer right, and how long that takes.

    python benchmarks/diagnosis.py [--exercise NAME] [--planted N] [--share PART [--seed N]] [--sample SEED]

Of all misconceptions a share may be played, drawn by a seed: `--share 0.2` takes about a fifth of the time of the first table, and
all exercises are in it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sampling import sample_option

from grader.course.course_yml import load_course
from grader.grading.attempt import attempt
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.grading.repair import Repairs, is_due
from grader.judging.compare import compare
from grader.judging.judge import judge
from grader.judging.repairs import edits
from grader.submissions.cells import ReviewedCell
from grader.submissions.program import Source
from grader.wire import messages as wire
from grader.wire.values import Array, List, Mapping, Tuple, arrays, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.course.model import Course, Exercise
    from grader.grading.attempt import Attempt
    from grader.grading.pool import Bench
    from grader.judging.answer_key import AnswerKey, CaseKey
    from grader.judging.judge import Altered, OwnJudge
    from grader.wire.values import Value

ROOT = Path(__file__).parents[1]
SAMPLE = 0.05, 10
"""The share of misconceptions, and how many edits are planted."""
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


def told(key: AnswerKey, name: str, on_top: str, own_judge: OwnJudge, altered: Altered) -> str | None:
    """Which of TOLD is said; None where every check that is worth points is passed."""
    hidden = next((check.name for check in key.checks if not check.public), "")
    batch = batch_argument(key)
    outcomes = [
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
    result = judge(key, outcomes, own_judge, altered)
    if result.score == result.max_score:
        return None
    words = {key.misconceptions[each] for each in result.misconceptions}
    if key.misconceptions[name] in words or any(gives(key, each, outcomes) for each in result.misconceptions):
        return TOLD[0]
    feedback = "\n".join(check.feedback for check in result.checks)
    return TOLD[1] if words else TOLD[2] if "your values are" in feedback else TOLD[3]


def gives(key: AnswerKey, name: str, outcomes: Sequence[Sequence[wire.Outcome]]) -> bool:
    """Whether these values are just another misconception's: N times a mean is the sum, whichever of the two was planted.

    In each array in which it differs from the right one, as a diagnosis goes by parts.
    """
    return all(
        compare(wrong, got, case.precision) is None
        for check, found in zip(key.checks, outcomes, strict=True)
        for case, outcome in zip(check.cases, found, strict=True)
        if isinstance(outcome, wire.Returned) and name not in case.silent
        for right, wrong, got in zip(
            *map(arrays, (case.expected, case.wrong.get(name) or case.expected, outcome.value)), strict=False
        )
        if compare(right, wrong, case.precision) is not None
    )


def is_drawn(exercise: str, name: str, share: float, seed: int) -> bool:
    """Whether a misconception is of the share that is played; a larger share of the same seed holds a smaller one."""
    drawn = hashlib.sha256(f"{seed} {exercise} {name}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def counts(keys: Keys, exercise: Exercise, share: float = 1.0, seed: int = 0) -> dict[str, Counter[str]]:
    """How often each is told, by what is on top, of a share of the misconceptions.

    Where only a judge of its own refuses a misconception, an answer with a factor is another answer, and no factor is put on top.
    """
    key = keys.of(exercise)
    own_judge, altered = keys.own_judge, keys.altered(exercise, key)
    assert own_judge is not None  # noqa: S101  these keys are compiled
    played = [name for name in key.misconceptions if is_drawn(exercise.id, name, share, seed)]
    refused = [(check, name) for check in key.checks if check.points for case in check.cases for name in case.wrong]
    separated = {
        on_top: {name for check, name in refused if not (on_top in FACTORS and check.judge)} for on_top in ON_TOP
    }
    return {
        on_top: Counter(
            found
            for name in played
            if name in separated[on_top] and (found := told(key, name, on_top, own_judge, altered)) is not None
        )
        for on_top in ON_TOP
    }


ALL = 100_000
LINES = ("the planted line", "another line", "the kind alone", "nothing of an edit")


def planted(course: Course, keys: Keys, bench: Bench, count: int, seed: int) -> Iterator[tuple[Exercise, Attempt, int]]:
    """Wrong answers with an edit planted in them, and its line: of each kind of edit as many as chance has it."""
    chance = random.Random(seed + 1)  # noqa: S311  a sample
    exercises = {exercise.id: exercise for exercise in course.exercises() if exercise.framework == "numpy"}
    paths = [path for path in sorted((ROOT / "tests" / "alternatives").glob("*/*.py")) if path.parent.name in exercises]
    while count and paths:
        path = chance.choice(paths)
        exercise = exercises[path.parent.name]
        key = keys.of(exercise)
        chunk = wire.Chunk(f"{exercise.id}.py", path.read_text(encoding="utf-8"))
        found = edits([chunk], {chunk.name}, chance.choice(key.functions), ALL)
        if not found:
            continue
        kind = chance.choice(sorted({edit.kind for edit in found}))
        edit = chance.choice([edit for edit in found if edit.kind == kind])
        source = Source((ReviewedCell(edit.after),))
        wrong = attempt(bench, exercise, key, source, {}, keys.own_judge, keys.altered(exercise, key))
        if is_due(wrong):
            count -= 1
            yield exercise, wrong, edit.line


def print_planted(course: Course, keys: Keys, count: int, seed: int) -> None:
    """How many planted edits are told, without and with the search; the line, and the time of the search."""
    tables = {apart: Counter[str]() for apart in (False, True)}
    named, seconds = Counter[bool](), []
    repairs = Repairs(course.repair, course.reference)
    with Pool(1) as pool, pool.bench() as bench:
        for exercise, wrong, line in planted(course, keys, bench, count, seed):
            apart = held_out(exercise.id)
            begun = time.perf_counter()
            result = repairs.result(bench, exercise, keys.of(exercise), wrong, keys.own_judge)
            seconds.append(time.perf_counter() - begun)
            known = any(check.diagnosis for check in wrong.result.checks)
            told_now = [check.diagnosis for check in result.checks if check.diagnosis and check.diagnosis.edit]
            told_line = next((each.line for each in told_now if each.line), 0)
            kind_alone = not told_line and any(each.way == 4 and each.sentence for each in told_now)  # noqa: PLR2004
            row = LINES[0 if told_line == line else 1 if told_line else 2 if kind_alone else 3]
            tables[apart][row] += 1
            tables[apart]["unnamed without"] += not known
            tables[apart]["unnamed with"] += not known and row == LINES[3]
            named[apart] += 1
    for apart, table in tables.items():
        total = named[apart] or 1
        print(f"planted edits in right programs{', exercises that are held out' if apart else ''}: {named[apart]}")
        for row in (*LINES, "unnamed without", "unnamed with"):
            words = row.replace("unnamed without", "told nothing, without the search").replace(
                "unnamed with", "told nothing, with it"
            )
            print(f"  {words:46}{table[row]:>16} ({100 * table[row] / total:4.0f} %)")
    if seconds:
        print(f"  seconds a wrong answer: {statistics.median(seconds):.2f} (median), {max(seconds):.2f} (longest)")


def held_out(exercise: str) -> bool:
    """Whether an exercise is of the third that is shown apart."""
    return hashlib.sha256(exercise.encode()).digest()[0] % 3 == 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exercise", default=None)
    parser.add_argument("--planted", type=int, default=60, help="how many edits are planted [default: 60]")
    parser.add_argument("--share", type=float, default=1.0, help="of the misconceptions, from 0 to 1 [default: 1]")
    parser.add_argument("--seed", type=int, default=0, help="which share it is, and which edits [default: 0]")
    sample_option(parser)
    arguments = parser.parse_args()
    if arguments.sample is not None:
        arguments.share, arguments.planted, arguments.seed = *SAMPLE, arguments.sample
    chosen = arguments.exercise
    course = load_course(ROOT)
    keys = Keys(course)
    tables = {apart: {on_top: Counter[str]() for on_top in ON_TOP} for apart in (False, True)}
    print(f"{'each exercise, all on top together':48}{'':>10}" + "".join(f"{words:>24}" for words in TOLD))
    for exercise in course.exercises():
        if chosen in (None, exercise.id):
            of_each = counts(keys, exercise, arguments.share, arguments.seed)
            for on_top, found in of_each.items():
                tables[held_out(exercise.id)][on_top] += found
            total = sum(of_each.values(), Counter[str]())
            apart = "held out" if held_out(exercise.id) else ""
            print(f"  {exercise.id:46}{apart:>10}" + "".join(f"{total[words]:>24}" for words in TOLD), flush=True)
    for apart, table in tables.items():
        print("exercises that are held out" if apart else "exercises")
        print(f"  {'':46}" + "".join(f"{words:>24}" for words in TOLD))
        for on_top, found in table.items():
            total = sum(found.values()) or 1
            cells = "".join(f"{found[words]:>16} ({100 * found[words] / total:4.0f} %)" for words in TOLD)
            print(f"  {on_top:46}{cells}")
    if chosen is None:
        print_planted(course, keys, arguments.planted, arguments.seed)


if __name__ == "__main__":
    main()
