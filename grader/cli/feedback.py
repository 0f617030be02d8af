"""`grader feedback`: the students' pages again, as of now or another time; nothing is graded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from grader.cli.common import moment_of, whole_course
from grader.cli.recorded import out_option, record_of, record_option
from grader.record.writing import Writer
from grader.reports.store import Results
from grader.words import count_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["feedback"]


@click.command(
    epilog="""\b
Examples:
  grader feedback                                        as of now
  grader feedback --as-of 2027-03-09T00:00:00+01:00      as they will be then
"""
)
@click.option("--as-of", "as_of", metavar="TIME", help="The time that decides what may be seen [default: now].")
@out_option("The folder of the results.")
@record_option
@click.pass_context
def feedback(context: click.Context, *, as_of: str | None, out: Path, db: str | None) -> int:
    """Write the students' pages again, as of now or another time.

    A page shows a check once it may be seen: always, after the last due date, or after the results are published.
    """
    course = whole_course(context)
    now = moment_of(as_of, "--as-of ") if as_of else datetime.now(UTC)
    results = Results(out)
    with record_of(course, db, must_exist=True) as record, results.locked():
        count = Writer(record, course, results, now).write_pages()
    click.echo(f"{count_of(count, 'page')} in {out / 'feedback'}, as of {now.isoformat(timespec='seconds')}")
    return 0
