"""Which service a download is of, and what was handed in there. A folder may hold several downloads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
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

_CERTAIN: tuple[Service, ...] = (GRADESCOPE, MOODLE, CANVAS, CLASSROOM, NBGRADER)
"""Those that leave marks of their own, the plainest first."""

MAX_AROUND = 3
"""In how many folders, one in the other, a download may lie."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A download, or a part of one, and the service that it is of."""

    service: Service
    listing: Listing

    def hand_ins(self, context: Context) -> Iterator[HandIn]:
        """What was handed in there."""
        return self.service.hand_ins(self.listing, context)


def recognised(listing: Listing, context: Context) -> tuple[Recognised, ...]:
    """The downloads that a listing holds. Raises UsageError where nothing can be made of it."""
    if "" in listing.repositories or context.assignments & set(listing.tops):
        listing = listing.within(without_archive(listing.name))  # one clone, or one student's folder
    if found := _certain(listing, context):
        return (found,)
    below = {top: _certain(inside, context) for top, inside in listing.below().items()}
    parts = tuple(found for found in below.values() if found)
    rest = _unwrapped(_without(listing, {top for top, found in below.items() if found}), context)
    for service in (FLAT, FOLDERS):
        if service.recognises(rest, context):
            return (*parts, Recognised(service, rest))
    if parts:
        return parts
    if listing.entries:
        raise UsageError(f"{listing.name} holds no file that may be an answer, and no folder of a student's")
    raise UsageError(f"{listing.name} holds nothing: download it again")


def _certain(listing: Listing, context: Context) -> Recognised | None:
    """The service whose marks a download has, also where folders are around it."""
    for _ in range(MAX_AROUND):
        for service in _CERTAIN:
            if service.recognises(listing, context):
                return Recognised(service, listing)
        if len(listing.tops) != 1 or listing.loose:
            return None
        (listing,) = listing.below().values()
    return None


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
        entries=tuple(entry for entry in listing.entries if entry.path.partition("/")[0] not in tops),
        folders=frozenset(path for path in listing.folders if path.partition("/")[0] not in tops),
        repositories=frozenset(path for path in listing.repositories if path.partition("/")[0] not in tops),
    )
