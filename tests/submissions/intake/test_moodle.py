"""Moodle's download, with and without folders."""

from __future__ import annotations

import pytest

from downloads import answer, zipped

WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 1013,Jürgen Müller,jm@uni.example,Submitted for grading,-,100.00,Yes,"Friday, 20 November 2026, 11:05 PM",-,
Participant 1014,Anna-Lena Schmidt,al@uni.example,Submitted for grading,-,100.00,Yes,"Friday, 20 November 2026, 11:06 PM",-,
"""
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status
Teilnehmer/in1013;Jürgen Müller;jm@uni.example;Zur Bewertung abgegeben
Teilnehmer/in1014;Anna-Lena Schmidt;al@uni.example;Zur Bewertung abgegeben
"""
FINNISH = GERMAN.replace("ID;Vollständiger Name;E-Mail-Adresse", "Tunniste;Koko nimi;Sähköposti").replace(
    "Teilnehmer/in", "Osallistuja "
)
JUERGEN, ANNA = answer("manual_jacobian", " + 1"), answer("sigmoid_grad", " + 2")
EVE = answer("manual_jacobian", " + 9")
FOLDERS = {
    "Jürgen Müller_1013_assignsubmission_file_/manual_jacobian.py": JUERGEN,
    "Anna-Lena Schmidt_1014_assignsubmission_file_/hw/sigmoid_grad.py": ANNA,
}
LATER = {name.replace("_file_/", "_file/"): text for name, text in FOLDERS.items()}
FLAT = {
    "Jürgen Müller_1013_assignsubmission_file_manual_jacobian.py": JUERGEN,
    "Anna-Lena Schmidt_1014_assignsubmission_file_sigmoid_grad.py": ANNA,
}


@pytest.mark.parametrize("files", [FOLDERS, LATER, FLAT])
@pytest.mark.parametrize("unzipped", [False, True])
def test_all_forms_are_read_zipped_and_unzipped(collect, download, files, unzipped):
    name = "CALC-Week 1-4711"
    done = collect(download(name, files) if unzipped else download(f"{name}.zip", zipped(files)))
    assert done.problems == ""
    assert done.files == {
        "Jürgen Müller_1013/jacobians/manual_jacobian.py": JUERGEN,
        "Anna-Lena Schmidt_1014/jacobians/sigmoid_grad.py": ANNA,
    }
    assert "Moodle numbers its participants anew" in done.notices


@pytest.mark.parametrize("roster", [WORKSHEET, GERMAN, FINNISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_grading_worksheet_is_a_roster_in_any_language_and_encoding(collect, download, roster, encoding):
    done = collect(download("m.zip", zipped(FOLDERS)), roster=roster.encode(encoding))
    assert done.problems == ""
    assert {row[0] for row in done.rows} == {"jm@uni.example", "al@uni.example"}


def test_the_next_assignments_numbers_are_others_and_the_names_still_match(collect, download):
    files = {name.replace("_10", "_20"): text for name, text in FOLDERS.items()}
    done = collect(download("m.zip", zipped(files)), roster=WORKSHEET)
    assert {row[0] for row in done.rows} == {"jm@uni.example", "al@uni.example"}


def test_a_groups_name_before_the_students_is_no_part_of_it(collect, download):
    files = {"Team A-Anna-Lena Schmidt_2014_assignsubmission_file_/sigmoid_grad.py": ANNA}
    assert collect(download("m.zip", zipped(files)), roster=WORKSHEET).rows[0][0] == "al@uni.example"


def test_of_namesakes_none_is_guessed(collect, download):
    files = {f"Anna Schmidt_{number}_assignsubmission_file_/sigmoid_grad.py": ANNA for number in (1, 2)}
    done = collect(download("m.zip", zipped(files)), roster="login,name\na1,Anna Schmidt\na2,Anna Schmidt\n")
    assert (done.rows, done.problems.count("may be a1 or a2: the roster does not tell them apart")) == ([], 2)
    done = collect(download("m.zip", zipped(files)), roster="login,name\na1,Anna Schmidt\n")
    assert (done.rows, done.problems.count("is that one person?")) == ([], 2)


def test_a_file_that_is_named_as_another_students_is_its_own_students(collect, download):
    files = FLAT | {"Eve_1_assignsubmission_file__1013_assignsubmission_file_manual_jacobian.py": EVE}
    done = collect(download("m.zip", zipped(files)))
    assert done.files["Jürgen Müller_1013/jacobians/manual_jacobian.py"] == JUERGEN
    assert done.files["Eve_1/jacobians/manual_jacobian.py"] == EVE


def test_a_folder_with_nothing_in_it_and_a_text_are_listed(collect, download):
    files = FOLDERS | {"Bo_7_assignsubmission_file_/": "", "Cy_8_assignsubmission_onlinetext_/onlinetext.html": "<p>"}
    done = collect(download("m.zip", zipped(files)))
    assert "'Bo_7_assignsubmission_file_' holds no file: nothing was handed in" in done.problems
    assert "of Cy_8: holds no program and no notebook, but 'onlinetext.html'" in done.problems
    assert len(done.rows) == 2


def test_a_file_with_another_name_among_moodles_is_listed(collect, download):
    done = collect(download("m.zip", zipped(FOLDERS | {"notes.py": "x"})))
    assert "'notes.py' has no name as Moodle gives it" in done.problems
    assert len(done.rows) == 2


def test_a_name_in_decomposed_letters_is_the_same_name(collect, download):
    files = {"Ju\u0308rgen Mu\u0308ller_1_assignsubmission_file_/manual_jacobian.py": JUERGEN}
    assert collect(download("m", files), roster="login,name\njm,Jürgen Müller\n").rows[0][0] == "jm"
    assert collect(download("n", files)).rows[0][0] == "Jürgen Müller_1"
