"""Names and lines that somebody else chose, shown so that they cannot lead whoever reads them. Pure."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["all_seen", "breaks_lines", "is_unseen", "look", "shown", "shown_lines"]

_BLANK = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What counts as printable, and is drawn as nothing: fillers, joiners, selectors of a variant."""


def is_unseen(letter: str) -> bool:
    """Whether a letter leaves no mark of its own: it is drawn as nothing, turns the line round, or drives a terminal."""
    return not letter.isprintable() or _BLANK.match(letter) is not None


def all_seen(text: str) -> bool:
    """Whether no letter of a text is unseen; a line break is one."""
    return text.isprintable() and (text.isascii() or not _BLANK.search(text))


def shown(text: str) -> str:
    """The text on one line, with an escape for each letter that would not be seen."""
    if all_seen(text):
        return text
    return "".join(ascii(letter)[1:-1] if is_unseen(letter) else letter for letter in text)


def shown_lines(text: str) -> str:
    """The same of a text of several lines, which it keeps."""
    return "\n".join(map(shown, text.split("\n")))


def breaks_lines(text: str) -> bool:
    """Whether a text would break a line that it stands in, or cannot be written in UTF-8."""
    return any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text)


def look(name: str) -> str:
    """What a reader takes a name for: those of one look are told apart by nobody who does not look twice."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", name) if letter == " " or not is_unseen(letter))
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())
