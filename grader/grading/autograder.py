"""One submission, where Gradescope's container has put it: closed off from student code, and graded by the path of a class.

The container may have neither namespaces nor Landlock. So student code runs as another user, all that it must not read is root's
alone, and a program of ours has to fail to read it before anybody else's runs.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.building.autograder import COURSE
from grader.course.course_yml import load_course
from grader.errors import CourseError, UsageError
from grader.grading.classes import grade_answers
from grader.grading.executor import Here
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.grading.reading import Reader
from grader.judging.answer_key import digest
from grader.reports.report import Report
from grader.sandbox.layers import IN_A_CONTAINER
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch
from grader.submissions.files import files_below, read_file
from grader.submissions.find import find_submissions
from grader.wire import messages as wire
from grader.wire.values import Text, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.course.model import Course
    from grader.grading.pool import Bench

__all__ = ["grade_place", "require_complete"]

_CLOSED = ("source", "submission", "results")
_METADATA = "submission_metadata.json"
_DEEPEST, _MOST = 6, 5_000
_LARGEST = 64 * 2**20
"""What is looked at of a submission, and how large a file may be: as of a class's."""

_PROBE = """
def reads(path):
    try:
        with open(path, "rb") as file:
            file.read(1)
    except OSError as error:
        return type(error).__name__
    return "read"
"""


class _User(msgspec.Struct):
    email: str | None = None
    name: str | None = None


class _Metadata(msgspec.Struct):
    """What Gradescope says of a submission, as far as it is wanted."""

    users: tuple[_User, ...] = ()
    created_at: datetime | None = None

    @property
    def student(self) -> str:
        """The student, or the first of a group: whose inputs are drawn, where they are individual."""
        named = (word for user in self.users for word in (user.email, user.name) if word)
        return next(named, "student").replace("/", "_").lstrip(".") or "student"


def grade_place(place: Path) -> tuple[Report, tuple[str, ...]]:
    """The report on what is in `place`/submission, and the layers of isolation.

    Raises UsageError and CourseError where the course cannot be graded with, or where student code would not be apart: then
    none has run.
    """
    for name in _CLOSED:
        (place / name).chmod(0o700)
    course = load_course(place / "source" / COURSE)
    metadata = _metadata(place / _METADATA)
    keys = Keys(course)
    if faults := keys.faults(course.exercises()):
        raise CourseError.joined(faults)
    with tempfile.TemporaryDirectory() as folder, Pool(required=IN_A_CONTAINER) as pool:
        layers = pool.start()
        with pool.bench() as bench:
            _require_unreadable(bench, _secrets(place, course))
        _arrange(place / "submission", Path(folder, metadata.student), course.assignments[0].id, metadata.created_at)
        found = find_submissions(
            Path(folder), course, [metadata.student], functions=lambda exercise: keys.of(exercise).functions
        ).submissions
        reader = Reader(course, keys, layers)
        answers = [reader.with_key(answer) for answer in reader.answers(found)]
        # With the search for an edit at once: the one submission is all that there is to do.
        graded = grade_answers(Here(course, keys, pool), answers, search=True)
    report = Report.of(metadata.student, course.assignments[0].id, (each.report for each in graded))
    return report, layers


def require_complete(course: Course, files: Mapping[str, bytes]) -> None:
    """Raises CourseError where the part of the course that is in an archive's files does not make the course's own keys."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            if name.startswith(f"{COURSE}/"):
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        part = load_course(Path(folder, COURSE))
        whole_keys, keys = Keys(course), Keys(part)
        for exercise in part.exercises():
            if digest(whole_keys.of(exercise)) != digest(keys.of(exercise)):
                raise CourseError(
                    "its checks depend on what is not in the autograder: keep what they need in the assignment's own folder, or "
                    "beside the folders of all", path=course.checks(exercise),
                )  # fmt: skip


def _metadata(path: Path) -> _Metadata:
    """What is said of the submission; nothing where Gradescope has said nothing, as in a trial by hand."""
    try:
        path.chmod(0o600)
        return msgspec.json.decode(path.read_bytes(), type=_Metadata)
    except FileNotFoundError:
        return _Metadata()
    except msgspec.MsgspecError as error:
        raise UsageError(f"{path} is not as Gradescope writes it ({error})") from None


def _secrets(place: Path, course: Course) -> Iterable[Path]:
    """What student code is never to read."""
    yield course.root / "course.yml"
    for exercise in course.exercises():
        yield from (course.reference(exercise), course.checks(exercise))
    yield from (place / _METADATA, place / "submission", place / "results" / "results.json", Path("/etc/shadow"))


def _require_unreadable(bench: Bench, paths: Iterable[Path]) -> None:
    """Raises UsageError where a program in the sandbox reads one of these files."""
    calls = tuple(wire.Call("reads", (pack(str(path)),)) for path in paths if path.is_file())
    load = wire.Load("probe", (wire.Chunk("probe.py", _PROBE),), ("reads",))
    (outcomes,) = bench.sandbox(()).run(load, [Batch("reads", calls)], Limits()).outcomes
    if len(outcomes) < len(calls) or not all(_is_denied(outcome) for outcome in outcomes):
        raise UsageError("student code could read the course's own files here, so that none was run")


def _is_denied(outcome: wire.Outcome) -> bool:
    match outcome:
        case wire.Returned(Text(said)):
            return said in {"PermissionError", "FileNotFoundError"}
        case _:
            return False


def _arrange(submission: Path, student: Path, assignment: str, submitted_at: datetime | None) -> None:
    """Copy what was handed in to where a class's would lie; regular files alone, without what tools leave behind."""
    found, _ = files_below([submission], _DEEPEST, _MOST)
    (student / assignment).mkdir(parents=True)
    for path, _ in found:
        relative = path.relative_to(submission)
        target = student / relative if relative.parts[0] == assignment else student / assignment / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read_file(path, _LARGEST))
        if submitted_at is not None:
            seconds = submitted_at.astimezone(UTC).timestamp()
            os.utime(target, (seconds, seconds))
