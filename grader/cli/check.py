"""`grader check`: a student's stubs, notebooks or folders against the public examples that came with them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import NamedCourse, course_of, json_option, near_here, print_json
from grader.cli.exercise import lines_of
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.lines import Line, Output, output
from grader.cli.start import BEGUN
from grader.errors import UsageError
from grader.grading.attempt import missing_packages
from grader.grading.desk import Desk, Tried
from grader.grading.pool import Pool
from grader.judging.verdicts import Verdict
from grader.reports.summary import summary
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from grader.course.model import Course, Exercise
    from grader.grading.choosing import Chosen
    from grader.judging.verdicts import ExerciseResult
    from grader.sandbox.workers import Zygote

__all__ = ["check"]


@click.command(
    epilog="""\b
Examples:
  grader check                         all that you have worked on
  grader check sigmoid_grad            one, or all of an assignment: by id, file or folder
  grader check sigmoid/sigmoid_grad.py
  grader check backprop.ipynb
  grader check --watch                 one exercise after the other, again at each save
"""
)
@click.argument("paths", metavar="[EXERCISE]...", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--summary", "page", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Add what came of it to FILE, as Markdown.",
)  # fmt: skip
@click.option("--watch", "watches", is_flag=True, help="One exercise at a time, checked again whenever you save it.")
@json_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], *, page: Path | None, watches: bool, as_json: bool) -> int:
    """Check your own answers against the public examples.

    Needs nothing but the folder you were given. Exit code 0 if every answer is accepted, else 1.
    """
    course = course_of(context, near=paths[0] if paths else None)
    if watches:
        return _watched(course, paths, context.meta.get(BEGUN), alone=page is None and not as_json)
    screen = output(quiet=as_json)
    forks = hasattr(os, "fork")
    tried: list[Tried] = []
    absent: dict[str, tuple[str, ...]] = {}
    with Pool(fork=forks, begun=context.meta.get(BEGUN)) as pool:
        desk = Desk(course, pool)
        chosen = desk.choose(paths)
        for each in chosen:
            if packages := () if each.waits else missing_packages(each.exercise):
                absent[each.exercise.id] = packages
                _say_absent(screen, each.exercise, packages)
                continue
            tried.append(_told(screen, desk, each))
        if any(each.attempt.program for each in tried):
            _say_isolation(pool.layers, forks=forks)
    results = [each.attempt.result for each in tried]
    hidden = {each.key.exercise: each.key.hidden_points for each in tried}
    if page is not None:
        with page.open("a", encoding="utf-8") as file:
            file.write(summary(results, hidden, absent))
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercises": results, "files": [str(each.chosen.path) for each in tried],
                    "hidden_points": hidden, "isolation": pool.layers, "not_installed": absent})  # fmt: skip
    else:
        _say_rest(screen, chosen, absent)
    accepted = bool(results) and all(result.verdict is Verdict.ACCEPTED for result in results)
    return 0 if accepted else EXIT_FAULT


def _watched(course: Course, paths: Sequence[Path], begun: Zygote | None, *, alone: bool) -> int:
    """Raises UsageError where there is no terminal, or another form was asked for as well."""
    if not (alone and sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        raise UsageError(
            "--watch draws in a terminal, and there is none here: leave it out, with --json and --summary too"
        )
    from grader.cli.watch import watch  # noqa: PLC0415  what it imports, a check does not need

    with Pool(begun=begun) as pool:
        return watch(Desk(course, pool), paths)


def _told(screen: Output, desk: Desk, chosen: Chosen) -> Tried:
    """An answer, tried and told; what nobody has worked on is told with the others like it."""
    tried = desk.tried(chosen)
    if chosen.waits:
        return tried
    if not screen.quiet:
        for line in lines_of(desk, tried, screen.width):
            screen.say(line)
    if desk.course.repair.check:
        tried = desk.repaired(tried)
        for each in _lines_of_edits(tried.attempt.result):
            screen.fold(f"      {each}")
    if chosen.beside:
        beside = " or ".join(map(near_here, chosen.beside))
        click.echo(f"note: {near_here(chosen.path)} is checked, not {beside} beside it", err=True)
    return tried


def _say_absent(screen: Output, exercise: Exercise, packages: Sequence[str]) -> None:
    screen.fold(f"{exercise.id}  needs {', '.join(packages)}: pip install {' '.join(packages)}")


def _say_rest(screen: Output, chosen: Sequence[Chosen], absent: Collection[str]) -> None:
    """What was not checked, a line for each assignment, and what a check is."""
    waiting = Counter(each.exercise.assignment for each in chosen if each.waits)
    for assignment, count in waiting.items():
        screen.fold(f"{assignment}  {count} not attempted yet", "dim")
    if absent:
        screen.fold(
            f"{len(absent)} of {count_of(len(chosen), 'exercise')} not checked: a package is not installed here."
        )
    if waiting.total() < len(chosen):
        screen.fold("These are the public examples; hidden checks decide the grade.")
    else:
        first = chosen[0]
        begin = f"Begin with {near_here(first.path)}, and check it with: grader check {first.exercise.id}"
        screen.say(Line.of(begin))  # in one line, to be copied


def _lines_of_edits(result: ExerciseResult) -> Iterator[str]:
    """What edits say of an answer, each sentence once."""
    told = (check.diagnosis.sentence.splitlines() for check in result.checks if check.diagnosis)
    yield from dict.fromkeys(line for lines in told for line in lines if "one change to" in line)


def _say_isolation(layers: Sequence[str], *, forks: bool) -> None:
    """Tell where code ran with less around it than on Linux."""
    if not forks:
        click.echo("note: this system cannot fork, so each program ran in a plain process of its own", err=True)
    missing = [name for name in ("landlock:files", "seccomp", "rlimits") if name not in layers]
    if missing:
        click.echo(f"note: ran without {', '.join(missing)}, which this system does not offer", err=True)
