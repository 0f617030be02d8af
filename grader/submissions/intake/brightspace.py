"""Brightspace: a folder for each time that somebody handed in, `{course}-{folder} - {Full name} - {time}/`, and an `index.html`.

Both numbers are the same for the whole class: only the name says who it is. The time has no zone: it says which attempt came first,
and not when.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from grader.submissions.intake.handin import File, HandIn, Service, Who
from grader.submissions.intake.listing import without_archive
from grader.submissions.intake.roster import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Listing

__all__ = ["BRIGHTSPACE", "FOLDER"]

FOLDER = re.compile(r"\d+-\d+ ?- (?P<name>.+) ?- (?P<time>[^-]*\d{4}[^-]*\d{3,4}[^-]*)", re.DOTALL)
"""The name of a folder: that of the person may have hyphens in it, the time has none."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(
    r"(?:(?P<month>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2})|(?P<day_first>\d{1,2}) (?P<month_last>[a-z]{3})[a-z]*\.?),? "
    r"(?P<year>\d{4}) (?P<hour>\d{1,2}):?(?P<minute>\d\d)(?: ?(?P<half>[ap])\.?m\.?)?"
)
_OWN = "index.html"
"""What Brightspace writes beside the folders."""


def _recognises(listing: Listing, _context: Context) -> bool:
    """Whether at least half of the folders have such a name; an archive that a student named so is none."""
    named = [top for top in listing.tops if FOLDER.fullmatch(top) and without_archive(top) == top]
    return bool(named) and 2 * len(named) >= len(listing.tops)


def _hand_ins(listing: Listing, _context: Context) -> Iterator[HandIn]:
    below = listing.below()
    matches = {top: FOLDER.fullmatch(top) for top in below}
    often = Counter(match["name"].strip() for match in matches.values() if match)
    for top, inside in below.items():
        match = matches[top]
        if match is None:
            yield HandIn("brightspace", top, None, (), doubt="has no name as Brightspace gives it")
            continue
        name, order = match["name"].strip(), _order(match["time"])
        files = tuple(File(each.path, each, top, each.modified, sequence=order) for each in inside.entries)
        doubt = "" if files else "holds no file: nothing was handed in"
        if not order and often[name] > 1:
            doubt = f"is one of {often[name]}, and no time in their names can be read: name the one that counts as a source of its own"
        yield HandIn("brightspace", top, Who(name, name, ((("name", name_key(name)),),)), files, doubt=doubt)
    for entry in listing.loose:
        if entry.path != _OWN:
            yield HandIn("brightspace", entry.path, None, (), doubt="has no name as Brightspace gives it")


def _order(time: str) -> int:
    """A number that is larger for a later time; 0 where it cannot be read."""
    match = _TIME.fullmatch(" ".join(time.casefold().split()))
    month = (match["month"] or match["month_last"]) if match else ""
    if match is None or month not in _MONTHS:
        return 0
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] == "p")
    day = int(match["day"] or match["day_first"])
    return int(f"{match['year']}{_MONTHS.index(month) + 1:02}{day:02}{hour:02}{match['minute']}")


BRIGHTSPACE = Service(
    "brightspace", "Brightspace's download", _recognises, _hand_ins,
    asks="Brightspace names students by their full names alone; --roster tells namesakes, and gives each student a login or a number",
)  # fmt: skip
