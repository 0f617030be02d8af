"""One submission of one exercise: of the ways to read a notebook, which are run and which of them counts."""

from __future__ import annotations

import dataclasses

import pytest

from grader.grading.attempt import Attempt, best_attempt
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.submissions.cells import NotebookReading
from grader.wire import messages as wire
from grader.wire.messages import Chunk
from grader.wire.values import Array


def attempt(score: float, *outcomes: wire.Outcome) -> Attempt:
    check = CheckResult(name="c", claim="claim", public=True, verdict=Verdict.ACCEPTED, points=score, max_points=2.0)
    return Attempt(ExerciseResult.of("e", [check]), (outcomes,))


RETURNED = wire.Returned(Array("<f8", (), b"\0" * 8))
FAILED = wire.Raised("NameError", chunk="scratch", line=1, loading=True)


PROGRAMS = [
    NotebookReading((Chunk("a", "1"), Chunk("b", "2"))),
    NotebookReading((Chunk("b", "2"),)),
    NotebookReading((Chunk("b", "2"),), "definitions"),
]


def trying(*attempts: Attempt) -> tuple[Attempt, list[NotebookReading]]:
    """The best of some attempts, and the programs that were run for it."""
    ran: list[NotebookReading] = []

    def run(program: NotebookReading) -> Attempt:
        ran.append(program)
        return attempts[len(ran) - 1]

    return best_attempt(PROGRAMS, run), ran


def test_the_first_program_that_answers_is_the_only_one() -> None:
    assert trying(attempt(0.0, RETURNED)) == (attempt(0.0, RETURNED), PROGRAMS[:1])


@pytest.mark.parametrize(
    "failure", [FAILED, wire.Raised("NameError", chunk="a", line=1), wire.Raised("MissingFunction", loading=True)]
)
def test_where_one_does_not_answer_the_next_is_tried(failure) -> None:
    assert trying(attempt(0.0, failure), attempt(2.0, RETURNED)) == (attempt(2.0, RETURNED), PROGRAMS[:2])


def test_of_attempts_that_all_fail_the_first_is_told() -> None:
    first = dataclasses.replace(attempt(0.0, FAILED), printed="first")
    best, ran = trying(first, attempt(0.0, FAILED), attempt(0.0, FAILED))
    assert (best.printed, ran) == ("first", PROGRAMS)


def test_after_one_that_is_stopped_only_the_definitions_are_tried_and_the_student_told() -> None:
    best, ran = trying(attempt(0.0, wire.Stopped("time")), attempt(2.0, RETURNED))
    assert ran == [PROGRAMS[0], PROGRAMS[-1]]
    assert best.result.notes == (
        "what your cells compute beside their functions was left out, since your notebook gave no answer with it",
    )
