"""Tasks on their way to the nodes of a cluster and back: which wait, and which are begun again."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING

import msgspec

from grader.grading.tasks import unjudged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.grading.tasks import Finding, Task

__all__ = ["Errand", "Errands"]

_ATTEMPTS = 3
"""How often a task is begun whose node is lost before it is graded."""
_AT_ONCE = 128 * 2**20
"""How many bytes are sent to a node at once; a task may be larger by itself."""
_numbers = itertools.count()


class Errand(msgspec.Struct, eq=False):
    """A task to be graded somewhere, once."""

    task: Task
    number: int = msgspec.field(default_factory=lambda: next(_numbers))
    lost: int = 0
    """How many nodes were lost with it."""
    found: Future[tuple[Finding, ...]] = msgspec.field(default_factory=Future)


class Errands:
    """For several threads."""

    def __init__(self) -> None:
        """None yet."""
        self._changed = threading.Condition()
        self._waiting: deque[Errand] = deque()
        self._open: set[Errand] = set()
        self._fault: Exception | None = None

    def run(self, task: Task) -> tuple[Finding, ...]:
        """Let a task be graded, and wait for it. Raises the fault that ends all of them."""
        errand = Errand(task)
        with self._changed:
            if self._fault:
                raise self._fault
            self._open.add(errand)
            self._waiting.append(errand)
            self._changed.notify()
        return errand.found.result()

    def take(self, most: int, wait: float) -> list[Errand]:
        """The first that wait, to be sent together; none where none comes in so many seconds."""
        with self._changed:
            if not self._waiting and wait:
                self._changed.wait(wait)
            taken: list[Errand] = []
            weight = 0
            while (
                self._waiting and len(taken) < most and (not taken or weight + self._waiting[0].task.weight <= _AT_ONCE)
            ):
                weight += self._waiting[0].task.weight
                taken.append(self._waiting.popleft())
            return taken

    def finish(self, errand: Errand, found: tuple[Finding, ...]) -> None:
        """Give what came of one to whoever waits for it."""
        with self._changed:
            if errand not in self._open:
                return
            self._open.remove(errand)
        errand.found.set_result(found)

    def again(self, errands: Iterable[Errand], *, lost: bool) -> None:
        """Put these before those that wait, for another node; one with which several nodes were lost is given up."""
        for errand in sorted(errands, key=lambda each: each.number, reverse=True):
            errand.lost += lost
            if errand.lost >= _ATTEMPTS:
                self.finish(
                    errand, unjudged(errand.task, f"the node that graded it was lost, {_ATTEMPTS} times in a row")
                )
            else:
                with self._changed:
                    self._waiting.appendleft(errand)
                    self._changed.notify()

    def fail(self, fault: Exception) -> None:
        """End all of them."""
        with self._changed:
            self._fault, ended = fault, self._open
            self._open = set()
            self._waiting.clear()
            self._changed.notify_all()
        for errand in ended:
            errand.found.set_exception(fault)
