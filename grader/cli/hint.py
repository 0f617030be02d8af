"""`grader hint`: one hint at a time; which have been seen is kept beside the exercises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.common import NamedCourse, course_of, exercises_named, json_option, print_json
from grader.errors import UsageError
from grader.files import write_atomically
from grader.grading.keys import load_examples

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise

__all__ = ["Hint", "hint", "next_hint"]

_SEEN = ".hints.json"


class Hint(msgspec.Struct, frozen=True):
    """One of an exercise's hints; `number` counts from 1, and is 0 where there are none."""

    number: int
    total: int
    text: str


def next_hint(course: Course, exercise: Exercise) -> Hint:
    """The next hint; the last one again once all have been seen. Raises UsageError for missing examples, and OSError."""
    hints = load_examples(course, exercise).hints
    if not hints:
        return Hint(0, 0, "there is no hint for this exercise: read its task once more, and check small cases on paper")
    path = course.root / _SEEN
    try:
        seen = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.MsgspecError):
        seen = {}
    number = min(max(seen.get(exercise.id, 0), 0) + 1, len(hints))
    write_atomically(path, msgspec.json.encode(seen | {exercise.id: number}) + b"\n")
    return Hint(number, len(hints), hints[number - 1])


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
