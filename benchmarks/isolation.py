"""What isolation costs: milliseconds per (submission, exercise), beside the floor, in one run.

The floor is a fork from a process that has numpy, which runs the same program on the same inputs: no isolation, no wire,
no judge. Both are measured in turns, exercise by exercise, so that a noisy machine disturbs them alike; the ratio of the
medians is the figure to look at. Then a class is graded in growing sizes, to see that the parent's memory stays flat.

    python benchmarks/isolation.py [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from grader.course.course_yml import load_course
from grader.grading.attempt import run_and_judge
from grader.grading.classes import grade_class
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.judging.verdicts import Verdict
from grader.sandbox.sandbox import Sandbox
from grader.submissions.find import Submission
from grader.wire import messages as wire

ROOT = Path(__file__).parent.parent

FLOOR = """
import os, sys, time
import numpy, numpy.fft, numpy.linalg, numpy.ma, numpy.random
import msgspec
from grader.judging.answer_key import AnswerKey
from grader.wire.values import unpack
key = msgspec.json.decode(sys.stdin.buffer.read(), type=AnswerKey)
source = open(sys.argv[1]).read()
calls = [(check.function, [unpack(a) for a in case.args]) for check in key.checks for case in check.cases]
times = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        module = {"__name__": "student"}
        exec(compile(source, "student.py", "exec"), module)
        for function, arguments in calls:
            with numpy.errstate(all="ignore"):
                module[function](*arguments)
        os._exit(0)
    os.waitpid(child, 0)
    times.append(time.perf_counter() - start)
print(*times)
"""


def floor(key: bytes, source: Path, rounds: int) -> list[float]:
    """Seconds of each round of fork, run, wait."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", FLOOR, str(source), str(rounds)],
        input=key,
        capture_output=True,
        check=True,
        env=environment,
    )
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100, help="how often each program is run")
    rounds = parser.parse_args().rounds
    course = load_course(ROOT)
    keys = Keys(course)
    print(f"{'exercise':28}{'calls':>6}{'floor ms':>10}{'isolated ms':>13}{'ratio':>7}")
    ratios = []
    with Sandbox() as sandbox:
        for exercise in course.exercises():
            if exercise.framework != "numpy":
                continue
            key = keys.of(exercise)
            source = course.reference(exercise)
            program = (wire.Chunk(f"{exercise.id}.py", source.read_text(encoding="utf-8")),)
            low, isolated = [], []
            for _ in range(4):  # in turns
                low += floor(msgspec.json.encode(key), source, rounds // 4)
                for _ in range(rounds // 4):
                    start = time.perf_counter()
                    attempt = run_and_judge(sandbox, exercise, key, program, own_judge=keys.own_judge)
                    isolated.append(time.perf_counter() - start)
                    if attempt.result.verdict is not Verdict.ACCEPTED:
                        raise SystemExit(f"{exercise.id}: {attempt.result}")
            calls = sum(len(check.cases) for check in key.checks)
            below, above = statistics.median(low) * 1e3, statistics.median(isolated) * 1e3
            ratios.append(above / below)
            print(f"{exercise.id:28}{calls:6}{below:10.2f}{above:13.2f}{above / below:7.2f}")
    print(f"{'median of the ratios':57}{statistics.median(ratios):7.2f}\n")
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
        jobs = os.cpu_count() or 1
        with Pool(jobs) as pool:
            for answers in grade_class(course, keys, submissions, jobs, pool):
                graded += len(answers)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{graded:12}{seconds:9.2f}{graded / seconds:12.0f}{peak:17.1f}")


if __name__ == "__main__":
    main()
