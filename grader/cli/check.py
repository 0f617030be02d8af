"""`grader check`: a student's stubs, notebooks or folders against the public examples that came with them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from grader.cli.common import course_of, json_option, print_json
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.terminal import console, exercise_list
from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import Attempt, attempt, missing_packages
from grader.grading.classes import functions_of_others
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.judging.verdicts import Verdict
from grader.submissions.find import Submission
from grader.submissions.program import read_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.model import Course, Exercise

__all__ = ["check", "choose"]


@click.command(
    epilog="""\b
Examples:
  grader check                         everything in this folder
  grader check sigmoid_grad.py
  grader check backprop.ipynb
"""
)
@click.argument("paths", metavar="[PATH]...", type=click.Path(path_type=Path), nargs=-1)
@json_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Check your own answers against the public examples.

    Needs nothing but the folder you were given. Exit code 0 if every answer is accepted, else 1.
    """
    course = course_of(context, near=paths[0] if paths else None)
    chosen = choose(course, paths)
    screen = console(quiet=as_json)
    forks = hasattr(os, "fork")
    results, absent = [], {}
    with Pool(fork=forks) as pool:
        for exercise, path in chosen:
            if packages := missing_packages(exercise):
                absent[exercise.id] = packages
                screen.print(Text(f"{exercise.id}  needs {', '.join(packages)}: pip install {' '.join(packages)}"))
                continue
            tried = _tried(course, exercise, path, pool)
            exercise_list(screen, tried.result, tried.printed)
            results.append(tried.result)
        if results:
            _say_isolation(pool.layers, forks=forks)
    if as_json:
        print_json({"exercises": results, "isolation": pool.layers, "not_installed": absent})
    else:
        if absent:
            screen.print(f"{len(absent)} of {len(chosen)} exercises were not checked: a package is not installed here.")
        screen.print("These are the public examples; hidden checks decide the grade.")
    accepted = bool(results) and all(result.verdict is Verdict.ACCEPTED for result in results)
    return 0 if accepted else EXIT_FAULT


def choose(course: Course, paths: Sequence[Path]) -> list[tuple[Exercise, Path]]:
    """Which exercise each file answers; without paths, every exercise's own stub. Raises UsageError."""
    if not paths:
        return [(exercise, course.stub(exercise)) for exercise in course.exercises()]
    chosen = [pair for path in paths for pair in _of_path(course, path)]
    return list(dict.fromkeys(chosen))


def _of_path(course: Course, path: Path) -> list[tuple[Exercise, Path]]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in {".py", ".ipynb"} and file.is_file())
        order = {exercise: index for index, exercise in enumerate(course.exercises())}
        found = [(exercise, file) for file in files for exercise in _answered(course, file)]
        if not found:
            raise UsageError(
                f"{path} holds no exercise of this course; name a file such as {course.exercises()[0].id}.py"
            )
        return sorted(found, key=lambda pair: order[pair[0]])
    if not path.exists():
        raise UsageError(f"{path} does not exist; name a file or folder, or nothing for all exercises")
    answered = _answered(course, path)
    if not answered:
        known = [exercise.id for exercise in course.exercises()]
        raise UsageError(
            f"{path.name} is no exercise of this course{did_you_mean(path.stem, known)}; keep the stub's file name"
        )
    return [(exercise, path) for exercise in answered]


def _answered(course: Course, file: Path) -> list[Exercise]:
    """The exercise of a file's name, or all of an assignment's for its notebook."""
    return [
        exercise
        for exercise in course.exercises()
        if file.stem == exercise.id or (file.suffix == ".ipynb" and file.stem == exercise.assignment)
    ]


def _tried(course: Course, exercise: Exercise, path: Path, pool: Pool) -> Attempt:
    """The attempt in a file, on the examples that came with its stub. Raises UsageError."""
    keys = Keys(course, shipped=True)
    submission = Submission("", exercise.assignment, exercise.id, path if path.exists() else None, "")
    key, source = keys.of(exercise), read_program(submission)
    others = functions_of_others(course, keys, exercise) if submission.notebook else {}
    with pool.bench() as bench:
        return attempt(bench, exercise, key, source, others, keys.own_judge)


def _say_isolation(layers: Sequence[str], *, forks: bool) -> None:
    """Tell where code ran with less around it than on Linux."""
    if not forks:
        click.echo("note: this system cannot fork, so each program ran in a plain process of its own", err=True)
    missing = [name for name in ("landlock:files", "seccomp", "rlimits") if name not in layers]
    if missing:
        click.echo(f"note: ran without {', '.join(missing)}, which this system does not offer", err=True)
