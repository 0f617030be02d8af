"""What isolation costs: milliseconds per (submission, exercise), beside the floor, in one run.

The floor is a fork from a process that has imported and run what a worker has before it forks, which runs the same program on the
same inputs: no isolation, no wire, no judge; and nothing that makes forks cheaper, since a floor that sinks with each gain shows none. Both are measured in turns, exercise by exercise, so that a noisy machine disturbs them
alike; the ratio of the medians is the figure to look at. Then a class is graded in growing sizes, to see that the parent's memory
stays flat.

    python benchmarks/isolation.py [--rounds N] [--exercise E]... [--sample SEED]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sampling import drawn, sample_option

from grader.course.course_yml import load_course
from grader.grading.attempt import missing_packages, packages, run_and_judge
from grader.grading.classes import grade_class
from grader.grading.keys import Keys
from grader.grading.pool import Pool, required_by
from grader.grading.processes import executor
from grader.judging.verdicts import Verdict
from grader.sandbox.launch import COMMAND, environment
from grader.submissions.find import Submission
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.model import Exercise
    from grader.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
SAMPLE = 10
"""Of how many exercises a sample is."""
TURNS = 4

FLOOR = """
import gc, os, sys, time
import msgspec
import numpy
from grader.judging.answer_key import AnswerKey
from grader.wire.functions import compiled
from grader.wire.values import unpack
from grader.worker import lock
from grader.worker.zygote import import_and_warm
key = msgspec.json.decode(sys.stdin.buffer.read(), type=AnswerKey)
source = open(sys.argv[1]).read()
calls = [
    (check.function, check.driver, [unpack(each, readonly=check.readonly) for each in case.args])
    for check in key.checks for case in check.cases
]
import_and_warm(sys.argv[3:])
for _, driver, _ in calls:
    driver and compiled(driver)
gc.collect()
gc.freeze()
times = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    child = lock.fork()
    if child == 0:
        module = {"__name__": "student"}
        exec(compile(source, "student.py", "exec"), module)
        for function, driver, arguments in calls:
            with numpy.errstate(all="ignore"):
                if driver:
                    compiled(driver)(module[function], *arguments)
                else:
                    module[function](*arguments)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    times.append(time.perf_counter() - start)
    assert status == 0
print(*times)
"""


def floor(key: bytes, source: Path, rounds: int, imported: Sequence[str] = ()) -> list[float]:
    """Seconds of each round of fork, run, wait."""
    done = subprocess.run(  # noqa: S603  our own program
        [*COMMAND[:-2], "-c", FLOOR, str(source), str(rounds), *imported],
        input=key,
        capture_output=True,
        check=True,
        env=environment(),
    )
    return [float(word) for word in done.stdout.split()]


def isolated(sandbox: Sandbox, keys: Keys, exercise: Exercise, source: Path, rounds: int) -> list[float]:
    """Seconds of each round of running and judging."""
    program = (wire.Chunk(f"{exercise.id}.py", source.read_text(encoding="utf-8")),)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        attempt = run_and_judge(sandbox, exercise, keys.of(exercise), program, own_judge=keys.own_judge)
        times.append(time.perf_counter() - start)
        if attempt.result.verdict is not Verdict.ACCEPTED:
            raise SystemExit(f"{exercise.id}: {attempt.result}")
    return times


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100, help="how often each program is run")
    parser.add_argument("--exercise", metavar="E", action="append", help="this one alone; can be given again")
    sample_option(parser)
    asked = parser.parse_args()
    course = load_course(ROOT)
    keys = Keys(course)
    print(f"{'exercise':28}{'calls':>6}{'floor ms':>10}{'isolated ms':>13}{'ratio':>7}")
    ratios: dict[str, list[float]] = {}
    with Pool() as pool, pool.bench() as bench:
        for exercise in drawn(course.exercises(), SAMPLE, asked.sample):
            if missing_packages(exercise) or (asked.exercise and exercise.id not in asked.exercise):
                continue
            key, source = keys.of(exercise), course.reference(exercise)
            sandbox = bench.sandbox(packages(exercise))
            low, high = [], []
            for _ in range(TURNS):
                low += floor(msgspec.json.encode(key), source, asked.rounds // TURNS, packages(exercise))
                high += isolated(sandbox, keys, exercise, source, asked.rounds // TURNS)
            calls = sum(len(check.cases) for check in key.checks)
            below, above = statistics.median(low) * 1e3, statistics.median(high) * 1e3
            ratios.setdefault(exercise.framework, []).append(above / below)
            print(f"{exercise.id:28}{calls:6}{below:10.2f}{above:13.2f}{above / below:7.2f}", flush=True)
    for framework, each in ratios.items():
        print(f"{f'median of the ratios, {framework}':57}{statistics.median(each):7.2f}")
    if not asked.exercise and asked.sample is None:
        print()
        memory(course, keys)


def memory(course, keys: Keys) -> None:  # noqa: ANN001
    """Grade a growing class of right answers, and print the parent's peak memory after each."""
    print(f"{'submissions':>12}{'seconds':>9}{'per second':>12}{'parent peak MiB':>17}")
    graded, start = 0, time.perf_counter()
    numpy_only = [exercise for exercise in course.exercises() if exercise.framework == "numpy"]
    for students in (5, 10, 20, 40):
        submissions = (
            Submission(f"student-{number:04}", exercise.assignment, exercise.id, course.reference(exercise), "")
            for number in range(students)
            for exercise in numpy_only
        )
        with executor(course, keys, os.cpu_count() or 1, required_by(course)) as grading:
            for answers in grade_class(course, keys, submissions, grading):
                graded += len(answers)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{graded:12}{seconds:9.2f}{graded / seconds:12.0f}{peak:17.1f}")


if __name__ == "__main__":
    main()
