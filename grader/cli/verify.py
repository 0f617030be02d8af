"""`grader verify`: whether the checks bite, exercise by exercise."""

from __future__ import annotations

import click

from grader.cli.common import NamedCourse, cores, json_option, print_json, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.screen import console
from grader.cli.terminal import progress, verification_table
from grader.verify.verify import verify as prove

__all__ = ["verify"]


@click.command()
@click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
@json_option
@click.pass_context
def verify(context: click.Context, exercises: tuple[str, ...], *, as_json: bool) -> int:
    """Prove that the checks bite: right answers pass, wrong ones fail and are named. Exit code 1 on any fault."""
    course = whole_course(context)
    chosen = tuple(course.exercise(name) for name in exercises) or course.exercises()
    with progress("verifying") as advance:
        found = list(prove(course, chosen, cores(), advance))
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercises": found})
    else:
        console().print(verification_table(found))
    return EXIT_FAULT if any(each.faults for each in found) else 0
