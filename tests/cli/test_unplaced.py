"""What a run says of files that are not simply in their places, on the screen, in the report and on the page."""

from __future__ import annotations

import csv
import html
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from downloads import zipped
from repository import ROOT, write_course

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

COURSE = """\
title: A small course
seed: 5182938110948216032
assignments:
  - {id: jacobians, title: J, exercises: [manual_jacobian]}
  - {id: activations, title: A, exercises: [relu_grad, sigmoid_grad]}
"""
PATHS = {"manual_jacobian": "jacobians", "relu_grad": "activations", "sigmoid_grad": "activations"}
ANSWERS = {name: next(ROOT.glob(f"solutions/*/{name}.py")).read_text() for name in PATHS}
STUBS = {name: next(ROOT.glob(f"exercises/*/{name}.py")).read_text() for name in PATHS}


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", COURSE)


@pytest.fixture
def grade(run, course: Path, tmp_path: Path):
    """Write files below submitted/, grade them, and give what was said, below the line that names the course, and the scores."""

    def graded(files: dict[str, str], *more: str) -> tuple[Any, dict[tuple[str, str], str]]:
        for name, content in files.items():
            path = tmp_path / "submitted" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        ran = run("--course", course, "grade", tmp_path / "submitted", "--out", tmp_path / "out", *more)
        ran = ran._replace(err=ran.err.removeprefix(f"course: A small course, in {course}\n"))
        with (tmp_path / "out" / "grades.csv").open(newline="", encoding="utf-8") as file:
            return ran, {(line["student"], line["exercise"]): line["score"] for line in csv.DictReader(file)}

    return graded


def told(out: Path, student: str, assignment: str) -> tuple[str, str]:
    """All of a student's report and page, as text."""
    report = (out / "reports" / student / f"{assignment}.json").read_text()
    return report, html.unescape((out / "feedback" / student / f"{assignment}.html").read_text())


def test_a_solved_notebook_beside_the_stubs_that_came_with_it_has_its_points(grade) -> None:
    files = {f"anna/{PATHS[name]}/{name}.py": stub for name, stub in STUBS.items()}
    files["anna/jacobians/manual_jacobian.ipynb"] = notebook(ANSWERS["manual_jacobian"])
    files["anna/activations/activations.ipynb"] = notebook(STUBS["relu_grad"], ANSWERS["sigmoid_grad"])
    ran, scores = grade(files)
    assert (ran.code, ran.err) == (0, "")
    assert scores["anna", "manual_jacobian"] == "5.0"
    assert (scores["anna", "relu_grad"], float(scores["anna", "sigmoid_grad"]) > 0) == ("0.0", True)


def test_what_was_taken_from_elsewhere_is_told_in_the_run_the_report_and_the_page(grade, tmp_path: Path) -> None:
    ran, scores = grade({"anna/manual_jacobian (1).py": ANSWERS["manual_jacobian"]})
    assert (ran.code, scores["anna", "manual_jacobian"]) == (0, "5.0")
    assert "anna: graded although not in its place: 'manual_jacobian (1).py'" in ran.err
    for text in told(tmp_path / "out", "anna", "jacobians"):
        assert "'manual_jacobian (1).py' is graded, which belongs at jacobians/manual_jacobian.py" in text


def test_that_py_won_over_a_notebook_is_told_in_the_run_the_report_and_the_page(grade, tmp_path: Path) -> None:
    ran, _ = grade({"anna/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"],
                    "anna/jacobians/jacobians.ipynb": notebook(ANSWERS["manual_jacobian"])})  # fmt: skip
    sentence = "jacobians/manual_jacobian.py is graded, not jacobians.ipynb beside it"
    assert (ran.code, ran.err) == (0, f"note: anna: {sentence}\n")
    assert all(sentence in text for text in told(tmp_path / "out", "anna", "jacobians"))


@pytest.mark.parametrize("stub", [True, False])
def test_what_may_be_an_answer_fails_the_run_in_the_words_of_the_report_and_the_page(
    grade, tmp_path: Path, *, stub: bool
) -> None:
    files = {"anna/jacobians/manual_jacobain.py": ANSWERS["manual_jacobian"],
             "ben/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"], "ben/notes.txt": ""}  # fmt: skip
    if stub:
        files["anna/jacobians/manual_jacobian.py"] = STUBS["manual_jacobian"]
    ran, scores = grade(files)
    sentence = (
        "No answer is in its place at jacobians/manual_jacobian.py (or .ipynb); 'jacobians/manual_jacobain.py' may be one,"
        " and was not graded: hand in your answer as that file"
    )
    assert (ran.code, scores["anna", "manual_jacobian"], scores["ben", "manual_jacobian"]) == (1, "0.0", "5.0")
    assert f"grader: not graded, though there may be answers in it (1):\n  anna: {sentence}\n" in ran.err
    for text in told(tmp_path / "out", "anna", "jacobians"):
        assert sentence in text
        assert "Nothing was handed in" not in text
    assert "Nothing was handed in" in told(tmp_path / "out", "anna", "activations")[1]
    ran, _ = grade({}, "--json", "--student", "anna")
    assert json.loads(ran.out)["unplaced"] == [f"anna: {sentence}"]


def test_the_page_on_the_class_begins_with_what_the_run_named(run, grade, course: Path, tmp_path: Path) -> None:
    """What may be an answer, beside a stub or alone, and who is gone; not who handed in nothing, or something of no exercise."""
    files = {"anna/jacobians/manual_jacobain.py": ANSWERS["manual_jacobian"], "cleo/jacobians/helpers.py": "def helper(): ...",
             "ben/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"], "dan/activations/relu_grad.py": STUBS["relu_grad"],
             "dan/activations/relu_gard.py": ANSWERS["relu_grad"]}  # fmt: skip
    grade(files, "--no-repair")
    shutil.rmtree(tmp_path / "submitted" / "ben")
    grade({}, "--no-repair")
    assert run("--course", course, "report", "--results", tmp_path / "out", "--csv", tmp_path / "csv").code == 0
    with (tmp_path / "csv" / "look-first.csv").open(newline="", encoding="utf-8") as file:
        found = [(line["what"], line["of"], line["students"]) for line in csv.DictReader(file)]
    assert found == [
        ("may be an answer, and was not graded", "manual_jacobian", "anna"),
        ("may be an answer, and was not graded", "relu_grad", "dan"),
        ("not among the submissions any more", "all", "ben"),
    ]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.index("manual_jacobain.py") < page.index("<h2>Points by assignment")
    assert '<a href="feedback/ben/jacobians.html">5</a>' in page


def test_a_folder_whose_name_no_student_can_have_fails_the_run(grade) -> None:
    """Its answers were not graded, so it is named in red, beside others that were."""
    ran, _ = grade({f"{name}/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"] for name in ("a\nb", "anna")})
    assert ran.code == 1
    line = "'a\\nb' is no name for a student: nothing in that folder was graded; rename it"
    assert f"grader: not graded, though there may be answers in it (1):\n  {line}\n" in ran.err


def test_what_collect_could_not_place_fails_the_run_and_is_told_everywhere_until_it_is_settled(
    run, grade, course: Path, tmp_path: Path
) -> None:
    """As a misplaced file in the class's folder is: in red, in the report, on the page, first on the page on the class."""
    source = tmp_path / "week1.zip"
    source.write_bytes(zipped({"Anna_1_assignsubmission_file_/manual_jacobain.py": ANSWERS["manual_jacobian"]}))
    assert run("--course", course, "collect", source, "--into", tmp_path / "submitted").code == 1
    ran, scores = grade({})
    sentence = (
        "No answer is in its place at jacobians/manual_jacobian.py (or .ipynb); 'manual_jacobain.py' may be one,"
        " and was not graded: hand in your answer as that file"
    )
    assert (ran.code, scores["Anna_1", "manual_jacobian"]) == (1, "0.0")
    assert f"grader: not graded, though there may be answers in it (1):\n  Anna_1: {sentence}\n" in ran.err
    for text in told(tmp_path / "out", "Anna_1", "jacobians"):
        assert sentence in text
        assert "Nothing was handed in" not in text
    assert run("--course", course, "report", "--results", tmp_path / "out", "--csv", tmp_path / "csv").code == 0
    assert "may be an answer, and was not graded" in (tmp_path / "csv" / "look-first.csv").read_text(encoding="utf-8")
    ran, scores = grade({"Anna_1/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"]})
    assert (ran.code, scores["Anna_1", "manual_jacobian"]) == (0, "5.0")


def test_the_summary_is_red_on_a_terminal(grade, monkeypatch: pytest.MonkeyPatch) -> None:
    import click  # noqa: PLC0415

    styles = []
    monkeypatch.setattr(click, "secho", lambda text, **style: styles.append((text[:18], style)))
    grade({"anna/jacobians/manual_jacobain.py": "x"}, "--quiet")
    assert styles == [("grader: not graded", {"fg": "red", "err": True})]


def test_other_strangers_are_listed_with_exit_code_0(grade) -> None:
    ran, _ = grade({"anna/jacobians/helpers.py": "def helper(): ...", "anna/jacobians/manual_jacobian.py": "x"})
    assert (ran.code, ran.err) == (0, "note: anna: of no known exercise: 'jacobians/helpers.py'\n")


def test_a_removed_student_is_named_and_stays(grade, tmp_path: Path, database: Path) -> None:
    grade({f"{name}/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"] for name in ("anna", "ben", "g\u202ene")})
    shutil.rmtree(tmp_path / "submitted" / "ben")
    shutil.rmtree(tmp_path / "submitted" / "g\u202ene")
    ran, scores = grade({})
    assert ran.code == 0
    stay = f"not among the submissions any more, though {database} has results of them, which stay: ben, g\\u202ene"
    assert stay in ran.err
    for name in ("ben", "g\u202ene"):
        assert (tmp_path / "out" / "feedback" / name / "jacobians.html").exists()
    assert scores["ben", "manual_jacobian"] == "5.0"
    assert "any more" not in grade({}, "--student", "anna")[0].err


def test_another_service_s_layout_is_refused_and_nothing_is_written(run, course: Path, tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / "raw" / f"Ann {number}_101{number}_assignsubmission_file_" / "manual_jacobian.py"
        path.parent.mkdir(parents=True)
        path.write_text(ANSWERS["manual_jacobian"])
    ran = run("--course", course, "grade", tmp_path / "raw", "--out", tmp_path / "out", "--assignment", "jacobians")
    assert ran.code == 2
    assert "Moodle's download" in ran.err
    assert not (tmp_path / "out").exists()


def test_names_of_students_are_inert_on_the_screen_in_the_table_and_on_pages(grade, tmp_path: Path) -> None:
    names = ["a\u202eb", "a\u200bb", "ab", "=eve", "'=eve", "x;=cmd", "\uff1dcmd", " =1+1", "\ufeff=1"]
    ran, scores = grade({f"{name}/jacobians/manual_jacobian.py": ANSWERS["manual_jacobian"] for name in names})
    assert ran.code == 0
    assert not [letter for letter in ran.out + ran.err if letter in "\u202e\u200b\ufeff"]
    assert "a\\u202eb" in ran.out
    assert {student for student, _ in scores} == {
        "a\u202eb", "a\u200bb", "ab", "'=eve", "''=eve", "x;'=cmd", "'\uff1dcmd", " '=1+1", "'\ufeff=1",
    }  # fmt: skip
    page = (tmp_path / "out" / "feedback" / "a\u202eb" / "jacobians.html").read_text(encoding="utf-8")
    assert "\u202e" not in page


def test_explain_looks_at_the_answer_that_was_graded(run, grade, course: Path) -> None:
    grade({"anna/jacobians/manual_jacobian.py": STUBS["manual_jacobian"],
           "anna/jacobians/manual_jacobian-Copy1.ipynb": notebook(ANSWERS["manual_jacobian"])})  # fmt: skip
    ran = run("--course", course, "explain", "anna", "manual_jacobian")
    assert "manual_jacobian: ACCEPTED, 5 of 5 points" in ran.out


# --- a student's own check


@pytest.fixture
def tree(run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def heads(out: str) -> list[list[str]]:
    """The lines that name an exercise and its file: it, the verdict without the points that are left, the file."""
    found = [line.split("  ") for line in out.splitlines() if line[:1].islower() and line.count("  ") == 2]
    return [[name, verdict.partition(";")[0], file] for name, verdict, file in found]


@pytest.mark.parametrize("arguments", [[], ["."], ["jacobians", "activations"]])
def test_check_prefers_what_was_worked_on_and_names_each_file(run, tree: Path, arguments: list[str]) -> None:
    (tree / "jacobians" / "manual_jacobian.ipynb").write_text(notebook(ANSWERS["manual_jacobian"]))
    (tree / "activations" / "activations.ipynb").write_text(notebook(ANSWERS["relu_grad"], STUBS["sigmoid_grad"]))
    ran = run("check", *arguments)
    assert heads(ran.out) == [
        ["manual_jacobian", "public examples right", "jacobians/manual_jacobian.ipynb"],
        ["relu_grad", "public examples right", "activations/activations.ipynb"],
    ]
    assert "activations  1 not attempted yet" in ran.out
    assert (ran.code, "beside" in ran.err) == (1, False)


def test_check_says_which_of_two_worked_on_it_took(run, tree: Path) -> None:
    (tree / "jacobians" / "manual_jacobian.py").write_text(ANSWERS["manual_jacobian"])
    (tree / "jacobians" / "jacobians.ipynb").write_text(notebook(ANSWERS["manual_jacobian"]))
    ran = run("check", "jacobians")
    assert heads(ran.out) == [["manual_jacobian", "public examples right", "jacobians/manual_jacobian.py"]]
    assert "note: jacobians/manual_jacobian.py is checked, not jacobians/jacobians.ipynb beside it" in ran.err
    found = json.loads(run("check", "jacobians", "--json").out)
    assert found["files"] == ["jacobians/manual_jacobian.py"]


def test_check_takes_a_file_that_is_named_whatever_lies_beside_it(run, tree: Path) -> None:
    (tree / "jacobians" / "manual_jacobian.ipynb").write_text(notebook(ANSWERS["manual_jacobian"]))
    ran = run("check", "jacobians/manual_jacobian.py", "jacobians/manual_jacobian.ipynb")
    assert [line[1:] for line in heads(ran.out)] == [
        ["NOT_ATTEMPTED", "jacobians/manual_jacobian.py"], ["public examples right", "jacobians/manual_jacobian.ipynb"],
    ]  # fmt: skip


def test_a_folder_s_copies_elsewhere_come_after_the_file_in_its_place(run, tree: Path) -> None:
    (tree / "aside").mkdir()
    (tree / "aside" / "manual_jacobian.py").write_text("def manual_jacobian(x, y):\n    return 0\n")
    (tree / "jacobians" / "manual_jacobian.py").write_text(ANSWERS["manual_jacobian"])
    ran = run("check", ".")
    assert heads(ran.out)[0] == ["manual_jacobian", "public examples right", "jacobians/manual_jacobian.py"]
    assert "not aside/manual_jacobian.py beside it" in ran.err
