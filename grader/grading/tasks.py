"""What is graded together, and what comes of it: a student's answers to one assignment, in whichever process that is done."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.grading.attempt import attempt
from grader.grading.known_results import KnownResults
from grader.grading.repair import marked, name_of
from grader.judging.judge import refuse
from grader.judging.verdicts import UNJUDGED, ExerciseResult, Verdict
from grader.submissions.program import Refusal, program_of, source_of_cells
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.course.model import Exercise
    from grader.grading.pool import Bench, Pool
    from grader.grading.repair import Repairs
    from grader.judging.answer_key import AnswerKey
    from grader.judging.judge import Altered, OwnJudge
    from grader.submissions.program import Source
    from grader.wire.messages import Chunk

__all__ = ["Finding", "Given", "Task", "Workplace", "pieces", "unjudged"]

_EACH = 2**20
"""What a task weighs beside the bytes that were handed in: its keys, its result."""

_TOGETHER = 256 * 2**20
"""How many bytes of answers are sent in one message; more of one student's are sent one by one."""


class Given(msgspec.Struct, frozen=True):
    """An answer as it was handed in, and what it is graded by."""

    exercise: Exercise
    key: AnswerKey
    digest: str
    """The key's."""
    read: bytes | Refusal | tuple[Chunk, ...]
    """A file, why there is none, or the cells of a notebook that was read already."""
    content: str
    """The name of what was read; answers in one notebook share it."""
    name: str
    """The file's; empty where there is none."""
    others: Mapping[str, tuple[str, ...]]
    """The functions that other exercises ask for, which a notebook may answer too."""


class Task(msgspec.Struct, frozen=True):
    """A student's answers, to be graded together."""

    given: tuple[Given, ...]
    search: bool = False
    """Whether an edit is looked for, at once, that makes a wrong answer right."""
    last: bool = False
    """Whether all else on the machine goes first, from now on."""

    @property
    def weight(self) -> int:
        """About how many bytes it takes while it waits."""
        read = {each.content: len(each.read) for each in self.given if isinstance(each.read, bytes)}
        return _EACH + sum(read.values())


def pieces(task: Task) -> tuple[Task, ...]:
    """A task as it is sent: in one message, or with an answer in each where it is large."""
    if task.weight <= _TOGETHER:
        return (task,) if task.given else ()
    return tuple(replace(task, given=(each,)) for each in task.given)


class Finding(msgspec.Struct, frozen=True):
    """What came of one answer."""

    result: ExerciseResult
    program: str = ""
    """The hash of what was run, where anything was."""
    lasting: bool = False
    """Whether the same would come of it again."""


def unjudged(task: Task, fault: str) -> tuple[Finding, ...]:
    """What comes of a task that nobody could grade."""
    return tuple(Finding(refuse(each.key, Verdict.JUDGE_ERROR, UNJUDGED, fault=fault)) for each in task.given)


class Workplace:
    """What tasks are graded with in one process: sandboxes, the course's own judges, altered inputs, searches."""

    def __init__(
        self, pool: Pool, own_judge: OwnJudge | None, altered: Callable[[Exercise, AnswerKey], Altered], repairs: Repairs
    ) -> None:  # fmt: skip
        """For as many threads as the pool has benches."""
        self._pool, self._own_judge, self._altered, self._repairs = pool, own_judge, altered, repairs
        self._known = KnownResults()

    def grade(self, task: Task) -> tuple[Finding, ...]:
        """What comes of each of a task's answers. Raises UsageError where isolation that is required is missing."""
        if task.last:
            self._pool.step_back()
        read: dict[str, Source | Refusal] = {}
        with self._pool.bench() as bench:
            return tuple(self._grade(bench, each, read, search=task.search) for each in task.given)

    def _grade(self, bench: Bench, given: Given, read: dict[str, Source | Refusal], *, search: bool) -> Finding:
        exercise, key, bounds = given.exercise, given.key, self._repairs.bounds
        tried = attempt(
            bench, exercise, key, _source(given, read), given.others, self._own_judge, self._altered(exercise, key),
            partial(self._known.result, given.digest),
        )  # fmt: skip
        result = self._repairs.result(bench, exercise, key, tried, self._own_judge) if search else marked(tried, bounds)
        return Finding(result, name_of(tried.program, bounds), tried.lasting)


def _source(given: Given, read: dict[str, Source | Refusal]) -> Source | Refusal:
    """The program that an answer is. A notebook for a whole assignment is the same for all of its exercises, and may be large."""
    data = given.read
    if isinstance(data, Refusal):
        return data
    path = Path(given.name) if given.name else None
    handed_in = Submission("", given.exercise.assignment, given.exercise.id, path, "")
    if isinstance(data, bytes) and not handed_in.shared:
        return program_of(handed_in, data)
    if given.content not in read:
        read[given.content] = (
            program_of(handed_in, data) if isinstance(data, bytes) else source_of_cells(data, "the notebook")
        )
    return read[given.content]
