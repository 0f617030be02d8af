"""A class's notebooks read, sanitized and judged in threads, ahead of what is written: those wait for workers most of the time."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from grader.errors import UsageError
from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises
from grader.for_nbgrader.preprocessors.save_grades import before_writing, writing_step
from grader.for_nbgrader.submitted.folders import above_students
from grader.for_nbgrader.submitted.notebook_file import read_notebook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from nbformat import NotebookNode
    from nbgrader.converters import Autograde

    from grader.for_nbgrader.judging import Judging

__all__ = ["MESSAGE_SHOWN", "JudgedAhead", "Submission", "steps_of"]

MESSAGE_SHOWN = 500
"""How many characters of an error's text are told."""


class Submission(msgspec.Struct, frozen=True):
    """One student's notebooks, on their way."""

    student: str
    notebooks: tuple[str, ...]
    converted: tuple[Future[tuple[NotebookNode, Any]], ...]


class JudgedAhead:
    """The submissions of a class in order, some of them being judged while the first is written.

    `skipped` are the students whose submission was graded before, `unreadable` the folders whose name nbgrader cannot
    read, with why.
    """

    def __init__(self, converter: Autograde, judging: Judging, jobs: int, released: Collection[str]) -> None:
        """Read nothing yet; `released` are the names of the assignment's notebooks."""
        self._converter, self._judging, self._released = converter, judging, released
        self._window = 4 * jobs
        # While some wait for what is being graded, others read what is graded next.
        self._threads = ThreadPoolExecutor(2 * jobs)
        self.skipped: list[str] = []
        self.unreadable: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Return the iterable itself."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """End the threads; after an error at once: an interrupt does not wait for a student's loop."""
        if kind is not None:
            self._judging.abort()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def __iter__(self) -> Iterator[Submission]:
        """Submit what is to be judged, a few submissions ahead."""
        waiting: deque[Submission] = deque()
        for folder in sorted(self._converter.assignments):
            submission = self._submitted(folder)
            if submission is not None:
                waiting.append(submission)
            if len(waiting) > self._window:
                yield waiting.popleft()
        yield from waiting

    def _submitted(self, folder: str) -> Submission | None:
        """One student's submission, being judged; None where there is nothing to do, or it cannot be read."""
        converter = self._converter
        converter.notebooks = sorted(converter.assignments[folder])
        try:
            resources = converter.init_single_notebook_resources(f"{folder}/notebook.ipynb")
            student = str(resources["nbgrader"]["student"])
        except Exception as error:  # noqa: BLE001  a name that nbgrader cannot read stops no other
            self.unreadable[repr(folder)] = f"{type(error).__name__}: {error}"[:MESSAGE_SHOWN]
            return None
        try:
            wanted = converter.init_destination(converter.coursedir.assignment_id, student)
        except Exception as error:  # noqa: BLE001  nor does a time
            failed: Future[tuple[NotebookNode, Any]] = Future()
            failed.set_exception(error)
            return Submission(student, (), (failed,))
        if not wanted:
            self.skipped.append(student)
            return None
        known = tuple(path for path in converter.notebooks if Path(path).stem in self._released)
        return Submission(student, known, tuple(self._threads.submit(self._convert, path) for path in known))

    def _convert(self, path: str) -> tuple[NotebookNode, Any]:
        """Sanitize and judge a notebook: all that is done without writing."""
        converter = self._converter
        exporter = converter.exporter_class(parent=converter, config=converter.config)
        notebook = read_notebook(
            Path(path), above_students(converter.coursedir, converter.coursedir.submitted_directory)
        )
        resources = exporter._init_resources(converter.init_single_notebook_resources(path))  # noqa: SLF001
        resources["metadata"]["name"], resources["metadata"]["path"] = Path(path).stem, str(Path(path).parent)
        for step in steps_of(exporter, converter.sanitize_preprocessors):
            notebook, resources = step(notebook, resources)
        steps = steps_of(exporter, converter.autograde_preprocessors)
        if not any(isinstance(step, JudgeExercises) for step in steps):
            raise UsageError("Autograde.autograde_preprocessors lacks JudgeExercises")
        for step in before_writing(steps):
            notebook, resources = step(notebook, resources)
        return notebook, resources


def steps_of(exporter: Any, kinds: list[Any]) -> list[Any]:
    """The steps of the given kinds, made anew; those that write use the gradebook that is open."""
    exporter._preprocessors = []  # noqa: SLF001  as nbgrader's own converter does
    for kind in kinds:
        exporter.register_preprocessor(writing_step(kind))
    return list(exporter._preprocessors)  # noqa: SLF001
