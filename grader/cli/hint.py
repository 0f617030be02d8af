"""`grader hint`: the next hint for an exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.common import NamedCourse, course_of, json_option, print_json
from grader.grading.attempt import missing_packages
from grader.grading.choosing import choose, exercises_named
from grader.grading.hints import next_hint
from grader.grading.keys import Keys
from grader.grading.progress import progress_of
from grader.judging.verdicts import Verdict
from grader.reports.status import go_on_with

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise

__all__ = ["hint"]


@click.command(
    epilog="""\b
Examples:
  grader hint sigmoid_grad             by id, file or folder
  grader hint sigmoid                  for the one of an assignment to go on with
  grader hint sigmoid_grad --number 1  the first hint again
"""
)
@click.argument("path", metavar="[EXERCISE]", type=click.Path(path_type=Path), required=False)
@click.option("--number", metavar="N", type=click.IntRange(1), help="The hint of that number [default: the next].")
@json_option
@click.pass_context
def hint(context: click.Context, path: Path | None, *, number: int | None, as_json: bool) -> int:
    """Show the next hint for an exercise, from a nudge to nearly the solution.

    Of several, or of all where none is named, for the first that was wrong when it was last checked, else the first not tried yet.
    """
    course = course_of(context, near=path)
    chosen = _first_left(course, path)
    found = next_hint(course, chosen, number or 0)
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercise": chosen.id, **msgspec.structs.asdict(found)})
    else:
        click.echo(f"{chosen.id}, hint {found.number} of {found.total}: {found.text}" if found.total else found.text)
        if number and found.total and number > found.total:
            click.echo(
                f"note: there is no hint {number}: {chosen.id} has {found.total}, and this is the last", err=True
            )
    return 0


def _first_left(course: Course, path: Path | None) -> Exercise:
    """The one of the exercises meant to go on with, by what is known of them. Raises UsageError."""
    keys = Keys(course, shipped=True)
    if path is not None and not path.exists():
        meant = exercises_named(course, str(path))
    else:
        meant = tuple(each.exercise for each in choose(course, keys, [path] if path else []))
    known = progress_of(course).found
    verdicts = {
        each.id: known[each.id].verdict if each.id in known else Verdict.NOT_ATTEMPTED
        for each in meant
        if keys.of(each).checks and not missing_packages(each)
    }
    name = go_on_with(verdicts)
    return next((each for each in meant if each.id == name), meant[0])
