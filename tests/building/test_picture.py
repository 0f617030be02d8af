"""Pictures beside tasks: drawn by the course's own code, held to shapes and words, and shown wherever the task is."""

from __future__ import annotations

import base64
import json
import re

import pytest

from grader.building.compiler import compile_exercise
from grader.building.picture import in_markdown, title_of
from grader.building.release import release, render_hand_out, stale
from grader.course.course_yml import load_course
from grader.errors import CourseError
from repository import ROOT, SOLUTIONS, course_text, write_course

pytestmark = pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")

NS = 'xmlns="http://www.w3.org/2000/svg"'
GOOD = f"<svg {NS}><title>Two &amp; three</title><rect/><text>a &lt; b</text></svg>"


def test_the_words_of_a_picture_are_its_title():
    assert title_of(GOOD) == "Two & three"


@pytest.mark.parametrize(
    ("picture", "problem"),
    [
        (3, "is not the text of an SVG"),
        ("<svg", "is not an SVG: unclosed token"),
        ("<svg><title>x</title></svg>", "is not an SVG: its root is no <svg xmlns="),
        (f"<svg {NS}><rect/></svg>", "has no <title>; say in one what it shows, for who cannot see it"),
        (f"<svg {NS}><title> </title></svg>", "has no <title>"),
        (f"<svg {NS}><title>x</title><script>alert(1)</script></svg>", "holds a <script>; a picture is made of shapes"),
        (f"<svg {NS}><title>x</title><image href='http://a'/></svg>", "holds a <image>"),
        (f"<svg {NS}><title>x</title><foreignObject/></svg>", "holds a <foreignObject>"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(picture, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        title_of(picture)


def test_an_author_is_told_in_which_file(tmp_path):
    course = load_course(write_course(tmp_path, course_text("activations/relu_grad")))
    checks = course.checks(course.exercise("relu_grad"))
    checks.write_text(checks.read_text() + '\npicture = "<svg/>"\n')
    with pytest.raises(CourseError, match=r"relu_grad_checks\.py: `picture` is not an SVG"):
        compile_exercise(course, course.exercise("relu_grad"))


def test_in_a_notebook_it_is_an_image_that_holds_all_of_itself():
    found = re.fullmatch(r'<img alt="Two &amp; three" src="data:image/svg\+xml;base64,(.*)">', in_markdown(GOOD))
    assert found
    assert base64.b64decode(found[1]).decode() == GOOD


def test_it_is_in_the_release_in_the_notebook_and_in_the_readme_and_one_too_many_is_stale(tmp_path):
    text = course_text("activations/dead_units", "activations/relu_grad")
    course = load_course(write_course(tmp_path / "course", text))
    hand_out = render_hand_out(course)
    picture = hand_out["activations/dead_units.svg"].decode()
    assert title_of(picture).startswith("Pre-activations of two samples")
    assert "activations/relu_grad.svg" not in hand_out
    assert "ends in `.svg`" in hand_out["README.md"].decode()
    cells = {
        cell["id"]: "".join(cell["source"]) for cell in json.loads(hand_out["activations/activations.ipynb"])["cells"]
    }
    assert (
        in_markdown(picture.removesuffix("\n")) in cells["task-dead_units"]
        or in_markdown(picture) in cells["task-dead_units"]
    )
    assert "<img" not in cells["task-relu_grad"]
    release(course, course.root / "exercises")
    (course.root / "exercises" / "activations" / "relu_grad.svg").write_text(picture)
    assert stale(course, course.root / "exercises") == ("activations/relu_grad.svg",)


def test_without_a_picture_nothing_speaks_of_one(tmp_path):
    course = load_course(write_course(tmp_path, course_text("activations/relu_grad")))
    assert ".svg" not in render_hand_out(course)["README.md"].decode()


def test_every_picture_of_the_course_has_words_and_reads_on_dark_and_light_pages():
    """Each has a ground of its own under everything else, and its texts have a colour of their own."""
    pictures = sorted((ROOT / "exercises").glob("*/*.svg"))
    assert len(pictures) >= 5
    for path in pictures:
        text = path.read_text()
        assert len(title_of(text)) > 40
        first = re.search(r"<(?!svg|title|/title)(\w+)([^>]*)>", text)
        assert first is not None
        assert first[1] == "rect"
        assert 'fill="#ffffff"' in first[2]
        assert all("fill=" in each for each in re.findall(r"<text ([^>]*)>", text))
