"""Tables say the same on a page and in a file, and nothing in either runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom import HOSTILE
from grader.reports.class_page import _body as body
from grader.reports.tables import Column, Linked, Table, percent, to_csv, worded

COLUMNS = (Column("student"), Column("points", "points", 2.0), Column("who", "names"), Column("share", "percent"))
NAMES = st.sampled_from(HOSTILE) | st.text(max_size=20)
NUMBERS = st.none() | st.floats(0, 100)
ROWS = st.lists(
    st.tuples(NAMES, NUMBERS | NUMBERS.map(lambda number: Linked(number, "page.html")), st.tuples(NAMES, NAMES), st.none() | st.floats(0, 1)),
    max_size=8,
)  # fmt: skip


@given(ROWS)
def test_a_file_has_every_row_with_its_numbers_whole_and_no_formula(rows):
    data = to_csv(Table(name="t", caption="", columns=COLUMNS, rows=tuple(rows)))
    head, *found = csv.reader(io.StringIO(data.decode(), newline=""))
    assert head == ["student", "points", "who", "share"]
    assert len(found) == len(rows)
    for line, row in zip(found, rows, strict=True):
        number = row[1].cell if isinstance(row[1], Linked) else row[1]
        assert (line[1], line[3]) == tuple("" if each is None else repr(each) for each in (number, row[3]))
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


@given(ROWS)
def test_a_page_has_every_row_and_no_markup_but_its_own(rows):
    page = str(body(Table(name="t", caption="", columns=COLUMNS, rows=tuple(rows)), rows))
    assert page.count("<tr>") == len(rows)
    own = ("<tr>", "<th scope=row>", "<td", '<a href="page.html">', "</a>", "<bdi>", "</bdi>")
    for each in own:
        page = page.replace(each, "")
    assert "<" not in page
    assert all(letter.isprintable() for letter in page.replace("\n", ""))


def test_the_checks_of_an_exercise_are_a_letter_each_on_a_page_and_a_column_each_in_a_file():
    columns = (
        Column("student"), Column("a", "points", 2.0, "one"), Column("b", group="one"), Column("a", "points", 1.0, "two")
    )  # fmt: skip
    rows = (
        ("ann", 2.0, "right", None),
        (Linked("bob", "page.html"), 0.5, "wrong", "waits"),
        ("cleo", 0.0, "right", 1.0),
    )
    table = Table(name="t", caption="", columns=columns, rows=rows)
    assert str(body(table, rows)) == (
        "<tr><th scope=row>ann<td>++<td>.\n"
        '<tr><th scope=row><a href="page.html">bob</a><td>/x<td>?\n'
        "<tr><th scope=row>cleo<td>x+<td>+"
    )
    head, ann, *_ = csv.reader(io.StringIO(to_csv(table).decode(), newline=""))
    assert head == ["student", "one: a", "one: b", "two: a"]
    assert ann == ["ann", "2.0", "right", ""]


@given(st.floats(0, 1))
def test_what_is_nearly_all_or_nothing_is_not_said_to_be(share):
    said = percent(share)
    assert (said == "0 %", said == "100 %") == (share == 0, share == 1)


@pytest.mark.parametrize(
    ("cell", "kind", "words"),
    [
        (None, "points", "-"), (2.5, "points", "2.5"), (3.0, "number", "3"), (-0.204, "signed", "-0.20"), (0.5, "percent", "50 %"),
        (Linked(1.0, "x"), "points", "1"), (("ann", "a\nb"), "names", "ann, a\\nb"), ("a\x1b[2J", "text", "a\\x1b[2J"),
    ],
)  # fmt: skip
def test_cells_are_read_on_one_line(cell, kind, words):
    assert worded(cell, kind) == words
