"""What `nbgrader autograde` does about each submission before our steps see it, done with the care that they need.

nbgrader makes its exporter when it has found the submissions, and before it opens the first. So the exporter is where its
converter is given a list of submissions that no name disturbs, and where a student's notebook is read.
"""

from __future__ import annotations

import glob
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde, NbGraderException

from grader.errors import GraderError
from grader.for_nbgrader.gradebook.emptied import empty_submission
from grader.for_nbgrader.run import end, judging_of, released_of
from grader.for_nbgrader.submitted.course_directory import CarefulCourseDirectory
from grader.for_nbgrader.submitted.folders import above_students, listed, other_files, other_notebooks
from grader.for_nbgrader.submitted.notebook_file import read_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SubmittedNotebooks"]


class SubmittedNotebooks(NotebookExporter):
    """Reads what was handed in as a student's file, where nbgrader opens whatever has the name."""

    def __init__(self, **traits: Any) -> None:
        """Prepare the converter that this is made by, where that is nbgrader's own."""
        super().__init__(**traits)
        if type(self.parent) is Autograde:
            _prepare(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """Convert a notebook; where that fails the whole submission is left without a grade, for a person.

        Raises GraderError for a notebook that cannot be read, and what the steps raise.
        """
        converter: Any = self.parent
        about = resources["nbgrader"]
        try:
            if not converter._sanitizing:  # noqa: SLF001  the second time, it is the notebook that we have written
                return super().from_filename(filename, resources, **kw)
            path = Path(filename)
            notebook = read_notebook(path, above_students(converter.coursedir, converter.coursedir.submitted_directory))
            resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
            _ask_about_missing(converter, about, path.parent)
            return self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-any-return]  # nbgrader has no types
        except Exception:
            empty_submission(about["db_url"], about["assignment"], about["student"])
            raise


def _ask_about_missing(converter: Any, about: dict[str, str], folder: Path) -> None:
    """Ask for a person where a notebook is missing, which nbgrader gives zeros, and one of another name is there."""
    handed_in = {Path(path).stem for path in converter.notebooks}
    if other_notebooks(folder, handed_in):
        released = released_of(converter, about["db_url"], about["assignment"])
        if (missing := released - handed_in) and other_notebooks(folder, released):
            empty_submission(about["db_url"], about["assignment"], about["student"], missing)


def _prepare(converter: Any) -> None:
    """Give nbgrader's converter our list of submissions, and our part in what it does to each."""
    converter.coursedir = CarefulCourseDirectory.of(converter.coursedir)
    found = listed(converter.coursedir)
    for folder in found.nameless:
        converter.log.error("%r is no name for a student, and is left out: rename the folder", folder)
    converter.assignments = found.notebooks
    converter.pre_convert_hook = partial(_begin, converter, converter.coursedir.ignore, converter.pre_convert_hook)
    converter.convert_notebooks = partial(_run, converter, converter.convert_notebooks)


def _run(converter: Any, convert: Callable[[], None]) -> None:
    """All of a run: what it needs is there before it begins, and what it starts ends with it. Raises NbGraderException."""
    try:
        judging = judging_of(converter, converter.config.JudgeExercises.course)
        judging.require_packages(converter.coursedir.assignment_id)
        convert()
    except GraderError as error:
        converter.log.error("%s", error)  # noqa: TRY400  a sentence for a person
        raise NbGraderException(str(error)) from None
    finally:
        end(converter)


def _begin(  # noqa: PLR0913  the last three are nbgrader's
    converter: Any, ignored: list[str], then: Callable[..., None] | None, *, assignment: str, student: str,
    notebooks: list[str],
) -> None:  # fmt: skip
    """Before a submission: it is entered and its grades are empty, so that whatever fails from here on asks for a person.

    What may not be copied from its folder goes on the list of what nbgrader ignores.
    """
    coursedir, folder = converter.coursedir, Path(notebooks[0]).parent
    unfit = [path for path, fit in other_files(folder, ignored, coursedir.max_file_size * 1000) if not fit]
    for path in unfit:
        converter.log.warning("%s is a link, no file, or too large: it is not copied", path)
    coursedir.ignore = [*ignored, *(glob.escape(path.name) for path in unfit)]
    about = converter.init_single_notebook_resources(notebooks[0])["nbgrader"]
    named = () if coursedir.notebook_id == "*" else [Path(path).stem for path in notebooks]
    empty_submission(about["db_url"], assignment, about["student"], named, create=converter.create_student)
    if then is not None:
        then(assignment=assignment, student=student, notebooks=notebooks)
