"""`grader nbgrader push`: reports into nbgrader's gradebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli.common import course_of
from grader.cli.recorded import record_of, record_option
from grader.errors import UsageError
from grader.for_nbgrader.commands.course_directory import course_directory
from grader.for_nbgrader.gradebook.push import gradebook_of, push_reports
from grader.record.term import Term
from grader.record.writing import reports

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["push"]


@click.command(
    epilog="""\b
Example:
  grader grade submitted && grader nbgrader push
"""
)
@record_option
@course_directory
@click.pass_context
def push(context: click.Context, course_dir: Path | None, db: str | None) -> int:
    """Write what `grader grade` has recorded into gradebook.db. Manual scores stay; doing it twice changes nothing.

    With it go due dates and extensions, what lateness takes, and what a person gave with `grader mark`.
    """
    course = course_of(context)
    with record_of(course, db, must_exist=True) as record:
        found, term = list(reports(record, course)), Term(record, course)
        dues = {
            (report.student, report.assignment): due
            for report in found
            if (due := term.due(report.student, report.assignment))
        }
        gradebook, is_there = gradebook_of(course_dir)
        pushed = push_reports(course, found, course_dir, dues)
        if not pushed:
            raise UsageError(
                f"{record.name} holds no result of this course; run `grader grade SUBMITTED` first, or name another with --db"
            )
    made = (
        "" if is_there else "; it is new: where nbgrader has one elsewhere, name its course directory with --course-dir"
    )
    click.echo(f"{pushed} reports are in nbgrader's gradebook, {gradebook}{made}")
    return 0
