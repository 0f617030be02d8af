"""Blackboard: one zip for an assignment, all files at its top, `{assignment}_{user}_attempt_{time}_{filename}`.

And for each attempt a text of Blackboard's own, `{assignment}_{user}_attempt_{time}.txt`, whose first line ends with the user's name in
brackets. Title and user may hold underscores as well. The time has no zone: it says which attempt came first, and not when.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from grader.submissions.intake.canvas import may_be_canvas
from grader.submissions.intake.handin import File, HandIn, Service
from grader.submissions.intake.listing import ATTEMPT
from grader.submissions.intake.people import by_login

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Entry, Listing

__all__ = ["BLACKBOARD"]

# The first such words are Blackboard's own: what follows is a student's, also where it looks alike.
_NAMED = re.compile(rf"(.+?){ATTEMPT}(?:_(.+)|\.txt)", re.DOTALL)
_FIRST_LINE = re.compile(r"[^\r\n]*\(([^()\r\n]+)\)\s*")
_MAX_LINE = 4096


class _Attempt(msgspec.Struct, frozen=True):
    """What is of one attempt, by the name that each of its files begins with."""

    place: str
    """The title and the user, with an underscore between them."""
    time: str
    files: list[tuple[str, Entry]]
    """What was handed in: the file's own name, or its place in an archive of that name."""
    texts: list[Entry]
    """What Blackboard says of it."""

    @property
    def given(self) -> str:
        """What the names of its files begin with."""
        return f"{self.place}_attempt_{self.time}"


def _recognises(listing: Listing, _context: Context) -> bool:
    """Whether at least half of what lies at the top has such a name, and none else can have given it.

    Canvas puts a number of its own before each name that a student gives: so a file there that is named as somebody's attempt
    has no text of Blackboard's that begins as it does.
    """
    tops = {entry.top for entry in listing.entries}
    named = {top: match for top in tops if (match := _NAMED.fullmatch(top))}
    texts, files = ({match.group(1, 2) for match in named.values() if bool(match[3]) is kind} for kind in (False, True))
    return bool(named) and 2 * len(named) >= len(tops) and (bool(texts & files) or not any(map(may_be_canvas, named)))


def _hand_ins(listing: Listing, context: Context) -> Iterator[HandIn]:
    attempts: dict[tuple[str, str], _Attempt] = {}
    for entry in listing.entries:
        match = _NAMED.fullmatch(entry.top)
        if match is None:
            yield HandIn("blackboard", entry.path, None, (), doubt="has no name as Blackboard gives it")
            continue
        place, time, file = match.groups()
        attempt = attempts.setdefault((place, time), _Attempt(place, time, [], []))
        if file:
            attempt.files.append((f"{file}/{entry.inside}" if entry.inside else file, entry))
        else:
            attempt.texts.append(entry)
    users = _users(list(attempts.values()), context)
    for (place, time), attempt in sorted(attempts.items()):
        found = users[place]
        files = tuple(
            File(
                path, entry, entry.top, entry.modified, sequence=int(time.replace("-", "")),
                ids=(("attempt", time),),
            )
            for path, entry in attempt.files
        )  # fmt: skip
        if len(found) != 1:
            ways = " or ".join(map(repr, found[:3])) or "nobody"
            doubt = f"may be of {ways}: a roster with their logins decides"
            yield HandIn("blackboard", attempt.given, None, (), doubt=doubt)
        else:
            doubt = "" if files else "holds no file: what was typed into the text box is no file; ask for one"
            yield HandIn("blackboard", attempt.given, by_login(found[0]), files, doubt=doubt)


def _users(attempts: Sequence[_Attempt], context: Context) -> dict[str, tuple[str, ...]]:
    """Who each title with a user may be of: as Blackboard's own text says, else as the roster does, else behind one title for all."""
    said: dict[str, set[str]] = defaultdict(set)
    for attempt in attempts:
        said[attempt.place] |= {user for entry in attempt.texts if (user := _user_in(entry, attempt.place))}
    titles = _titles([attempt.place for attempt in attempts])
    titles = [title for title in titles if all(place == title + user for place, of in said.items() for user in of)]
    found: dict[str, tuple[str, ...]] = {}
    for place in {attempt.place for attempt in attempts}:
        users = tuple(sorted(said[place])) or tuple(place.removeprefix(title) for title in titles)
        if len(users) > 1 and context.roster is not None:
            users = tuple(user for user in users if context.roster.knows(("login", user))) or users
        found[place] = users
    return found


def _user_in(entry: Entry, place: str) -> str:
    """The user whom Blackboard's text names, where the name of the file ends with that; empty where it does not."""
    try:
        text = entry.read(_MAX_LINE)[:_MAX_LINE].decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
    match = _FIRST_LINE.match(text)
    return match[1] if match and place.endswith(f"_{match[1]}") else ""


def _titles(places: Sequence[str]) -> list[str]:
    """What the assignment may be called: everything up to an underscore with which all names begin."""
    first = min(places, default="")
    ends = [at + 1 for at, letter in enumerate(first) if letter == "_" and at]
    return [first[:end] for end in ends if all(place.startswith(first[:end]) and place[end:] for place in places)]


BLACKBOARD = Service("blackboard", "Blackboard's download", _recognises, _hand_ins)
