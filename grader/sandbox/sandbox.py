"""Run a program's functions on inputs in the isolated worker: from calls to outcomes."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Self

import msgspec

from grader.sandbox.child import Child
from grader.sandbox.printed import Printed
from grader.sandbox.workers import Single, WorkerError, Zygote
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.sandbox.limits import Limits
    from grader.sandbox.workers import Worker

__all__ = ["Batch", "Run", "Sandbox", "Variants", "WorkerError", "met_limit", "require_alive", "was_killed"]

_ATTEMPTS = 3
_STOPS_ALLOWED = 2
_NAMES_SHOWN = 10_000
_AT_ONCE = 100
"""How many variants are sent in one message: far below what a frame holds."""
_MAX_KEPT = 64 * 2**20
"""The most bytes of replies that are kept of one program, which all wait to be judged."""


class Batch(msgspec.Struct, frozen=True):
    """Calls of one function that stand or fall together: the cases of one check."""

    function: str
    calls: tuple[wire.Call, ...]
    together: bool = False
    """Whether calls may be sent before those before them have been answered: none tells another's answer."""


class Run(msgspec.Struct, frozen=True):
    """What came of a program: the outcomes of each batch (fewer than its calls after a stop), and what it printed.

    `failed` is what statements at the top level raised, or could not import.
    """

    outcomes: tuple[tuple[wire.Outcome, ...], ...]
    printed: Printed
    failed: tuple[wire.Raised, ...] = ()


def met_limit(outcome: wire.Outcome) -> bool:
    """Whether a child ends with an outcome: it was stopped, or memory ran out, which took what time it had left to fill."""
    return isinstance(outcome, wire.Stopped) or (isinstance(outcome, wire.Raised) and outcome.kind == "MemoryError")


class _Session:
    """One program's children, one after the other."""

    def __init__(self, worker: Worker, load: wire.Load, limits: Limits) -> None:
        self._worker, self._load, self._limits = worker, load, limits
        self._child: Child | None = None
        self._stops: Counter[str] = Counter()
        self._over: dict[str, wire.Outcome] = {}
        self._kept = 0
        self.printed = Printed()
        self.failed: tuple[wire.Raised, ...] | None = None
        """What the first child says, which has seen none of the inputs."""

    def run(self, batch: Batch) -> tuple[wire.Outcome, ...]:
        """The outcomes of a batch: up to the first stop, or the one that ended its function before."""
        child = self._child
        if child is None and batch.function not in self._over:
            child = self._begin()
        if child is None or batch.function in self._over:
            return (self._over[batch.function],)
        outcomes: list[wire.Outcome] = []
        before = child.received
        for outcome in child.answers(batch.calls) if batch.together else map(child.ask, batch.calls):
            if self._kept + child.received - before > _MAX_KEPT:
                outcome = wire.Stopped("output", "returned")  # noqa: PLW2901
            else:
                self._kept += child.received - before
            before = child.received
            outcomes.append(outcome)
            if met_limit(outcome):
                self.end()
                self._stops[batch.function] += 1
                if self._stops[batch.function] >= _STOPS_ALLOWED:
                    self._over[batch.function] = outcome
                break
        return tuple(outcomes)

    def _begin(self) -> Child | None:
        """A child with the program loaded; None, and the functions over, where it does not load."""
        self._child = child = Child(self._worker, self._limits)
        reply = child.load(self._load)
        if isinstance(reply, wire.Loaded):
            if self.failed is None:
                self.failed = reply.failed
            # A forged name may be any text; one that a student has written is an identifier.
            strangers = [name for name in reply.functions if name not in self._load.functions and name.isidentifier()]
            found = ", ".join(strangers)[:_NAMES_SHOWN]
            renamed = wire.Raised("MissingFunction", found, loading=True)
            absent = [name for name in self._load.functions if name not in reply.functions]
            self._over |= {name: reply.missing.get(name, renamed) for name in absent}
            return child
        self._over |= dict.fromkeys(self._load.functions, reply)
        self.end()
        return None

    def end(self) -> None:
        """Let go of the child, if there is one."""
        if self._child is not None:
            child, self._child = self._child, None
            self.printed += child.close()


class Variants:
    """One program whose statements are varied, in as many children as the limits of one make necessary.

    What one variant leaves behind, the next one may find: what is right here has to be run again, by itself.
    """

    def __init__(self, worker: Worker, load: wire.Load, limits: Limits) -> None:
        """Start nothing yet."""
        self._worker, self._load, self._limits = worker, load, limits
        self._child: Child | None = None

    def __enter__(self) -> Self:
        """Return the variants themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the child."""
        self._end()

    def outcomes(self, call: wire.Call, statements: Sequence[str]) -> Iterator[wire.Outcome]:
        """The outcome of a call with each statement, in order.

        A limit is a child's, and many variants share it: one that meets it is tried again, first in a new child. Not so where they
        have slept, which no honest ones do, and which nothing else counts. Raises WorkerError where a child is killed, or does not load what loaded before.
        """
        done = 0
        while done < len(statements):
            alone = self._child is None
            child = self._child or self._begin()
            for outcome in child.vary(wire.Vary(tuple(statements[done : done + _AT_ONCE]), call)):
                if not met_limit(outcome):
                    yield outcome
                    done += 1
                    alone = False
                    continue
                self._end()
                require_alive([outcome])
                if alone or child.slept:
                    yield outcome
                    done += 1
                break

    def _begin(self) -> Child:
        self._child = child = Child(self._worker, self._limits)
        if not isinstance(child.load(self._load), wire.Loaded):
            self._end()
            raise WorkerError("a program did not load again")
        return child

    def _end(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.close()


def was_killed(outcome: wire.Outcome) -> bool:
    """Whether a child was killed, within its limits, which no program does to itself: such an outcome is somebody else's doing."""
    return isinstance(outcome, wire.Stopped) and (outcome.limit, outcome.detail) == ("crash", "SIGKILL")


def require_alive(outcomes: Iterable[wire.Outcome]) -> None:
    """Raises WorkerError where a child was killed."""
    if any(map(was_killed, outcomes)):
        raise WorkerError("a process was killed")


class Sandbox:
    """A worker that is started when first needed and again when it dies. For one thread at a time."""

    def __init__(
        self, packages: Iterable[str] = (), *, layers: tuple[str, ...] = (), fork: bool = hasattr(os, "fork"),
        begun: Zygote | None = None,
    ) -> None:  # fmt: skip
        """`packages` are imported before the worker locks itself; without `fork` every program gets a new process.

        `layers` are those that its first worker must have; each later one must have those of the one before it. One
        that has `begun` is the first worker.
        """
        self._packages, self._fork, self._begun = tuple(packages), fork, begun
        self._worker: Worker | None = None
        self._spent = 0.0
        self._aborted = False
        self._last = False
        self.layers = layers

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the worker."""
        self.close()

    def abort(self) -> None:
        """Make a run in another thread fail now, and every later one."""
        self._aborted = True
        if self._worker is not None:
            self._worker.kill()

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._worker is not None:
            self._spent += self._worker.cpu_seconds() or 0.0
            self._worker.close()
            self._worker = None

    def cpu_seconds(self) -> float | None:
        """The processor time of all workers and their children up to now; None where the system does not say."""
        now = self._worker.cpu_seconds() if self._worker is not None else 0.0
        return None if now is None else self._spent + now

    def start(self) -> Worker:
        """The worker, started if there is none. Raises WorkerError where it did not start three times."""
        attempt = 0
        while self._worker is None or self._aborted:
            if self._aborted:
                raise WorkerError("the run was aborted")
            attempt += 1
            try:
                self._worker = self._admitted(self._zygote()) if self._fork else Single()
                if self._last:
                    self._worker.step_back()
            except WorkerError:
                if attempt == _ATTEMPTS:
                    raise
        return self._worker

    def _zygote(self) -> Zygote:
        """A new worker, or the one that has begun. Raises WorkerError."""
        begun, self._begun = self._begun, None
        worker = begun or Zygote(self._packages)
        worker.wait()
        return worker

    def _admitted(self, worker: Zygote) -> Zygote:
        """A new worker, which is as isolated as what was graded with before. Raises WorkerError."""
        missing = [layer for layer in self.layers if layer not in worker.layers]
        if missing:
            worker.close()
            raise WorkerError(f"a worker started without {', '.join(missing)}, which others have")
        self.layers = worker.layers
        return worker

    def run(self, load: wire.Load, batches: Sequence[Batch], limits: Limits) -> Run:
        """Load a program and make the calls, batch by batch, each call after the reply to the one before, or a batch's together.

        After a stop, or a MemoryError, the batch's other calls are skipped and a new child goes on with the next batch. Two stops in one
        function, or anything that goes wrong at load, end the function or the program. Raises WorkerError where the
        worker died three times.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            self.start()
            try:
                return self._run(load, batches, limits)
            except WorkerError:
                self.close()
                if attempt == _ATTEMPTS:
                    raise
        raise WorkerError("unreachable")

    def variants(self, load: wire.Load, limits: Limits) -> Variants:
        """A program to be varied; nothing else runs here until it is let go of. Raises WorkerError."""
        return Variants(self.start(), load, limits)

    def step_back(self) -> None:
        """Let all else on the machine go first, from now on."""
        self._last = True
        if self._worker is not None:
            self._worker.step_back()

    def _run(self, load: wire.Load, batches: Sequence[Batch], limits: Limits) -> Run:
        worker = self.start()
        session = _Session(worker, load, limits)
        try:
            outcomes = tuple([session.run(batch) for batch in batches])
        finally:
            session.end()
        self.layers = worker.layers
        return Run(outcomes, session.printed, session.failed or ())
