"""What a search in a student's own file found, kept until the file or its examples change: by path, in the user's cache."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

from grader.files import write_atomically
from grader.judging.repairs import Edit  # noqa: TC001  read when a search is decoded

__all__ = ["Searched", "keep", "kept", "place_of"]


class Searched(msgspec.Struct, frozen=True):
    """What came of a search: by function, the edits that make all of its checks pass; or why it was given up."""

    name: str
    """Of the program, the key and the bounds."""
    found: dict[str, tuple[Edit, ...]] = {}
    given_up: str = ""


def place_of(file: Path, exercise: str) -> Path | None:
    """Where the search in a file for an exercise is kept; None where the user has no folder for such."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        cache = given if given.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    name = hashlib.sha256(os.fsencode(file.resolve())).hexdigest()[:16]
    return cache / "grader" / "searched" / f"{exercise}-{name}.json"


def kept(place: Path | None, name: str) -> Searched | None:
    """The last search that is kept there, if it is that of this name."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        found = msgspec.json.decode(place.read_bytes(), type=Searched) if place else None
        return found if found and found.name == name else None
    return None


def keep(place: Path | None, searched: Searched) -> None:
    """Put a search in the place of the one before. Where nothing can be written, it is made again the next time."""
    with contextlib.suppress(OSError):
        if place:
            write_atomically(place, msgspec.json.encode(searched))
