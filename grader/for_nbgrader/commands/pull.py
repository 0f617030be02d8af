"""`grader nbgrader pull`: what nbgrader graded, with what people gave for it, into the course's record."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from nbgrader.coursedir import CourseDirectory

from grader.building.notebook import notebook_exercises
from grader.cli.common import course_of, jobs_for, jobs_option
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.recorded import out_option, record_of, record_option
from grader.errors import UsageError
from grader.for_nbgrader.commands.course_directory import course_directory
from grader.for_nbgrader.configuration import configuration
from grader.for_nbgrader.gradebook.marked import read_marked
from grader.for_nbgrader.pulling import attach, grade_graded
from grader.grading.keys import Keys
from grader.grading.pool import required_by
from grader.grading.processes import executor
from grader.names import shown
from grader.record.running import Grading
from grader.record.writing import Writer
from grader.reports.store import Results
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.course.model import Assignment
    from grader.for_nbgrader.gradebook.marked import Marked

__all__ = ["pull"]


@click.command(
    epilog="""\b
Example:
  grader nbgrader autograde activations      and people give points in formgrader; then
  grader nbgrader pull activations
"""
)
@click.argument("assignment")
@out_option("Where the results go.")
@jobs_option()
@record_option
@course_directory
@click.pass_context
def pull(  # noqa: PLR0913  one argument for each option
    context: click.Context, assignment: str, *, out: Path, jobs: int | None, course_dir: Path | None, db: str | None
) -> int:
    """Record the notebooks of ASSIGNMENT that nbgrader graded, and what people gave for them in its gradebook.

    Points belong to the answer that they were given for: where another one counts, that is named (exit code 1), and is not marked.
    So is a notebook that could not be graded, of which nothing is recorded.
    """
    course = course_of(context)
    chosen = course.assignment(assignment)
    configured = configuration(course_dir)
    coursedir = CourseDirectory(config=configured.config, root=str(configured.root))
    names = {name: [each.id for each in found] for name, found in notebook_exercises(course, chosen).items()}
    marked = read_marked(coursedir.db_url, chosen.id, names)
    if not marked:
        raise UsageError(
            f"nbgrader's gradebook has no submission of {chosen.id}; run `nbgrader autograde {chosen.id}` first"
        )
    submissions = _submissions(coursedir, chosen, marked)
    results = Results(out)
    with ExitStack() as held:
        record = held.enter_context(record_of(course, db))
        held.enter_context(results.locked())
        known = record.identities()
        keys = Keys(course, store=record)
        executing = held.enter_context(executor(course, keys, jobs_for(jobs, len(submissions)), required_by(course)))
        grading = Grading(record, course, keys, executing)
        record.begin_run("nbgrader pull", str(configured.root))
        contents = grade_graded(record, grading, submissions, known, Writer(record, course, results))
        pulled = attach(record, marked, contents, chosen.id)
        Writer(record, course, results).finish()
    click.echo(f"{len({each.student for each in submissions})} submissions, {pulled.new} new marks; results in {out}")
    ungraded = dict.fromkeys(f"{shown(each.student)}, {each.notebook}" for each in marked if each.emptied)
    again = f"not graded, so not in the record; `nbgrader autograde {chosen.id}` says why"
    for what, lines in ((again, ungraded), ("not marked", pulled.unmarked)):
        if lines:
            click.secho("\n".join([f"grader: {what}:", *(f"  {line}" for line in lines)]), fg="red", err=True)
    return EXIT_FAULT if ungraded or pulled.unmarked else 0


def _submissions(coursedir: CourseDirectory, assignment: Assignment, marked: list[Marked]) -> list[Submission]:
    """The notebooks that nbgrader graded, as answers to the exercises in them."""
    found = []
    for each in marked:
        folder = coursedir.format_path(coursedir.autograded_directory, each.student, assignment.id)
        path = Path(folder, f"{each.notebook}.ipynb")
        if path.is_file() and not each.emptied:
            found.append(
                Submission(each.student, assignment.id, each.exercise, path, each.submitted_at, by="timestamp")
            )
    return found
