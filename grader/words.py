"""What sentences for a person have in common, whatever they are about. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["breaks_lines", "listed"]

_Thing = TypeVar("_Thing")


def breaks_lines(text: str) -> bool:
    """Whether a text would break a line that it stands in, or cannot be written in UTF-8."""
    return any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text)


def listed(things: Sequence[_Thing], most: int, show: Callable[[_Thing], str]) -> str:
    """The first things in a line, at most so many, and how many more there are: "a, b, and 3 more". No other is given to `show`."""
    more = [f"and {len(things) - most} more"] * (len(things) > most)
    return ", ".join([*map(show, things[:most]), *more])
