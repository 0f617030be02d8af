"""Moodle's grading worksheet in any language comes back with grades alone changed; feedback is where Moodle looks for it."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from grader.errors import UsageError
from grader.judging.verdicts import Verdict
from grader.reports.export.moodle import moodle, moodle_feedback
from grader.reports.export.people import Person
from grader.reports.export.sheet import read_sheet
from reports import COURSE, page, result, the_report

PART = COURSE.select("jacobians")
ENGLISH = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)","Online text","Last modified (grade)","Feedback comments"
"Participant 20131","Ada Lovelace",7001,alice@example.edu,"Submitted for grading - ",,5.00,Yes,"Friday, 30 January 2026, 11:58 PM","",-,
"Participant 20132","Bo Müller",7002,bob@example.edu,"Submitted for grading - Graded - ",4.00,5.00,Yes,"Friday, 30 January 2026, 11:59 PM","x = 1
y = 2","Saturday, 31 January 2026, 8:00 AM","good"
"Participant 20133","Cy Nobody",7003,cy@example.edu,"No submission - ",,5.00,Yes,-,"",-,
"""
GERMAN = """\
ID,"Vollständiger Name",E-Mail-Adresse,Status,Gruppe,Bewertung,Bestwertung,"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Kommentare"
"Teilnehmer/in20131","Ada Lovelace",alice@example.edu,"Zur Bewertung abgegeben",G1,,"5,00",Ja,"30.01.2026, 23:58",-,
"Teilnehmer/in20132","Bo Müller",bob@example.edu,"Zur Bewertung abgegeben",G1,"4,00","5,00",Ja,"30.01.2026, 23:59",-,
"""
REPORTS = [
    the_report("alice", manual_jacobian=2.0, sigmoid_grad=2.5),
    the_report("7002", manual_jacobian=1.0, sigmoid_grad=0.0),
]
PEOPLE = {"alice": Person(ids=frozenset(["Alice@Example.edu"])), "7002": Person(ids=frozenset(["20132"]))}


def cells(data: bytes) -> list[list[str]]:
    """As Moodle reads it: commas, UTF-8."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def filled(text: str = ENGLISH, reports=REPORTS, people=PEOPLE, *, scale: bool = False):
    return moodle(PART, reports, read_sheet(text.encode(), "worksheet.csv"), people, scale=scale)


def changed(text: str, done) -> dict[tuple[int, str], tuple[str, str]]:
    before, after = cells(text.encode()), cells(done.data)
    assert [len(row) for row in after] == [len(row) for row in before]
    return {
        (row, before[0][column]): (old, after[row][column])
        for row in range(len(before))
        for column, old in enumerate(before[row])
        if old != after[row][column]
    }


def test_grades_alone_are_new_and_all_else_stays_letter_by_letter() -> None:
    done = filled()
    assert changed(ENGLISH, done) == {(1, "Grade"): ("", "4.5"), (2, "Grade"): ("4.00", "1")}
    assert done.unplaced == ()


def test_headings_of_another_language_stay_and_a_comma_in_numbers_too() -> None:
    done = filled(GERMAN)
    assert changed(GERMAN, done) == {(1, "Bewertung"): ("", "4,5"), (2, "Bewertung"): ("4,00", "1")}


def test_a_worksheet_that_a_spreadsheet_saved_is_given_back_as_moodle_reads_it() -> None:
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";", lineterminator="\r\n").writerows(cells(GERMAN.encode()))
    done = filled("\ufeff" + sheet.getvalue())
    assert changed(GERMAN, done) == {(1, "Bewertung"): ("", "4,5"), (2, "Bewertung"): ("4,00", "1")}


def test_a_student_is_the_participant_of_the_name_and_number_that_collecting_gave() -> None:
    done = filled(reports=[the_report("Ada Lovelace_20131", manual_jacobian=2.0, sigmoid_grad=3.0)], people={})
    assert changed(ENGLISH, done) == {(1, "Grade"): ("", "5")}
    done = filled(reports=[the_report("Ada Lovelace_20132", manual_jacobian=2.0, sigmoid_grad=3.0)], people={})
    assert changed(ENGLISH, done) == {}
    assert done.unplaced[0].startswith("Ada Lovelace_20132 is in no row of worksheet.csv")


def test_a_worksheet_that_keeps_names_secret_is_filled_by_number() -> None:
    rows = [[row[0], *row[4:]] for row in cells(ENGLISH.encode())]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    people = {"alice": Person(ids=frozenset(["20131"]))}
    done = filled(text.getvalue(), reports=REPORTS[:1], people=people)
    assert changed(text.getvalue(), done) == {(1, "Grade"): ("", "4.5")}


def test_another_maximum_is_refused_or_counted_in() -> None:
    text = ENGLISH.replace("5.00", "10.00")
    with pytest.raises(UsageError, match=r"has a maximum grade of 10, and jacobians 5 points: .* --scale"):
        filled(text)
    assert changed(text, filled(text, scale=True)) == {(1, "Grade"): ("", "9"), (2, "Grade"): ("4.00", "2")}


def test_what_is_not_judged_in_full_keeps_what_moodle_has() -> None:
    unjudged = the_report("7002", "jacobians", result("manual_jacobian", verdict=Verdict.JUDGE_ERROR), sigmoid_grad=3.0)
    done = filled(reports=[REPORTS[0], unjudged])
    assert changed(ENGLISH, done) == {(1, "Grade"): ("", "4.5")}
    assert done.notices == ("not judged in full, so without a grade here: 7002",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Name,Punkte\nAda,3\n", "is not Moodle's grading worksheet"),
        ("Identifier,Grade,Maximum grade\n", "is not Moodle's grading worksheet"),
        (ENGLISH.replace("5.00", '"A\nB"'), "has no column of grades"),
        (GERMAN.replace("G1", "7").replace("Zur Bewertung abgegeben", "7"), "has no column of grades"),
        (ENGLISH.replace("20132", "20131"), "rows 2 and 3 have the same id, '20131'"),
        (ENGLISH.replace("7003", "7002"), "rows 3 and 4 are both 7002"),
    ],
)
def test_what_is_unclear_is_refused_in_one_message(text, told) -> None:
    with pytest.raises(UsageError, match=r"^worksheet\.csv") as refused:
        filled(text)
    assert told in str(refused.value)


def test_a_worksheet_is_about_one_assignment() -> None:
    with pytest.raises(UsageError, match="about one assignment: name it with --assignment, out of jacobians, extras"):
        moodle(COURSE, REPORTS, read_sheet(ENGLISH.encode(), "worksheet.csv"), PEOPLE)


def looked_for(name: str) -> tuple[str, str, str]:
    """What Moodle takes from a path in the archive: the participant, the plugin, and the file's own name."""
    folder, _, file = name.partition("/")
    words = folder.split("_", 4)
    assert len(words) >= 4
    assert words[1].isdigit()
    return words[1], f"{words[2]}_{words[3]}", file


def test_pages_lie_where_moodle_looks_for_a_participants_files() -> None:
    odd = ENGLISH.replace("Bo Müller", "Bo_M/üller_9")
    done = moodle_feedback(PART, REPORTS, read_sheet(odd.encode(), "worksheet.csv"), PEOPLE, {}, page)
    with zipfile.ZipFile(io.BytesIO(done.data)) as archive:
        found = {looked_for(name): archive.read(name).decode() for name in archive.namelist()}
    assert set(found) == {(number, "assignsubmission_file", "jacobians.html") for number in ("20131", "20132")}
    assert "4.5 of 5 points" in found["20131", "assignsubmission_file", "jacobians.html"]
    assert done.unplaced == ()


def test_the_same_reports_give_the_same_archive() -> None:
    sheet = read_sheet(ENGLISH.encode(), "worksheet.csv")
    assert moodle_feedback(PART, REPORTS, sheet, PEOPLE, {}, page) == moodle_feedback(
        PART, REPORTS, sheet, PEOPLE, {}, page
    )
