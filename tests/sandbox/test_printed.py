"""What a program printed, shortened: the first and the last lines, and a true number between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.printed import FIRST, LAST, MAX_LINE, Printed

TEXTS = st.lists(st.text(alphabet="ab ", max_size=3), max_size=50).map("\n".join)


def test_few_lines_are_shown_as_they_are() -> None:
    text = "\n".join(map(str, range(FIRST + LAST)))
    assert "\n".join(Printed.of(text).lines()) == text
    assert list(Printed.of("").lines()) == []
    assert list(Printed.of("\n").lines()) == [""]


def test_of_more_the_first_and_the_last_are_shown_and_how_many_there_are_between_them() -> None:
    shown = list(Printed.of("\n".join(f"step {i}" for i in range(100)) + "\n").lines())
    assert shown == [f"step {i}" for i in range(20)] + ["(70 more lines)"] + [f"step {i}" for i in range(90, 100)]
    assert "(1 more line)" in Printed.of("x\n" * (FIRST + LAST + 1)).lines()


def test_a_long_line_says_how_much_of_it_is_missing() -> None:
    assert list(Printed.of("x" * (MAX_LINE + 7)).lines()) == ["x" * MAX_LINE + " (7 more characters)"]


@given(TEXTS, TEXTS)
def test_what_two_printed_is_what_one_would_have_printed(one, other) -> None:
    lines = [f"{text}\n" if text else "" for text in (one, other)]
    assert Printed.of(lines[0]) + Printed.of(lines[1]) == Printed.of("".join(lines))


@given(TEXTS)
def test_no_line_is_lost_without_being_counted(text) -> None:
    printed = Printed.of(text)
    assert len(printed) == (text.removesuffix("\n").count("\n") + 1 if text else 0)
    assert len(list(printed.lines())) <= FIRST + LAST + 1
