"""The page that a student gets: what is on it, what never is, and that whatever was written stays text."""

from __future__ import annotations

import re

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.building.typeset import typeset
from grader.judging.verdicts import CheckResult, Example, ExerciseResult, Verdict
from grader.reports.about import About, AboutExercise
from grader.reports.feedback import feedback_page
from grader.reports.report import ExerciseReport, Report, Worth
from grader.wire.messages import Chunk
from grader.wire.values import Array, pack
from reports import NOW, result, the_report

TOLD = "returned shape (2, 3), asked was (3, 2)\nline 4: one change to an axis makes every check pass"
SOURCE = "import numpy as np\n\ndef manual_jacobian(x, y):\n    return np.array([[2 * x]])\n"
ANSWER = Chunk("manual_jacobian.py", SOURCE)
ABOUT = About(
    title="Jacobians by hand",
    exercises={
        "manual_jacobian": AboutExercise(
            title="A Jacobian", task=typeset("Find $J$ of\n\n    f(x) = x**2\n"), hints=(typeset("One row per `f`"),),
            file="manual_jacobian.py", answer=(ANSWER,), own=frozenset({ANSWER.name}),
        )
    },
)  # fmt: skip


def example(expected: object, returned: object, *wrong: int) -> Example:
    arrays = [pack(each) for each in (expected, returned)]
    assert isinstance(arrays[0], Array)
    assert isinstance(arrays[1], Array)
    return Example(part="", expected=arrays[0], returned=arrays[1], wrong=wrong)


def with_checks(**changes: object) -> ExerciseReport:
    """A wrong answer whose first check, a public one, has these changes."""
    found = result("manual_jacobian", feedback=TOLD)
    return msgspec.structs.replace(
        found, checks=(msgspec.structs.replace(found.checks[0], **changes), *found.checks[1:])
    )


def text_of(page: str) -> str:
    """What is read on a page."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL))


def test_the_page_has_the_task_the_answer_its_cited_line_and_the_hints():
    page = feedback_page(the_report("ada", "jacobians", with_checks()), NOW, ABOUT)
    assert "<h1>Jacobians by hand</h1>" in page
    assert "<title>Jacobians by hand · ada</title>" in page
    assert "Handed in <time" in page
    assert "2026-01-30 12:00 UTC" in page
    assert '<details class="task"><summary>The task</summary>' in page
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">' in page
    assert page.count('<mark class="line"') == 1
    assert '<mark class="line" id="manual_jacobian-1-4"><span>▶ 4</span><code>    return np' in page
    assert '<a href="#manual_jacobian-1-4">line 4</a>' in page
    assert "Hint 1 of 1</summary><p>One row per <code>f</code></p>" in page


def test_a_page_is_one_file_that_asks_for_nothing_and_runs_nothing():
    page = feedback_page(the_report("ada", "jacobians", with_checks()), NOW, ABOUT)
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert set(re.findall(r"(?:src|href)=\"([^\"]{0,5})", page)) <= {"#manu"}
    assert "url(" not in page
    assert "@import" not in page


def test_arrays_of_a_public_example_stand_beside_each_other_with_a_letter_at_what_differs():
    kept = example(np.array([[1.0, 2.0]]), np.array([[1.0, 2.5]]), 1)
    page = feedback_page(the_report("ada", "jacobians", with_checks(example=kept)), NOW, ABOUT)
    assert re.findall(r"<caption>(.*?)</caption>", page) == ["yours (1, 2)", "right (1, 2)", "difference (1, 2)"]
    assert "<strong>2.5 ✗</strong>" in page
    assert page.count("<strong>") == 1
    other = with_checks(example=example(np.zeros((3, 2)), np.zeros((2, 3))))
    page = feedback_page(the_report("ada", "jacobians", other), NOW, ABOUT)
    assert re.findall(r"<caption>(.*?)</caption>", page) == ["yours (2, 3)", "right (3, 2)"]


@given(st.floats(1e3, 1e6), st.sampled_from(["visible", "after_due_date", "after_published", "hidden"]))
def test_no_value_of_a_check_that_is_not_public_or_not_seen_is_on_the_page(number, visibility):
    """Were one kept by mistake, it would not be shown."""
    kept = example(np.full((2, 2), number), np.full((2, 2), -number), 0, 1, 2, 3)
    public = visibility != "visible"
    page = feedback_page(
        the_report("ada", "jacobians", with_checks(public=public, visibility=visibility, example=kept)), NOW, ABOUT
    )
    assert f"{number:.6g}" not in page
    assert "<caption>yours" not in page
    assert ("<mark" in page) is (visibility == "visible")


@pytest.mark.parametrize(
    ("verdict", "points", "mark", "words"),
    [
        (Verdict.ACCEPTED, 1.0, "✓", "right"),
        (Verdict.WRONG_ANSWER, 0.5, "◐", "right in part"),
        (Verdict.NOT_ATTEMPTED, 0.0, "○", "not attempted"),
        (Verdict.JUDGE_ERROR, 0.0, "○", "not judged"),
        (Verdict.TIME_LIMIT_EXCEEDED, 0.0, "✗", "time limit exceeded"),
    ],
)
def test_each_outcome_has_a_mark_and_words_and_a_cross_only_what_was_tried_in_vain(verdict, points, mark, words):
    check = CheckResult(name="c", claim="c", public=True, verdict=verdict, points=points, max_points=1.0)
    about = result("manual_jacobian")
    exercise = ExerciseReport.about(ExerciseResult.of("manual_jacobian", [check]), "", about.provenance)
    page = feedback_page(Report.of("ada", "jacobians", [exercise]), NOW)
    assert f'aria-hidden="true">{mark}</span> {words}' in page
    assert ("✗" in page) is (mark == "✗")


def test_lateness_says_what_it_takes_and_what_is_said_of_all_exercises_is_said_once():
    worth = Worth(0.25, 0.75, ("Handed in 2 h late, 25 % off.",))
    late = [msgspec.structs.replace(result(name, 1.0), worth=worth) for name in ("manual_jacobian", "sigmoid_grad")]
    page = text_of(feedback_page(the_report("ada", "jacobians", *late), NOW))
    assert "Lateness takes 0.5 1.5 points are left" in page
    assert page.count("Handed in 2 h late, 25 % off.") == 1
    assert page.count("Lateness takes 0.25 0.75 points are left") == 2


def test_what_lateness_takes_is_no_way_to_points_that_are_not_seen_yet():
    worth = Worth(0.1875, 0.5625)
    unseen = msgspec.structs.replace(with_checks(visibility="after_published"), worth=worth)
    page = feedback_page(the_report("ada", "jacobians", unseen), NOW)
    assert "0.19" not in page
    assert "Lateness" not in page


def test_a_report_of_which_nothing_else_is_known_has_a_page_too():
    page = feedback_page(Report.of("ada", "jacobians", []), NOW)
    assert "<h1>jacobians</h1>" in page
    assert "0 of 0 points" in page
    assert "What you handed in" not in feedback_page(the_report("ada", "jacobians", with_checks()), NOW)


def test_of_a_notebook_the_cells_that_answer_are_shown_and_those_that_are_cited():
    cells = tuple(Chunk(f"code cell {number}", f"x = {number}") for number in range(1, 6))
    notebook = AboutExercise(title="t", file="jacobians.ipynb", answer=cells, own=frozenset({"code cell 2"}))
    told = with_checks(feedback="raised NameError at code cell 4, line 1: no")
    page = feedback_page(
        the_report("ada", "jacobians", told), NOW, About(title="t", exercises={"manual_jacobian": notebook})
    )
    assert re.findall(r'<p class="quiet">(code cell \d)</p>', page) == ["code cell 2", "code cell 4"]
    assert '<a href="#manual_jacobian-4-1">code cell 4, line 1</a>' in page
    assert "3 other cells are not shown." in page


def test_who_is_told_the_same_of_another_answer_is_led_to_a_place_of_his_own():
    """What is said of checks is made once for a class; where it leads to is the student's own."""
    told = the_report("ada", "jacobians", with_checks())
    longer = msgspec.structs.replace(
        ABOUT.exercises["manual_jacobian"], answer=(Chunk("extra.py", "x = 1\n"), ANSWER), own=frozenset({ANSWER.name})
    )
    told_of_a_file = with_checks(feedback="returned 3\nmanual_jacobian.py, line 4: one change makes every check pass")
    for report, about, link in (
        (told, ABOUT, '<a href="#manual_jacobian-1-4">line 4</a>'),
        (the_report("bob", "jacobians", told_of_a_file), ABOUT, '<a href="#manual_jacobian-1-4">manual_jacobian.py, line 4</a>'),
        (the_report("cleo", "jacobians", told_of_a_file), About(title="t", exercises={"manual_jacobian": longer}),
         '<a href="#manual_jacobian-2-4">manual_jacobian.py, line 4</a>'),
        (told, ABOUT, '<a href="#manual_jacobian-1-4">line 4</a>'),
    ):  # fmt: skip
        page = feedback_page(report, NOW, about)
        assert re.findall(r'<a href="#manual_jacobian-\d-\d">[^<]*</a>', page) == [link]


PLANTED = "</code></pre></details><script>document.title='acted'</script><img src=x onerror=\"document.title='acted'\">"


def test_whatever_is_written_anywhere_stays_text():
    """A name, a claim, feedback, a note, a comment, a title, an answer, a file's name, a place, a task, a hint."""
    found = with_checks(claim=PLANTED, feedback=f"`{PLANTED}`\n{PLANTED}\nf({PLANTED}):", comment=PLANTED)
    found = msgspec.structs.replace(found, notes=(PLANTED,), place=PLANTED, worth=Worth(notes=(PLANTED,)))
    about = AboutExercise(
        title=PLANTED, task=typeset(f"{PLANTED} $\\text{{{PLANTED}}}$\n\n    {PLANTED}\n"), hints=(typeset(PLANTED),),
        file=PLANTED, answer=(Chunk("manual_jacobian.py", PLANTED), Chunk(PLANTED, PLANTED)),
        own=frozenset({PLANTED, "manual_jacobian.py"}),
    )  # fmt: skip
    page = feedback_page(
        the_report(PLANTED, "jacobians", found), NOW, About(title=PLANTED, exercises={"manual_jacobian": about})
    )
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("acted") >= 20


def test_names_of_any_direction_stand_apart_from_what_is_around_them():
    assert "<bdi>\u0645\u062d\u0645\u062f</bdi>" in feedback_page(
        the_report("\u0645\u062d\u0645\u062f", "jacobians"), NOW
    )
    assert "<bdi>a\\u202eb</bdi>" in feedback_page(the_report("a\u202eb", "jacobians"), NOW)
