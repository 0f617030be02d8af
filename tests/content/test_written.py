"""What is read of a written answer: the letter however it is dressed, and the numbers in its words."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from repository import SOLUTIONS

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")


@pytest.fixture(scope="module")
def written() -> ModuleType:
    """solutions/written.py."""
    spec = importlib.util.spec_from_file_location("written", SOLUTIONS / "written.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("why", "numbers"),
    [
        ("It is 4.54e-5, so little is left.", "4.54e-05"),
        ("It is 0.0000454.", "4.54e-05"),
        ("It is 4.54 * 10**-5", "4.54e-05"),
        ("It is 4.54 \N{MULTIPLICATION SIGN} 10^(-5) there", "4.54e-05"),
        ("It is 4.54·10^\N{MINUS SIGN}5 there", "4.54e-05"),
        ("At z = 10 it is (4.5398e-05).", "4.54e-05"),
        ("The output is 0.99995, the derivative .0000454", "1.00e+00 4.54e-05"),
        ("No number here, not even e or z-1-2.", ""),
    ],
)
def test_the_numbers_in_a_sentence_are_read_however_they_are_written(
    written: ModuleType, why: str, numbers: str
) -> None:
    """But for the inputs, which any sentence may repeat."""
    assert written.numbers(lambda *_: {"choice": "c", "why": why}, 10.0) == numbers


ONE_LETTER = '"choice" names more than one letter: give one, that of the statement which is right.'


@pytest.mark.parametrize(
    "letter",
    [
        "c",
        "C",
        "(c)",
        " c)",
        "c. The derivative",
        "c) It is",
        "c) A unit",
        "c: d h / d W is",
        "c, and not d, since d grows",
    ],
)
def test_a_letter_counts_however_it_is_dressed(written: ModuleType, letter: str) -> None:
    def answer() -> dict[str, str]:
        return {"choice": letter, "why": ""}

    assert written.choice(answer) == "c"
    assert written.is_complete(written.form(answer)) is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, 'Return a dict with the two entries "choice" and "why".'),
        ({"choice": "c"}, 'Return a dict with the two entries "choice" and "why".'),
        ({"choice": "because", "why": ""}, '"choice" is not one of the letters a, b, c and d, in quotes.'),
        ({"choice": "e", "why": ""}, '"choice" is not one of the letters a, b, c and d, in quotes.'),
        ({"choice": "c or d", "why": ""}, ONE_LETTER),
        ({"choice": "(c), (d)", "why": ""}, ONE_LETTER),
        ({"choice": "c and not d", "why": ""}, ONE_LETTER),
        ({"choice": "c", "why": 3}, '"why" is not a string: write your reason in quotes.'),
    ],
)
def test_what_is_missing_in_the_form_is_told(written: ModuleType, answer: object, told: str) -> None:
    """Also of a function that is handed a number."""
    assert written.is_complete(written.form(lambda *_: answer)) == told
    assert written.is_complete(written.form(lambda *_: answer, 10.0), 10.0) == told
