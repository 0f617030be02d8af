"""The form of a written answer, one for all exercises: a dict with the letter of a statement, and a reason in words.

Where a number is the point, it stands in the words, and the function is handed what it depends on. Drivers and judges travel as
source: each may use its arguments, built-ins and np alone.
"""

from collections.abc import Callable
from typing import Any

Written = Callable[..., dict[str, Any]]


def form(function: "Written", *inputs: Any) -> list[bool]:
    """Return what holds for the form of the answer, whatever it says."""
    answer = function(*inputs)
    if not isinstance(answer, dict):
        answer = {}
    letter, why = answer.get("choice"), answer.get("why")
    text = letter.strip(" (").lower() if isinstance(letter, str) else ""
    # As in `choice`.
    words = set("".join(sign if sign.isalnum() else " " for sign in text).split())
    several = len(words & {*"abcd"}) > 1 and words <= {*"abcd", "or", "and", "not", "nor", "but", "maybe"}
    one_of_four = text[:1] in ("a", "b", "c", "d") and not text[1:2].isalnum()
    return [{"choice", "why"} <= set(answer), one_of_four, not several, isinstance(why, str)]


def is_complete(returned: "list[bool]", *inputs: Any) -> str | None:
    """Return the first thing that the form of the answer lacks."""
    sentences = (
        'Return a dict with the two entries "choice" and "why".',
        '"choice" is not one of the letters a, b, c and d, in quotes.',
        '"choice" names more than one letter: give one, that of the statement which is right.',
        '"why" is not a string: write your reason in quotes.',
    )
    return next((sentence for sentence, holds in zip(sentences, returned, strict=True) if not holds), None)


def choice(function: "Written", *inputs: Any) -> str:
    """Return the letter, however it is dressed, and whatever stands behind it: "c" for "(C)" and for "c) It ...".

    The whole text where it is several letters and nothing else, as "c or d": that is no choice.
    """
    text = str(function(*inputs)["choice"]).strip(" (").lower()
    words = set("".join(sign if sign.isalnum() else " " for sign in text).split())
    several = len(words & {*"abcd"}) > 1 and words <= {*"abcd", "or", "and", "not", "nor", "but", "maybe"}
    return text if several or text[1:2].isalnum() else text[:1]


def why(function: "Written", *inputs: Any) -> Any:
    """Return the text."""
    return function(*inputs)["why"]


def has_words(returned: str, *inputs: Any) -> str | None:
    """Return None for a text of 20 characters at least, in whatever language: a person reads it."""
    if len("".join(returned.split())) >= 20:
        return None
    return '"why" holds no sentence yet: give your reason in your own words, in 20 characters or more.'


def numbers(function: "Written", *inputs: Any) -> str:
    """Return the numbers in the text, but for the inputs, to three digits: how they were rounded says nothing."""
    text = str(function(*inputs)["why"])[:10_000]
    for written, plain in (("−", "-"), ("×", "*"), ("·", "*"), (" *", "*"), ("* ", "*"), ("**", "^"), ("(", ""), ("*10^", "e")):
        text = text.replace(written, plain)
    found = []
    for word in "".join(letter if letter in "0123456789.eE+-" else " " for letter in text).split():
        try:
            number = float(word.rstrip("."))
        except ValueError:
            continue
        if number not in inputs:
            found.append(f"{number:.2e}")
    return " ".join(found)
