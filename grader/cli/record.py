"""`grader record`: what is done to a course's record by hand."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.common import whole_course
from grader.cli.recorded import place_of_record, record_of, record_option
from grader.errors import UsageError
from grader.record.importing import import_results
from grader.record.opening import rename_record
from grader.reports.store import Results
from grader.words import count_of

__all__ = ["group"]


@click.group("record")
def group() -> None:
    """Take earlier results into the course's record, or give it the course's new title."""


@group.command(
    "import",
    epilog="""\b
Example:
  grader record import results
""",
)
@click.argument("out", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--why", default="results of an earlier version", show_default=True, help="What the record says of it.")
@record_option
@click.pass_context
def import_(context: click.Context, out: Path, why: str, db: str | None) -> int:
    """Take in the results that an earlier version wrote into OUT. What the record has already stays."""
    course = whole_course(context)
    results = Results(out)
    with results.locked(earlier=True), record_of(course, db) as record:
        added, stay = import_results(record, out, why)
        if not added + stay:
            raise UsageError(f"{out} holds no reports of this grader: name the folder that was its --out")
        # From now on a run may write here.
        results.claim()
        click.echo(
            f"{count_of(added, 'result')} added to {record.name}"
            + f"; of {stay} it has what counts already" * bool(stay)
        )
    return 0


@group.command("rename")
@click.option("--why", default="the course has another title", show_default=True, help="What the record says of it.")
@record_option
@click.pass_context
def rename(context: click.Context, why: str, db: str | None) -> int:
    """Make the record that of the course as course.yml calls it now."""
    course = whole_course(context)
    before = rename_record(place_of_record(course, db), course.title, why)
    click.echo(f"the record of {before!r} is that of {course.title!r} now")
    return 0
