"""What people gave in nbgrader, taken into the record, and what the record has of a term, put into its gradebook."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from nbgrader.api import Gradebook

from grader.for_nbgrader.gradebook.quoted_csv import QuotedCsv
from repository import reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = reference("vjp/jacobian_product_written")
OTHER = WORDS.replace('"why": (', '"why": "In other words, and long enough. " + (')


@pytest.fixture
def graded(nb, run) -> Callable[..., str]:
    """Two students' answers in words, graded by nbgrader, with a person's points; gives what runs a command on them."""
    for student, words in (("ada", WORDS), ("bo", WORDS)):
        folder = nb.submit(student, "vjp", nb.answered("vjp", jacobian_product_written=words)).parent
        (folder / "timestamp.txt").write_text("2027-03-20 12:00:00 UTC")
    assert nb.autograde("vjp")
    nb.give("ada", "solution-jacobian_product_written", 0.5, "which one?")
    nb.give("bo", "checks-jacobian_product_written", 0.25)

    def call(*arguments: object, code: int = 0) -> str:
        done = run("--course", nb.root.parent, *arguments)
        assert done.code == code, (arguments, done.err, done.out)
        return done.out + done.err

    return call


def row(out: Path, student: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8")))
    return next(each for each in rows if (each["student"], each["assignment"]) == (student, "vjp"))


def test_a_persons_points_are_those_of_the_text_that_was_read(nb, graded, tmp_path) -> None:
    """They are in the table and on the page, which never contradicts a person; another answer is named and not marked."""
    out = tmp_path / "out"
    pull = ("nbgrader", "pull", "vjp", "--course-dir", nb.root, "--out", out)
    assert "2 submissions, 2 new marks" in graded(*pull)
    assert "0 new marks" in graded(*pull)
    most = float(row(out, "ada")["max_score"])
    assert row(out, "ada")["final"] == repr(most - 0.5)
    assert "which one?" in (out / "feedback" / "ada" / "vjp.html").read_text(encoding="utf-8")
    assert row(out, "bo")["final"] == ""  # nobody has read it yet
    assert "what a person gave instead: 0.25 points" in (out / "feedback" / "bo" / "vjp.html").read_text(
        encoding="utf-8"
    )
    # Regrading and grading the hand-in itself keep what was given: the text is the same.
    graded("grade", nb.root / "submitted", "--out", out, "--quiet")
    assert row(out, "ada")["final"] == repr(most - 0.5)
    # Another answer counts by now.
    nb.submit("ada", "vjp", nb.answered("vjp", jacobian_product_written=OTHER)).with_name("timestamp.txt").write_text(
        "2027-03-21 12:00:00 UTC"
    )
    graded("grade", nb.root / "submitted", "--out", out, "--quiet")
    said = graded(*pull, code=1)
    assert (
        "ada, jacobian_product_written: what counts is another answer than the one that a person gave points for"
        in said
    )
    assert row(out, "ada")["final"] == ""
    # nbgrader has graded it, and asks for its points again.
    assert nb.autograde("vjp", force=True)
    assert "ada, jacobian_product_written: nbgrader has graded another answer since" in graded(*pull, code=1)


def test_a_comment_on_a_program_comes_with_the_points_in_the_place_of_the_judges(nb, graded, tmp_path) -> None:
    """In formgrader it stands at the cell of the answer, and the points at that of the checks."""
    out = tmp_path / "out"
    pull = ("nbgrader", "pull", "activations", "--course-dir", nb.root, "--out", out)
    wrong = reference("sigmoid/sigmoid_grad").replace("return ", "return -")
    nb.submit("ada", "activations", nb.answered("activations", sigmoid_grad=wrong))
    assert nb.autograde("activations")
    nb.give("ada", "checks-sigmoid_grad", 1)
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        written = gradebook.find_comment("solution-sigmoid_grad", "activations", "activations", "ada")
        written.manual_comment = "Right <in> its idea."
        gradebook.db.commit()
    assert "1 new mark" in graded(*pull)
    assert "0 new marks" in graded(*pull)
    nb.feedback("activations")
    for page in (out / "feedback" / "ada" / "activations.html", nb.root / "feedback/ada/activations/activations.html"):
        assert page.read_text(encoding="utf-8").count("Right &lt;in&gt; its idea.") == 1


def test_extra_credit_is_pulled_and_taken_back(nb, graded, tmp_path) -> None:
    """It is beyond what the exercise is worth, stands on the page as such, and goes where a person takes it out there."""
    out = tmp_path / "out"
    pull = ("nbgrader", "pull", "vjp", "--course-dir", nb.root, "--out", out)
    nb.give("ada", "solution-jacobian_product_written", 1, extra=0.75)
    assert "2 submissions, 3 new marks" in graded(*pull)
    assert "0 new marks" in graded(*pull)
    most = float(row(out, "ada")["max_score"])
    assert row(out, "ada")["final"] == repr(most + 0.75)
    assert "extra credit, which a person gave" in (out / "feedback" / "ada" / "vjp.html").read_text(encoding="utf-8")
    assert "extra credit: 0.75 points" in graded("audit", "ada", "jacobian_product_written")
    nb.give("ada", "solution-jacobian_product_written", 1)
    assert "1 new mark" in graded(*pull)
    assert row(out, "ada")["final"] == repr(most)


def test_points_that_are_taken_out_in_nbgrader_are_taken_back_and_no_comment_is_lost(nb, graded, tmp_path) -> None:
    """What was given here counts until nbgrader says something new, and again when that is taken out; comments included."""
    out = tmp_path / "out"
    pull = ("nbgrader", "pull", "vjp", "--course-dir", nb.root, "--out", out)
    graded(*pull)
    graded("override", "bo", "jacobian_product_written", "1", "--as", "eve", "--comment", "Nearly.")
    graded("nbgrader", "push", "--course-dir", nb.root)
    page = out / "feedback" / "bo" / "vjp.html"
    assert "0 new marks" in graded(*pull)  # it has nothing to say that it had not said before
    assert "what a person gave instead: 1 point" in page.read_text(encoding="utf-8")
    for points in (0.5, 0.75):
        nb.give("bo", "checks-jacobian_product_written", points)
        assert "1 new mark" in graded(*pull)
    nb.give("bo", "checks-jacobian_product_written", None)
    assert "1 new mark" in graded(*pull)
    assert "0 new marks" in graded(*pull)
    assert "what a person gave instead: 1 point" in page.read_text(encoding="utf-8")
    graded("nbgrader", "push", "--course-dir", nb.root)
    assert "0 new marks" in graded(*pull)
    assert "Nearly." in page.read_text(encoding="utf-8")


def test_nbgraders_feedback_is_the_page_that_the_record_gives(nb, graded, tmp_path) -> None:
    """Task, answer, hints, what was judged and what a person gave: the same, letter by letter."""
    out = tmp_path / "out"
    graded("release", nb.root.parent / "exercises")
    nb.feedback("vjp")
    graded("nbgrader", "pull", "vjp", "--course-dir", nb.root, "--out", out)
    for student in ("ada", "bo"):
        pages = (
            nb.root / "feedback" / student / "vjp" / "vjp.html", out / "feedback" / student / "vjp.html"
        )  # fmt: skip
        text, other = (page.read_text(encoding="utf-8").partition("<main>")[2] for page in pages)
        assert text == other
        for part in ('<details class="task">', "What you handed in", "Hint 1 of"):
            assert part in text
    assert "A person wrote: which one?" in (nb.root / "feedback" / "ada" / "vjp" / "vjp.html").read_text()


@pytest.mark.usefixtures("graded")
def test_feedback_is_made_without_a_warning(nb, caplog) -> None:
    """The steps of nbgrader know less of nbconvert's options than its exporters set: none of ours is given them."""
    nb.feedback("vjp")
    assert (nb.root / "feedback" / "ada" / "vjp" / "vjp.html").exists()
    assert [each.getMessage() for each in caplog.records if each.levelname == "WARNING"] == []


def test_what_could_not_be_graded_is_named_and_is_no_zero(nb, graded, tmp_path) -> None:
    """`pull` names it with exit code 1 and records nothing of it; an export has no score of it, until a person gives one."""
    nb.submit("cy", "vjp", "no JSON")
    assert not nb.autograde("vjp")
    out = tmp_path / "out"
    said = graded("nbgrader", "pull", "vjp", "--course-dir", nb.root, "--out", out, code=1)
    assert "2 submissions, 2 new marks" in said
    assert "not graded, so not in the record; `nbgrader autograde vjp` says why:\n  cy, vjp\n" in said
    assert not (out / "feedback" / "cy").exists()
    assert exported(nb, tmp_path)["cy"] == ("", "")
    nb.give("cy", "checks-jacobian_product_written", 0.25)
    assert exported(nb, tmp_path)["cy"] == ("0.25", "0.25")
    assert "" not in exported(nb, tmp_path)["ada"]


def exported(nb, tmp_path: Path) -> dict[str, tuple[str, str]]:
    """Everybody's raw score and score, as the exporter writes them."""
    out = tmp_path / "exported.csv"
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        QuotedCsv(to=str(out), assignment=["vjp"]).export(gradebook)
    rows = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
    return {each["student_id"]: (each["raw_score"], each["score"]) for each in rows}


def test_marks_lateness_and_extensions_reach_the_gradebook(nb, graded, tmp_path) -> None:
    """Once for all: what is pushed twice is the same."""
    settings = nb.root.parent / "course.yml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace(
        "title: An answer in words\n", "title: An answer in words\n    due: 2027-03-19T12:00:00+00:00\n"
    )
    settings.write_text(f"{text}late: {{percent: 10}}\ntimestamps: nbgrader\n", encoding="utf-8")
    out = tmp_path / "out"
    graded("nbgrader", "pull", "vjp", "--course-dir", nb.root, "--out", out)
    graded("extend", "bo", "vjp", "--days", "2")
    (nb.root / "gradebook.db").unlink()
    for _ in range(2):
        graded("nbgrader", "push", "--course-dir", nb.root)
        with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
            ada, bo = (gradebook.find_submission("vjp", student) for student in ("ada", "bo"))
            assert str(ada.duedate) == "2027-03-19 12:00:00"
            assert str(bo.duedate) == "2027-03-21 12:00:00"
            assert ada.late_submission_penalty == pytest.approx(float(row(out, "ada")["penalty"]))
            assert ada.late_submission_penalty == pytest.approx(0.1 * float(row(out, "ada")["score"]))
            assert bo.late_submission_penalty == 0
            grade = gradebook.find_grade("solution-jacobian_product_written", "vjp", "vjp", "ada")
            assert (grade.manual_score, grade.needs_manual_grade) == (0.5, False)
