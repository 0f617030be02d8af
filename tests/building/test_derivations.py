"""Derivations: handed out alone, with the reference, and in no other release."""

from __future__ import annotations

import pytest

from grader.building.compiler import compile_exercise
from grader.building.derivations import release_derivations
from grader.building.release import render_hand_out
from grader.course.course_yml import load_course
from grader.errors import CourseError, UsageError
from repository import SOLUTIONS, course_text, write_course

pytestmark = pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")


@pytest.fixture
def course(tmp_path):
    """Two exercises, of which one has a derivation."""
    course = load_course(
        write_course(tmp_path / "course", course_text("activations/sigmoid_grad", "activations/relu_grad"))
    )
    checks = course.checks(course.exercise("relu_grad"))
    checks.write_text(checks.read_text().partition("\n\n\nderivation = ")[0] + "\n")
    return course


def derivation_of(course, text):
    """The course with another derivation for relu_grad."""
    checks = course.checks(course.exercise("relu_grad"))
    checks.write_text(f"{checks.read_text()}\n\nderivation = {text!r}\n")
    return load_course(course.root)


def test_a_page_holds_the_task_the_derivation_and_the_reference_without_its_markers(course, tmp_path):
    derivation_of(course, "\n    It is a step.\n\n        0 or 1\n")
    pages = release_derivations(load_course(course.root).select(exercise="relu_grad"), tmp_path / "out")
    assert pages == (tmp_path / "out" / "activations" / "relu_grad.md",)
    text = pages[0].read_text()
    assert text.startswith("# ")
    assert (
        "\n## How it comes about\n\nIt is a step.\n\n    0 or 1\n\n## In Python\n\n```python\nimport numpy as np\n"
        in text
    )
    assert "SOLUTION" not in text
    assert "def relu_grad(" in text


def test_nothing_of_it_is_in_a_hand_out(course):
    derived = compile_exercise(course, course.exercise("sigmoid_grad")).derivation
    sentence = next(line for line in derived.splitlines() if len(line) > 60)
    assert not any(sentence.encode() in data for data in render_hand_out(course).values())


def test_a_text_it_has_to_be(course):
    checks = course.checks(course.exercise("relu_grad"))
    checks.write_text(checks.read_text() + "\n\nderivation = ['a', 'b']\n")
    with pytest.raises(CourseError, match=r"relu_grad_checks\.py: `derivation` is not a text"):
        compile_exercise(course, course.exercise("relu_grad"))


def test_where_there_is_none_or_no_place_for_it_the_message_says_what_to_do(course, tmp_path, run):
    place = tmp_path / "out"
    with pytest.raises(UsageError, match="none of these exercises has a derivation; write `derivation`"):
        release_derivations(course.select(exercise="relu_grad"), place)
    with pytest.raises(UsageError, match="is a course or a hand-out, and these hold the answers"):
        release_derivations(course, course.root)
    said = run("--course", course.root, "release", place, "--assignment", "activations")
    assert (said.code, "--assignment goes with --derivations" in said.err) == (2, True)
    assert not place.exists()
    said = run("--course", course.root, "release", place, "--derivations", "--assignment", "activations")
    assert (said.code, said.out) == (0, f"1 page in {place}, with the answers\n")
