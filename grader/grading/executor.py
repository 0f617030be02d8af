"""Who grades: tasks go in, and what was found comes out as it is found.

`Here` grades in this process; `processes.Processes` in others; `cluster.Cluster` on other machines.
"""

from __future__ import annotations

import queue
from abc import ABC, abstractmethod
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from grader.grading.repair import Repairs
from grader.grading.tasks import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.course.model import Course, Repair
    from grader.grading.keys import Keys
    from grader.grading.pool import Pool
    from grader.grading.tasks import Finding, Task

__all__ = ["Executor", "Here", "as_finished"]

_Item = TypeVar("_Item")
_IDLE = 0.2
"""How many seconds are waited before something else is done."""


class Executor(ABC):
    """Grades tasks, `jobs` at once. What it has begun ends with it. Its methods may be called from several threads."""

    jobs: int
    in_flight = 64 * 2**20
    """How many bytes of tasks wait, or are graded, at once; a task may be larger by itself."""

    def __enter__(self) -> Self:
        """Return the executor itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all that it has started."""
        self.close()

    @abstractmethod
    def start(self) -> tuple[str, ...]:
        """The layers of isolation that all of the run has, once a first worker has started.

        Raises UsageError where what is required is missing, WorkerError where no worker starts.
        """

    def expect(self, answers: int) -> None:  # noqa: B027  most have nothing to prepare
        """Get ready for so many answers, which will come soon."""

    @abstractmethod
    def grade(self, task: Task) -> tuple[Finding, ...]:
        """What comes of each of a task's answers. Raises UsageError."""

    def run(
        self, tasks: Iterable[tuple[_Item, Task]], idle: Callable[[], None] | None = None
    ) -> Iterator[tuple[_Item, tuple[Finding, ...]]]:
        """What comes of tasks, each with what it came with, as they are finished.

        Tasks are drawn a few ahead, in the thread that asks for results; `idle` is called there while nothing is finished.
        """
        return as_finished(self.grade, tasks, self.jobs, self.abort, idle, self.in_flight)

    @abstractmethod
    def abort(self) -> None:
        """Make what is running in other threads fail now, and what they would still begin."""

    @abstractmethod
    def close(self) -> None:
        """End all that it has started."""


class Here(Executor):
    """Grades in this process, in as many threads as the pool has benches."""

    def __init__(self, course: Course, keys: Keys, pool: Pool, bounds: Repair | None = None) -> None:
        """With the sandboxes of a pool, which is closed with it; edits are looked for within the course's bounds, or others."""
        self.jobs = pool.jobs
        self._pool = pool
        repairs = Repairs(bounds or course.repair, course.reference)
        self._workplace = Workplace(pool, keys.own_judge, keys.altered, repairs)

    def start(self) -> tuple[str, ...]:
        """The layers of a first worker."""
        return self._pool.start()

    def grade(self, task: Task) -> tuple[Finding, ...]:
        """What comes of each of a task's answers."""
        return self._workplace.grade(task) if task.given else ()

    def abort(self) -> None:
        """Make what is running fail now."""
        self._pool.abort()

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


@contextmanager
def _threads(jobs: int, abort: Callable[[], None]) -> Iterator[ThreadPoolExecutor]:
    """Threads whose work is dropped, and aborted where it runs, when the consumer stops."""
    threads = ThreadPoolExecutor(jobs)
    try:
        yield threads
    except BaseException:  # an interrupt or a consumer that has enough, neither of which waits for a student's loop
        abort()
        raise
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def as_finished(  # noqa: PLR0913
    grade: Callable[[Task], tuple[Finding, ...]], tasks: Iterable[tuple[_Item, Task]], jobs: int, abort: Callable[[], None],
    idle: Callable[[], None] | None = None, most: int = Executor.in_flight,
) -> Iterator[tuple[_Item, tuple[Finding, ...]]]:  # fmt: skip
    """Grade in threads, and give what is finished, whichever it is: one that takes long holds up no other.

    What is in flight is bounded by its weight, at `most`, so that memory stays flat.
    """
    finished: queue.SimpleQueue[Future[tuple[Finding, ...]]] = queue.SimpleQueue()
    running: dict[Future[tuple[Finding, ...]], tuple[_Item, int]] = {}

    weight = 0

    def taken(future: Future[tuple[Finding, ...]]) -> tuple[_Item, tuple[Finding, ...]]:
        nonlocal weight
        item, its_weight = running.pop(future)
        weight -= its_weight
        return item, future.result()

    def next_finished() -> Future[tuple[Finding, ...]]:
        while True:
            try:
                return finished.get(timeout=_IDLE if idle else None)
            except queue.Empty:
                if idle:
                    idle()

    with _threads(jobs, abort) as threads:
        for item, task in tasks:
            future = threads.submit(grade, task)
            running[future] = item, task.weight
            weight += task.weight
            future.add_done_callback(finished.put)
            while running and (not finished.empty() or weight > most):
                yield taken(next_finished())
        while running:
            yield taken(next_finished())
