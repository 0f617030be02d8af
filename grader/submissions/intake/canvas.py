"""Canvas: one zip for an assignment, all files at its top, `{sortablename}[_LATE]_{userid}_{attachmentid}_{filename}`.

Of an assignment that is marked anonymously `[LATE_]anon_{id}_{attachmentid}_{filename}`. The name has lost all that is no letter,
digit or underscore; only the two numbers say who and what. What was typed into a text box, or is a link, is no file of anybody's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.submissions.intake.handin import File, HandIn, Service, Who
from grader.submissions.intake.listing import without_archive
from grader.submissions.misplaced import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Entry, Listing

__all__ = ["CANVAS", "may_be_canvas"]

_ANONYMOUS = re.compile(r"(LATE_)?anon_([0-9A-Za-z]+)_([0-9]+)_(.+)", re.DOTALL)
_TYPED = re.compile(r"(.*?)(?:_LATE)?_([0-9]+)_(?:text|link)\.html", re.DOTALL)


class _Named(msgspec.Struct, frozen=True):
    """One way to read a file's name."""

    name: str
    user: str
    attachment: str
    file: str
    late: bool
    anonymous: bool = False


def _readings(given: str) -> list[_Named]:
    """Every way in which two numbers stand in a name one after the other, with something before and after them."""
    words = given.split("_")
    found = []
    for at in range(1, len(words) - 2):
        user, attachment = words[at : at + 2]
        if _is_number(user) and _is_number(attachment):
            late = words[at - 1] in {"LATE", "late"} and at > 1
            name = "_".join(words[: at - 1] if late else words[:at])
            found.append(_Named(name, user, attachment, "_".join(words[at + 2 :]), late))
    return [each for each in found if each.file]


def may_be_canvas(top: str) -> bool:
    """Whether Canvas may have named a file so."""
    return bool(_readings(top) or _ANONYMOUS.fullmatch(top))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal()


def _tops(listing: Listing) -> dict[str, list[Entry]]:
    """What lies at the top: files, and archives with what is in them."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in listing.entries:
        found[entry.top].append(entry)
    return found


def _recognises(listing: Listing, _context: Context) -> bool:
    """Whether at least half of what lies at the top has a name with two numbers in it, or was typed in."""
    tops = [top for top in {*_tops(listing), *listing.folders} if "/" not in top]
    named = [top for top in tops if may_be_canvas(top)]
    typed = [top for top in tops if _TYPED.fullmatch(top)]
    folders = [top for top in named if top in listing.folders and without_archive(top) == top]
    return bool(named or typed) and not folders and 2 * len([*named, *typed]) >= len(tops)


def _hand_ins(listing: Listing, context: Context) -> Iterator[HandIn]:
    tops = _tops(listing)
    is_anonymous = all(_ANONYMOUS.fullmatch(top) or _TYPED.fullmatch(top) for top in tops)
    read = {top: _anonymous(top) if is_anonymous else _readings(top) for top in tops}
    sure = {(each.user, each.name) for found in read.values() if len(found) == 1 for each in found}
    by_user: dict[tuple[str, str], list[tuple[str, _Named]]] = defaultdict(list)
    for top, found in read.items():
        likely = _likely(found, context, sure)
        if len(likely) == 1:
            by_user[likely[0].user, likely[0].name].append((top, likely[0]))
        elif typed := _TYPED.fullmatch(top):
            who = _who(_Named(typed[1], typed[2], "", "", late=False))
            files = tuple(File(top, entry, top, entry.modified) for entry in tops[top])
            yield HandIn("canvas", top, who, files, doubt="was typed into a text box, or is a link; ask for a file")
        elif likely:
            ways = " or ".join(f"user {each.user}, file {each.file!r}" for each in likely[:3])
            yield HandIn(
                "canvas", top, None, (), doubt=f"can be read as {ways}: a roster with Canvas's ids (ID) decides"
            )
        else:
            yield HandIn("canvas", top, None, (), doubt="has no name as Canvas gives it")
    for named in by_user.values():
        yield _hand_in(named, tops)


def _anonymous(top: str) -> list[_Named]:
    match = _ANONYMOUS.fullmatch(top)
    return [_Named("anon", match[2], match[3], match[4], match[1] is not None, anonymous=True)] if match else []


def _likely(found: list[_Named], context: Context, sure: set[tuple[str, str]]) -> list[_Named]:
    """The ways to read a name that the roster allows; where it knows no such ids, that another file's name confirms."""
    if len(found) > 1 and context.roster is not None and context.roster.has("canvas"):
        return [each for each in found if context.roster.knows(("canvas", each.user))] or found
    if len(found) > 1:
        return [each for each in found if (each.user, each.name) in sure] or found
    return found


def _who(named: _Named) -> Who:
    if named.anonymous:
        return Who(f"anonymous {named.user}", f"anon_{named.user}", ((("anonymous", named.user),),))
    keys = ((("canvas", named.user),), (("squeezed", squeezed(named.name)),))
    return Who(f"{named.name} ({named.user})", f"{named.name}_{named.user}", keys)


def _hand_in(named: list[tuple[str, _Named]], tops: Mapping[str, list[Entry]]) -> HandIn:
    """The files of one person: Canvas gives those of the last hand-in, and all of them."""
    _, first = named[0]
    files = []
    for top, each in named:
        one = File(
            each.file, tops[top][0], top, late=each.late, sequence=int(each.attachment[:18]),
            ids=(("user", each.user), ("attachment", each.attachment)),
        )  # fmt: skip
        for entry in tops[top]:
            path = f"{each.file}/{entry.inside}" if entry.inside else each.file
            files.append(replace(one, path=path, entry=entry, submitted_at=entry.modified))
    return HandIn("canvas", named[0][0], _who(first), tuple(files))


CANVAS = Service(
    "canvas", "Canvas's download", _recognises, _hand_ins,
    asks="students are named as Canvas does; --roster with Canvas's gradebook gives them their logins",
)  # fmt: skip
