"""Names and lines that somebody else chose, shown so that they cannot lead whoever reads them."""

from __future__ import annotations

__all__ = ["shown"]


def shown(text: str) -> str:
    """The text on one line, with an escape for what would not be seen, would turn the line round, or drives a terminal."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
