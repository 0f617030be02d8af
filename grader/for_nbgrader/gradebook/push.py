"""`grader nbgrader push`: what `grader grade` has recorded, into nbgrader's gradebook."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Grade, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells, SaveCells
from sqlalchemy import make_url

from grader.building.notebook import notebook_exercises
from grader.errors import CourseError
from grader.for_nbgrader.cells import automatic_score, given_by_hand, given_instead
from grader.for_nbgrader.configuration import configuration
from grader.for_nbgrader.gradebook.database import OneWriter
from grader.for_nbgrader.gradebook.facts import read_facts, require_agreement
from grader.for_nbgrader.source.notebooks import build_notebook
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
from grader.submissions.cells import checks_id, solution_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from grader.course.model import Assignment, Course, Exercise
    from grader.judging.answer_key import AnswerKey
    from grader.reports.report import Report

__all__ = ["gradebook_of", "push_reports"]


def push_reports(
    course: Course, reports: Sequence[Report], root: Path | None, dues: Mapping[tuple[str, str], datetime] | None = None
) -> int:
    """Write reports into the gradebook of nbgrader's course directory, `root` where given; returns how many.

    `dues` are the due dates of those who have more time, by student and assignment.

    Raises CourseError for an assignment that differs from the course in the gradebook, UsageError for a gradebook that is
    locked; what was written before stays, whole submissions only.
    """
    configured = configuration(root)
    coursedir = CourseDirectory(config=configured.config, root=str(configured.root))
    keys = Keys(course)
    pushed = 0
    with contextlib.closing(OneWriter(coursedir.db_url, coursedir.course_id)) as gradebook:
        for assignment in course.assignments:
            found = [report for report in reports if report.assignment == assignment.id]
            if not found:
                continue
            # Cells before submissions: a submission gets a grade for each cell that there is when it is entered.
            _release(gradebook, course, assignment, coursedir.db_url)
            with gradebook.transaction():
                _require_agreement(gradebook, course, assignment, keys)
            for report in found:
                with gradebook.transaction():
                    _push(gradebook, course, report, keys)
                    _term(gradebook, course, assignment, report, (dues or {}).get((report.student, assignment.id)))
                pushed += 1
    return pushed


def gradebook_of(root: Path | None) -> tuple[str, bool]:
    """The gradebook of nbgrader's course directory, as it can be shown (no password), and whether it is there."""
    configured = configuration(root)
    url = make_url(CourseDirectory(config=configured.config, root=str(configured.root)).db_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database, Path(url.database).exists()
    return url.render_as_string(hide_password=True), True


def _release(gradebook: OneWriter, course: Course, assignment: Assignment, db_url: str) -> None:
    """Enter an assignment that is not in the gradebook yet, with the cells that `nbgrader generate_assignment` gives it."""
    names = notebook_exercises(course, assignment)
    with gradebook.transaction():
        try:
            known = gradebook.find_assignment(assignment.id)
        except MissingEntry:
            due = {"duedate": assignment.due.isoformat()} if assignment.due else {}
            known = gradebook.add_assignment(assignment.id, **due)
        missing = () if known.submissions else names.keys() - {notebook.name for notebook in known.notebooks}
    for name in missing:
        notebook = build_notebook(course, assignment, names[name])
        resources = {"nbgrader": {"notebook": name, "assignment": assignment.id, "student": ".", "db_url": db_url}}
        for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, SaveCells):
            notebook, resources = step()(notebook, resources)


def _require_agreement(gradebook: OneWriter, course: Course, assignment: Assignment, keys: Keys) -> None:
    for name, exercises in notebook_exercises(course, assignment).items():
        shared = {exercise.id: key for exercise in exercises if (key := _key(keys, exercise, "")) is not None}
        try:
            facts = read_facts(gradebook, assignment.id, name)
        except MissingEntry:
            problem = (
                f"has no notebook {name!r} in the gradebook; run `nbgrader generate_assignment {assignment.id} --force`"
            )
            raise CourseError(problem, path=assignment.id) from None
        require_agreement(facts, shared, shared)


def _key(keys: Keys, exercise: Exercise, student: str) -> AnswerKey | None:
    """The key of an exercise; None where it cannot be compiled."""
    try:
        return keys.of(exercise, student)
    except CourseError:
        return None


def _push(gradebook: OneWriter, course: Course, report: Report, keys: Keys) -> None:
    """Enter one student's report."""
    gradebook.update_or_create_student(report.student)
    given = {"timestamp": report.submitted_at.removesuffix("Z")} if report.submitted_at else {}
    with gradebook.db.no_autoflush:
        gradebook.update_or_create_submission(report.assignment, report.student, **given)
    gradebook.open_submission(report.assignment, report.student)
    exercises = {exercise.id: exercise for exercise in course.exercises()}
    for result in report.exercises:
        if result.exercise not in exercises:
            continue
        exercise = exercises[result.exercise]
        notebook = exercise.id if course.notebooks == "exercise" else exercise.assignment
        grade = gradebook.find_grade(checks_id(exercise.id), notebook, report.assignment, report.student)
        key = _key(keys, exercise, report.student)
        faulty = result.verdict is Verdict.JUDGE_ERROR or key is None
        _give(grade, None if faulty or key is None else automatic_score(key, result))
        if key is None:
            continue
        _decide(grade, given_instead(key, result))
        by_hand = given_by_hand(key, result)
        if by_hand is not None:
            _decide(
                gradebook.find_grade(solution_id(exercise.id), notebook, report.assignment, report.student), by_hand
            )


def _term(
    gradebook: OneWriter, course: Course, assignment: Assignment, report: Report, due: datetime | None
) -> None:  # fmt: skip
    """Enter what lateness takes, in each notebook, and how much more time the student has."""
    submission = gradebook.find_submission(report.assignment, report.student)
    submission.extension = due - assignment.due if due and assignment.due and due > assignment.due else None
    taken = {each.exercise: each.worth.penalty for each in report.exercises}
    for name, exercises in notebook_exercises(course, assignment).items():
        penalty = math.fsum(taken.get(exercise.id, 0.0) for exercise in exercises)
        notebook = gradebook.find_submission_notebook(name, report.assignment, report.student)
        if penalty or notebook.late_submission_penalty:
            notebook.late_submission_penalty = penalty


def _give(grade: Grade, score: float | None) -> None:
    """Give an automatic score; a manual one stays, and is looked at again where the automatic one has changed."""
    if grade.auto_score == score and grade.manual_score is not None:
        return
    grade.auto_score = score
    grade.needs_manual_grade = score is None or grade.manual_score is not None


def _decide(grade: Grade, score: float | None) -> None:
    """Enter what a person gave, if anything, where nobody has given points in nbgrader itself."""
    if score is not None and grade.manual_score is None:
        grade.manual_score, grade.needs_manual_grade = score, False
