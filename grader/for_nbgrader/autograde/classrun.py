"""`grader nbgrader autograde`: a class graded as nbgrader_config.py says, in one process."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from nbgrader.converters import NbGraderException
from nbgrader.utils import setenv

from grader.course.course_yml import load_course
from grader.course.place import find_course
from grader.errors import UsageError
from grader.for_nbgrader.autograde.converter import Autograded, ClassAutograde
from grader.for_nbgrader.configuration import configuration
from grader.for_nbgrader.judging import Judging
from grader.for_nbgrader.preprocessors.installed import install
from grader.for_nbgrader.submitted.course_directory import CarefulCourseDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from grader.course.model import Course
    from grader.sandbox.workers import Zygote

__all__ = ["autograde_class"]


def autograde_class(  # noqa: PLR0913  one argument for each option of the command
    root: Path | None, assignment: str, course: Path | None, *, students: Collection[str] = (), jobs: int = 1,
    force: bool = False, repair: bool = True, advance: Callable[[int, int], None] = lambda *_: None,
    begins: Callable[[Course], None] = lambda _: None, worker: Zygote | None = None,
) -> Autograded:  # fmt: skip
    """Grade an assignment's submissions in nbgrader's course directory, as its configuration says; `root` where given.

    Of all students, or of those named. `course` is the folder with course.yml, where the configuration is not to be
    asked; with `repair` the edit is looked for that makes a wrong answer right; `begins` is told which course it is, `advance`
    how many submissions are done with, of how many. A `worker` that has begun is the first one. Raises UsageError, CourseError.
    """
    configured = configuration(root)
    config, root = configured.config, configured.root
    if "course" not in config.JudgeExercises or course is not None:
        install(
            config, str(course.resolve()) if course else "", str(config.JudgeExercises.get("plain_cells", "refuse"))
        )
    coursedir = CarefulCourseDirectory(config=config, root=str(root), assignment_id=assignment)
    converter = ClassAutograde(coursedir=coursedir, config=config, force=force)
    converter.log = logging.getLogger("grader.nbgrader")
    place = config.JudgeExercises.course
    judged_by = load_course(root / place if place else find_course(root))
    begins(judged_by)
    with (
        Judging(judged_by, jobs, repair=repair, begun=worker) as judging,
        contextlib.chdir(root),
        setenv(NBGRADER_EXECUTION="autograde"),
    ):
        judging.start()
        try:
            return converter.grade_class(judging, jobs, students, advance)
        except NbGraderException as error:
            raise UsageError(str(error)) from None
