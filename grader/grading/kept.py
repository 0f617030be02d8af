"""What is kept for whoever uses this machine, from one command to the next: in the user's cache, by the path that it is about."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TypeVar

import msgspec

from grader.files import write_atomically

__all__ = ["keep", "kept", "place_of"]

_Kept = TypeVar("_Kept", bound=msgspec.Struct)


def place_of(kind: str, name: str, path: Path) -> Path | None:
    """Where something of that kind is kept, by a name, about a path; None where the user has no folder for such."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        cache = given if given.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return cache / "grader" / kind / f"{name}-{hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]}.json"


def kept(place: Path | None, of: type[_Kept]) -> _Kept | None:
    """What is kept there; None where nothing is that can be read."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(place.read_bytes(), type=of) if place else None
    return None


def keep(place: Path | None, thing: msgspec.Struct) -> None:
    """Put a thing in the place of the one before. Where nothing can be written it is not remembered, and nobody is told."""
    with contextlib.suppress(OSError):
        if place:
            write_atomically(place, msgspec.json.encode(thing), lasting=False)
