"""What sentences for a person have in common, whatever they are about. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["count_of", "listed"]

_Thing = TypeVar("_Thing")


def count_of(number: float, thing: str) -> str:
    """How many there are of something: with an `s`, unless it is one. Points may have decimals, as far as they matter."""
    return f"{f'{number:g}' if isinstance(number, float) else number} {thing}{'s' * (number != 1)}"


def listed(things: Sequence[_Thing], most: int, show: Callable[[_Thing], str]) -> str:
    """The first things in a line, at most so many, and how many more there are: "a, b, and 3 more". No other is given to `show`."""
    more = [f"and {len(things) - most} more"] * (len(things) > most)
    return ", ".join([*map(show, things[:most]), *more])
