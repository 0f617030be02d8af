"""nbgrader's `submitted/<student>/<assignment>/`, which is also the layout that is graded; `timestamp.txt` is the student's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.submissions.intake.handin import File, HandIn, Service
from grader.submissions.intake.people import by_any_name
from grader.submissions.submitted_at import MAX_TIMESTAMP, TIMESTAMP, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Entry, Listing

__all__ = ["NBGRADER"]

_DEPTH = 2


def _recognises(listing: Listing, context: Context) -> bool:
    """Whether folders of assignments lie in folders at the top, and not at the top themselves."""
    second = {path.split("/")[1] for path in listing.folders if path.count("/") == 1}
    second |= {entry.path.split("/")[1] for entry in listing.entries if entry.path.count("/") >= _DEPTH}
    return bool(second & context.assignments) and not context.assignments & set(listing.tops)


def _hand_ins(listing: Listing, context: Context) -> Iterator[HandIn]:
    for student, inside in listing.below().items():
        times = {entry.path: _time(entry) for entry in inside.entries if entry.name == TIMESTAMP}
        files = []
        for entry in inside.entries:
            said = times.get(f"{entry.top}/{TIMESTAMP}", "") if entry.top in context.assignments else ""
            if entry.name != TIMESTAMP:
                files.append(File(entry.path, entry, student, said or entry.modified, "student"))
        doubt = "" if files else "holds no file"
        yield HandIn("nbgrader", student, by_any_name(student), tuple(files), doubt=doubt)


def _time(entry: Entry) -> str:
    try:
        data = entry.read(MAX_TIMESTAMP)
        return moment(data.decode()) if len(data) <= MAX_TIMESTAMP else ""
    except (OSError, UnicodeDecodeError):
        return ""


NBGRADER = Service("nbgrader", "nbgrader's folders", _recognises, _hand_ins)
