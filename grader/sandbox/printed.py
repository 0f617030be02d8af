"""What a program printed, shortened: nothing is left out of it without a word. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec

from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIRST", "LAST", "MAX_LINE", "Printed"]

FIRST, LAST, MAX_LINE = 20, 10, 500
"""How many lines are kept, and how many characters of each."""


class Printed(msgspec.Struct, frozen=True):
    """The first lines and the last, and how many were left out between them."""

    first: tuple[str, ...] = ()
    left_out: int = 0
    last: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """What there is of a text."""
        lines = text.removesuffix("\n").split("\n") if text else []
        if len(lines) <= FIRST + LAST:
            return cls(tuple(map(_shortened, lines)))
        kept = (*map(_shortened, lines[:FIRST]),), (*map(_shortened, lines[-LAST:]),)
        return cls(kept[0], len(lines) - FIRST - LAST, kept[1])

    def __len__(self) -> int:
        """How many lines were printed."""
        return len(self.first) + self.left_out + len(self.last)

    def __add__(self, other: Printed) -> Printed:
        """What both printed, one after the other."""
        if len(self) + len(other) <= FIRST + LAST:
            return Printed((*self.first, *other.first))
        first = self.first if self.left_out else (*self.first, *other.first)
        last = other.last if other.left_out else (*self.first * (not self.left_out), *self.last, *other.first)
        return Printed(first[:FIRST], len(self) + len(other) - FIRST - LAST, last[-LAST:])

    def lines(self) -> Iterator[str]:
        """What is shown, with a line that says how many were left out."""
        yield from self.first
        if self.left_out:
            yield f"({count_of(self.left_out, 'more line')})"
        yield from self.last


def _shortened(line: str) -> str:
    more = len(line) - MAX_LINE
    return line if more <= 0 else f"{line[:MAX_LINE]} ({more} more characters)"
