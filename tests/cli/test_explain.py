"""`grader explain`: all that the instructor is shown of an answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.building.compiler import load_module
from repository import SOLUTIONS, course_text, reference, write_course

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")


@pytest.mark.slow
def test_explain_shows_the_instructor_the_hidden_cases(run, course: Path, submitted, tmp_path: Path) -> None:
    """Inputs, expected and returned values, and what the student was told, of what was graded, wherever that is by now."""
    place = submitted("bob", manual_jacobian=TRANSPOSED)
    run("--course", course, "grade", place, "--out", tmp_path / "out", "--quiet")
    shutil.rmtree(place)
    ran = run("--course", course, "explain", "bob", "manual_jacobian")
    assert ran.code == 0
    for text in (
        "misconception: transposed",
        "(hidden)",
        "x = ",
        "expected",
        "returned",
        "the student was told: Rows are",
    ):
        assert text in ran.out
    assert "  >    7      return np.array([d_dx, d_dy])" in ran.out
    assert ran.out.count("+    return np.array([d_dx, d_dy]).T") == 1

    ran = run("--course", course, "explain", "bob", "manual_jacobian", "--check", "at_any_point", "--case", "3")
    assert (ran.code, "  case 3 of 4" in ran.out, "case 1 of" in ran.out, "far_from" in ran.out) == (
        0,
        True,
        False,
        False,
    )


def test_a_check_or_case_that_is_not_there_is_said_with_what_there_is(run, course: Path) -> None:
    """Before anything is run or read."""
    for arguments, words in (
        (("--check", "at_any_points"), "has no check 'at_any_points'; did you mean 'at_any_point'?"),
        (("--check", "zzz"), "they are at_the_point_of_the_lecture, at_any_point"),
        (("--check", "at_any_point", "--case", "5"), "at_any_point has 4 cases; choose one with --case 1 to 4"),
        (("--case", "2"), "--case 2 is one of a check: name that with --check"),
    ):
        ran = run("--course", course, "explain", "bob", "manual_jacobian", *arguments)
        assert (ran.code, words in ran.err) == (2, True), ran.err


@pytest.mark.slow
def test_explain_shows_the_words_that_a_person_marks_and_what_to_look_for(run, tmp_path: Path) -> None:
    """Also where all checks are accepted: the points for words are given by whoever reads them."""
    course = write_course(tmp_path / "course", course_text("vjp/jacobian_product_written"))
    answer = tmp_path / "submitted" / "bob" / "vjp" / "jacobian_product_written.py"
    answer.parent.mkdir(parents=True)
    answer.write_text(reference("vjp/jacobian_product_written"), encoding="utf-8")
    run("--course", course, "grade", tmp_path / "submitted", "--out", tmp_path / "out", "--quiet")
    ran = run("--course", course, "explain", "bob", "jacobian_product_written")
    rubric = load_module(SOLUTIONS / "vjp" / "jacobian_product_written_checks.py").rubric
    assert ran.out.splitlines()[1:] == [
        "",
        "reason_in_words: a person marks these words",
        (
            "    The Jacobian holds 3 * 2 * 3 = 18 derivatives and W.grad only 6 numbers, so it is neither the Jacobian nor a transpose "
            "of it. backward(v) adds the slices dh[i]/dW up with the weights v[i]; with ones that is the gradient of sum(h), and no "
            "loss of any training has been mentioned."
        ),
        "  what to look for:",
        *(f"    - {line}" for line in rubric),
        "  nobody has given points yet: `grader mark` does",
    ]


@pytest.mark.slow
def test_of_what_could_not_be_judged_the_last_is_explained_and_what_is_not_known_is_said(
    run, course: Path, submitted, tmp_path: Path
) -> None:
    """An earlier result counts; why there is no later one is asked for. Nothing was graded, nobody of that name."""
    ran = run("--course", course, "explain", "bob", "manual_jacobian")
    assert (ran.code, "there is no record at" in ran.err, "run `grader grade SUBMITTED` first" in ran.err) == (
        2,
        True,
        True,
    )
    place = submitted("bob", manual_jacobian=TRANSPOSED)
    one = ("--exercise", "manual_jacobian")
    run("--course", course, "grade", place, *one, "--out", tmp_path / "out", "--quiet", "--no-repair")
    for typed in ("bop", "b"):  # a slip, and the only one that begins so
        ran = run("--course", course, "explain", typed, "manual_jacobian")
        told = f"has nothing of {typed} for manual_jacobian; did you mean 'bob'?\n"
        assert (ran.code, told in ran.err) == (2, True)
    ran = run("--course", course, "explain", "bob", "predict_jacobian_shapes")
    assert "has nothing of bob for predict_jacobian_shapes; run `grader grade SUBMITTED` first" in ran.err
    settings = course / "course.yml"
    settings.write_text(settings.read_text().replace("title: A small", "imports: [not_installed_here]\ntitle: A small"))
    submitted("bob", manual_jacobian=TRANSPOSED + "# again\n")
    assert run("--course", course, "grade", place, "--out", tmp_path / "out", "--quiet").code == 1
    ran = run("--course", course, "explain", "bob", "manual_jacobian")
    assert "fault: manual_jacobian needs not_installed_here" in ran.out
    ran = run("--course", course, "explain", "bob", "manual_jacobian", "--submitted", place)
    assert "fault: manual_jacobian needs not_installed_here" in ran.out
