"""One submission of one exercise: of the ways to read a notebook, which are run and which of them counts."""

from __future__ import annotations

import msgspec
import pytest

from grader.grading.attempt import Attempt, best_attempt
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.sandbox.printed import Printed
from grader.submissions.cells import ProgramReading
from grader.wire import messages as wire
from grader.wire.messages import Chunk
from grader.wire.values import Array


def attempt(score: float, *outcomes: wire.Outcome, verdict: Verdict = Verdict.ACCEPTED) -> Attempt:
    check = CheckResult(name="c", claim="claim", public=True, verdict=verdict, points=score, max_points=2.0)
    return Attempt(ExerciseResult.of("e", [check]), (outcomes,))


RETURNED = wire.Returned(Array("<f8", (), b"\0" * 8))
FAILED = wire.Raised("NameError", chunk="scratch", line=1, loading=True)


RIGHT = attempt(2.0, RETURNED)
WRONG = attempt(0.0, RETURNED, verdict=Verdict.WRONG_ANSWER)
A, B, C = Chunk("a", "def f(): 1"), Chunk("b", "2"), Chunk("c", "def f(): 3")
OWN = frozenset(["a", "c"])
LAST, SHOWN = ProgramReading((A, B, C), own=OWN), ProgramReading((A, B), own=OWN, later=(C,))
ALONE = ProgramReading((A, C), rescue=True, own=OWN)
DEFINED = ProgramReading((A, B, C), "definitions", rescue=True, own=OWN)
READINGS = (LAST, SHOWN, ALONE, DEFINED)


def trying(*attempts: Attempt) -> tuple[Attempt, tuple[ProgramReading, ...]]:
    """The best of some attempts, and the programs that were run for it."""
    ran: list[ProgramReading] = []

    def run(program: ProgramReading) -> Attempt:
        ran.append(program)
        return attempts[len(ran) - 1]

    return best_attempt(READINGS, run, ["f"]), tuple(ran)


def of(reading: ProgramReading, attempt: Attempt) -> Attempt:
    """An attempt that says what was run."""
    return msgspec.structs.replace(attempt, program=reading)


def test_a_program_that_is_right_is_the_only_one() -> None:
    assert trying(RIGHT) == (of(LAST, RIGHT), (LAST,))


def test_of_two_that_answer_the_better_one_counts_and_no_other_is_tried() -> None:
    best, ran = trying(WRONG, RIGHT)
    assert (best.result.score, ran) == (2.0, (LAST, SHOWN))
    assert best.result.notes == ("`f` is defined again in c: what stood above that cell counts, and is worth more",)
    assert trying(WRONG, WRONG) == (of(LAST, WRONG), (LAST, SHOWN))


@pytest.mark.parametrize(
    "failure",
    [
        FAILED,
        wire.Raised("NameError", chunk="a", line=1),
        wire.Raised("KeyError", chunk="a", line=1),
        wire.Raised("MissingFunction", loading=True),
    ],
)
def test_where_none_answers_others_are_tried(failure) -> None:
    failed = attempt(0.0, failure, verdict=Verdict.RUNTIME_ERROR)
    assert trying(failed, failed, RIGHT) == (of(ALONE, RIGHT), (LAST, SHOWN, ALONE))


def test_a_stub_is_looked_for_nowhere_else() -> None:
    stub = attempt(0.0, wire.Raised("NotImplementedError", chunk="a", line=1), verdict=Verdict.NOT_ATTEMPTED)
    assert trying(stub, stub) == (of(LAST, stub), (LAST, SHOWN))


def test_of_attempts_that_all_fail_the_first_is_told() -> None:
    failed = attempt(0.0, FAILED, verdict=Verdict.RUNTIME_ERROR)
    first = msgspec.structs.replace(failed, printed=Printed(("first",)))
    best, ran = trying(first, failed, failed)
    assert (best.printed, ran) == (Printed(("first",)), (LAST, SHOWN, ALONE))


def test_of_equals_that_one_is_told_whose_exception_is_in_the_answer() -> None:
    elsewhere = attempt(0.0, wire.Raised("TypeError", chunk="b", line=1), verdict=Verdict.RUNTIME_ERROR)
    own = attempt(0.0, wire.Raised("TypeError", chunk="a", line=1), verdict=Verdict.RUNTIME_ERROR)
    assert trying(elsewhere, own, elsewhere)[0] == of(SHOWN, own)
    assert trying(own, elsewhere, elsewhere)[0] == of(LAST, own)


def test_after_one_that_is_stopped_only_the_definitions_are_tried_and_the_student_told() -> None:
    stopped = attempt(0.0, wire.Stopped("time", loading=True), verdict=Verdict.TIME_LIMIT_EXCEEDED)
    best, ran = trying(stopped, RIGHT)
    assert ran == (LAST, DEFINED)
    assert best.result.notes == (
        "what your program computes outside of its functions was left out, since it gave no answer with it",
    )


def test_a_function_that_is_stopped_is_waited_for_in_one_reading_alone() -> None:
    stopped = attempt(0.0, wire.Stopped("time"), verdict=Verdict.TIME_LIMIT_EXCEEDED)
    assert trying(stopped) == (of(LAST, stopped), (LAST,))
    assert trying(WRONG, stopped) == (of(LAST, WRONG), (LAST, SHOWN))
