"""A student's commands, `grader check` and `grader hint`: declared here, done by modules that are imported when needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import EXIT_FAULT, console, course_of, json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["check", "hint"]


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
def check(context: click.Context, paths: tuple[Path, ...], as_json: bool) -> int:  # noqa: FBT001
    """Check your own answers against the public examples.

    Needs nothing but the folder you were given. Exit code 0 if every answer is accepted, else 1.
    """
    from grader.cli.check import choose, practise  # noqa: PLC0415
    from grader.cli.terminal import exercise_list  # noqa: PLC0415
    from grader.judging.verdicts import Verdict  # noqa: PLC0415

    course = course_of(context, near=paths[0] if paths else None)
    chosen = choose(course, paths)
    screen = console(quiet=as_json)
    forks = hasattr(os, "fork")
    results, layers = [], None
    for each, (_, attempt, active) in zip(chosen, practise(course, chosen, fork=forks), strict=True):
        exercise_list(screen, attempt.result, attempt.printed, _near_here(each.path))
        if each.beside:
            beside = " or ".join(map(_near_here, each.beside))
            click.echo(f"note: {_near_here(each.path)} is checked, not {beside} beside it", err=True)
        results.append(attempt.result)
        layers = active or layers
    _say_isolation(layers, forks=forks)
    if as_json:
        files = [str(each.path) for each in chosen]
        print_json({"exercises": results, "files": files, "isolation": layers})
    else:
        screen.print("These are the public examples; hidden checks decide the grade.")
    return 0 if all(result.verdict is Verdict.ACCEPTED for result in results) else EXIT_FAULT


@click.command(
    epilog="""\b
Example:
  grader hint sigmoid_grad
"""
)
@click.argument("exercise")
@json_option
@click.pass_context
def hint(context: click.Context, exercise: str, *, as_json: bool) -> int:
    """Show the next hint for an exercise, from a nudge to nearly the solution."""
    from grader.cli.hints import next_hint  # noqa: PLC0415

    course = course_of(context)
    found = next_hint(course, course.select(exercise=exercise).exercises()[0])
    if as_json:
        print_json(found)
    else:
        click.echo(f"{exercise}, hint {found.number} of {found.total}: {found.text}" if found.total else found.text)
    return 0


def _near_here(path: Path) -> str:
    """A file as it is best named in this folder."""
    here = Path.cwd()
    return str(path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path)


def _say_isolation(layers: Iterable[str] | None, *, forks: bool) -> None:
    """Tell where code ran with less around it than on Linux."""
    if layers is None:
        return
    if not forks:
        click.echo("note: this system cannot fork, so each program ran in a plain process of its own", err=True)
    missing = [name for name in ("landlock:files", "seccomp", "rlimits") if name not in layers]
    if missing:
        click.echo(f"note: ran without {', '.join(missing)}, which this system does not offer", err=True)
