"""A file that a service wrote, or a spreadsheet saved again, is read as it is, or refused in one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.reports.export.sheet import Sheet, read_sheet

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(
    st.integers(2, 4).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=5)),
    st.sampled_from(",;\t"), st.booleans(), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_what_is_written_is_read_again_cell_by_cell_and_in_the_same_form(rows, separator, marked, end) -> None:
    heading = tuple(f"column {index}" for index in range(len(rows[0])))
    sheet = Sheet("grades.csv", (heading, *rows), separator, marked, end)
    assert read_sheet(sheet.encoded(), "grades.csv") == sheet


def test_a_file_that_a_spreadsheet_saved_as_unicode_text_is_read() -> None:
    sheet = read_sheet("Student\tID\r\nÄ, B\t7\r\n".encode("utf-16"), "grades.csv")
    assert sheet.rows == (("Student", "ID"), ("Ä, B", "7"))
    assert sheet.separator == "\t"
    assert sheet.encoded() == "\ufeffStudent\tID\r\nÄ, B\t7\r\n".encode()


def test_an_answer_of_any_length_may_stand_in_a_cell() -> None:
    sheet = read_sheet(f"Identifier,Online text\nParticipant 1,{'x' * 300_000}\n".encode(), "worksheet.csv")
    assert len(sheet.rows[1][1]) == 300_000


def test_a_short_row_is_filled_up_and_an_empty_line_left_out() -> None:
    assert read_sheet(b"a,b\n1\n\n,\n2,3\n", "grades.csv").rows == (("a", "b"), ("1", ""), ("", ""), ("2", "3"))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no columns"),
        (b"one column\nalone\n", "no columns"),
        ("Student,ID\nMüller,7\n".encode("latin-1"), "not in UTF-8 (byte 0xfc in line 2)"),
        (b"PK\x03\x04workbook", "a workbook or an archive"),
        (b"Student,ID\nLovelace, Ada,7\n", "row 2 has 3 cells, and the first one 2"),
        (b'Student,ID\n"Lovelace, Ada,7\n', "is not CSV"),
        ("Student,ID\nAda,7\n".encode("utf-16-le"), "is no text"),
    ],
)
def test_what_is_no_such_file_is_refused_with_what_to_do(data, told) -> None:
    with pytest.raises(UsageError, match=r"^grades\.csv") as refused:
        read_sheet(data, "grades.csv")
    assert told in str(refused.value)
    assert "export it from the service again, or save it as CSV in UTF-8" in str(refused.value)
