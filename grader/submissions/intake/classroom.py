"""GitHub Classroom: a clone for each student, `{assignment}-{login}/`, of which the files are taken as they are checked out.

No history is read, and git is never run: the configuration of a folder that a student filled can name commands. So the times are those
of the files, and the student's word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.submissions.intake.handin import File, HandIn, Service, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Listing

__all__ = ["CLASSROOM", "as_slug"]

_AROUND = re.compile(r"(.+)-submissions")


def as_slug(name: str) -> str:
    """A name as GitHub writes it into that of a repository."""
    return name.casefold().replace("_", "-").replace(" ", "-")


def _slugs(listing: Listing) -> list[str]:
    """What the assignment may be called: everything up to a hyphen with which the names of all clones begin."""
    tops = listing.tops
    if not tops:
        return []
    first = tops[0]
    ends = [at + 1 for at, letter in enumerate(first) if letter == "-"]
    return [first[:end] for end in ends if all(top.startswith(first[:end]) and top[end:] for top in tops)]


def _recognises(listing: Listing, context: Context) -> bool:
    """Whether all folders begin alike, and some are clones or all are named after an assignment."""
    slugs = _slugs(listing)
    cloned = any(top in listing.repositories for top in listing.tops)
    named = {as_slug(assignment) + "-" for assignment in context.assignments}
    is_class = len(listing.tops) > 1 and any(as_slug(slug) in named for slug in slugs)
    return bool(slugs) and not listing.loose and (cloned or is_class)


def _hand_ins(listing: Listing, context: Context) -> Iterator[HandIn]:
    slugs = _slugs(listing)
    slug = _slug(slugs, listing, context)
    for top, inside in listing.below().items():
        files = tuple(
            File(each.path, each, top, each.modified, "student", ids=(("repository", top),)) for each in inside.entries
        )
        logins = [top.removeprefix(slug)] if slug else [top.removeprefix(each) for each in slugs]
        if not slug and context.roster is not None:
            known = [login for login in logins if context.roster.knows(("github", login.casefold()))]
            logins = known if len(known) == 1 else logins
        doubt = "" if files else "holds no file"
        if len(logins) > 1 and not doubt:
            doubt = f"may be of {' or '.join(logins)}: a roster with a column github_username decides"
        yield HandIn("classroom", top, _who(logins[0]) if len(logins) == 1 else None, files, doubt=doubt)


def _slug(slugs: list[str], listing: Listing, context: Context) -> str:
    """The one that is known for what it is: an assignment's id, or what the folder around is called by GitHub's tool."""
    named = {as_slug(assignment) + "-" for assignment in context.assignments}
    around = _AROUND.fullmatch(listing.name)
    for slug in slugs:
        if as_slug(slug) in named or (around and slug == f"{around[1]}-"):
            return slug
    return slugs[0] if len(slugs) == 1 else ""


def _who(login: str) -> Who:
    folded = login.casefold()
    return Who(login, login, ((("github", folded), ("login", login), ("student", login), ("id", login)),))


CLASSROOM = Service("classroom", "GitHub Classroom's clones", _recognises, _hand_ins)
