"""`grader nbgrader autograde`: nbgrader's conversion of a whole class, in one process, judged ahead in parallel.

Notebooks are read, sanitized and judged in threads, which wait for the workers most of the time. Whatever is written,
gradebook and notebooks, is written by one: the gradebook first, so that a run which is cut off leaves no notebook
without its grades, then the notebooks, all of a submission at once. What is there is not graded again.
"""

from __future__ import annotations

import shutil
import traceback
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.writers.files import FilesWriter
from nbformat.validator import normalize
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.utils import find_all_files

from grader.errors import GraderError, UsageError
from grader.for_nbgrader.gradebook.database import OneWriter
from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises
from grader.for_nbgrader.preprocessors.save_grades import before_writing, writing_step
from grader.for_nbgrader.run import adopt, facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from nbformat import NotebookNode

    from grader.for_nbgrader.judging import Judging

__all__ = ["ClassAutograde", "Outcome"]

_MESSAGE_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the submissions: the students graded, those that were done before, and those in error, with why."""

    graded: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: dict[str, str]
    not_isolated: tuple[str, ...]


@dataclass(slots=True)
class _Submission:
    """One student's notebooks, on their way."""

    student: str
    notebooks: list[str]
    converted: list[Future[tuple[NotebookNode, Any]]] = field(default_factory=list)


class ClassAutograde(Autograde):
    """nbgrader's Autograde for a class at a time."""

    _destination: Path | None = None

    def grade_class(
        self, judging: Judging, jobs: int, students: Collection[str], advance: Callable[[int, int], None]
    ) -> Outcome:
        """Grade what is not yet graded, of all students or those named; `advance` is told how many are done, of how many.

        Raises UsageError for a configuration, database or assignment that cannot be graded at all.
        """
        adopt(self, judging)
        self._find(students)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        self.gradebook = OneWriter(self.coursedir.db_url, self.coursedir.course_id)
        graded: list[str] = []
        failed: dict[str, str] = {}
        self._skipped: list[str] = []
        self._unreadable: dict[str, str] = {}
        pool = ThreadPoolExecutor(jobs)
        try:
            advance(0, len(self.assignments))
            for submission in self._ahead(pool, 4 * jobs):
                try:
                    self._finish(submission)
                    graded.append(submission.student)
                except Exception as error:  # noqa: BLE001  what one notebook does to nbconvert stops no other
                    self.log.debug(traceback.format_exc())
                    kind = "" if isinstance(error, GraderError) else f"{type(error).__name__}: "
                    failed[submission.student] = f"{kind}{error}"[:_MESSAGE_SHOWN]
                    # Its grades are empty, which asks for a person.
                    with self.gradebook.transaction():
                        self._open(self.coursedir.assignment_id, submission.student, timed=False)
                done = len(graded) + len(failed) + len(self._skipped) + len(self._unreadable)
                advance(done, len(self.assignments))
        except BaseException:  # an interrupt does not wait for a student's loop
            judging.abort()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self.gradebook.close()
        return Outcome(tuple(graded), tuple(self._skipped), failed | self._unreadable, self._executed)

    def _find(self, students: Collection[str]) -> None:
        """Find the notebooks of all students, or of those named. Raises NbGraderException where one has none."""
        found: dict[str, list[str]] = {}
        for student in students or ("*",):
            self.coursedir.student_id = student
            self.init_notebooks()
            found.update(self.assignments)
        self.assignments: dict[str, list[str]] = found

    def _ahead(self, pool: ThreadPoolExecutor, window: int) -> Iterator[_Submission]:
        """The submissions in order, some of them being judged while the first is written."""
        assignment = self.coursedir.assignment_id
        with self.gradebook.transaction():
            try:
                names = [notebook.name for notebook in self.gradebook.find_assignment(assignment).notebooks]
            except MissingEntry as error:
                raise UsageError(f"{error}; run `nbgrader generate_assignment {assignment}`") from None
        step = JudgeExercises(parent=self.exporter)
        facts = [facts_of(step, self.coursedir.db_url, assignment, name) for name in names]
        self._released = frozenset(names)
        self._executed = tuple(
            f"{each.notebook}: {', '.join(each.plain) or 'all of it'}" for each in facts if step.executes(each)
        )
        waiting: deque[_Submission] = deque()
        for folder in sorted(self.assignments):
            self.notebooks = sorted(self.assignments[folder])
            try:
                student = self._student(folder)
                wanted = self.init_destination(assignment, student)
            except Exception as error:  # noqa: BLE001  a name or a time that nbgrader cannot read stops no other
                self._unreadable[repr(folder)] = f"{type(error).__name__}: {error}"[:_MESSAGE_SHOWN]
                continue
            if not wanted:
                self._skipped.append(student)
                continue
            known = [path for path in self.notebooks if Path(path).stem in self._released]
            submission = _Submission(student, known)
            submission.converted = [pool.submit(self._convert, path) for path in known]
            waiting.append(submission)
            if len(waiting) > window:
                yield waiting.popleft()
        yield from waiting

    def _student(self, folder: str) -> str:
        return str(self.init_single_notebook_resources(f"{folder}/notebook.ipynb")["nbgrader"]["student"])

    def _steps(self, kinds: list[Any], exporter: Any) -> list[Any]:
        exporter._preprocessors = []  # noqa: SLF001  as nbgrader's own converter does
        for kind in kinds:
            exporter.register_preprocessor(writing_step(kind))
        return list(exporter._preprocessors)  # noqa: SLF001

    def _convert(self, path: str) -> tuple[NotebookNode, Any]:
        """Sanitize and judge a notebook: all that is done without writing."""
        exporter = self.exporter_class(parent=self, config=self.config)
        notebook = nbformat.read(path, as_version=4)
        _, notebook = normalize(notebook)
        resources = exporter._init_resources(self.init_single_notebook_resources(path))  # noqa: SLF001
        resources["metadata"]["name"], resources["metadata"]["path"] = Path(path).stem, str(Path(path).parent)
        for step in self._steps(self.sanitize_preprocessors, exporter):
            notebook, resources = step(notebook, resources)
        steps = self._steps(self.autograde_preprocessors, exporter)
        if not any(isinstance(step, JudgeExercises) for step in steps):
            raise UsageError("Autograde.autograde_preprocessors lacks JudgeExercises")
        for step in before_writing(steps):
            notebook, resources = step(notebook, resources)
        return notebook, resources

    def _finish(self, submission: _Submission) -> None:
        """Write a submission: its grades, then its files."""
        assignment, student = self.coursedir.assignment_id, submission.student
        converted = [future.result() for future in submission.converted]
        if not converted:
            raise UsageError(
                f"none of {student}'s notebooks is one of the assignment's; hand in {sorted(self._released)}"
            )
        destination = Path(self._format_dest(assignment, student))
        partial = destination.with_name(f".{assignment}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        self.notebooks = submission.notebooks
        self.run_pre_convert_hook()
        try:
            texts = []
            with self.gradebook.transaction():
                self._open(assignment, student)
                for notebook, resources in converted:
                    steps = self._steps(self.autograde_preprocessors, self.exporter)
                    done = len(before_writing(steps))
                    for step in steps[done:]:
                        notebook, resources = step(notebook, resources)  # noqa: PLW2901  each step gives both anew
                    texts.append((nbformat.writes(notebook) + "\n", resources))
            self._write(assignment, student, partial, texts)
            partial.rename(destination)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        self.set_permissions(assignment, student)
        self.run_post_convert_hook()

    def _open(self, assignment: str, student: str, *, timed: bool = True) -> None:
        """Enter a submission into the gradebook, and zeros for the notebooks that were not handed in.

        Not `timed`, its timestamp is not read. Raises UsageError for one that is no time.
        """
        gradebook = self.gradebook
        if self.create_student:
            gradebook.update_or_create_student(student)
        else:
            gradebook.find_student(student)
        timestamp = self._timestamp(assignment, student) if timed else None
        given = {"timestamp": timestamp} if timestamp else {}
        with gradebook.db.no_autoflush:
            submission = gradebook.update_or_create_submission(assignment, student, **given)
        gradebook.open_submission(assignment, student)
        folder = Path(self._format_source(assignment, student))
        for notebook in submission.notebooks:
            if not (folder / f"{notebook.name}.ipynb").exists():
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False

    def _timestamp(self, assignment: str, student: str) -> Any:
        folder = self._format_source(assignment, student)
        try:
            return self.coursedir.get_existing_timestamp(folder)
        except (AttributeError, ValueError, OSError):  # what nbgrader raises for a text that is no time
            raise UsageError(
                f"{folder}/timestamp.txt is no date and time; write it as 2027-03-01 23:59:00 UTC"
            ) from None

    def _write(self, assignment: str, student: str, partial: Path, texts: list[tuple[str, Any]]) -> None:
        """Write the files of a submission into a folder of their own."""
        partial.mkdir(parents=True)
        self._destination = partial
        try:
            BaseConverter.init_assignment(self, assignment, student)
        finally:
            self._destination = None
        self._copy_released_files(assignment, partial)
        for text, resources in texts:
            self.writer.build_directory = str(partial)
            self.writer.write(text, resources, notebook_name=resources["unique_key"])

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:  # noqa: FBT001, FBT002
        """Where a submission's files go: for as long as they are not all there, beside their place."""
        return str(self._destination or super()._format_dest(assignment_id, student_id, escape))

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
