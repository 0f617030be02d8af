"""Several parts in a tuple, a list or a dict are one answer: in a student's own check, in a grade, and in a notebook."""

from __future__ import annotations

import pytest

from grader.grading.attempt import attempt
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.judging.verdicts import Verdict
from grader.submissions.cells import ReviewedCell
from grader.submissions.program import Source
from grader.wire.messages import Chunk
from repository import course_here

COURSE = course_here()
RIGHT = "dX, dW, db = dout @ W.T, X.T @ dout, dout.sum(axis=0)"
FORMS = {
    "a tuple": "dX, dW, db", "a list": "[dX, dW, db]", "a dict": '{"dX": dX, "dW": dW, "db": db}',
    "a dict in another order": '{"db": db, "dX": dX, "dW": dW}',
}  # fmt: skip


@pytest.fixture(scope="module")
def graded():
    """Grades an answer to linear_backward: with all checks, or with those that a student has; as a file or a notebook."""
    exercise = COURSE.exercise("linear_backward")
    with Pool() as pool:

        def grade(form: str, *, shipped: bool, notebook: bool, body: str = RIGHT):
            text = f"def linear_backward(dout, X, W, b):\n    {body}\n    return {form}\n"
            source = Source((ReviewedCell(Chunk("code cell 1", text)),), notebook=notebook)
            keys = Keys(COURSE, shipped=shipped)
            with pool.bench() as bench:
                return attempt(bench, exercise, keys.of(exercise), source, {}, keys.own_judge).result

        yield grade


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("notebook", [False, True])
def test_the_form_decides_nothing(graded, form, notebook) -> None:
    full = graded(FORMS[form], shipped=False, notebook=notebook)
    assert (full.verdict, full.score) == (Verdict.ACCEPTED, full.max_score), full.checks[0].feedback
    assert graded(FORMS[form], shipped=True, notebook=notebook).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("form", FORMS)
def test_a_mistake_is_named_in_every_form(graded, form) -> None:
    body = RIGHT.replace("dout.sum(axis=0)", "dout.mean(axis=0)")
    asked = graded(FORMS["a tuple"], shipped=False, notebook=False, body=body)
    found = graded(FORMS[form], shipped=False, notebook=False, body=body)
    assert found == asked
    assert found.misconceptions


def test_a_dict_of_other_names_is_told_by_the_one_that_is_missing(graded) -> None:
    found = graded('{"dX": dX, "dw": dW, "db": db}', shipped=False, notebook=False)
    assert found.score == 0
    hidden = [check.feedback for check in found.checks if not check.public]
    assert all("without 'dW'; asked were dX, dW, db" in feedback for feedback in hidden)
    assert not any("'dw'" in feedback for feedback in hidden)
