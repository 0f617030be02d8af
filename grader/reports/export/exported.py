"""What an export comes to: the file, and what the person who makes it should know."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Exported"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, whole; `unplaced` are results that should be in it and are not."""

    data: bytes
    notices: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
