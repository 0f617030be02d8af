"""`nbgrader generate_feedback`: the page that `grader grade` makes, of what nbgrader judged and people gave in its gradebook."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from msgspec.structs import replace as changed
from nbconvert.exporters import HTMLExporter

from grader.course.term import length_words
from grader.for_nbgrader.cells import exercise_of, grade_id_of
from grader.for_nbgrader.gradebook.marked import marks_of, read_graded
from grader.for_nbgrader.pages.own_cells import own_cells
from grader.for_nbgrader.preprocessors.judge_exercises import student_cells
from grader.for_nbgrader.preprocessors.outputs import judged_in
from grader.for_nbgrader.run import course_of, facts_of
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.record.pages import Told
from grader.reports.about import About, Other
from grader.reports.feedback import feedback_page
from grader.reports.marks import with_marks
from grader.reports.report import ExerciseReport, Provenance, Report, Worth
from grader.reports.visible import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from grader.for_nbgrader.gradebook.facts import NotebookFacts
    from grader.for_nbgrader.gradebook.marked import Graded, Marked, OwnCell
    from grader.for_nbgrader.judging import Judged

__all__ = ["FeedbackPages"]

_NOWHERE = Provenance(seed=None, key="", grader="", python="", numpy="", isolation=(), limits={})
"""What a page does not tell."""
_PROGRAM = "what nbgrader judged"
_EVER = datetime.min.replace(tzinfo=UTC)


class FeedbackPages(HTMLExporter):
    """Makes the course's page of a notebook with its exercises; of any other, nbgrader's own."""

    def __init__(self, **traits: Any) -> None:
        """Read nothing yet."""
        super().__init__(**traits)
        self._told: Told | None = None

    def from_notebook_node(  # type: ignore[override]  # the base says a notebook, and every exporter of pages gives text
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **more: Any
    ) -> tuple[str, Any]:
        """The page, and where it goes. Raises GraderError where the course or the gradebook cannot be read."""
        about = (resources or {}).get("nbgrader", {})
        page = self._page(nb, about) if about else ""
        return (page, self._init_resources(resources)) if page else super().from_notebook_node(nb, resources, **more)

    def _page(self, nb: NotebookNode, about: dict[str, str]) -> str:
        """The page; nothing where the notebook has no exercise of the course that was judged."""
        facts = facts_of(self.parent, about["db_url"], about["assignment"], about["notebook"])
        judged = _judged(nb, facts)
        if not judged:
            return ""
        if self._told is None:
            # Not asked of a step made for it: its class knows less of nbconvert's options than this exporter sets, and would warn.
            self._told = Told(course_of(self.parent, self.config.JudgeExercises.get("course", "")))
        return _page(
            nb, facts, judged, read_graded(about["db_url"], about["student"], facts), about["student"], self._told
        )


def _judged(nb: NotebookNode, facts: NotebookFacts) -> dict[str, Judged]:
    """What the judge left in a notebook of each of its exercises; nothing where it was graded before it left any."""
    found = {}
    for cell in nb.cells:
        exercise = exercise_of(grade_id_of(cell))
        if exercise in facts.exercises and (judged := judged_in(cell.get("outputs", ()))):
            found[exercise] = judged
    return found if len(found) == len(facts.exercises) else {}


def _page(  # noqa: PLR0913  all that a page is made of
    nb: NotebookNode, facts: NotebookFacts, judged: Mapping[str, Judged], graded: Graded, student: str, told: Told
) -> str:
    written = [each for each in student_cells(nb, facts) if facts.given(each.grade_id) is None]
    exercises, results = {}, []
    for name, each in judged.items():
        mark = graded.marked[name]
        result = _with_person(each, mark)
        about = told.with_answer(name, f"{facts.notebook}.ipynb", written, alone=len(judged) == 1)
        told_of = any(check.comment for check in result.checks)
        exercises[name] = about if told_of else replace(about, comment=mark.comment)
        worth = changed(Worth.of(result), notes=_lateness(graded))
        results.append(ExerciseReport.about(result, graded.submitted_at, _NOWHERE, worth=worth))
    others = tuple(_other(nb, each) for each in graded.own)
    report = Report.of(student, facts.assignment, results)
    if report.final is not None:
        final = math.fsum([report.final, *(each.points for each in others), -graded.penalty])
        report = changed(report, penalty=graded.penalty, final=final)
    # When students see what nbgrader writes is in its instructor's hands; what waits for the due date waits here, too.
    moment = Moment(now=datetime.now(UTC), last_due=graded.due or _EVER, published=True)
    return feedback_page(report, moment, About(title=told.title(facts.assignment), exercises=exercises, others=others))


def _with_person(judged: Judged, mark: Marked) -> ExerciseResult:
    """What was judged, with what a person gave in the gradebook, who reads an answer in words whatever the judge makes of it."""
    read = mark.waits or mark.written is not None
    checks = (
        _for_a_person(check, read=read) if check.name in judged.by_hand else check for check in judged.result.checks
    )
    result = ExerciseResult.of(judged.result.exercise, checks, notes=judged.result.notes)
    marks = {each.whose: each for each in marks_of(mark, result, _PROGRAM)}
    return with_marks(mark.student, result, marks, _PROGRAM)


def _for_a_person(check: CheckResult, *, read: bool) -> CheckResult:
    """A text that is there to be `read`; one that is not there is asked of nobody, and worth nothing."""
    if read:
        return changed(check, verdict=Verdict.ACCEPTED, kept=check.name)
    return changed(check, verdict=Verdict.NOT_ATTEMPTED, points=0.0)


def _lateness(graded: Graded) -> tuple[str, ...]:
    return (f"Handed in {length_words(graded.late)} late.",) if graded.late else ()


def _other(nb: NotebookNode, own: OwnCell) -> Other:
    """A cell of the instructor's own, and what a person or a kernel gave for it."""
    cells = [cell for cell in nb.cells if grade_id_of(cell) == own.name]
    return Other(
        name=own.name, points=own.points, possible=own.possible, waits=own.waits, comment=own.comment,
        content=own_cells(cells),
    )  # fmt: skip
