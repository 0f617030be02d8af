"""Which service a download is of, and what was handed in there. A folder may hold several downloads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.submissions.intake.blackboard import BLACKBOARD
from grader.submissions.intake.brightspace import BRIGHTSPACE
from grader.submissions.intake.canvas import CANVAS
from grader.submissions.intake.classroom import CLASSROOM
from grader.submissions.intake.flat import FLAT, FOLDERS
from grader.submissions.intake.gradescope import GRADESCOPE
from grader.submissions.intake.listing import is_answer_file, without_archive
from grader.submissions.intake.moodle import MOODLE
from grader.submissions.intake.nbgrader import NBGRADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.intake.handin import Context, HandIn, Service
    from grader.submissions.intake.listing import Listing

__all__ = ["Recognised", "recognised"]

_MARKED: tuple[Service, ...] = (GRADESCOPE, MOODLE, BRIGHTSPACE, BLACKBOARD, CANVAS)
"""Those that leave marks of their own, the plainest first."""

_CERTAIN: tuple[Service, ...] = (*_MARKED, CLASSROOM, NBGRADER)

_AROUND = re.compile(r"assignment_[0-9]+_export|(?:.+-)?submissions|submitted")
"""What services, and nbgrader, call a folder around all that they give."""


class Recognised(msgspec.Struct, frozen=True):
    """A download, or a part of one, and the service that it is of."""

    service: Service
    listing: Listing

    def hand_ins(self, context: Context) -> Iterator[HandIn]:
        """What was handed in there."""
        return self.service.hand_ins(self.listing, context)


def recognised(listing: Listing, context: Context) -> tuple[tuple[Recognised, ...], tuple[str, ...]]:
    """The downloads that a listing holds, and what in it looks like one and may be a student's.

    A folder of downloads holds nothing else, and two or more: what a student packed to look like one, so as to hand in for others, is
    among students' folders, or alone. Raises UsageError where nothing can be made of a listing.
    """
    if "" in listing.repositories or context.assignments & set(listing.tops):
        listing = inner = listing.within(without_archive(listing.name))  # one clone, or one student's folder
    else:
        inner = _within_its_folder(listing)
    if found := _of(_CERTAIN, inner, context):
        return (found,), ()
    below = {top: _of(_MARKED, inside, context) for top, inside in listing.below().items()}
    parts = {top: found for top, found in below.items() if found}
    if len(parts) > 1 and len(parts) == len(below) and not listing.loose:
        return tuple(_as_download(top, found) for top, found in parts.items()), ()
    doubts = tuple(
        f"{top!r} looks like {found.service.shown}: if it is, and no student's, name it as a source of its own"
        for top, found in parts.items()
    )
    rest = _unwrapped(_without(listing, set(parts)), context)
    for service in (FLAT, FOLDERS):
        if service.recognises(rest, context):
            return (Recognised(service, rest),), doubts
    if doubts:
        return (), doubts
    if listing.entries:
        raise UsageError(f"{listing.name} holds no file that may be an answer, and no folder of a student's")
    raise UsageError(f"{listing.name} holds nothing: download it again")


def _of(services: tuple[Service, ...], listing: Listing, context: Context) -> Recognised | None:
    """The service whose marks a download has."""
    return next((Recognised(service, listing) for service in services if service.recognises(listing, context)), None)


def _as_download(top: str, found: Recognised) -> Recognised:
    """A download among downloads, an archive or a folder."""
    is_archive = without_archive(top) != top
    return replace(found, listing=found.listing.as_download()) if is_archive else found


def _within_its_folder(listing: Listing) -> Listing:
    """What lies in the folder that a service, or whoever packed a download again, put around it."""
    own = without_archive(listing.name)
    while len(listing.tops) == 1 and not listing.loose:
        (top,) = listing.tops
        if top != own and not _AROUND.fullmatch(top):
            break
        (listing,) = listing.below().values()
    return listing


def _unwrapped(listing: Listing, context: Context) -> Listing:
    """Without a folder that is around all students', or around files that are named after several."""
    if len(listing.tops) == 1 and not listing.loose and without_archive(listing.tops[0]) == listing.tops[0]:
        (inside,) = listing.below().values()
        names = {
            context.names.apart(entry.name.partition(".")[0])[0] for entry in inside.loose if is_answer_file(entry.name)
        }
        if (len(names) > 1 and "" not in names) or (len(inside.tops) > 1 and not inside.loose):
            return inside
    return listing


def _without(listing: Listing, tops: set[str]) -> Listing:
    """What lies beside some of the folders at the top."""
    return replace(
        listing,
        entries=tuple(entry for entry in listing.entries if entry.top not in tops),
        folders=frozenset(path for path in listing.folders if path.partition("/")[0] not in tops),
        repositories=frozenset(path for path in listing.repositories if path.partition("/")[0] not in tops),
    )
