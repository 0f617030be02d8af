"""What a student waits for: the first answer of `grader check`, further ones, and `--help`, each beside its floor in one run.

The floor of an answer is the start of Python with numpy, that of help the start of Python. All are measured in turns, so that a noisy
machine disturbs them alike; the ratios of the medians are the figures to look at. An answer is there when its line is; the command ends
a little later. Every answer is right, so nothing is diagnosed or traced.

    python benchmarks/check.py [--rounds N] [--sample SEED]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sampling import drawn, sample_option

from grader.course.course_yml import load_course

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).parent.parent
FIRST, FURTHER, HELP = 2.0, 0.15, 3.0
"""What is aimed at: the first answer within 2 times a bare import of numpy, each further one within 0.15 times it; help within 3 times
a bare start."""
SAMPLE, SAMPLE_ROUNDS = 10, 9
"""Of how many exercises a sample is, and how often each command is run for it."""
PYTHON, NUMPY = [sys.executable, "-c", "pass"], [sys.executable, "-c", "import numpy"]
GRADER = [str(Path(sys.executable).with_name("grader"))]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took, in seconds: until its first line was there, until it ended, and of a processor."""

    first: float
    whole: float
    processor: float


@dataclass(frozen=True, slots=True)
class Tree:
    """A hand-out in which every answer that needs numpy alone is right, and what is remembered of it."""

    folder: Path
    cache: Path
    exercises: tuple[str, ...]

    def run(self, command: Sequence[str]) -> Taken:
        """Run a command, which must succeed."""
        # As an installed package is, all is compiled before.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        before, start = os.times(), time.perf_counter()
        with subprocess.Popen(  # noqa: S603  our own
            command, cwd=self.folder, stdout=subprocess.PIPE, env=kept | {"XDG_CACHE_HOME": str(self.cache)}
        ) as process:
            assert process.stdout  # noqa: S101  it was asked for
            process.stdout.readline()
            first = time.perf_counter() - start
            process.stdout.read()
        whole, after = time.perf_counter() - start, os.times()
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return Taken(first, whole, used)

    def in_turns(self, commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Taken]]:
        """Run each so often, all in turns; a first time, which fills the caches, is not counted."""
        taken: dict[str, list[Taken]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, command in commands.items():
                one = self.run(command)
                taken[name] += [one] * (turn > 0)
        return taken


@contextmanager
def hand_out() -> Iterator[Tree]:
    """A tree of its own."""
    course = load_course(ROOT)
    numpy_only = [each for each in course.exercises() if each.framework == "numpy" and not each.imports]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        shutil.copytree(ROOT / "exercises", tree)
        for exercise in numpy_only:
            shutil.copy(course.reference(exercise), tree / exercise.assignment)
        yield Tree(tree, Path(folder, "cache"), tuple(each.id for each in numpy_only))


def median(taken: Sequence[Taken], what: str) -> float:
    """The median of one of the times."""
    return statistics.median(getattr(each, what) for each in taken)


def main() -> None:
    """Measure, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=25, help="how often each command is run")
    sample_option(parser)
    asked = parser.parse_args()
    with hand_out() as tree:
        ids = drawn(tree.exercises, SAMPLE, asked.sample)
        several = f"check, {len(ids)} exercises"
        commands = {
            "python": PYTHON, "--help": [*GRADER, "--help"], "python, numpy": NUMPY, "check": [*GRADER, "check", ids[0]],
            several: [*GRADER, "check", *ids],
        }  # fmt: skip
        taken = tree.in_turns(commands, asked.rounds if asked.sample is None else SAMPLE_ROUNDS)
    print(f"{'ms':24}{'first line':>12}{'all':>8}{'processor':>11}")
    for name, each in taken.items():
        first, whole, used = (median(each, what) * 1e3 for what in ("first", "whole", "processor"))
        print(f"{name:24}{first:12.0f}{whole:8.0f}{used:11.0f}")
    python, bare = (median(taken[name], "whole") for name in ("python", "python, numpy"))
    first, whole, many = (
        median(taken["check"], "first"),
        median(taken["check"], "whole"),
        median(taken[several], "whole"),
    )
    print(f"{'the first answer':24}{first / bare:8.2f} times a bare import of numpy; the aim is {FIRST}")
    print(f"{'until the prompt':24}{whole / bare:8.2f} times it")
    print(f"{'each further answer':24}{(many - whole) / (len(ids) - 1) / bare:8.2f} times it; the aim is {FURTHER}")
    print(f"{'help':24}{median(taken['--help'], 'whole') / python:8.2f} times a bare start; the aim is {HELP}")


if __name__ == "__main__":
    main()
