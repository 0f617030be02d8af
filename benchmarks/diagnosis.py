"""How many of the mistakes that are known are told, as they are and with something on top: counts, and no times.

Each misconception of each exercise is played as a student who returns its values, as they are and changed. What is said of it is the
planted mistake, another known one, some other fact that holds on all values, or nothing but the bare facts. A third of the exercises,
chosen by a hash, is shown apart: what is changed in the diagnosis is tried on the others.

    python benchmarks/diagnosis.py [--exercise NAME]
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grader.course.course_yml import load_course
from grader.grading.keys import Keys
from grader.judging.judge import judge
from grader.wire import messages as wire
from grader.wire.values import Array, List, Mapping, Tuple, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Exercise
    from grader.judging.answer_key import AnswerKey, CaseKey
    from grader.judging.judge import Altered, OwnJudge
    from grader.wire.values import Value

ROOT = Path(__file__).parents[1]
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


def first_size(case: CaseKey) -> int:
    """The length of the first argument that is an array: most often the size of the batch."""
    return next((each.shape[0] for each in case.args if isinstance(each, Array) and each.shape and each.shape[0]), 1)


ON_TOP: dict[str, Callable[[CaseKey, Value], Value]] = {
    "as it is": lambda _, value: value,
    "with the opposite sign": lambda _, value: changed(value, np.negative),
    "twice as large": lambda _, value: changed(value, lambda numbers: 2 * numbers),
    "divided by the first size": lambda case, value: changed(value, lambda numbers: numbers / first_size(case)),
    "in float32": lambda _, value: changed(value, lambda numbers: numbers.astype(np.float32)),
    "and the first hidden case raises": lambda _, value: value,
    "and raises for arrays with an axis of size 1": lambda _, value: value,
}


def outcome(case: CaseKey, name: str, on_top: str, *, first: bool) -> wire.Outcome:
    """What a student who makes that mistake returns for a case."""
    alone = any(isinstance(each, Array) and 1 in each.shape for each in case.args)
    raises = (on_top.startswith("and the first") and first) or ("axis of size 1" in on_top and alone)
    value = case.wrong.get(name, case.expected)
    if raises or value is None:
        return wire.Raised("ValueError")
    return wire.Returned(ON_TOP[on_top](case, value))


def told(key: AnswerKey, name: str, on_top: str, own_judge: OwnJudge, altered: Altered) -> str | None:
    """Which of TOLD is said; None where every check that is worth points is passed."""
    hidden = next((check.name for check in key.checks if not check.public), "")
    outcomes = [
        tuple(
            outcome(case, name, on_top, first=check.name == hidden and not index)
            for index, case in enumerate(check.cases)
        )
        for check in key.checks
    ]
    result = judge(key, outcomes, own_judge, altered)
    if result.score == result.max_score:
        return None
    words = {key.misconceptions[each] for each in result.misconceptions}
    if key.misconceptions[name] in words:
        return TOLD[0]
    feedback = "\n".join(check.feedback for check in result.checks)
    return TOLD[1] if words else TOLD[2] if "your values are" in feedback else TOLD[3]


def counts(keys: Keys, exercise: Exercise) -> dict[str, Counter[str]]:
    """How often each is told, by what is on top."""
    key = keys.of(exercise)
    own_judge, altered = keys.own_judge, keys.altered(exercise, key)
    assert own_judge is not None  # noqa: S101  these keys are compiled
    separated = {name for check in key.checks if check.points for case in check.cases for name in case.wrong}
    return {
        on_top: Counter(
            found
            for name in key.misconceptions
            if name in separated and (found := told(key, name, on_top, own_judge, altered)) is not None
        )
        for on_top in ON_TOP
    }


def held_out(exercise: str) -> bool:
    """Whether an exercise is of the third that is shown apart."""
    return hashlib.sha256(exercise.encode()).digest()[0] % 3 == 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exercise", default=None)
    chosen = parser.parse_args().exercise
    course = load_course(ROOT)
    keys = Keys(course)
    tables = {apart: {on_top: Counter[str]() for on_top in ON_TOP} for apart in (False, True)}
    for exercise in course.exercises():
        if chosen in (None, exercise.id):
            for on_top, found in counts(keys, exercise).items():
                tables[held_out(exercise.id)][on_top] += found
    for apart, table in tables.items():
        print("exercises that are held out" if apart else "exercises")
        print(f"  {'':46}" + "".join(f"{words:>24}" for words in TOLD))
        for on_top, found in table.items():
            total = sum(found.values()) or 1
            cells = "".join(f"{found[words]:>16} ({100 * found[words] / total:4.0f} %)" for words in TOLD)
            print(f"  {on_top:46}{cells}")


if __name__ == "__main__":
    main()
