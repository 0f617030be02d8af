"""`grader hint`: the next hint for an exercise."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from grader.cli.common import NamedCourse, course_of, exercises_named, json_option, print_json
from grader.errors import UsageError
from grader.grading.hints import next_hint

__all__ = ["hint"]


@click.command(
    epilog="""\b
Examples:
  grader hint sigmoid_grad
  grader hint sigmoid/sigmoid_grad.py
"""
)
@click.argument("exercise")
@json_option
@click.pass_context
def hint(context: click.Context, exercise: str, *, as_json: bool) -> int:
    """Show the next hint for an exercise, from a nudge to nearly the solution."""
    course = course_of(context, near=Path(exercise))
    chosen, *others = exercises_named(course, exercise)
    if others:
        ids = ", ".join(each.id for each in (chosen, *others))
        raise UsageError(f"{exercise} holds several exercises; name the one that you want a hint for: {ids}")
    found = next_hint(course, chosen)
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercise": chosen.id, **msgspec.structs.asdict(found)})
    else:
        click.echo(f"{chosen.id}, hint {found.number} of {found.total}: {found.text}" if found.total else found.text)
    return 0
