"""`grader report`, for the instructor: a class on one page, and its tables as files."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from grader.cli.common import whole_course
from grader.cli.recorded import record_of, record_option, require_results
from grader.files import write_atomically
from grader.record.class_overview import class_overview
from grader.reports.class_page import class_page
from grader.reports.class_tables import class_tables
from grader.reports.plots import can_plot
from grader.reports.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course
    from grader.record.record import Record

__all__ = ["part_of", "report"]

_NO_PLOTS = "without plots, since matplotlib is not installed: pip install matplotlib"


@click.command(
    epilog="""\b
Examples:
  grader report                        the whole course, into results/report.html
  grader report backprop --csv tables  one assignment, with the points of its checks; each table as a file too
  grader report --live                 while `grader grade` runs beside it
"""
)
@click.argument("assignment", default="")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page [default: report.html in --results, or report-ASSIGNMENT.html].",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where `grader grade` put the students' pages, to which this one leads.",
)
@click.option(
    "--csv", "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
    help="Write each table into a file, too.",
)  # fmt: skip
@click.option("--live", is_flag=True, help="Write the page again as results come, until Ctrl-C.")
@click.option(
    "--every", metavar="SECONDS", type=click.FloatRange(0.5, 3600), default=5.0, show_default=True,
    help="How often, at most, with --live.",
)  # fmt: skip
@record_option
@click.pass_context
def report(  # noqa: PLR0913  one argument for each option
    context: click.Context, assignment: str, *, out: Path | None, results: Path, folder: Path | None, live: bool,
    every: float, db: str | None,
) -> int:  # fmt: skip
    """Write a page on a class: what waits for you, how hard exercises and checks are, who has which mistake, everybody's points.

    It is made of the record alone, and is one file that opens anywhere; it names students, and is for the instructor alone.
    Without ASSIGNMENT it is about the whole course, and a check is a letter there, for all right, in part or wrong.
    """
    whole = whole_course(context)
    course = part_of(whole, assignment)
    page = out or results / (f"report-{assignment}.html" if assignment else "report.html")
    with record_of(whole, db, must_exist=not live) as record:
        if not live:
            require_results(record, course, assignment)
        report = _Report(record, whole, course, page, results)
        if not can_plot():
            click.echo(f"note: {_NO_PLOTS}", err=True)
        if live:
            _go_on(report, every, folder)
        else:
            report.write(folder)
    click.echo(page)
    return 0


def part_of(whole: Course, assignment: str) -> Course:
    """The whole course, or one assignment of it. Raises UsageError."""
    return whole.select(assignment) if assignment else whole


class _Report:
    """A page, and what it is made of."""

    def __init__(self, record: Record, whole: Course, course: Course, page: Path, results: Path) -> None:
        self.record, self._whole, self._course, self.page = record, whole, course, page
        self._results = results

    def write(self, folder: Path | None, *, seconds: float = 0) -> None:
        """Write the page and, where they are asked for, the tables. Raises OSError."""
        seen = class_overview(self.record, self._whole, self._course)
        tables = list(class_tables(seen, self._link()))
        title = self._whole.title
        if self._course is not self._whole:
            title = f"{title}: {', '.join(each.title for each in self._course.assignments)}"
        write_atomically(self.page, class_page(seen, tables, title, seconds=seconds).encode())
        if folder:
            for table in tables:
                write_atomically(folder / f"{table.name}.csv", to_csv(table))

    def _link(self) -> Callable[[str, str], str]:
        """The address of a student's page, as seen from this one; nothing where there is none."""
        pages = self._results / "feedback"
        try:
            base = quote(Path(os.path.relpath(pages, self.page.parent)).as_posix())
        except ValueError:  # on another drive
            base = pages.resolve().as_uri()
        there = {(path.parent.name, path.stem) for path in pages.glob("*/*.html")}

        def link(student: str, assignment: str) -> str:
            return f"{base}/{quote(student)}/{assignment}.html" if (student, assignment) in there else ""

        return link


def _go_on(report: _Report, every: float, folder: Path | None) -> None:
    """Write a page again whenever the record has grown, until it is interrupted; the last one reloads itself no more."""
    click.echo(f"{report.page} is written again as results come; Ctrl-C ends it", err=True)
    before = None
    try:
        while True:
            newest = report.record.newest()
            if newest != before:
                report.write(None, seconds=every)
                before = newest
            time.sleep(every)
    except KeyboardInterrupt:
        report.write(folder)
