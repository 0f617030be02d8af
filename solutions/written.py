"""The form of a written answer, one for all exercises: a dict with the letter of a statement, and a reason in words.

Drivers and judges travel as source: each may use its arguments, built-ins and np alone.
"""

from collections.abc import Callable
from typing import Any

Written = Callable[[], dict[str, Any]]


def form(function: "Written") -> list[bool]:
    """Return what holds for the form of the answer, whatever it says."""
    answer = function()
    if not isinstance(answer, dict):
        answer = {}
    letter, why = answer.get("choice"), answer.get("why")
    text = letter.strip(" (").lower() if isinstance(letter, str) else ""
    return [{"choice", "why"} <= set(answer), text[:1] in ("a", "b", "c", "d") and not text[1:2].isalnum(), isinstance(why, str)]


def is_complete(returned: "list[bool]") -> str | None:
    """Return the first thing that the form of the answer lacks."""
    sentences = (
        'Return a dict with the two entries "choice" and "why".',
        '"choice" is not one of the letters a, b, c and d, in quotes.',
        '"why" is not a string: write your reason in quotes.',
    )
    return next((sentence for sentence, holds in zip(sentences, returned, strict=True) if not holds), None)


def choice(function: "Written") -> str:
    """Return the letter, however it is dressed, and whatever stands behind it: "c" for "(C)" and for "c) It ..."."""
    text = str(function()["choice"]).strip(" (").lower()
    return text[:1] if not text[1:2].isalnum() else text


def why(function: "Written") -> Any:
    """Return the text."""
    return function()["why"]


def has_words(returned: str) -> str | None:
    """Return None for a text of 20 characters at least, in whatever language: a person reads it."""
    if len("".join(returned.split())) >= 20:
        return None
    return '"why" holds no sentence yet: give your reason in your own words, in 20 characters or more.'
