"""Canvas's gradebook: its own file comes back with the scores in it and nothing else changed; or one is made anew."""

from __future__ import annotations

import csv
import io

import pytest

from grader.errors import UsageError
from grader.judging.verdicts import Verdict
from grader.reports.export.canvas import canvas, canvas_anew
from grader.reports.export.people import Person
from grader.reports.export.sheet import read_sheet
from reports import COURSE, result, the_report

GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Jacobians by hand (4711),"Beyond, and back (4712)",Essay (4713),Final Score
,,,,,,Manual Posting,,,
    Points Possible,,,,,,5.00,4.00,10.00,(read only)
"Lovelace, Ada",101,u101,alice,Section A,likes =formulas,,,8.00,80.00
"Müller, Bo",102,u102,bob@example.edu,Section A,,4.00,,,
"Test, Student",199,,f00,,,,,,
"""
REPORTS = [
    the_report("alice", manual_jacobian=2.0, sigmoid_grad=2.5),
    the_report("bob", manual_jacobian=1.0, sigmoid_grad=0.0),
    the_report("alice", "extras", result("newton_step", verdict=Verdict.NOT_ATTEMPTED)),
    the_report("bob", "extras", newton_step=4.0),
]
PEOPLE = {"bob": Person(ids=frozenset(["bob@example.edu"]), names=frozenset(["Bo Müller"]))}


def cells(data: bytes) -> list[list[str]]:
    """As Canvas reads it: by the separator of most columns, without the mark."""
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if text.count(";") > text.count(",") else ","))


def filled(text: str = GRADEBOOK, reports=REPORTS, people=PEOPLE, columns=(), *, scale: bool = False):
    return canvas(COURSE, reports, read_sheet(text.encode(), "grades.csv"), people, dict(columns), scale=scale)


def test_columns_and_rows_stay_in_order_and_only_scores_are_new() -> None:
    before, after = cells(GRADEBOOK.encode()), cells(filled().data)
    changed = {
        (row, before[0][column]): (before[row][column], after[row][column])
        for row in range(len(before))
        for column in range(len(before[0]))
        if before[row][column] != after[row][column]
    }
    assert changed == {
        (3, "Jacobians by hand (4711)"): ("", "4.5"), (4, "Jacobians by hand (4711)"): ("4.00", "1"),
        (3, "Beyond, and back (4712)"): ("", "EX"), (4, "Beyond, and back (4712)"): ("", "4"),
    }  # fmt: skip
    assert [len(row) for row in after] == [len(row) for row in before]
    assert filled().unplaced == ()


def test_separator_mark_and_line_ends_are_those_of_the_file() -> None:
    text = GRADEBOOK.replace(",", ";").replace("Lovelace; Ada", "Lovelace, Ada").replace("\n", "\r\n")
    data = filled(f"\ufeff{text}").data
    assert data.startswith(b"\xef\xbb\xbfStudent;ID;")
    assert b"\r\n" in data
    assert cells(data)[3][6] == "4.5"


def test_a_student_is_found_by_id_login_or_roster_and_by_name_only_where_a_roster_gives_it() -> None:
    for known, people in (
        ("101", {}), ("u101", {}), ("ALICE", {}), ("lovelaceada_101", {}), ("nr7", {"nr7": Person(names=frozenset(["Ada  LOVELACE"]))}),
        ("nr7", {"nr7": Person(number="101")}),
    ):  # fmt: skip
        done = filled(reports=[the_report(known, manual_jacobian=2.0, sigmoid_grad=3.0)], people=people)
        assert cells(done.data)[3][6] == "5", known
        assert done.unplaced == ()
    done = filled(reports=[the_report("Ada Lovelace", manual_jacobian=2.0, sigmoid_grad=3.0)], people={})
    assert cells(done.data)[3][6] == ""
    assert len(done.unplaced) == 1


def test_who_is_in_no_row_is_named_and_the_others_get_their_scores() -> None:
    done = filled(reports=[*REPORTS, the_report("eve", manual_jacobian=2.0, sigmoid_grad=3.0)])
    assert [line.partition(" ")[0] for line in done.unplaced] == ["eve"]
    assert "add the row" in done.unplaced[0]
    assert cells(done.data) == cells(filled().data)


def test_a_name_that_two_students_have_places_neither() -> None:
    twins = dict.fromkeys(("nr7", "nr8"), Person(names=frozenset(["Ada Lovelace"])))
    done = filled(reports=[the_report(name, manual_jacobian=2.0, sigmoid_grad=3.0) for name in twins], people=twins)
    assert len(done.unplaced) == 2
    assert cells(done.data) == cells(GRADEBOOK.encode())


def test_what_is_not_judged_in_full_keeps_what_canvas_has() -> None:
    unjudged = the_report("bob", "jacobians", result("manual_jacobian", verdict=Verdict.JUDGE_ERROR), sigmoid_grad=3.0)
    done = filled(reports=[REPORTS[0], unjudged])
    assert cells(done.data)[4][6] == "4.00"
    assert done.notices[-1] == "jacobians: not judged in full, so without a grade here: 'bob'"


def test_a_student_to_whom_canvas_does_not_assign_it_stays_without_a_grade() -> None:
    done = filled(GRADEBOOK.replace("Section A,,4.00", "Section A,,N/A"))
    assert cells(done.data)[4][6] == "N/A"


def test_other_points_are_refused_or_counted_in_those_of_canvas() -> None:
    text = GRADEBOOK.replace("5.00,4.00", "100.00,4.00")
    with pytest.raises(UsageError, match=r"has 100 points for jacobians, and the course 5: .* --scale"):
        filled(text)
    assert [row[6] for row in cells(filled(text, scale=True).data)[2:5]] == ["100.00", "90", "20"]


def test_a_column_is_named_where_its_title_is_another() -> None:
    text = GRADEBOOK.replace("Jacobians by hand", "Homework 1")
    assert any("jacobians is not in grades.csv" in notice for notice in filled(text).notices)
    for asked in ("4711", "Homework 1", "Homework 1 (4711)"):
        assert cells(filled(text, columns=[("jacobians", asked)]).data)[3][6] == "4.5"
    with pytest.raises(UsageError, match="has no column '4999'; it has 'Notes', 'Homework 1"):
        filled(text, columns=[("jacobians", "4999")])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Name,Punkte\nAda,3\n", "is not Canvas's gradebook"),
        (GRADEBOOK.replace("    Points Possible", "Points"), "has no row `Points Possible`"),
        (GRADEBOOK + '"Lovelace, Ada",101,,,,,,,,\n', "rows 4 and 7 have the same id, '101'"),
        (GRADEBOOK + '"Lovelace, Ada",103,,alice,,,,,,\n', "rows 4 and 7 are both alice"),
        (GRADEBOOK.replace("u102", "alice"), "row 5 is alice and bob by what stands in it"),
        (GRADEBOOK.replace("Essay (4713)", "Jacobians by hand (4713)"), "has 2 columns for jacobians"),
        (GRADEBOOK.replace("Jacobians by hand", "One").replace("Beyond, and back", "Two"), "--column jacobians=NUMBER"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_refused_in_one_message(text, told) -> None:
    with pytest.raises(UsageError, match=r"^grades\.csv") as refused:
        filled(text)
    assert told in str(refused.value)


def test_a_new_gradebook_has_canvas_columns_and_the_row_of_the_points() -> None:
    people = {"bob": Person(number="102", user="u102", login="bob@example.edu")}
    found = cells(canvas_anew(COURSE, REPORTS, people, {"jacobians": "4711"}).data)
    assert found == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Jacobians by hand (4711)", "Beyond, and back"],
        ["    Points Possible", "", "", "", "", "5", "4"],
        ["alice", "", "", "alice", "", "4.5", "EX"],
        ["bob", "102", "u102", "bob@example.edu", "", "1", "4"],
    ]


def test_of_a_new_gradebook_no_cell_is_a_formula_and_ids_stay_as_they_are() -> None:
    reports = [the_report(name, manual_jacobian=1.0, sigmoid_grad=0.0) for name in ("=cmd|' /C calc'!A0", "+49.x@a-b")]
    _, _, first, second = cells(canvas_anew(COURSE.select("jacobians"), reports, {}, {}).data)
    assert (first[0], first[3]) == ("'+49.x@a-b", "+49.x@a-b")
    assert second[0][0] == second[3][0] == "'"


def test_an_assignment_that_is_graded_in_part_has_no_points_yet() -> None:
    with pytest.raises(UsageError, match="of jacobians there are no results of sigmoid_grad"):
        filled(reports=[the_report("alice", manual_jacobian=2.0)])
    with pytest.raises(UsageError, match="there are no results of jacobians, extras"):
        filled(reports=[])
