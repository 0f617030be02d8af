"""The lines that feedback speaks of are found in the answer, and what is written in either stays text."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from grader.reports.about import AboutExercise
from grader.reports.cited import cited_lines, in_html, listings
from grader.wire.messages import Chunk

FILE = (Chunk("sigmoid_grad.py", "import numpy as np\n\ndef sigmoid_grad(z):\n\treturn z\n"),)
CELLS = (Chunk("code cell 2", "x = 1"), Chunk("code cell 12", "def f(x):\n    return x"), Chunk("raw cell 1", "\n\n"))


def about(*answer: Chunk, own: set[str]) -> AboutExercise:
    return AboutExercise(title="t", answer=answer, own=frozenset(own))


def test_a_files_lines_are_cited_with_and_without_its_name():
    texts = ["raised ValueError at sigmoid_grad.py, line 4: no", "line 3: one change", "other.py, line 1"]
    assert cited_lines(texts, FILE) == {"sigmoid_grad.py": {3, 4}}


def test_a_notebooks_lines_are_cited_by_their_cell():
    texts = ["code cell 12, line 2: one change to a sign", "line 1 is no line of a cell", "code cell 3, line 1"]
    assert cited_lines(texts, CELLS) == {"code cell 2": set(), "code cell 12": {2}, "raw cell 1": set()}


def test_what_is_shown_are_the_cells_that_answer_and_those_that_are_cited():
    shown = listings("f", about(*CELLS, own={"code cell 12"}), {"code cell 12": frozenset({2})})
    assert [(each.name, [line.place for line in each.lines]) for each in shown] == [("code cell 12", ["", "f-2-2"])]
    shown = listings("f", about(*CELLS, own={"code cell 12"}), {"code cell 2": frozenset({1})})
    assert [each.name for each in shown] == ["code cell 2", "code cell 12"]
    assert [line.number for line in listings("f", about(*FILE, own={"sigmoid_grad.py"}), {})[0].lines] == [1, 2, 3, 4]


def test_a_long_answer_is_cut_off_and_says_how_much():
    long = Chunk("f.py", "x\n" * 5_000)
    (shown,) = listings("f", about(long, own={"f.py"}), {})
    assert (len(shown.lines), shown.left_out) == (1_000, 4_000)
    (shown,) = listings("f", about(Chunk("f.py", "x" * 10_000), own={"f.py"}), {})
    assert len(shown.lines[0].text) < 500
    many = tuple(Chunk(f"code cell {number}", "x\ny") for number in range(5_000))
    assert len(listings("f", about(*many, own={each.name for each in many}), {})) == 500


def test_feedback_leads_to_the_lines_and_sets_code_and_arrays_in_one_width():
    text = "f(x=1.0):\nat f.py, line 2 `W.T` is [0. , 1.5], of shape (3, 2)"
    assert in_html(text, (Chunk("f.py", ""),), {("f.py", 2): "f-1-2"}) == (
        '<code>f(x=1.0):</code>\nat <a href="#f-1-2">f.py, line 2</a> <code>W.T</code> is <code>[0. , 1.5]</code>, '
        "of shape <code>(3, 2)</code>"
    )
    assert "<a" not in in_html(text, (Chunk("f.py", ""),), {})


@given(st.text(st.sampled_from("<>&\"'`[](),:0 1\nlinef.py"), max_size=60))
def test_no_word_of_feedback_is_lost_and_none_becomes_a_tag(text):
    found = in_html(text, (Chunk("f.py", ""),), {("f.py", 1): "f-1-1"})
    assert re.findall(r"<(?!/?code>|a href=\"#f-1-1\">|/a>)", found) == []
    assert html.unescape(re.sub(r"<[^>]*>", "", found)).replace("`", "") == text.replace("`", "")


def test_letters_that_would_not_be_seen_are_shown_by_their_escapes():
    (shown,) = listings("f", about(Chunk("f.py", "\tif a\u202eb:\r"), own={"f.py"}), {})
    assert shown.lines[0].text == "    if a\\u202eb:"
