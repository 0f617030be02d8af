"""What an export comes to: the file, and what the person who makes it should know."""

from __future__ import annotations

import msgspec

__all__ = ["Exported"]


class Exported(msgspec.Struct, frozen=True):
    """A file, whole; `unplaced` are results that should be in it and are not."""

    data: bytes
    notices: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
