"""`grader mistakes`, for the instructor and the author: what a class gets wrong in one way that nothing has a name for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli.common import json_option, print_json, whole_course
from grader.cli.recorded import record_of, record_option, require_results
from grader.cli.screen import console
from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import attempt
from grader.grading.choosing import exercises_named
from grader.grading.keys import Keys
from grader.grading.pool import Pool, required_by
from grader.grading.reading import functions_of_others
from grader.names import shown, shown_lines
from grader.record.stored import lines_of, source_of, submission_of
from grader.record.writing import reports
from grader.reports.groups import groups
from grader.verify.drafts import append_draft, origin
from grader.words import count_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.model import Course
    from grader.grading.attempt import Attempt
    from grader.grading.pool import Bench
    from grader.record.record import Record
    from grader.reports.groups import Group
    from grader.submissions.program import Refusal, Source
    from grader.submissions.submission import Submission

__all__ = ["mistakes"]

_NAMED = 10
"""How many students of a group are shown."""


@click.command(
    epilog="""\b
Examples:
  grader mistakes                                  of the whole course
  grader mistakes backprop --programs              of one assignment or exercise, with a program of each group
  grader mistakes --new-misconception 3f2a9c1b     draft a misconception for a group
"""
)
@click.argument("what", metavar="[ASSIGNMENT|EXERCISE]", default="")
@click.option("--programs", is_flag=True, help="Show the text of one program of each group.")
@click.option(
    "--new-misconception", "wanted", metavar="GROUP", help="Put a draft for this group into its exercise's checks file."
)
@json_option
@record_option
@click.pass_context
def mistakes(  # noqa: PLR0913  one argument for each option
    context: click.Context, what: str, *, programs: bool, wanted: str | None, as_json: bool, db: str | None
) -> int:
    """Show the wrong answers of a class that no known mistake explains, those of the same values together.

    Biggest groups first: who is in each, and one program. A draft is the change of the reference, or of a known misconception,
    that gives the same values, where there is one; all of it is a comment, and nothing in it is a student's.
    """
    course = whole_course(context)
    with record_of(course, db, must_exist=True) as record:
        require_results(record, course)
        chosen = exercises_named(course, what) if what else course.exercises()
        found = groups(reports(record, course), [exercise.id for exercise in chosen])
        class_of = _Class(course, Keys(course), record)
        if wanted is not None:
            return _draft(class_of, _group(found, wanted, record.name))
        if as_json:
            print_json(found)
            return 0
        screen = console()
        for group in found:
            for line in _lines(class_of, group, programs=programs):
                screen.print(shown_lines(line), markup=False, soft_wrap=True)
    screen.print(
        "`grader explain STUDENT EXERCISE` shows the values, `--new-misconception GROUP` drafts a diagnosis."
        if found
        else "There is no wrong answer without a diagnosis."
    )
    return 0


class _Class:
    """What a class handed in, as it is read and run again."""

    def __init__(self, course: Course, keys: Keys, record: Record) -> None:
        self.course, self.keys, self.record = course, keys, record

    def answer(self, group: Group, student: str) -> tuple[Submission, Source | Refusal] | None:
        """A student's answer; None where its result alone is known."""
        exercise = self.course.exercise(group.exercise)
        entry = self.record.entry(student, exercise.assignment, exercise.id)
        if entry is None or (source := source_of(self.record, entry)) is None:
            return None
        return submission_of(entry), source

    def attempt(self, bench: Bench, group: Group, student: str) -> Attempt | None:
        """A student's answer, run again; None where its result alone is known, or it has other values by now."""
        exercise = self.course.exercise(group.exercise)
        if (answer := self.answer(group, student)) is None:
            return None
        submission, source = answer
        key = self.keys.of(exercise, student)
        others = functions_of_others(self.course, self.keys, exercise) if submission.notebook else {}
        found = attempt(bench, exercise, key, source, others, self.keys.own_judge, self.keys.altered(exercise, key))
        return found if any(check.group == group.group for check in found.result.checks) else None


def _group(found: Sequence[Group], wanted: str, place: str) -> Group:
    """The group of that name. Raises UsageError where there is none."""
    for group in found:
        if group.group == wanted:
            return group
    near = did_you_mean(wanted, [group.group for group in found]) or "; `grader mistakes` lists them"
    raise UsageError(f"there is no group {shown(wanted)!r} in {place}{near}")


def _lines(class_of: _Class, group: Group, *, programs: bool) -> Iterator[str]:
    """What is shown of a group."""
    who = listed(group.students, _NAMED, shown)
    yield f"{group.exercise}  {group.group}  {count_of(len(group.students), 'student')}: {who}"
    yield f"  wrong in {', '.join(group.checks)}; " + ", ".join(
        f"{n} {verdict}" for verdict, n in group.verdicts.items()
    )
    answer = next(filter(None, (class_of.answer(group, student) for student in group.students)), None)
    if answer is None:
        yield f"  none of the answers is in {class_of.record.name}, only what came of them"
        return
    submission, source = answer
    yield f"  {shown(submission.student)}: {submission.assignment}/{submission.path}"
    if programs:
        functions = class_of.keys.of(class_of.course.exercise(group.exercise), submission.student).functions
        yield from (f"      {line}" for line in lines_of(source, functions))
        yield ""


def _draft(class_of: _Class, group: Group) -> int:
    """Draft a misconception for a group, at the end of its exercise's checks file."""
    course = class_of.course
    exercise = course.exercise(group.exercise)
    with Pool(required=required_by(course)) as pool, pool.bench() as bench:
        runs = ((student, class_of.attempt(bench, group, student)) for student in group.students)
        student, found = next((run for run in runs if run[1] is not None), ("", None))
        if found is None:
            raise UsageError(
                f"none of the answers in {class_of.record.name} gives the values of group {group.group} any more:"
                " grade them again"
            )
        made = class_of.keys.compiled(exercise, student)
        function = next(
            check.function
            for check, result in zip(made.key.checks, found.result.checks, strict=True)
            if result.group == group.group
        )
        source = course.reference(exercise).read_text(encoding="utf-8")
        known = origin(bench, exercise, made, source, function, found.outcomes)
    arguments = next(check.arguments for check in made.key.checks if check.function == function)
    path = course.checks(exercise)
    draft = append_draft(path, exercise.id, group.group, arguments, known)
    click.echo(f"{path} ends with this draft now:\n\n{draft}")
    return 0
