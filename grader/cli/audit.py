"""`grader audit`: how a grade came about, and whether what is stored still comes to the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from grader.cli.common import jobs_for, jobs_option, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.recorded import record_of, record_option, require_results
from grader.cli.terminal import progress
from grader.errors import UsageError, did_you_mean
from grader.grading.keys import Keys
from grader.grading.pool import required_by
from grader.grading.processes import executor
from grader.names import shown
from grader.record.decisions import about
from grader.record.history import never_found, told
from grader.record.replay import replay as replayed
from grader.record.replay import sample
from grader.record.term import Term
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course
    from grader.record.record import Record

__all__ = ["audit"]

_ALL = -1


@click.command(
    epilog="""\b
Examples:
  grader audit alice                  how each of alice's grades came about
  grader audit alice sigmoid_grad
  grader audit --replay               grade all that counts again, as it was judged, and compare
  grader audit --replay 100           a hundred of them
"""
)
@click.argument("student", default="")
@click.argument("exercise", default="")
@click.option(
    "--replay", metavar="[N]", is_flag=False, flag_value=_ALL, type=click.IntRange(min=_ALL), default=None,
    help="Grade N stored results again, each with the key that it was judged by [default: all].",
)  # fmt: skip
@jobs_option()
@record_option
@click.pass_context
def audit(  # noqa: PLR0913  one argument for each option
    context: click.Context, student: str, exercise: str, *, replay: int | None, jobs: int | None, db: str | None
) -> int:
    """Tell the history of a student's grades, line by line: when, which run, by whom, and why it became another.

    With --replay, what counts is graded again from what was handed in, with the key that it was judged by: exit code 1 where
    a result is not identical.
    """
    course = whole_course(context)
    if exercise:
        course.exercise(exercise)
    if replay is None and not student:
        raise UsageError("name a student, or say --replay")
    with record_of(course, db, must_exist=True) as record:
        require_results(record, course)
        if student and student not in record.students:
            raise UsageError(
                f"the record {record.name} has nothing of {shown(student)}{did_you_mean(student, record.students)}"
            )
        if replay is not None:
            return _replay(record, course, student, exercise, replay, jobs)
        for line in _told(record, course, student, exercise):
            click.echo(line)
    return 0


def _told(record: Record, course: Course, student: str, exercise: str) -> Iterator[str]:
    """The history of a student's grades, of one exercise or of all; what never was anything is one line of all."""
    terms = Term(record, course)
    (standing,) = terms.standings([student])
    history = [event for event in record.history(student) if exercise in ("", event.exercise)]
    nothing = set() if exercise else never_found(history)
    yield from told(
        [event for event in history if (event.assignment, event.exercise) not in nothing],
        {each.result_id: each for each in standing.tried.values()},
        about(
            record.acts(), {student, terms.teams.get(student, student)},
            course.exercise(exercise).assignment if exercise else "", exercise,
        ),
    )  # fmt: skip
    for each in standing.tried.values():
        if each.student != student and exercise in ("", each.exercise):
            mate = shown(each.student)
            yield f"{each.assignment}/{each.exercise}  what counts was handed in by {mate} for the team: `grader audit {mate}`"
    if nothing:
        yield f"and {count_of(len(nothing), 'exercise')} for which nothing was found"


def _replay(record: Record, course: Course, student: str, exercise: str, most: int, jobs: int | None) -> int:  # noqa: PLR0913
    numbers = [
        each.result_id
        for place, each in sorted(record.identities().items())
        if student in ("", place[0]) and exercise in ("", place[2])
    ]
    chosen = numbers if most == _ALL else sample(numbers, most)
    keys = Keys(course, store=record)
    same, reasons = 0, Counter[str]()
    differing = []
    with (
        executor(course, keys, jobs_for(jobs, len(chosen)), required_by(course)) as grading,
        progress("replaying") as advance,
    ):
        for number, each in enumerate(replayed(record, course, keys, grading, record.results(chosen)), 1):
            if each.reason:
                reasons[each.reason] += 1
            elif each.same:
                same += 1
            else:
                differing.append(each.entry)
            advance(number, len(chosen))
    for entry in sorted(differing, key=lambda each: (each.student, each.exercise)):
        click.echo(f"differs: {shown(entry.student)}  {entry.exercise}, result {entry.result_id}")
    click.echo(
        f"{count_of(len(chosen), 'result')}: {same} identical, {len(differing)} differ, {sum(reasons.values())} not replayable"
    )
    for reason, count in reasons.most_common():
        click.echo(f"  {count}: {reason}")
    return EXIT_FAULT if differing else 0
