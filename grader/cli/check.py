"""`grader check`: a student's stubs, notebooks or folders against the public examples that came with them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from grader.cli.common import NAME_ONE, NamedCourse, course_of, exercises_named, json_option, print_json
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.terminal import console, exercise_list
from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import Attempt, attempt, missing_packages
from grader.grading.kept_searches import place_of
from grader.grading.keys import Keys, load_examples
from grader.grading.pool import Pool
from grader.grading.reading import functions_of_others
from grader.grading.repair import Repairs
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.reports.comparison import comparisons
from grader.reports.summary import summary
from grader.submissions.answers import Reading, file_names
from grader.submissions.answers import choose as choose_file
from grader.submissions.files import is_left_behind
from grader.submissions.program import read_program
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.model import Course, Exercise

__all__ = ["Chosen", "check", "choose"]


@click.command(
    epilog="""\b
Examples:
  grader check                         every exercise
  grader check sigmoid_grad            one, or all of an assignment: by id, file or folder
  grader check sigmoid/sigmoid_grad.py
  grader check backprop.ipynb
"""
)
@click.argument("paths", metavar="[EXERCISE]...", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--summary", "page", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Add what came of it to FILE, as Markdown.",
)  # fmt: skip
@json_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], *, page: Path | None, as_json: bool) -> int:
    """Check your own answers against the public examples.

    Needs nothing but the folder you were given. Exit code 0 if every answer is accepted, else 1.
    """
    course = course_of(context, near=paths[0] if paths else None)
    chosen = choose(course, paths)
    screen = console(quiet=as_json)
    forks = hasattr(os, "fork")
    results, files, absent, hidden = [], [], {}, {}
    keys = Keys(course, shipped=True)
    with Pool(fork=forks) as pool:
        for each in chosen:
            exercise, path = each.exercise, each.path
            if packages := missing_packages(exercise):
                absent[exercise.id] = packages
                screen.print(Text(f"{exercise.id}  needs {', '.join(packages)}: pip install {' '.join(packages)}"))
                continue
            tried = _tried(course, keys, exercise, path, pool)
            hidden[exercise.id] = keys.of(exercise).hidden_points
            compared = comparisons(keys.of(exercise), tried.outcomes)
            exercise_list(screen, tried.result, tried.printed, _near_here(path), hidden[exercise.id], compared)
            if course.repair.check:
                tried = _repaired(course, keys, exercise, tried, pool, place_of(path, exercise.id))
                screen.print(Text("".join(f"      {line}\n" for line in _lines_of_edits(tried.result))), end="")
            if each.beside:
                beside = " or ".join(map(_near_here, each.beside))
                click.echo(f"note: {_near_here(path)} is checked, not {beside} beside it", err=True)
            results.append(tried.result)
            files.append(str(path))
        if results:
            _say_isolation(pool.layers, forks=forks)
    if page is not None:
        with page.open("a", encoding="utf-8") as file:
            file.write(summary(results, hidden, absent))
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercises": results, "files": files,
                    "hidden_points": hidden, "isolation": pool.layers, "not_installed": absent})  # fmt: skip
    else:
        if absent:
            screen.print(f"{len(absent)} of {len(chosen)} exercises were not checked: a package is not installed here.")
        screen.print("These are the public examples; hidden checks decide the grade.")
    accepted = bool(results) and all(result.verdict is Verdict.ACCEPTED for result in results)
    return 0 if accepted else EXIT_FAULT


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that is checked for an exercise, and the others that were worked on as well."""

    exercise: Exercise
    path: Path
    beside: tuple[Path, ...] = ()


def choose(course: Course, paths: Sequence[Path]) -> list[Chosen]:
    """Which file answers each exercise, in the folders and files named or of the ids; without any, in the whole tree.

    Of several in a folder the one that was worked on is chosen, as for a grade. What is named twice is chosen once.
    Raises UsageError.
    """
    if not paths:
        return [_in_its_folder(course, exercise) for exercise in course.exercises()]
    found = (each for path in paths for each in _of_path(course, path))
    return list({(each.exercise.id, each.path.resolve()): each for each in found}.values())


def _in_its_folder(course: Course, exercise: Exercise) -> Chosen:
    stub = course.stub(exercise)
    return _of_files(course, exercise, [path for name in file_names(exercise) if (path := stub.parent / name).exists()])


def _of_files(course: Course, exercise: Exercise, files: Sequence[Path]) -> Chosen:
    """One of an exercise's files; the stub, where it has none."""
    if not files:
        return Chosen(exercise, course.stub(exercise))
    names = load_examples(course, exercise).functions if len(files) > 1 else ()
    choice = choose_file(exercise, files, names, Reading())
    return Chosen(exercise, choice.path or files[0], choice.beside)


def _of_path(course: Course, path: Path) -> list[Chosen]:
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_program(file.relative_to(path)) and file.is_file()]
        found = [(exercise, [file for file in files if _answers(file, exercise)]) for exercise in course.exercises()]
        if not any(answers for _, answers in found):
            raise UsageError(
                f"{path} holds no exercise of this course; name a file such as {course.exercises()[0].id}.py"
            )
        return [_of_files(course, exercise, _ranked(exercise, answers)) for exercise, answers in found if answers]
    if not path.exists():
        if path.name != str(path) or path.suffix:
            raise UsageError(f"{path} does not exist{NAME_ONE}; or nothing for all exercises")
        return [_in_its_folder(course, exercise) for exercise in exercises_named(course, str(path))]
    answered = [exercise for exercise in course.exercises() if _answers(path, exercise)]
    if not answered:
        known = [exercise.id for exercise in course.exercises()]
        raise UsageError(
            f"{path.name} is no exercise of this course{did_you_mean(path.stem, known)}; keep the stub's file name"
        )
    return [Chosen(exercise, path) for exercise in answered]


def _is_program(path: Path) -> bool:
    return path.suffix in {".py", ".ipynb"} and not any(map(is_left_behind, path.parts))


def _answers(file: Path, exercise: Exercise) -> bool:
    """Whether a file's name is the exercise's, or it is the notebook of its assignment."""
    return file.stem == exercise.id or (file.suffix == ".ipynb" and file.stem == exercise.assignment)


def _ranked(exercise: Exercise, files: Sequence[Path]) -> list[Path]:
    """The files in the order in which they are preferred: first those in the assignment's folder."""
    order = {name: rank for rank, name in enumerate(file_names(exercise))}
    return sorted(files, key=lambda file: (order.get(file.name, len(order)), file.parent.name != exercise.assignment))


def _tried(course: Course, keys: Keys, exercise: Exercise, path: Path, pool: Pool) -> Attempt:
    """The attempt in a file, on the examples that came with its stub. Raises UsageError."""
    submission = Submission("", exercise.assignment, exercise.id, path if path.exists() else None, "")
    key, source = keys.of(exercise), read_program(submission)
    others = functions_of_others(course, keys, exercise) if submission.notebook else {}
    with pool.bench() as bench:
        return attempt(bench, exercise, key, source, others, keys.own_judge)


def _repaired(  # noqa: PLR0913
    course: Course, keys: Keys, exercise: Exercise, tried: Attempt, pool: Pool, place: Path | None
) -> Attempt:  # fmt: skip
    """The attempt with what one edit says of it that makes the public examples pass; searched once for each state of a file."""
    with pool.bench() as bench:
        result = Repairs(course).result(
            bench, exercise, keys.of(exercise), tried, keys.own_judge, passes="the public examples", place=place
        )
    return replace(tried, result=result)


def _lines_of_edits(result: ExerciseResult) -> Iterator[str]:
    """What edits say of an answer, each sentence once."""
    told = (check.diagnosis.sentence.splitlines() for check in result.checks if check.diagnosis)
    yield from dict.fromkeys(line for lines in told for line in lines if "one change to" in line)


def _near_here(path: Path) -> str:
    """A file as it is best named in this folder."""
    here = Path.cwd()
    return str(path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path)


def _say_isolation(layers: Sequence[str], *, forks: bool) -> None:
    """Tell where code ran with less around it than on Linux."""
    if not forks:
        click.echo("note: this system cannot fork, so each program ran in a plain process of its own", err=True)
    missing = [name for name in ("landlock:files", "seccomp", "rlimits") if name not in layers]
    if missing:
        click.echo(f"note: ran without {', '.join(missing)}, which this system does not offer", err=True)
