"""What students will see of an exercise: its stub, and the page of the right answer and of each wrong one; pure but for compiling."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.building.compiler import compile_exercise
from grader.building.public import public_key
from grader.building.reference import read_reference
from grader.building.stub import make_stub, without_markers
from grader.grading.provenance import provenance
from grader.judging.judge import judge, trusted
from grader.record.pages import about_exercise
from grader.reports.about import About
from grader.reports.feedback import feedback_page
from grader.reports.marks import with_marks
from grader.reports.pages import said, template
from grader.reports.report import ExerciseReport, Report
from grader.reports.visible import Moment
from grader.verify.drafts import source_of
from grader.verify.misconceptions import answers_of
from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.building.compiler import Compiled
    from grader.course.model import Course, Exercise
    from grader.judging.verdicts import ExerciseResult
    from grader.verify.verify import Verification

__all__ = ["Answer", "answers", "preview_page"]

_NOBODY = "Preview"
"""The student whose pages these are."""
_PUBLISHED = Moment(now=datetime.max.replace(tzinfo=UTC), last_due=datetime.min.replace(tzinfo=UTC), published=True)
"""When all is seen that ever will be."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of the course's own, right or wrong, and what a student who gives it is told."""

    name: str
    source: str
    """Its text; empty where it has none of its own, as a wrong formula that a family of slips makes."""
    result: ExerciseResult
    """Once it is graded, and before a person has read what is in words."""
    checked: ExerciseResult
    """By `grader check`, on the public examples."""


def answers(made: Compiled, reference: str) -> Iterator[Answer]:
    """The reference, and each misconception, with what comes of the values that it gives."""
    own_judge, public = trusted(made.judges), public_key(made)
    shown = [index for index, check in enumerate(made.key.checks) if check.public]
    wrong = {name: source_of(thing.answer) for name, thing in made.misconceptions.items()}
    for name, source in {"": without_markers(reference), **wrong}.items():
        outcomes = answers_of(made.key, name)
        yield Answer(
            name=name, source=source, result=with_marks(_NOBODY, judge(made.key, outcomes, own_judge), {}),
            checked=judge(public, [outcomes[index] for index in shown], own_judge),
        )  # fmt: skip


def preview_page(course: Course, exercise: Exercise, found: Verification) -> str:
    """One page of its own that holds everything; `found` is what verifying it has shown. Raises CourseError."""
    made = compile_exercise(course, exercise)
    path = course.reference(exercise)
    reference = read_reference(path)
    stub, file = make_stub(reference, path), f"{exercise.id}.py"
    origin = provenance(course, exercise, "", ())
    given = about_exercise(exercise.id, stub, path, made.key.hints, made.picture)
    title = course.assignment(exercise.assignment).title
    shown = []
    for answer in answers(made, reference):
        report = Report.of(_NOBODY, exercise.assignment, [ExerciseReport.about(answer.result, "", origin)])
        handed_in = (Chunk(file, answer.source),) if answer.source else ()
        told = replace(given, file=file, answer=handed_in, own=frozenset({file}))
        page = feedback_page(report, _PUBLISHED, About(title=title, exercises={exercise.id: told}))
        hidden = answer.result.max_score - answer.checked.max_score
        shown.append((answer, page, said(answer.checked, hidden)))
    return template("grader.verify", "preview.html").render(
        exercise=exercise, title=given.title, found=found, stub=stub, answers=shown,
    )  # fmt: skip
