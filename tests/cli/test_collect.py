"""`grader collect`: from a download to grades, in two commands."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from downloads import zipped
from repository import course_text, reference, write_course

M = reference("jacobians/manual_jacobian")
STUB = "def manual_jacobian(f, x, h=1e-6):\n    raise NotImplementedError\n"
METADATA = """\
submission_1:
  :submitters:
  - :name: Anna Schmidt
    :sid: '17'
    :email: as@uni.example
  :created_at: 2026-11-20 21:05:07.5 Z
submission_2:
  :submitters:
  - :name: Bo Li
    :sid: '18'
    :email: bo@uni.example
  :created_at: 2026-11-20 22:00:00 Z
"""


@pytest.fixture
def gradescope(tmp_path):
    """An export in which Anna has an answer, and Bo handed in something else."""
    path = tmp_path / "assignment_1_export.zip"
    files = {
        "submission_metadata.yml": METADATA,
        "submission_1/manual_jacobian.py": M,
        "submission_2/notes.pdf": "%PDF",
    }
    path.write_bytes(zipped({f"assignment_1_export/{name}": text for name, text in files.items()}))
    return path


@pytest.mark.slow
def test_what_was_collected_is_graded_with_the_services_time(run, course, gradescope, grades, tmp_path):
    into, out = tmp_path / "submitted", tmp_path / "out"
    ran = run("--course", course, "collect", gradescope, "--into", into)
    assert "grader: not collected (1):" in ran.err
    assert "'submission_2' of 18: holds no program and no notebook, but 'notes.pdf'" in ran.err
    assert (ran.code, "1 attempt written, 0 known already, of 1 student;" in ran.out) == (1, True)
    ran = run("--course", course, "grade", into, "--out", out, "--no-repair")
    assert (ran.code, "18: No answer is in its place" in ran.err, "17: No answer" in ran.err) == (1, True, False)
    line = grades(out)["17", "manual_jacobian"]
    assert (line["verdict"], line["submitted_at"]) == ("ACCEPTED", "2026-11-20T21:05:07Z")


def test_a_dry_run_prints_who_what_and_where(run, course, gradescope, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    ran = run("--course", course, "collect", gradescope, "--into", tmp_path / "submitted", "--dry-run")
    for word in (
        "Anna Schmidt (17)",
        "submission_1",
        "jacobians/manual_jacobian.py",
        "2026-11-20T21:05:07Z",
        "the service",
        "new",
    ):
        assert word in ran.out
    assert "1 attempt would be written" in ran.out
    assert not (tmp_path / "submitted").exists()


def test_a_notebook_that_answers_several_exercises_is_one_line(run, tmp_path, monkeypatch):
    """It says how many, and is whole in a narrow terminal too."""
    monkeypatch.setenv("COLUMNS", "40")
    course = write_course(tmp_path / "two", course_text("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian"))
    cells = [new_code_cell(M), new_code_cell(reference("jacobians/linear_layer_jacobian"))]
    source = tmp_path / "handed-in.zip"
    source.write_bytes(zipped({"doe_1_2_jacobians.ipynb": nbformat.writes(new_notebook(cells=cells))}))
    ran = run("--course", course, "collect", source, "--into", tmp_path / "submitted")
    who, line, last = ran.out.splitlines()
    assert who == "doe_1  doe (1)"
    assert line.endswith("by the download  new, 2 exercises  from doe_1_2_jacobians.ipynb")
    assert last.startswith("2 attempts written, 0 known already, of 1 student;")


@pytest.mark.slow
def test_of_a_file_and_a_notebook_that_were_both_worked_on_student_and_instructor_are_told_which_counts(
    run, course, tmp_path
):
    """As where they lie in a class's folder, although the other is not kept."""
    wrong = M.replace("2 * x", "x")
    assert wrong != M
    text = nbformat.writes(new_notebook(cells=[new_code_cell(M)]))
    source, out = tmp_path / "handed-in.zip", tmp_path / "out"
    files = {"manual_jacobian.py": wrong, "manual_jacobian.ipynb": text, "plots.py": "x = 1"}
    source.write_bytes(zipped({f"Ann_1_assignsubmission_file_/{name}": data for name, data in files.items()}))
    told = "jacobians/manual_jacobian.py is graded, not manual_jacobian.ipynb beside it"
    ran = run("--course", course, "collect", source, "--into", tmp_path / "submitted")
    assert f"of Ann_1: {told}" in ran.err
    assert "another file answers that: 'plots.py'" in ran.err
    assert run("--course", course, "grade", tmp_path / "submitted", "--out", out, "--no-repair").code == 0
    assert told in (out / "feedback" / "Ann_1" / "jacobians.html").read_text(encoding="utf-8")


def test_json_has_every_row_and_what_was_left(run, course, gradescope, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("login;e-mail\nanna;as@uni.example\nbo;bo@uni.example\ncy;cy@uni.example\n")
    ran = run("--course", course, "collect", gradescope, "--into", tmp_path / "in", "--roster", roster, "--json")
    told = json.loads(ran.out)
    assert [(row["student"], row["place"], row["by"], row["state"]) for row in told["rows"]] == [
        ("anna", "jacobians/manual_jacobian.py", "service", "new")
    ]
    assert (len(told["problems"]), told["absent"], told["dry_run"], ran.code) == (1, ["cy"], False, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.zip"], "there is no nothing.zip"),
        (["class", "--roster", "none.csv"], "none.csv cannot be read"),
        (["class", "--exercise", "manual_jacobain"], "did you mean 'manual_jacobian'?"),
        ([], "Missing argument 'SOURCE...'"),
    ],
)
def test_a_wrong_command_is_told_in_a_sentence(run, course, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    ran = run("--course", course, "collect", *arguments)
    assert (ran.code, message in ran.err) == (2, True)


@pytest.mark.slow
def test_every_attempt_goes_into_the_record_in_its_order_and_the_newest_counts(run, course, grades, tmp_path):
    """Once, however often the class is graded."""
    into, out = tmp_path / "submitted", tmp_path / "out"
    for day, number, text in ((20, 2, "first = 1"), (21, 3, "second = 2"), (22, 4, M)):
        source = tmp_path / f"{day}.zip"
        source.write_bytes(zipped({f"doe_1_{number}_manual_jacobian.py": text}, day))
        assert run("--course", course, "collect", source, "--into", into).code == 0
    for _ in range(2):
        assert run("--course", course, "grade", into, "--out", out, "--no-repair").code == 0
    assert grades(out)["doe_1", "manual_jacobian"]["verdict"] == "ACCEPTED"
    with sqlite3.connect(os.environ["GRADER_DB"]) as record:
        found = record.execute(
            "SELECT attempt.submitted_at, content.data FROM attempt JOIN content ON content.hash = attempt.content ORDER BY id"
        ).fetchall()
    assert [(at, zlib.decompress(data).decode()) for at, data in found] == [
        ("2026-11-20T08:00:00Z", "first = 1"),
        ("2026-11-21T08:00:00Z", "second = 2"),
        ("2026-11-22T08:00:00Z", M),
    ]


@pytest.mark.slow
def test_a_stub_of_another_release_is_told_from_an_answer_by_what_the_exercise_asks_for(run, course, tmp_path):
    source = tmp_path / "class.zip"
    source.write_bytes(
        zipped(
            {
                "Anna_1_assignsubmission_file_/manual_jacobian.py": STUB,
                "Bo_2_assignsubmission_file_/manual_jacobian.py": M,
            }
        )
    )
    ran = run("--course", course, "collect", source, "--into", tmp_path / "in", "--json")
    assert [row["student"] for row in json.loads(ran.out)["rows"]] == ["Bo_2"]


def test_collecting_compiles_no_answer_key(run, course, tmp_path, monkeypatch):
    """A file of a wrong name is looked into, for which the text of the solution says what is asked for."""
    monkeypatch.setattr("grader.building.compiler.compile_exercise", lambda *_: pytest.fail("a key was compiled"))
    source = tmp_path / "class.zip"
    source.write_bytes(
        zipped({"Anna_1_assignsubmission_file_/mine.py": M, "Bo_2_assignsubmission_file_/manual_jacobian.py": STUB})
    )
    ran = run("--course", course, "collect", source, "--into", tmp_path / "in")
    assert (ran.code, "'mine.py' may answer manual_jacobian" in ran.err) == (1, True)
