"""The ways to grade one class, each a command that a course would run, and the scores that it leaves behind."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Gradebook

from peers.answers import EXERCISES, student_name
from peers.layouts import ASSIGNMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from peers.layouts import Course

__all__ = ["Scores", "Way", "ours", "peers", "same"]

Scores = dict[tuple[str, str], float]
"""Points by student and exercise."""

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Way:
    """A way to grade so many students."""

    name: str
    handed_in: str
    """What it grades: notebooks or files."""
    command: Callable[[Path, int], list[str]]
    """The command for the class in a folder."""
    clean: Callable[[Path], object]
    """Takes away what an earlier run left there."""
    scores: Callable[[Path, int], Scores]
    slow: bool = False
    """Whether it takes so long that part of the class has to do."""
    before: Callable[[Path, int], list[str]] | None = None
    """A command to be run first, which is not counted."""


def nothing(_: Path) -> None:
    """Nothing is left to be taken away."""


def put_aside(place: Path, *names: str) -> None:
    """Take what an earlier run left out of the way, without deleting it.

    For minutes after many files were deleted, ext4 searches longer for the inode of each new one, and the next run would pay for that.
    """
    aside = Path(tempfile.mkdtemp(prefix="earlier-", dir=place))
    for name in names:
        for path in place.glob(name):
            path.rename(aside / path.name)


def peers(course: Course, bins: dict[str, Path]) -> list[Way]:
    """The other graders."""
    checks, otter = course.checks, bins["otter"] / "python"
    autograder = course.place / "autograder.zip"
    python = str(bins["files"] / "python")

    def in_otter(place: Path, students: int) -> list[str]:
        notebooks = [str(place / "notebooks" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb") for name in _names(students)]
        return [str(otter), str(HERE / "in_otter.py"), str(autograder), str(place / "otter.json"), *notebooks]

    def otter_run(place: Path, _: int) -> list[str]:
        run = f"{otter.with_name('otter')} run --no-logo -a {autograder} -o $out"
        return _each(place / "notebooks", "otter-run", f"{run} $student/{ASSIGNMENT}/{ASSIGNMENT}.ipynb >$out/log")

    def script(name: str) -> Callable[[Path, int], list[str]]:
        line = f"{python} {HERE / f'{name}.py'} {checks} $student/{ASSIGNMENT} $out/results.json"
        return lambda place, _: _each(place / "files", name, line)

    def clean_nbgrader(place: Path) -> None:
        put_aside(place, "nbgrader")
        shutil.copytree(course.nbgrader, place / "nbgrader")
        shutil.copytree(place / "notebooks", place / "nbgrader" / "submitted")

    def without(name: str) -> Callable[[Path], None]:
        return lambda place: put_aside(place, name)

    return [
        Way("nbgrader autograde", "notebooks",
            lambda place, _: [str(bins["nbgrader"] / "nbgrader"), "autograde", ASSIGNMENT, "--log-level=ERROR",
                              f"--CourseDirectory.root={place / 'nbgrader'}"],
            clean_nbgrader, _of_nbgrader, slow=True),
        Way("Otter, one process", "notebooks", in_otter, nothing, _of_otter, slow=True),
        Way("otter run, a process each", "notebooks", otter_run, without("otter-run"), _of_otter_run, slow=True),
        Way("gradescope-utils, a process each", "files", script("in_gradescope"), without("in_gradescope"), _of_gradescope, slow=True),
        Way("a bare Python process each", "files", script("in_process"), without("in_process"), _of_processes, slow=True),
    ]  # fmt: skip


def ours(course: Course, grader: str) -> list[Way]:
    """The grader itself: with one job and two, of notebooks and of files, with and without the search for edits, and with nothing new."""

    def grade(what: str, jobs: int, *more: str) -> Callable[[Path, int], list[str]]:
        return lambda place, _: [
            grader, "--course", str(course.ours), "grade", str(place / what), "--jobs", str(jobs), "--quiet",
            "--out", str(place / "out"), "--db", str(place / "out.sqlite"), *more,
        ]  # fmt: skip

    def clean(place: Path) -> None:
        put_aside(place, "out", "out.sqlite*")

    ways = []
    for what in ("notebooks", "files"):
        cold = {jobs: grade(what, jobs, "--no-repair") for jobs in (1, 2)}
        ways += [Way(f"grader grade --jobs {jobs}", what, cold[jobs], clean, _of_ours) for jobs in cold]
        ways.append(Way("grader grade, nothing new", what, cold[2], clean, _of_ours, before=cold[2]))
    searching = grade("notebooks", 2)
    ways.append(Way("grader grade --jobs 2, searching for edits", "notebooks", searching, clean, _of_ours, slow=True))
    return ways


def _names(students: int) -> list[str]:
    return [student_name(number) for number in range(students)]


def _each(handed_in: Path, name: str, line: str) -> list[str]:
    """A shell that runs a line for each student, one after the other; $out is a folder of that student's."""
    out = handed_in.parent / name
    return ["sh", "-ec", f"for student in {handed_in}/*; do out={out}/${{student##*/}}; mkdir -p $out; {line}; done"]


def _of_nbgrader(place: Path, _: int) -> Scores:
    found: Scores = {}
    with Gradebook(f"sqlite:///{place / 'nbgrader' / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            for grade in submission.notebooks[0].grades:
                key = submission.student.id, grade.name.partition("-")[0]
                found[key] = found.get(key, 0.0) + grade.score
    return found


def _of_otter(place: Path, _: int) -> Scores:
    read = json.loads((place / "otter.json").read_text(encoding="utf-8"))
    return {
        (Path(path).parts[-3], exercise): score for path, scores in read.items() for exercise, score in scores.items()
    }


def _of_otter_run(place: Path, students: int) -> Scores:
    return {
        (student, test["name"]): test["score"]
        for student in _names(students)
        for test in json.loads((place / "otter-run" / student / "results.json").read_text(encoding="utf-8"))["tests"]
        if test["name"] in EXERCISES
    }


def _of_processes(place: Path, students: int) -> Scores:
    return {
        (student, exercise): score
        for student in _names(students)
        for exercise, score in json.loads(
            (place / "in_process" / student / "results.json").read_text(encoding="utf-8")
        ).items()
    }


def _of_gradescope(place: Path, students: int) -> Scores:
    found: Scores = {}
    for student in _names(students):
        path = place / "in_gradescope" / student / "results.json"
        for test in json.loads(path.read_text(encoding="utf-8"))["tests"]:
            key = student, test["name"].partition(" ")[0]
            found[key] = found.get(key, 0.0) + test["score"]
    return found


def _of_ours(place: Path, _: int) -> Scores:
    with (place / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["exercise"]): float(row["score"]) for row in csv.DictReader(file)}


def same(scores: Sequence[Scores]) -> bool:
    """Whether all give everybody the same points."""
    return all(_rounded(each) == _rounded(scores[0]) for each in scores)


def _rounded(scores: Scores) -> Scores:
    return {key: round(points, 6) for key, points in scores.items()}
