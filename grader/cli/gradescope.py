"""`grader gradescope`: what the autograder does that `grader export gradescope-autograder` has made, in Gradescope's container."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.exit_codes import EXIT_FAULT
from grader.errors import GraderError
from grader.files import write_atomically
from grader.grading.autograder import grade_place
from grader.names import shown, shown_lines
from grader.reports.export.gradescope import VISIBILITIES, gradescope, gradescope_refusal

if TYPE_CHECKING:
    from grader.reports.export.gradescope import Visibility

__all__ = ["gradescope_command"]


@click.command("gradescope")
@click.argument(
    "place", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path("/autograder"), required=False
)
@click.option("--hidden", type=click.Choice(VISIBILITIES), default="after_due_date", show_default=True,
              help="When students see the hidden checks.")  # fmt: skip
def gradescope_command(place: Path, *, hidden: Visibility) -> int:
    """Grade the one submission in Gradescope's container: PLACE/submission to PLACE/results/results.json.

    Where student code would not be apart from the course, nothing is run, and the file says so to the instructor, without a score.
    """
    results = place / "results" / "results.json"
    try:
        report, layers = grade_place(place)
    except (GraderError, OSError) as error:
        write_atomically(results, gradescope_refusal(str(error)).data)
        click.echo(shown_lines(f"grader: {error}"))
        return EXIT_FAULT
    write_atomically(results, gradescope(report, hidden).data)
    click.echo(f"{shown(report.student)}, {report.assignment}: isolated by {', '.join(layers)}")
    for each in report.exercises:
        click.echo(f"{each.exercise}: {each.verdict}, {each.score:g} of {each.max_score:g}")
    return 0
