"""What a search in a student's own file found, kept until the file or its examples change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.grading.kept import kept
from grader.judging.repairs import Edit  # noqa: TC001  read when a search is decoded

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Searched", "kept_search"]


class Searched(msgspec.Struct, frozen=True):
    """What came of a search: by function, the edits that make all of its checks pass; or why it was given up."""

    name: str
    """Of the program, the key and the bounds."""
    found: dict[str, tuple[Edit, ...]] = {}
    given_up: str = ""


def kept_search(place: Path | None, name: str) -> Searched | None:
    """The last search that is kept there, if it is that of this name."""
    found = kept(place, Searched)
    return found if found and found.name == name else None
