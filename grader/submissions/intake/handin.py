"""What one person handed in, as the service says: who, which files, when, and by whose word. Data, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.submissions.intake.listing import Entry, Listing
    from grader.submissions.intake.roster import Roster
    from grader.submissions.misplaced import Names

__all__ = ["By", "Context", "File", "HandIn", "Key", "Service", "Who"]

By = Literal["service", "student", "download"]
"""Whose word a time is: the service's own of receipt; a student's (a commit, a time that was handed in, a file of theirs);
or that of a file in a download, which says when it was made and not when anything was received."""

Key = tuple[str, str]
"""What a roster may know somebody by: a kind, such as `email`, and the value."""


class Who(msgspec.Struct, frozen=True):
    """A person, as the service names them."""

    shown: str
    alone: str
    """The name of the student where there is no roster."""
    keys: tuple[tuple[Key, ...], ...]
    """What a roster may know them by: the first of these groups that it knows anything of decides, and must agree."""


class File(msgspec.Struct, frozen=True):
    """One file of what was handed in."""

    path: str
    """Where it lies in what was handed in: the service's own additions are taken off."""
    entry: Entry
    given: str
    """The name that the service gave to the file, or to the folder that it lies in."""
    submitted_at: str = ""
    by: By = "download"
    late: bool | None = None
    """What the service says of it, where it does."""
    sequence: int = 0
    """The service's own number of it, where a later one is larger."""
    ids: tuple[tuple[str, str], ...] = ()
    """The service's own names of person and hand-in, to find them again."""


class HandIn(msgspec.Struct, frozen=True):
    """What one person handed in, at once."""

    service: str
    given: str
    """The service's name of it, for messages."""
    who: Who | None
    files: tuple[File, ...]
    doubt: str = ""
    """Why nobody can say whose it is, or that it is empty."""
    earlier: tuple[str, ...] = ()
    """When the same person had handed in before, where the service says so and gives no files."""


class Context(msgspec.Struct, frozen=True):
    """What is known beside the download."""

    names: Names
    assignments: frozenset[str]
    roster: Roster | None = None
    exercise: str = ""
    """What files are answers to whose names say nothing."""


class Service(msgspec.Struct, frozen=True):
    """One kind of download."""

    name: str
    shown: str
    """What it is, for whoever collects."""
    recognises: Callable[[Listing, Context], bool]
    hand_ins: Callable[[Listing, Context], Iterator[HandIn]]
    asks: str = ""
    """What to tell where no roster is given."""
