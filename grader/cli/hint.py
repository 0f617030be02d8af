"""`grader hint`: the next hint for an exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.common import NamedCourse, course_of, json_option, print_json
from grader.grading.choosing import choose, exercises_named
from grader.grading.hints import next_hint
from grader.grading.keys import Keys
from grader.grading.progress import progress_of
from grader.judging.verdicts import Verdict

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise

__all__ = ["hint"]


@click.command(
    epilog="""\b
Examples:
  grader hint sigmoid_grad             by id, file or folder
  grader hint sigmoid                  for the first of an assignment that is not right yet
  grader hint sigmoid_grad --number 1  the first hint again
"""
)
@click.argument("path", metavar="[EXERCISE]", type=click.Path(path_type=Path), required=False)
@click.option("--number", metavar="N", type=click.IntRange(1), help="The hint of that number [default: the next].")
@json_option
@click.pass_context
def hint(context: click.Context, path: Path | None, *, number: int | None, as_json: bool) -> int:
    """Show the next hint for an exercise, from a nudge to nearly the solution.

    Of several, or of all where none is named, for the first that was not right when it was last checked.
    """
    course = course_of(context, near=path)
    chosen = _first_left(course, path)
    found = next_hint(course, chosen, number or 0)
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercise": chosen.id, **msgspec.structs.asdict(found)})
    else:
        click.echo(f"{chosen.id}, hint {found.number} of {found.total}: {found.text}" if found.total else found.text)
    return 0


def _first_left(course: Course, path: Path | None) -> Exercise:
    """The first of the exercises meant that is not known to be right. Raises UsageError."""
    if path is not None and not path.exists():
        meant = exercises_named(course, str(path))
    else:
        meant = tuple(each.exercise for each in choose(course, Keys(course, shipped=True), [path] if path else []))
    known = progress_of(course).found
    left = [each for each in meant if each.id not in known or known[each.id].verdict is not Verdict.ACCEPTED]
    return (left or meant)[0]
