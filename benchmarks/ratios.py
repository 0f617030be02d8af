"""What must not become slower, each beside its own floor in one run: what isolation costs, a check's first answer, and `--help`.

All are measured in turns, and a ratio is the median of those of each turn: what else the machine does in a minute disturbs both sides of
one. Exit code 1 where a ratio passes its bound, which leaves room above what is measured on a quiet machine, and on a very busy one: see
`BOUNDS`. Continuous integration runs it.

    python benchmarks/ratios.py [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from check import GRADER, NUMPY, PYTHON, hand_out
from isolation import floor, isolated

from grader.course.course_yml import load_course
from grader.grading.keys import Keys
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
EXERCISES = ("manual_jacobian", "relu_jacobian", "backprop_batch")
PROGRAMS = 20
"""How often each is run in a turn."""
BOUNDS = {"isolation": 2.3, "first answer": 2.3, "help": 3.4}
"""The most that each may be. Isolation is 1.5 to 1.9 on a quiet machine, the first answer 1.6 to 1.8, help 2.0 to 2.8; with three to nine busy
processes beside them the first answer 1.5 to 1.8, help 2.5 to 2.9, and isolation less than on a quiet one."""


def isolation(rounds: int) -> Iterator[float]:
    """What isolation costs beside the floor, in each turn: the mean over a few exercises."""
    course = load_course(ROOT)
    keys = Keys(course)
    with Sandbox() as sandbox:
        sandbox.start()
        for _ in range(rounds):
            ratios = []
            for exercise in map(course.exercise, EXERCISES):
                key, source = keys.of(exercise), course.reference(exercise)
                below = floor(msgspec.json.encode(key), source, PROGRAMS, ())
                above = isolated(sandbox, keys, exercise, source, PROGRAMS)
                ratios.append(statistics.median(above) / statistics.median(below))
            yield statistics.mean(ratios)


def commands(rounds: int) -> tuple[list[float], list[float]]:
    """The first answer beside numpy's start, and help beside Python's, in each turn."""
    with hand_out() as tree:
        taken = tree.in_turns(
            {
                "python": PYTHON,
                "help": [*GRADER, "--help"],
                "numpy": NUMPY,
                "check": [*GRADER, "check", tree.exercises[0]],
            },
            rounds,
        )
    first = [above.first / below.whole for above, below in zip(taken["check"], taken["numpy"], strict=True)]
    asked = [above.whole / below.whole for above, below in zip(taken["help"], taken["python"], strict=True)]
    return first, asked


def main() -> None:
    """Measure, and print a table; exit code 1 where a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="how many turns there are")
    rounds = parser.parse_args().rounds
    first, asked = commands(rounds)
    ratios = {"isolation": list(isolation(rounds)), "first answer": first, "help": asked}
    print(f"{'':16}{'ratio':>7}{'from':>7}{'to':>7}{'at most':>9}")
    for name, each in ratios.items():
        print(f"{name:16}{statistics.median(each):7.2f}{min(each):7.2f}{max(each):7.2f}{BOUNDS[name]:9.2f}")
    raise SystemExit(any(statistics.median(each) > BOUNDS[name] for name, each in ratios.items()))


if __name__ == "__main__":
    main()
