"""A class that nobody has graded: results of every kind, of as many students as are asked for, the same each time."""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING

from grader.judging.verdicts import CheckResult, ExerciseResult, Told, Verdict, nothing_handed_in
from grader.record.rows import Judgement, New
from reports import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.model import Course, Exercise
    from grader.record.record import Record
    from grader.submissions.submission import By

__all__ = ["HOSTILE", "answer", "names", "record_class", "results"]

HOSTILE = (
    "<script>document.title='acted'</script>", "<img src=x onerror=document.title='acted'>", '"><svg onload=document.title="acted">',
    "' onmouseover='document.title=1", "{{ 7 * 7 }}", "{% raw %}", "</td></table>", "</script><b>", "&lt;b&gt;", "javascript:alert(1)",
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\u202eevil", "שלום עולם", "محمد علي", "🦊 fox", "Zoë Łuczak", "]]>",
)  # fmt: skip
"""Twenty names that try to be more than a name, or that read from the right."""

_CHECKS = ("shape", "values", "edge_cases", "batched", "no_side_effects")
_CLAIMS = (
    "returns the right shape",
    "gives the right values",
    "is right at the edges",
    "works on a batch",
    "changes no input",
)


def names(count: int) -> list[str]:
    """So many students; some have names of the other kind."""
    return [*HOSTILE, *(f"student-{number:04}" for number in range(count))][:count]


def results(course: Course, student: str, seed: int = 0) -> Iterator[tuple[Exercise, ExerciseResult]]:
    """What came of a student's answers: the better the student, the more of it is right; some exercises are harder."""
    chance = random.Random(f"{seed} {student}")  # noqa: S311  no secret
    skill = chance.betavariate(4, 2)
    for number, exercise in enumerate(course.exercises()):
        if chance.random() < 0.08:
            verdict = Verdict.NOT_ATTEMPTED
            feedback = nothing_handed_in(exercise.id)
            yield (
                exercise,
                ExerciseResult.of(exercise.id, [_check(place, verdict, feedback) for place in range(5)]),
            )
            continue
        hard = 0.25 + 0.6 * (number * 7 % 11) / 11
        yield (
            exercise,
            ExerciseResult.of(
                exercise.id, [_checked(exercise, place, skill - hard * place / 5, chance) for place in range(5)]
            ),
        )


def _checked(exercise: Exercise, place: int, likely: float, chance: random.Random) -> CheckResult:
    if place == 0 or chance.random() < likely + 0.3:
        return _check(place, Verdict.ACCEPTED)
    kind = chance.random()
    if kind < 0.4:
        return _check(
            place, Verdict.WRONG_ANSWER, "You forgot to sum over the batch: the gradient of a sum is a sum.",
            misconceptions=(f"{exercise.id}_{int(kind * 10)}",), diagnosis=Told(way=1, sentence="You forgot to sum."),
        )  # fmt: skip
    if kind < 0.5:
        return _check(place, Verdict.RUNTIME_ERROR, "raised ValueError at line 7")
    values = f"{exercise.id} {int(kind * 40)}"
    group = f"{zlib.crc32(values.encode()):08x}"
    return _check(place, Verdict.WRONG_ANSWER, "the shape is right, the values are not", group=group)


def _check(place: int, verdict: Verdict, feedback: str = "", **more: object) -> CheckResult:
    return CheckResult(
        name=_CHECKS[place], claim=_CLAIMS[place], public=place == 0, verdict=verdict, feedback=feedback,
        points=float(place) if verdict is Verdict.ACCEPTED else 0.0, max_points=float(place), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def record_class(
    record: Record, course: Course, students: Sequence[str], *, at: str = "2027-03-01T10:00:00Z", by: By = "service"
) -> None:
    """Put these students' results into a record, in a run that has begun; nothing is run for it."""
    for student in students:
        record.add([answer(student, exercise, result, at=at, by=by) for exercise, result in results(course, student)])
    record.flush()


def answer(
    student: str, exercise: Exercise, result: ExerciseResult, *, at: str = "2027-03-01T10:00:00Z", by: By = "service"
) -> New:
    """An answer with that result; no file where nothing was attempted."""
    there = result.attempted
    return New(
        student=student, assignment=exercise.assignment, exercise=exercise.id, name=f"{exercise.id}.py" if there else "",
        data=f"def {exercise.id}(x):\n    return '<b>{zlib.crc32(student.encode())}</b>'\n".encode() if there else None,
        submitted_at=at if there else "", place="", by=by if there else "",
        judgement=Judgement(result=result, provenance=ABOUT),
    )  # fmt: skip
