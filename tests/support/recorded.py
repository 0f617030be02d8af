"""Answers and results to record."""

from __future__ import annotations

from typing import Any

from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.record.rows import Judgement, New
from grader.reports.report import Provenance

__all__ = ["EXERCISES", "TITLE", "judgement", "new"]

TITLE = "Calculus"
EXERCISES = ("relu", "sigmoid", "softmax")


def judgement(
    verdict: Verdict = Verdict.WRONG_ANSWER,
    points: float = 0.0,
    identity: str | None = None,
    key: str = "key",
    **more: Any,
) -> Judgement:
    """What came of a program, for an exercise with one check of two points."""
    check = CheckResult(
        name="rows", claim="keeps the rows", public=True, verdict=verdict, points=points, max_points=2.0, feedback="no"
    )
    about = Provenance(
        seed=7, key=key, grader="1.0+0", python="3.11", numpy="2.0", isolation=("seccomp",), limits={"seconds": 2.0}
    )
    exercise = more.pop("exercise", "sigmoid")
    result = ExerciseResult.of(exercise, [check])
    fields = {name: getattr(result, name) for name in result.__struct_fields__} | more
    return Judgement(result=ExerciseResult(**fields), provenance=about, program="p", identity=identity)


def new(student: str = "ada", data: bytes | None = b"x = 1\n", of: Judgement | int | None = None, **more: Any) -> New:
    """An answer to record, right in everything unless said otherwise."""
    fields: dict[str, Any] = {
        "assignment": "backprop", "exercise": "sigmoid", "name": "sigmoid.py", "submitted_at": "2026-01-02T03:04:05Z",
        "place": "", **more,
    }  # fmt: skip
    return New(student=student, data=data, judgement=judgement() if of is None else of, **fields)
