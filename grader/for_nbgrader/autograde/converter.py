"""`grader nbgrader autograde`: what a class comes to is written, the gradebook first, then the notebooks.

Notebooks are read, sanitized and judged ahead (`judged_ahead`). Whatever is written is written by one: the gradebook first,
so that a run which is cut off leaves no notebook without its grades, then the notebooks, all of a submission at once. What
is there is not graded again.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import nbformat
from nbconvert.writers.files import FilesWriter
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files

from grader.errors import GraderError, UsageError
from grader.for_nbgrader.autograde.judged_ahead import MESSAGE_SHOWN, JudgedAhead, Submission, steps_of
from grader.for_nbgrader.gradebook.database import OneWriter
from grader.for_nbgrader.gradebook.emptied import empty_grades
from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises
from grader.for_nbgrader.preprocessors.save_grades import before_writing
from grader.for_nbgrader.run import adopt, facts_of
from grader.for_nbgrader.submitted.folders import Listing, listed, other_files, other_notebooks
from grader.log import reraises
from grader.names import shown
from grader.submissions.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from grader.for_nbgrader.judging import Judging

__all__ = ["Autograded", "ClassAutograde"]


class Autograded(msgspec.Struct, frozen=True):
    """What became of the submissions: the students graded, those that were done before, and those in error, with why."""

    graded: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: dict[str, str]
    notes: tuple[str, ...]
    not_isolated: tuple[str, ...]


class ClassAutograde(Autograde):
    """nbgrader's Autograde for a class at a time, with one gradebook, exporter and writer."""

    def __init__(self, **traits: Any) -> None:
        """Open nothing yet."""
        super().__init__(**traits)
        self.gradebook: OneWriter | None = None
        self._notes: list[str] = []

    def grade_class(
        self, judging: Judging, jobs: int, students: Collection[str], advance: Callable[[int, int], None]
    ) -> Autograded:
        """Grade what is not yet graded, of all students or those named; `advance` is told how many are done, of how many.

        Raises UsageError for a configuration, database or assignment that cannot be graded at all.
        """
        adopt(self, judging)
        listing = self._find(students)
        judging.require_packages(self.coursedir.assignment_id)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        self.gradebook = OneWriter(self.coursedir.db_url, self.coursedir.course_id)
        graded: list[str] = []
        failed = {
            shown(folder): f"is no name for a student: rename the folder {folder!r}" for folder in listing.nameless
        }
        self._notes = [f"{shown(folder)} holds no notebook" for folder in listing.empty]
        try:
            released = self._released()
            executed = self._executed(released)
            total = len(self.assignments)
            done = 0
            advance(done, total)
            with JudgedAhead(self, judging, jobs, released) as ahead:
                for submission in ahead:
                    try:
                        self._finish(submission, released)
                        graded.append(submission.student)
                    except Exception as error:
                        if reraises():
                            raise
                        self.log.info("%s could not be graded", submission.student, exc_info=True)
                        kind = "" if isinstance(error, GraderError) else f"{type(error).__name__}: "
                        failed[submission.student] = f"{kind}{error}"[:MESSAGE_SHOWN]
                        self._leave_to_a_person(submission.student)
                    done += 1
                    advance(done + len(ahead.skipped) + len(ahead.unreadable), total)
        finally:
            self.gradebook.close()
        return Autograded(tuple(graded), tuple(ahead.skipped), failed | ahead.unreadable, tuple(self._notes), executed)

    def _find(self, students: Collection[str]) -> Listing:
        """Find the notebooks of all students, or of those named. Raises UsageError where there is none."""
        found = []
        for student in students or ("*",):
            self.coursedir.student_id = student
            found.append(listed(self.coursedir))
            if not any((found[-1].notebooks, found[-1].nameless)):
                place = self._format_source(self.coursedir.assignment_id, student)
                raise UsageError(f"no notebooks in {place}; hand in {self.coursedir.assignment_id}'s notebooks there")
        self.assignments: dict[str, list[str]] = {
            name: each.notebooks[name] for each in found for name in each.notebooks
        }
        return Listing(
            self.assignments,
            tuple(name for each in found for name in each.empty),
            tuple(name for each in found for name in each.nameless),
        )

    def _leave_to_a_person(self, student: str) -> None:
        """Enter a submission that cannot be graded, with empty grades, which ask for a person."""
        gradebook = _open_gradebook(self)
        with gradebook.transaction():
            self._open(gradebook, student, timed=False)
            empty_grades(gradebook, self.coursedir.assignment_id, student)

    def _released(self) -> frozenset[str]:
        """The names of the assignment's notebooks. Raises UsageError for an assignment that was never released."""
        assignment = self.coursedir.assignment_id
        with _open_gradebook(self).transaction():
            try:
                found = _open_gradebook(self).find_assignment(assignment)
            except MissingEntry as error:
                raise UsageError(f"{error}; run `nbgrader generate_assignment {assignment}`") from None
            return frozenset(notebook.name for notebook in found.notebooks)

    def _executed(self, released: Iterable[str]) -> tuple[str, ...]:
        """The notebooks that a kernel runs, without isolation, and for which of their cells."""
        step = JudgeExercises(parent=self.exporter)
        url, assignment = self.coursedir.db_url, self.coursedir.assignment_id
        facts = [facts_of(self, url, assignment, name) for name in sorted(released)]
        return tuple(f"{each.notebook}: {', '.join(each.own) or 'all of it'}" for each in facts if step.executes(each))

    def _finish(self, submission: Submission, released: Iterable[str]) -> None:
        """Write a submission: its grades, then its files."""
        assignment, student = self.coursedir.assignment_id, submission.student
        converted = [future.result() for future in submission.converted]
        folder = Path(self._format_source(assignment, student))
        others = ", ".join(map(repr, other_notebooks(folder, released)))
        if not converted:
            wanted = ", ".join(f"{name}.ipynb" for name in sorted(released))
            raise UsageError(f"{others} is no notebook of the assignment, and was not read; rename it to {wanted}")
        destination = Path(self._format_dest(assignment, student))
        partial = destination.with_name(f".{assignment}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        self.notebooks = submission.notebooks
        self.run_pre_convert_hook()
        try:
            texts = []
            gradebook = _open_gradebook(self)
            with gradebook.transaction():
                self._open(gradebook, student, handed_in={Path(path).stem for path in submission.notebooks})
                for notebook, resources in converted:
                    steps = steps_of(self.exporter, self.autograde_preprocessors)
                    done = len(before_writing(steps))
                    for step in steps[done:]:
                        notebook, resources = step(notebook, resources)  # noqa: PLW2901  each step gives both anew
                    texts.append((nbformat.writes(notebook) + "\n", resources))
            self._write(assignment, student, partial, texts)
            partial.rename(destination)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        if others:
            doubt = any(resources["nbgrader"].get("not_read") for _, resources in texts)
            why = "; what was read holds no answer, so that a person is asked" if doubt else ""
            self._notes.append(f"{shown(student)}: {others} is no notebook of the assignment, and was not read{why}")
        self.set_permissions(assignment, student)
        self.run_post_convert_hook()

    def _open(self, gradebook: OneWriter, student: str, *, timed: bool = True, handed_in: Collection[str] = ()) -> None:
        """Enter a submission into the gradebook, and zeros for the notebooks that were not `handed_in`.

        Not `timed`, its timestamp is not read. Raises UsageError for one that is no time.
        """
        assignment = self.coursedir.assignment_id
        if self.create_student:
            gradebook.update_or_create_student(student)
        else:
            gradebook.find_student(student)
        folder = self._format_source(assignment, student)
        timestamp = self.coursedir.get_existing_timestamp(folder) if timed else None
        given = {"timestamp": timestamp} if timestamp else {}
        with gradebook.db.no_autoflush:
            submission = gradebook.update_or_create_submission(assignment, student, **given)
        gradebook.open_submission(assignment, student)
        unread = other_notebooks(Path(folder), {notebook.name for notebook in submission.notebooks})
        for notebook in submission.notebooks:
            if notebook.name not in handed_in:
                for grade in notebook.grades:
                    # The missing one may be there under another name: then a person is asked.
                    grade.auto_score, grade.needs_manual_grade = (None, True) if unread else (0, False)

    def _write(self, assignment: str, student: str, partial: Path, texts: list[tuple[str, Any]]) -> None:
        """Write the files of a submission into a folder of their own."""
        partial.mkdir(parents=True)
        source = Path(self._format_source(assignment, student))
        for path, fit in other_files(source, self.coursedir.ignore, self.coursedir.max_file_size * 1000):
            name = path.relative_to(source)
            if not fit:
                self._notes.append(
                    f"{shown(student)}: {shown(str(name))} is a link, no file, or too large: it was not copied"
                )
                continue
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(read_file(path, self.coursedir.max_file_size * 1000))
        self._copy_released_files(assignment, partial)
        for text, resources in texts:
            self.writer.build_directory = str(partial)
            self.writer.write(text, resources, notebook_name=resources["unique_key"])

    def _copy_released_files(self, assignment: str, to: Path) -> None:
        """Put the assignment's own files over those that were handed in, as nbgrader does."""
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        kept = {source / name for name in self.exclude_overwriting.get(assignment, [])}
        for name in find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"]):
            if (file := Path(name)) not in kept:
                target = to / file.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                shutil.copy(file, target)


def _open_gradebook(converter: ClassAutograde) -> OneWriter:
    """The gradebook of a class that is being graded."""
    if converter.gradebook is None:
        raise RuntimeError("no class is being graded")
    return converter.gradebook
