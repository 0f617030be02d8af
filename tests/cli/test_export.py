"""`grader export`, from a class that was graded to a file that the service reads."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from commands import run_module
from repository import course_text, reference, write_course

if TYPE_CHECKING:
    from pathlib import Path

GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Jacobians (4711),Shapes (4712),Final Score
    Points Possible,,,,,{jacobians},{shapes},(read only)
"Lovelace, Ada",101,,alice,A,,,
"Müller, Bo",102,,bob,A,,,
"""
WORKSHEET = """\
ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden","Zuletzt geändert (Bewertung)"
"Teilnehmer/in20131","Ada Lovelace",alice,"Zur Bewertung abgegeben",,"{possible}",Ja,-
"Teilnehmer/in20132","Bo Müller",bob,"Zur Bewertung abgegeben",,"{possible}",Ja,-
"""


COURSE = course_text(
    "jacobians/manual_jacobian", "shapes/predict_jacobian_shapes", limits="{cpu_seconds: 1, wall_seconds: 1}"
)


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the results of two students, of whom one is right in the first assignment."""
    root = write_course(tmp_path_factory.mktemp("graded") / "course", COURSE)
    answers = {"alice": reference("jacobians/manual_jacobian"), "bob": "def manual_jacobian(x):\n    return None\n"}
    for student, source in answers.items():
        path = root / "submitted" / student / "jacobians" / "manual_jacobian.py"
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")
    run_module("grader.cli", "grade", "submitted", "--no-repair", "--quiet", "--db", "record.sqlite", root=root)
    return root


@pytest.fixture
def graded(run, graded_class: Path):
    """How to export of that class."""

    def export(*arguments: object):
        return run("--course", graded_class, "export", *arguments, "--db", graded_class / "record.sqlite")

    return export


@pytest.fixture
def possible(graded) -> dict[str, str]:
    found = json.loads(graded("json").out)
    return {each["id"]: f"{each['max_score']:.2f}" for each in found["assignments"]}


@pytest.mark.slow
def test_plain_forms_hold_what_grades_csv_holds(graded, graded_class: Path) -> None:
    code, out, _ = graded("csv")
    assert code == 0
    assert out == (graded_class / "results" / "grades.csv").read_text(encoding="utf-8")
    found = json.loads(graded("json").out)
    assert (found["format_version"], found["course"]) == (1, "A small course")
    assert {(each["student"], each["exercise"]): each["score"] for each in found["grades"]} == {
        (line["student"], line["exercise"]): float(line["score"]) for line in csv.DictReader(io.StringIO(out))
    }
    (only,) = json.loads(graded("json", "--assignment", "shapes").out)["assignments"]
    assert only["id"] == "shapes"


def test_canvas_reads_its_own_gradebook_back(graded, possible, tmp_path: Path) -> None:
    before = GRADEBOOK.format(**possible)
    (tmp_path / "Grades.csv").write_text(before, encoding="utf-8")
    code, _, err = graded("canvas", "--into", tmp_path / "Grades.csv", "--out", tmp_path / "back.csv")
    assert code == 0, err
    old, new = (
        list(csv.reader(io.StringIO(text))) for text in (before, (tmp_path / "back.csv").read_text(encoding="utf-8"))
    )
    assert [[*row[:5], row[7]] for row in new] == [[*row[:5], row[7]] for row in old]
    assert [row[5] for row in new] == [
        "Jacobians (4711)",
        possible["jacobians"],
        f"{float(possible['jacobians']):g}",
        "0",
    ]
    assert [row[6] for row in new[2:]] == ["0", "0"]


def test_moodle_reads_its_own_worksheet_back(graded, possible, tmp_path: Path) -> None:
    most = possible["jacobians"].replace(".", ",")
    before = WORKSHEET.format(possible=most)
    (tmp_path / "worksheet.csv").write_text(before, encoding="utf-8")
    options = ("--assignment", "jacobians", "--into", tmp_path / "worksheet.csv")
    code, _, err = graded("moodle", *options, "--out", tmp_path / "back.csv")
    assert code == 0, err
    old, new = (
        list(csv.reader(io.StringIO(text))) for text in (before, (tmp_path / "back.csv").read_text(encoding="utf-8"))
    )
    assert [row[:4] + row[5:] for row in new] == [row[:4] + row[5:] for row in old]
    assert [row[4] for row in new] == ["Bewertung", f"{float(possible['jacobians']):g}", "0"]
    assert graded("moodle-feedback", *options, "--out", tmp_path / "back.zip").code == 0
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        assert archive.namelist() == [
            "Ada Lovelace_20131_assignsubmission_file/jacobians.html",
            "Bo Müller_20132_assignsubmission_file/jacobians.html",
        ]


def test_pages_of_all_are_one_archive(graded, graded_class: Path, tmp_path: Path) -> None:
    assert graded("feedback", "--out", tmp_path / "pages.zip").code == 0
    with zipfile.ZipFile(tmp_path / "pages.zip") as archive:
        pages = {name: archive.read(name) for name in archive.namelist()}
    assert pages == {
        path.relative_to(graded_class / "results" / "feedback").as_posix(): path.read_bytes()
        for path in (graded_class / "results" / "feedback").rglob("*.html")
    }


def test_an_archive_is_not_printed(graded) -> None:
    code, out, err = graded("feedback")
    assert (code, out) == (2, "")
    assert "name its file with --out" in err


def test_one_students_result_is_as_gradescope_and_prairielearn_read_it(graded) -> None:
    code, out, _ = graded(
        "gradescope", "--student", "alice", "--assignment", "jacobians", "--hidden", "after_published"
    )
    found = json.loads(out)
    assert code == 0
    assert found["score"] == sum(test["max_score"] for test in found["tests"])
    assert {test["visibility"] for test in found["tests"]} == {"visible", "after_published"}
    found = json.loads(graded("prairielearn", "--student", "bob", "--assignment", "jacobians").out)
    assert (found["gradable"], found["score"]) == (True, 0.0)


def test_who_is_not_in_the_services_file_ends_in_exit_code_1_and_the_others_are_written(
    graded, possible, tmp_path
) -> None:
    text = GRADEBOOK.format(**possible).replace("bob", "bert")
    (tmp_path / "Grades.csv").write_text(text, encoding="utf-8")
    code, _, err = graded("canvas", "--into", tmp_path / "Grades.csv", "--out", tmp_path / "back.csv")
    assert code == 1
    assert "results that are not in the file (1):\n  bob is in no row of Grades.csv" in err
    assert (
        (tmp_path / "back.csv").read_text(encoding="utf-8").splitlines()[2].startswith('"Lovelace, Ada",101,,alice,A,')
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("canvas", "--into", "{latin}"), "latin.csv is not in UTF-8 (byte 0xfc in line 2)"),
        (("canvas", "--into", "{cut}"), "cut.csv: line 2 is not CSV"),
        (("canvas", "--into", "{good}", "--out", "{good}"), "which is the service's own file"),
        (("canvas", "--into", "{good}", "--column", "shapes"), "--column shapes: write the assignment"),
        (
            ("canvas", "--into", "{good}", "--column", "shape=4711"),
            "there is no assignment 'shape'; did you mean 'shapes'?",
        ),
        (("moodle", "--into", "{good}"), "a grading worksheet is about one assignment"),
        (("moodle", "--into", "{good}", "--assignment", "shapes"), "is not Moodle's grading worksheet"),
        (("gradescope", "--student", "alcie", "--assignment", "shapes"), "did you mean 'alice'?"),
        (("gradescope", "--student", "alice"), "is about one assignment"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(graded, tmp_path: Path, arguments, told) -> None:
    files = {"latin": b"Student,ID\nM\xfcller,1\n", "cut": b'Student,ID\n"Ada', "good": GRADEBOOK.encode()}
    for name, data in files.items():
        (tmp_path / f"{name}.csv").write_bytes(data)
    places = {name: str(tmp_path / f"{name}.csv") for name in files}
    asked = [each.format(**places) for each in arguments]
    before = sorted(tmp_path.iterdir())
    code, out, err = graded(*asked, *([] if "--out" in asked else ["--out", tmp_path / "new" / "out.csv"]))
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("grader: ") == 1
    assert "Traceback" not in err
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "good.csv").read_bytes() == files["good"]
