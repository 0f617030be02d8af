"""Moodle: `{Full name}_{participantid}_assignsubmission_file_/` and the files in it, or without folders the same before each name.

The name's own underscores have become spaces, and a group's name may stand before it, with a hyphen. Moodle numbers the participants anew
for each assignment.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.submissions.intake.handin import File, HandIn, Service, Who
from grader.submissions.intake.roster import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Listing

__all__ = ["MOODLE"]

# The first such words are Moodle's own: what follows is a student's, also where it looks alike.
_NAMED = re.compile(r"([^_]*)_([0-9]+)_assignsubmission_([a-z]+?)(?:_(.*))?", re.DOTALL)


def _recognises(listing: Listing, _context: Context) -> bool:
    return any(_NAMED.fullmatch(top) for top in _tops(listing))


def _tops(listing: Listing) -> set[str]:
    return {entry.top for entry in listing.entries} | {path.partition("/")[0] for path in listing.folders}


def _hand_ins(listing: Listing, _context: Context) -> Iterator[HandIn]:
    files: dict[tuple[str, str], list[File]] = defaultdict(list)
    tops: dict[tuple[str, str], str] = {}
    for entry in listing.entries:
        match = _NAMED.fullmatch(entry.top)
        if match is None:
            yield HandIn("moodle", entry.path, None, (), doubt="has no name as Moodle gives it")
            continue
        name, number, _, file = match.groups()
        tops.setdefault((name, number), entry.top)
        path = "/".join(filter(None, (file, entry.inside)))
        files[name, number].append(
            File(path, entry, entry.top, submitted_at=entry.modified, ids=(("participant", number),))
        )
    for top in sorted(_tops(listing)):
        if match := _NAMED.fullmatch(top):
            tops.setdefault((match[1], match[2]), top)
    for (name, number), top in tops.items():
        found = tuple(files[name, number])
        doubt = "" if found else "holds no file: nothing was handed in"
        yield HandIn("moodle", top, _who(name, number), found, doubt=doubt)


def _who(name: str, number: str) -> Who:
    """A participant: by the number, else by the name, else by what may be the name behind that of a group."""
    words = name.split("-")
    behind = tuple(("name", name_key("-".join(words[at:]))) for at in range(1, len(words)))
    keys = ((("participant", number),), (("name", name_key(name)),), *((key,) for key in behind))
    return Who(f"{name} ({number})", f"{name}_{number}", keys)


MOODLE = Service(
    "moodle", "Moodle's download", _recognises, _hand_ins,
    asks="Moodle numbers its participants anew for each assignment; --roster gives each student one name for all of them",
)  # fmt: skip
