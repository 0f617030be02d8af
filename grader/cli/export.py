"""`grader export`: results in the form that another service takes. Nothing is sent anywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from grader.building.autograder import PROGRAMS, autograder
from grader.building.workflow import workflow
from grader.cli.common import whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.recorded import record_of, record_option
from grader.cli.roster import roster_of, roster_option
from grader.errors import UsageError, did_you_mean
from grader.files import packed, write_atomically
from grader.grading.autograder import require_complete
from grader.names import shown
from grader.record.term import Term
from grader.record.writing import abouts as abouts_of
from grader.record.writing import reports as reports_of
from grader.reports.export.canvas import canvas, canvas_anew
from grader.reports.export.exported import Exported
from grader.reports.export.feedback import Given, feedback
from grader.reports.export.gradescope import VISIBILITIES, gradescope
from grader.reports.export.moodle import moodle, moodle_feedback
from grader.reports.export.people import Person
from grader.reports.export.plain_csv import plain_csv
from grader.reports.export.plain_json import plain_json
from grader.reports.export.prairielearn import prairielearn
from grader.reports.export.sheet import read_sheet
from grader.reports.export.totals import the_assignment
from grader.reports.feedback import feedback_page
from grader.reports.report import Report
from grader.submissions.intake.received import received_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.course.model import Course
    from grader.reports.export.gradescope import Visibility
    from grader.reports.export.sheet import Sheet

__all__ = ["export"]

Options = dict[str, Any]

_NAMED = 20
"""How many students are listed who are in no row."""


@click.group(
    epilog="""\b
Examples:
  grader export csv --assignment backprop --out backprop.csv
  grader export canvas --into 2026-01-30_Grades.csv --out for_canvas.csv
  grader export moodle --assignment backprop --into worksheet.csv --out for_moodle.csv
"""
)
def export() -> None:
    """Write results in the form that another service takes. Nothing is sent anywhere."""


def _of_results(command: Callable[..., int]) -> Callable[..., int]:
    """What every format of a class's results is asked for."""
    command = click.option(
        "--assignment", "assignments", metavar="A", multiple=True, help="Of this assignment; can be given again."
    )(command)
    command = record_option(command)
    command = click.option(
        "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file [default: what is printed]."
    )(command)
    return click.pass_context(command)


_into = partial(click.option, "--into", type=click.Path(path_type=Path, dir_okay=False, exists=True))
_scale = click.option("--scale", is_flag=True, help="Count points in those that the service has for the assignment.")
_hidden = click.option(
    "--hidden", type=click.Choice(VISIBILITIES), default="after_due_date", show_default=True,
    help="When students see the hidden checks.",
)  # fmt: skip
_submitted = click.option(
    "--submitted", type=click.Path(path_type=Path, file_okay=False),
    help="Where the submissions are [default: where they were graded].",
)  # fmt: skip
_student = click.option("--student", required=True, help="Whose result.")


@export.command("csv")
@_of_results
def plain_csv_(context: click.Context, **given: Any) -> int:
    """The lines of grades.csv, of a part of the course."""
    course, found = _results(context, given)
    return _write(plain_csv(course, found.reports), given)


@export.command("json")
@_of_results
def plain_json_(context: click.Context, **given: Any) -> int:
    """The same for a script, with the points of each assignment."""
    course, found = _results(context, given)
    return _write(plain_json(course, found.reports), given)


@export.command("canvas")
@_into(help="Canvas's own gradebook, as it exports it: keeps its columns and rows, and gets the scores.")
@click.option(
    "--column", "columns", metavar="A=NUMBER", multiple=True,
    help="Canvas's column for an assignment, by the number in its heading, where it is not that of its title.",
)  # fmt: skip
@_scale
@roster_option
@_of_results
def canvas_(context: click.Context, **given: Any) -> int:
    """A gradebook for Canvas: Grades, Import."""
    course, found = _results(context, given)
    columns = dict(_columns(course, given["columns"]))
    if given["into"] is None:
        return _write(canvas_anew(course, found.reports, _people(given), columns), given)
    return _write(canvas(course, found.reports, _sheet(given), _people(given), columns, scale=given["scale"]), given)


@export.command("moodle")
@_into(required=True, help="The grading worksheet that Moodle gave for the assignment, in any language.")
@_scale
@roster_option
@_of_results
def moodle_(context: click.Context, **given: Any) -> int:
    """Moodle's grading worksheet with the scores in it: Upload grading worksheet."""
    course, found = _results(context, given)
    return _write(moodle(course, found.reports, _sheet(given), _people(given), scale=given["scale"]), given)


@export.command("moodle-feedback")
@_into(required=True, help="The grading worksheet that Moodle gave for the assignment, in any language.")
@roster_option
@_submitted
@_of_results
def moodle_feedback_(context: click.Context, **given: Any) -> int:
    """An archive of the students' pages: Upload multiple feedback files in a zip."""
    course, found = _results(context, given, pages=True)
    _require_file(given)
    return _write(
        moodle_feedback(course, found.reports, _sheet(given), _people(given), _given(found, given), found.page), given
    )


@export.command("feedback")
@_submitted
@_of_results
def feedback_(context: click.Context, **given: Any) -> int:
    """An archive of the students' pages, named as the service named what was handed in, else by student."""
    course, found = _results(context, given, pages=True)
    _require_file(given)
    return _write(feedback(course, found.reports, _given(found, given), found.page), given)


@export.command("gradescope")
@_student
@_hidden
@_of_results
def gradescope_(context: click.Context, *, hidden: Visibility, **given: Any) -> int:
    """Gradescope's results.json of one student's assignment."""
    return _write(gradescope(_report(context, given, "Gradescope's results.json"), hidden), given)


@export.command("gradescope-autograder")
@click.argument("out", metavar="ZIP", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--assignment", metavar="A", required=True, help="What it grades.")
@_hidden
@click.pass_context
def gradescope_autograder(context: click.Context, out: Path, *, assignment: str, hidden: Visibility) -> int:
    """The autograder of an assignment, for Gradescope to run. It holds the solutions."""
    course = whole_course(context).select(assignment)
    files = autograder(course, hidden)
    require_complete(course, files)
    write_atomically(out, packed(files, PROGRAMS))
    click.echo(
        f"{out} is written: upload it as the autograder. It holds the solutions, and no student is to get it", err=True
    )
    return 0


@export.command("github-workflow")
@click.option("--assignment", "assignments", metavar="A", multiple=True, help="Check this one; can be given again.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file [default: what is printed].")
@click.pass_context
def github_workflow(context: click.Context, *, assignments: tuple[str, ...], out: Path | None) -> int:
    """A workflow for the repository that students start from: `grader check` at each push, and its summary."""
    course = whole_course(context).select(assignments)
    return _write(Exported(workflow(course, assignments).encode()), {"out": out})


@export.command("prairielearn")
@_student
@click.option("--all-visible", is_flag=True, help="Tell of hidden checks as of public ones.")
@_of_results
def prairielearn_(context: click.Context, *, all_visible: bool, **given: Any) -> int:
    """PrairieLearn's results.json of one student's assignment."""
    return _write(prairielearn(_report(context, given, "PrairieLearn's results.json"), all_visible=all_visible), given)


class _Found(msgspec.Struct, frozen=True):
    """The reports that are asked for, without what the course no longer has, and where it was graded."""

    reports: list[Report]
    submitted: Path | None
    page: Callable[[Report], str]
    """Makes the page on one of them, with what its student may see now."""


def _results(context: click.Context, given: Options, *, pages: bool = False) -> tuple[Course, _Found]:
    """The part of the course that is asked for, and what there is of it; whether `pages` are wanted."""
    whole = whole_course(context)
    course = whole.select(given["assignments"])
    known = {(exercise.assignment, exercise.id) for exercise in course.exercises()}
    with record_of(whole, given["db"], must_exist=True) as record:
        reports = [
            Report.of(report.student, report.assignment, [each for each in report.exercises if (report.assignment, each.exercise) in known])
            for report in reports_of(record, whole)
            if report.assignment in {assignment for assignment, _ in known}
        ]  # fmt: skip
        abouts = dict(abouts_of(record, whole)) if pages else {}
        run = record.last_run()
        term, now = Term(record, whole), datetime.now(UTC)
        moments = {each.id: term.moment(each.id, now) for each in course.assignments}

    def page(report: Report) -> str:
        return feedback_page(report, moments[report.assignment], abouts.get((report.student, report.assignment)))

    return course, _Found(reports, Path(run.submitted) if run else None, page)


def _report(context: click.Context, given: Options, service: str) -> Report:
    """One student's report on one assignment. Raises UsageError where there is none."""
    course, found = _results(context, given)
    assignment, student = the_assignment(course, service), given["student"]
    for report in found.reports:
        if report.student == student:
            return report
    near = did_you_mean(student, [report.student for report in found.reports])
    raise UsageError(f"there is no result of {student!r} for {assignment.id}{near}")


def _people(given: Options) -> dict[str, Person]:
    """What the roster says that services call each student; what two of them share says nothing."""
    roster = roster_of(given["roster_file"])
    kinds: dict[str, dict[str, set[str]]] = {}
    for (kind, value), students in roster.known.items() if roster else ():
        if len(students) == 1:
            kinds.setdefault(next(iter(students)), {}).setdefault(kind, set()).add(value)
    # A number under a heading of `id` may be any service's.
    columns = [kind for kind in ("canvas", "number", "login") if roster and roster.has(kind)]
    return {student: _person(found, columns) for student, found in kinds.items()}


def _person(kinds: Mapping[str, set[str]], columns: Sequence[str]) -> Person:
    number, user, login = (
        min(kinds.get(kind, {""})) if kind in columns else "" for kind in ("canvas", "number", "login")
    )
    ids = {value for kind, values in kinds.items() if kind not in {"name", "squeezed"} for value in values}
    return Person(number, user, login, frozenset(ids), frozenset(kinds.get("name", ())))


def _given(found: _Found, given: Options) -> dict[tuple[str, str], Given]:
    """What the services called what was handed in, as far as `grader collect` has written it down."""
    submitted = given["submitted"] or found.submitted
    names: dict[tuple[str, str], Given] = {}
    for report in found.reports:
        received = received_or_none(submitted, report.student, report.assignment) if submitted else None
        if received and (attempts := [each for each in received.attempts if each.service]):
            last = attempts[-1]
            names[report.student, report.assignment] = Given(last.service, last.given, last.ids)
    return names


def _columns(course: Course, asked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for each in asked:
        assignment, _, column = each.partition("=")
        if not column:
            raise UsageError(
                f"--column {each}: write the assignment, `=`, and the number in the heading of Canvas's column"
            )
        yield course.assignment(assignment).id, column


def _sheet(given: Options) -> Sheet:
    """The file that the service gave. Raises UsageError, also where it would be written over."""
    into, out = given["into"], given["out"]
    if out is not None and out.resolve() == into.resolve():
        raise UsageError(f"--out would replace {into}, which is the service's own file; choose another one")
    return read_sheet(into.read_bytes(), into.name)


def _require_file(given: Options) -> None:
    """Raises UsageError where an archive would be printed."""
    if given["out"] is None:
        raise UsageError("an archive is not printed: name its file with --out")


def _write(exported: Exported, given: Options) -> int:
    """Write the file whole, or print it; and say what is not in it."""
    if given["out"] is None:
        click.echo(exported.data, nl=False)
    else:
        write_atomically(given["out"], exported.data)
        click.echo(f"{given['out']} is written", err=True)
    for notice in exported.notices:
        click.echo(f"note: {shown(notice)}", err=True)
    if exported.unplaced:
        head = f"grader: results that are not in the file ({len(exported.unplaced)}):"
        more = [f"  and {len(exported.unplaced) - _NAMED} more"] * (len(exported.unplaced) > _NAMED)
        lines = (f"  {shown(line)}" for line in exported.unplaced[:_NAMED])
        click.secho("\n".join([head, *lines, *more]), fg="red", err=True)
    return EXIT_FAULT if exported.unplaced else 0
