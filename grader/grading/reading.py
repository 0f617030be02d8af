"""The answers of a class as they are read: each file's bytes once, and a name for all that decides what comes of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import CourseError, UsageError
from grader.grading.provenance import provenance
from grader.judging.verdicts import Verdict
from grader.submissions.program import Refusal, read_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.grading.keys import Keys
    from grader.judging.answer_key import AnswerKey
    from grader.reports.report import Provenance
    from grader.submissions.submission import Submission

__all__ = ["Answer", "Reader", "functions_of_others", "name_of"]


class Answer(msgspec.Struct, frozen=True):
    """What was handed in for an exercise, as it was read, and what it is graded by."""

    submission: Submission
    exercise: Exercise
    read: bytes | Refusal
    content: str
    """The hash of the bytes; empty where there are none."""
    about: Provenance
    identity: str
    """A hash of all that decides what comes of it: the same gives the same. Empty where it cannot be judged."""
    others: Mapping[str, tuple[str, ...]]
    """The functions that other exercises ask for, which a notebook may answer too."""
    key: AnswerKey | None = None
    fault: str = ""
    """Why there is no key."""

    @property
    def name(self) -> str:
        """The name of its file as text, whatever bytes it is made of; empty where nothing was found."""
        return name_of(self.submission)

    @property
    def data(self) -> bytes | None:
        """The bytes; None where there are none."""
        return None if isinstance(self.read, Refusal) else self.read


class Reader:
    """Reads answers, for one thread."""

    def __init__(self, course: Course, keys: Keys, layers: tuple[str, ...]) -> None:
        """`layers` are those that isolate what is run."""
        self._course, self._keys, self._layers = course, keys, layers
        self._exercises = {exercise.id: exercise for exercise in course.exercises()}
        self._abouts: dict[tuple[str, str], tuple[Provenance, bytes]] = {}
        self._others: dict[str, dict[str, tuple[str, ...]]] = {}

    def answers(self, group: Iterable[Submission]) -> tuple[Answer, ...]:
        """The answers of one student's assignment. A notebook for many exercises is read once."""
        known: dict[Path, tuple[bytes | Refusal, str]] = {}
        return tuple(self._answer(submission, known) for submission in group)

    def _answer(self, submission: Submission, known: dict[Path, tuple[bytes | Refusal, str]]) -> Answer:
        if submission.path is None:
            return self.answer(submission, read_data(submission), "")
        if submission.path not in known:
            data = read_data(submission)
            known[submission.path] = data, "" if isinstance(data, Refusal) else hashlib.sha256(data).hexdigest()
        return self.answer(submission, *known[submission.path])

    def answer(self, submission: Submission, read: bytes | Refusal, content: str) -> Answer:
        """An answer whose bytes, with that hash, were read already; before anything is run."""
        exercise = self._exercises[submission.exercise]
        try:
            digest, fault = self._keys.digest(exercise, submission.student), ""
        except CourseError as error:
            digest, fault = "", str(error)
        about, encoded = self._about(exercise, digest)
        return self._made(submission, read, content, exercise, about, encoded, fault)

    def as_judged(
        self, submission: Submission, read: bytes | Refusal, content: str, exercise: Exercise, about: Provenance
    ) -> Answer:
        """An answer as it was judged once, by another key or other limits than are the course's now."""
        return self._made(submission, read, content, exercise, about, self._decides(exercise, about), "")

    def _made(  # noqa: PLR0913
        self, submission: Submission, read: bytes | Refusal, content: str, exercise: Exercise, about: Provenance,
        encoded: bytes, fault: str,
    ) -> Answer:  # fmt: skip
        others = self._functions_of_others(exercise) if submission.notebook else {}
        identity, name = "", name_of(submission)
        if isinstance(read, bytes):
            identity = _identity(encoded, content, name, submission.shared, others)
        elif read.verdict is not Verdict.JUDGE_ERROR:
            identity = _identity(encoded, read.verdict, read.feedback)
        return Answer(submission, exercise, read, content, about, "" if fault else identity, others, fault=fault)

    def with_key(self, answer: Answer) -> Answer:
        """The answer with its key, which takes time and memory that an answer of which all is known needs not."""
        return (
            answer if answer.fault else replace(answer, key=self._keys.of(answer.exercise, answer.submission.student))
        )

    def _about(self, exercise: Exercise, digest: str) -> tuple[Provenance, bytes]:
        """What a result will depend on, and all that decides it but for the answer itself."""
        if (exercise.id, digest) not in self._abouts:
            about = provenance(self._course, exercise, digest, self._layers)
            self._abouts[exercise.id, digest] = about, self._decides(exercise, about)
        return self._abouts[exercise.id, digest]

    def _decides(self, exercise: Exercise, about: Provenance) -> bytes:
        decides = (exercise.id, exercise.framework, exercise.imports, self._course.repair.variants, about)
        return msgspec.msgpack.encode(decides)

    def _functions_of_others(self, exercise: Exercise) -> dict[str, tuple[str, ...]]:
        if exercise.id not in self._others:
            self._others[exercise.id] = functions_of_others(self._course, self._keys, exercise)
        return self._others[exercise.id]


def name_of(submission: Submission) -> str:
    """The name of an answer's file as text, whatever bytes it is made of; empty where nothing was found."""
    return submission.path.name.encode(errors="backslashreplace").decode() if submission.path else ""


def functions_of_others(course: Course, keys: Keys, exercise: Exercise) -> dict[str, tuple[str, ...]]:
    """The functions that the other exercises of its assignment ask for, by the exercise: a notebook may answer them too."""
    found: dict[str, tuple[str, ...]] = {}
    for other in course.assignment(exercise.assignment).exercises:
        if other.id != exercise.id:
            try:
                found[other.id] = keys.of(other).functions
            except (CourseError, UsageError):
                found[other.id] = (other.id,)
    return found


def _identity(decides: bytes, *answer: object) -> str:
    return hashlib.sha256(decides + msgspec.msgpack.encode(answer)).hexdigest()
