"""Tasks in notebooks: what Markdown shows is what the text file says, to the last star."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.building.compiler import load_module
from grader.building.markdown import with_stars
from grader.building.notebook import task_text
from marks import needs_torch
from repository import SOLUTIONS, course_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = "*_<>+=&$~[]()-|/^"
COURSE = course_here()


def pieces(tokens: Sequence[Token]) -> Iterator[str]:
    """What is read of a text: of words, and of code."""
    for token in tokens:
        if token.type in ("text", "code_inline", "code_block", "fence"):
            yield token.content
        yield from pieces(token.children or ())


def shown(text: str) -> str:
    return "".join(pieces(READER.parse(text)))


def meant(text: str) -> Counter[str]:
    """How often a text has each sign, but for those of headings, of list items, and around words that are stressed."""
    text = re.sub(r"^#+ |^ *- ", "", text, flags=re.MULTILINE)
    return Counter(sign for sign in re.sub(r"(?<=[ (])\*(\w+)\*(?=[ .,;)])", r"\1", text) if sign in SIGNS)


@pytest.mark.slow
@pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")
@pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=exercise.id, marks=needs_torch if exercise.framework == "torch" else ())
        for exercise in COURSE.exercises()
    ],
)
def test_of_no_task_and_no_derivation_markdown_takes_a_sign_away(exercise) -> None:
    """Stars, underscores, brackets, signs at the start of a line: all are there, and no backslash is; no dollar begins a formula."""
    task = ast.get_docstring(ast.parse(COURSE.reference(exercise).read_text(encoding="utf-8"))) or ""
    derivation = inspect.cleandoc(load_module(COURSE.checks(exercise)).derivation)
    for text, rendered in ((task, task_text(task, "1 point")), (derivation, with_stars(derivation))):
        read = shown(rendered)
        assert Counter(sign for sign in read if sign in SIGNS) == meant(text)
        assert read.count("\\") == text.count("\\")
        assert "$" not in text


@pytest.mark.parametrize(
    "text",
    [
        "f = x**2 + y**2, and 2*x*y",
        "(x)**2 and A[0]**T and e**(-z) + e**-z",
        "- an item with x**2 + y**2\n- another, a*b*c",
        "- an item\n\n  its second paragraph: a*b*c",
        "- an item\n    - one in it, a*b*c\n      and more, a*b*c",
        "`a**2` is code, x**2 is not, ``a`b**2`` is, y**2 is not",
        "A line:\n\n    a**2 + b**2\n\n    c*d*e\n\nand x**2 + y**2",
        "- an item\n\n      a**2 + b**2\n\nand x**2 + y**2",
        "```\na**2 + b**2\n\nc*d*e\n```\n\nand x**2 + y**2",
    ],
)
def test_products_and_powers_keep_their_stars(text: str) -> None:
    """In words and lists; in code nothing is changed."""
    assert shown(with_stars(text)).count("*") == text.count("*")
    assert "\\" not in shown(with_stars(text))


@pytest.mark.parametrize(
    "text", ["the *logits*, and **only** these", "*all* of it", "(*one* more)", "a * b * c", "* a\n* b"]
)
def test_what_an_author_stresses_stays_stressed(text: str) -> None:
    assert with_stars(text) == text


@given(st.text(alphabet="ab2 *`(-\n", max_size=40))
def test_any_text_keeps_all_but_its_stars(text: str) -> None:
    """Nothing is lost, and nothing but backslashes before stars comes in."""
    assert with_stars(text).replace("\\*", "*") == text
