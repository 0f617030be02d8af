"""What a course's record costs: 10,000 submissions by 1,000 students, and a class of 300 in which nothing has changed.

Each submission is a content of its own: a reference, with a line that names its student. `grader grade` runs in a process of its
own each time; the seconds are those of the whole process. Its peak memory, which is that of the trusted process alone, is measured
with a tenth of the students and with all of them: it may grow by a fifth. The database's share is the time spent in its
transactions, with what is encoded and compressed for them: less than a tenth in a file of SQLite's; in PostgreSQL it is told.

A class that has not changed takes at most a fiftieth of its first run, where that has 300 students and the whole course.

    PYTHONPATH=tests/support python benchmarks/record.py [--students N] [--class N] [--jobs N] [--sample SEED]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sampling import drawn, sample_option

from grader.cli.main import command
from grader.course.course_yml import load_course
from grader.record.database import Database
from postgresql import binaries, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.course.model import Course

ROOT = Path(__file__).parents[1]
ASSIGNMENT, EXERCISES = "sigmoid", 10
GROWTH, SHARE, FASTER = 1.2, 0.1, 50.0


@dataclass(frozen=True)
class Measured:
    """What one run took."""

    seconds: float
    database: float
    """The seconds in transactions."""
    peak: int
    """The most memory that the trusted process had, in MB."""


def hand_in(course: Course, folder: Path, students: range) -> None:
    """A class whose answers are right, and all different."""
    references = {each: course.reference(each).read_text(encoding="utf-8") for each in course.exercises()}
    for student in students:
        for exercise, source in references.items():
            path = folder / f"student-{student:04}" / exercise.assignment / f"{exercise.id}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{source}\n# by student {student}\n", encoding="utf-8")


def write_course(root: Path, sample: int | None) -> Path:
    """One assignment of the repository's, as a course."""
    whole = load_course(ROOT)
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    numpy_only = [each for each in whole.exercises() if each.framework == "numpy"]
    exercises = drawn(numpy_only, EXERCISES, sample)[:EXERCISES]
    for exercise in exercises:
        for path in (whole.reference(exercise), whole.checks(exercise)):
            shutil.copy(path, root / "solutions" / ASSIGNMENT)
    for shared in (ROOT / "solutions").glob("*.py"):
        shutil.copy(shared, root / "solutions")
    assignment = {"id": ASSIGNMENT, "title": ASSIGNMENT, "exercises": [each.id for each in exercises]}
    (root / "course.yml").write_text(
        yaml.safe_dump({"title": "Benchmark", "seed": 2**62 + 1, "assignments": [assignment]}), encoding="utf-8"
    )
    return root


def grade(course: Path, submitted: Path, place: str, out: Path, jobs: int) -> Measured:
    """Run the command in a new process."""
    start = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    command_line = (
        "--course", course, "grade", submitted, "--db", place, "--out", out, "--jobs", jobs, "--quiet", "--no-repair",
    )  # fmt: skip
    process = context.Process(target=_grade, args=(sending, *command_line))
    process.start()
    database, peak = receiving.recv()
    process.join()
    return Measured(time.perf_counter() - start, database, peak)


def _grade(sending: Any, *arguments: object) -> None:
    spent = [0.0]
    Database.reading = _timed(Database.reading, spent)  # type: ignore[method-assign]
    Database.writing = _timed(Database.writing, spent)  # type: ignore[method-assign]
    with contextlib.redirect_stdout(io.StringIO()):
        code = command.main([*map(str, arguments)], standalone_mode=False)
    if code:
        raise SystemExit(f"grader grade ended with exit code {code}")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    sending.send((spent[0], peak // 1024))


def _timed(transaction: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    @contextlib.contextmanager
    def timed(self: Database, **options: bool) -> Iterator[Any]:
        start = time.perf_counter()
        try:
            with transaction(self, **options) as connection:
                yield connection
        finally:
            spent[0] += time.perf_counter() - start

    return timed


def throughput(students: int, jobs: int, folder: Path, sample: int | None) -> bool:
    """Measure a large class, in both kinds of databases; whether it stays within the bounds."""
    root = write_course(folder / "course", sample)
    course = load_course(root)
    few, all_ = folder / "few", folder / "all"
    hand_in(course, few, range(students // 10))
    hand_in(course, all_, range(students))
    print(f"{'record in':12}{'submissions':>12}{'seconds':>9}{'each ms':>9}{'database %':>12}{'peak MB':>9}")

    def measured(kind: str, submitted: Path, count: int, place: str) -> Measured:
        one = grade(root, submitted, place, folder / f"out-{kind}-{count}", jobs)
        answers = count * len(course.exercises())
        share = 100 * one.database / one.seconds
        each = 1000 * one.seconds / answers
        print(f"{kind:12}{answers:12}{one.seconds:9.1f}{each:9.2f}{share:12.1f}{one.peak:9}", flush=True)
        return one

    small = measured("SQLite", few, students // 10, str(folder / "few.sqlite"))
    large = measured("SQLite", all_, students, str(folder / "all.sqlite"))
    if binaries():
        with server() as address:
            measured("PostgreSQL", all_, students, address.format("postgres"))
    else:
        print("PostgreSQL is not installed: apt-get install postgresql")
    growth, share = large.peak / small.peak, large.database / large.seconds
    print(
        f"memory grows by a factor of {growth:.2f}, at most {GROWTH}; SQLite's share is {share:.1%}, at most {SHARE:.0%}"
    )
    return growth <= GROWTH and share <= SHARE


def unchanged(students: int, jobs: int, folder: Path, _: int | None) -> bool:
    """Measure a class twice, the second time with nothing new; whether that is fast enough."""
    hand_in(load_course(ROOT), folder / "submitted", range(students))
    runs = [grade(ROOT, folder / "submitted", str(folder / "class.sqlite"), folder / "out", jobs) for _ in range(2)]
    first, again = (one.seconds for one in runs)
    answers = students * len(load_course(ROOT).exercises())
    print(
        f"{students} students, the whole course, {answers} answers: {first:.1f} s; once more, nothing new: {again:.2f} s"
    )
    enough = FASTER if students >= 300 else 0.0  # noqa: PLR2004  what starting costs is the same for a smaller class
    print(f"{first / again:.0f} times faster, of {enough:.0f} that are asked for")
    return first / again >= enough


def main() -> None:
    """Measure, and print tables; exit code 1 where a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--class", type=int, default=300, dest="class_size")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    sample_option(parser)
    options = parser.parse_args()
    if options.sample is not None:
        options.students, options.class_size = 100, 20
    within = []
    for measure, students in ((throughput, options.students), (unchanged, options.class_size)):
        if students:
            with tempfile.TemporaryDirectory() as folder:
                within.append(measure(students, options.jobs, Path(folder), options.sample))
    raise SystemExit(not all(within))


if __name__ == "__main__":
    main()
