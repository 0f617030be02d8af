"""What four hostile students cost a class of forty honest ones, in one run: at 1, 2 and 8 jobs, beside the bound.

A program may be stopped twice for each function that it is asked for; that much time may be taken from a class, shared among as
many cores as work. So a class takes at most 1.2 times the bound: the honest students alone and all stops that the hostile ones
can cause, divided by the smaller of jobs and cores; at least what one student's own stops take. The rest is what the trusted
process spends on what it is handed: processor seconds for each hostile answer.

How long a stop takes is measured, too, since a machine that is busy with other things makes all of it longer.

    python benchmarks/hostile_class.py [--jobs N ...] [--only SET ...] [--sample SEED]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from sampling import drawn, sample_option

from grader.cli.main import command
from grader.course.course_yml import load_course
from grader.grading.keys import Keys
from grader.sandbox.sandbox import Batch, Sandbox
from grader.wire import messages as wire

if TYPE_CHECKING:
    from grader.sandbox.limits import Limits

ROOT = Path(__file__).parents[1]
HONEST, STOPS, MOST = 40, 2, 1.2
LIMITS = {"cpu_seconds": 1, "wall_seconds": 1, "memory_mb": 512, "output_bytes": 65536}
EXERCISES = {
    "jacobians": ["manual_jacobian", "linear_layer_jacobian", "jacobian_chain"],
    "sigmoid": ["sigmoid_grad", "sigmoid_jacobian", "sigmoid_saturation_written"],
    "checking": ["relative_error"],
}

FILES = {
    "loop": "while True: pass",
    "sleep": "import time; time.sleep(3600)",
    "memory": "kept = []\n    while True: kept.append(bytearray(2**20))",
    "output": "while True: print('x' * 1000)",
    "array": "import numpy; return numpy.ones(2**22 - 100)",
    "axes": "import numpy; return numpy.zeros((6,) * 9, bool)",
    "list": "import numpy; return nested(numpy.ones(1000), 11)",
    "lists": "return nested([0.5] * 3, 10)",
    "text": "return {'choice': 'c', 'why': 'ab1 ' * 7_000_000}",
    "mapping": "return {'k%d' % number: number for number in range(4000)}",
    "number": "return 7 ** 3_000_000",
    "exception": "raise ValueError('x' * 2**24)",
    "name": "raise type('E' * 2**20, (ValueError,), {})('x')",
    "deep source": "return 0\nx = " + "(" * 150 + "0" + ")" * 150,
    "comments": "return 0\n" + "# '\"(\n" * 150_000,
}
"""The body of each function of a file, by what is wrong with it."""

NESTED = "def nested(leaf, depth):\n    return [nested(leaf, depth - 1) for _ in range(2)] if depth else leaf\n\n"

NOTEBOOKS = {
    "ids": lambda answers: [(f"x{i}", f"solution-{i}") for i in range(4990)] + [("2", "")] * 4900 + [(answers, "")],
    "magics": lambda answers: [("%matplotlib inline\n" * 50_000, ""), (answers, "")],
    "raising": lambda answers: [(f"raise ValueError('{i}' * 10_000)", "") for i in range(3000)] + [(answers, "")],
    "questions": lambda answers: [("x?\n" * 100_000, ""), (answers, "")],
    "definitions": lambda answers: [(answers, "")] * 500,
    "quotes": lambda answers: [("'''\"" * 60_000, ""), (answers, "")],
}
"""The cells of a notebook for a whole assignment, with their grade_ids, from a cell that answers everything."""

SETS = {
    "stops": ("loop", "sleep", "memory", "output"),
    "values": ("array", "axes", "list", "lists"),
    "texts": ("text", "mapping", "number", "exception"),
    "sources": ("name", "deep source", "comments", "loop"),
    "notebooks": ("ids", "magics", "raising", "questions"),
    "more notebooks": ("definitions", "quotes", "ids", "raising"),
}


def write_course(root: Path) -> Path:
    """The repository's exercises that the class is asked for, with short limits."""
    assignments = [{"id": name, "title": name, "exercises": exercises} for name, exercises in EXERCISES.items()]
    for name, exercises in EXERCISES.items():
        (root / "solutions" / name).mkdir(parents=True)
        for exercise in exercises:
            for suffix in (".py", "_checks.py"):
                shutil.copy(ROOT / "solutions" / name / f"{exercise}{suffix}", root / "solutions" / name)
    for shared in (ROOT / "solutions").glob("*.py"):
        shutil.copy(shared, root / "solutions")
    course = {"title": "Benchmark", "seed": 2**62 + 1, "limits": LIMITS, "assignments": assignments}
    (root / "course.yml").write_text(yaml.safe_dump(course))
    return root


def hand_in(course: Path, student: Path, kind: str, functions: dict[str, tuple[str, ...]]) -> None:
    """One student's answers to everything; `kind` says what is wrong with them, if anything."""
    for assignment, exercises in EXERCISES.items():
        folder = student / assignment
        folder.mkdir(parents=True)
        if kind in NOTEBOOKS:
            answers = "\n".join(f"def {name}(*_):\n    return 0" for each in exercises for name in functions[each])
            cells = [
                {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}} if name else {}, "outputs": [],
                 "execution_count": None, "source": source}
                for source, name in NOTEBOOKS[kind](answers)
            ]  # fmt: skip
            notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
            (folder / f"{assignment}.ipynb").write_text(json.dumps(notebook))
            continue
        for exercise in exercises:
            source = (course / "solutions" / assignment / f"{exercise}.py").read_text()
            if kind:
                source = NESTED + "\n\n".join(f"def {name}(*_):\n    {FILES[kind]}" for name in functions[exercise])
            # Not one answer is another's: what a record knows is not run again.
            (folder / f"{exercise}.py").write_text(f"{source}\n# {folder}\n")


def grade(course: Path, submitted: Path, jobs: int) -> tuple[float, float]:
    """Seconds that the command takes, and processor seconds of the trusted process alone."""
    with tempfile.TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()):
        arguments = ["--course", course, "grade", submitted, "--out", out, "--jobs", jobs, "--quiet", "--no-repair"]
        arguments += ["--db", Path(out) / "record.sqlite"]
        before, start = _processor(), time.perf_counter()
        command.main([str(each) for each in arguments], standalone_mode=False)
        return time.perf_counter() - start, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def stop(jobs: int, limits: Limits) -> float:
    """Seconds that a program's stop takes, where as many run as have a core."""
    load = wire.Load("f", (wire.Chunk("f.py", "def f():\n    while True: pass\n"),), ("f",))

    def stopped(_: int) -> float:
        with Sandbox() as sandbox:
            sandbox.start()
            start = time.perf_counter()
            sandbox.run(load, [Batch("f", (wire.Call("f", ()),))] * STOPS, limits)
            return (time.perf_counter() - start) / STOPS

    with ThreadPoolExecutor(jobs) as pool:
        return max(statistics.mean(pool.map(stopped, range(jobs))), limits.wall_seconds)


def main() -> None:
    """Measure, and print a table; exit code 1 where a class takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2, 8])
    parser.add_argument("--only", nargs="+", default=list(SETS), choices=list(SETS), metavar="SET")
    sample_option(parser)
    options = parser.parse_args()
    if options.sample is not None:
        options.jobs, options.only = [2], drawn(options.only, 1, options.sample)
    cores = len(os.sched_getaffinity(0))
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        root = write_course(place / "course")
        course = load_course(root)
        keys = Keys(course)
        functions = {exercise.id: keys.of(exercise).functions for exercise in course.exercises()}
        stops = sum(map(len, functions.values())) * STOPS
        answers = 4 * len(course.exercises())
        for number in range(HONEST):
            hand_in(root, place / "honest" / f"student-{number:02}", "", functions)
        for name in options.only:
            shutil.copytree(place / "honest", place / name)
            for number, kind in enumerate(SETS[name]):
                # Among the honest, as a class is: not all at its beginning or end.
                hand_in(root, place / name / f"student-{number * 10:02}-hostile", kind, functions)
        print(f"{HONEST} honest students, 4 hostile; {len(course.exercises())} exercises; {cores} cores")
        columns = f"{'stop s':>8}{'honest s':>10}{'class s':>9}{'bound s':>9}{'ratio':>7}{'trusted s':>11}"
        print(f"{'hostile':16}{'jobs':>5}{columns}")
        for jobs in options.jobs:
            together = min(jobs, cores)
            grade(root, place / "honest", jobs)  # so that no figure is of the first run
            for name in options.only:
                # In turns, so that what else the machine does disturbs them alike.
                once = stop(together, course.exercises()[0].limits)
                alone, own = grade(root, place / "honest", jobs)
                seconds, processor = grade(root, place / name, jobs)
                bound = max(alone + 4 * stops * once / together, stops * once)
                worst = max(worst, seconds / bound)
                figures = f"{once:8.2f}{alone:10.1f}{seconds:9.1f}{bound:9.1f}{seconds / bound:7.2f}"
                print(f"{name:16}{jobs:5}{figures}{(processor - own) / answers:11.3f}", flush=True)
    print(f"{'the worst ratio, which is to be at most ' + str(MOST):57}{worst:7.2f}")
    raise SystemExit(worst > MOST)


if __name__ == "__main__":
    main()
