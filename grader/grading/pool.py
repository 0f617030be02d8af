"""The sandboxes of a run: the one place that starts them, and admits each by what its entrance requires.

A worker is admitted with the layers of isolation that the entrance requires and that the run began with: before anything
runs in it, and again each time that one takes the place of another.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from grader.sandbox.layers import BASELINE, NOTHING, require
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.workers import Zygote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course
    from grader.sandbox.layers import Required

__all__ = ["Bench", "Pool", "begun", "required_by"]

_log = logging.getLogger(__name__)


def required_by(course: Course) -> Required:
    """What grading needs in a course: in a student's tree nothing, which holds a student's own code."""
    return BASELINE if course.isolation == "required" and not course.released else NOTHING


def begun() -> Zygote | None:
    """A worker with numpy alone, which starts while its pool is not there yet; None where no process can fork. Raises OSError.

    Whoever begins it ends it.
    """
    return Zygote(()) if hasattr(os, "fork") else None


class Pool:
    """Benches for `jobs` threads. Its methods may be called from several threads."""

    def __init__(
        self, jobs: int = 1, *, required: Required = NOTHING, layers: tuple[str, ...] = (), fork: bool = hasattr(os, "fork"),
        begun: Zygote | None = None,
    ) -> None:  # fmt: skip
        """Start nothing yet. `layers` are those of a run that began elsewhere; without `fork` every program gets a process of its own.

        A worker that has `begun` is the first of those with numpy alone; whoever began it ends it where none is asked for.
        """
        self.jobs, self._required, self._fork = jobs, required, fork
        self._admitting = threading.Lock()
        self._sandboxes: list[Sandbox] = []
        self._layers = layers or None
        self._begun = begun
        self._aborted = False
        self._last = False
        self._benches = [Bench(self) for _ in range(jobs)]
        self._free: queue.SimpleQueue[Bench] = queue.SimpleQueue()
        for bench in self._benches:
            self._free.put(bench)

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self.close()

    def close(self) -> None:
        """End the workers."""
        for sandbox in tuple(self._sandboxes):
            sandbox.close()

    def abort(self) -> None:
        """Make what is running in other threads fail now, and what they would still begin."""
        self._aborted = True
        for sandbox in tuple(self._sandboxes):
            sandbox.abort()

    def step_back(self) -> None:
        """Let all else on the machine go before what runs here from now on."""
        if self._last:
            return
        self._last = True
        for sandbox in tuple(self._sandboxes):
            sandbox.step_back()

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that the run began with; where each program has a process of its own, those of the last."""
        return self._layers or next((sandbox.layers for sandbox in self._sandboxes), ())

    def start(self) -> tuple[str, ...]:
        """Start a first worker, if there is none: the layers that it has, and so each other will have.

        Raises UsageError where what is required is missing, WorkerError where no worker starts.
        """
        with self.bench() as bench:
            if self._layers is None:
                bench.sandbox(())
        return self.layers

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        """A bench of one's own, for a while."""
        bench = self._free.get()
        try:
            yield bench
        finally:
            self._free.put(bench)

    def admit(self, packages: tuple[str, ...]) -> Sandbox:
        """A new sandbox whose worker has what is required. Raises UsageError, WorkerError."""
        if self._layers is None:
            with self._admitting:
                return self._admit(packages)
        return self._admit(packages)

    def _admit(self, packages: tuple[str, ...]) -> Sandbox:
        begun = None
        if not packages:
            begun, self._begun = self._begun, None
        sandbox = Sandbox(packages, layers=self._layers or (), fork=self._fork, begun=begun)
        self._sandboxes.append(sandbox)  # before it is started, so that the run can be aborted meanwhile
        if self._last:
            sandbox.step_back()
        if self._aborted:
            sandbox.abort()
        try:
            layers = sandbox.start().layers
            require(layers, self._required)
        except BaseException:
            self._sandboxes.remove(sandbox)
            sandbox.close()
            raise
        if self._layers is None:
            self._layers = layers
            _log.info("isolated by %s", ", ".join(layers) or "what each program's process says")
        return sandbox


class Bench:
    """What one thread works with: a sandbox for each set of packages."""

    def __init__(self, pool: Pool) -> None:
        """Start nothing yet."""
        self._pool = pool
        self._sandboxes: dict[tuple[str, ...], Sandbox] = {}

    def sandbox(self, packages: tuple[str, ...]) -> Sandbox:
        """The sandbox whose worker has imported `packages`. Raises UsageError, WorkerError where it cannot be admitted."""
        if packages not in self._sandboxes:
            self._sandboxes[packages] = self._pool.admit(packages)
        return self._sandboxes[packages]
