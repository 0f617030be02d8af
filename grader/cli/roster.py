"""The class, as a file that a command is given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError
from grader.submissions.files import read_file
from grader.submissions.intake.roster import read_roster

if TYPE_CHECKING:
    from grader.submissions.intake.roster import Roster

__all__ = ["roster_of", "roster_option"]

MAX_ROSTER = 16 * 2**20

roster_option = click.option(
    "--roster",
    "roster_file",
    metavar="CSV",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The class: ids, logins, addresses, names.",
)


def roster_of(path: Path | None) -> Roster | None:
    """The roster in a file, if one is named. Raises UsageError where it cannot be read."""
    if path is None:
        return None
    try:
        data = read_file(path.resolve(), MAX_ROSTER)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror or 'it is no file'})") from None
    if len(data) > MAX_ROSTER:
        raise UsageError(f"{path} is larger than {MAX_ROSTER >> 20} MiB; is it a roster?")
    return read_roster(data, str(path))
