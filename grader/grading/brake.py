"""When a search in the sandbox is given up: limits stop too much of what it runs, or it takes too long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.sandbox.sandbox import met_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.sandbox.sandbox import Sandbox
    from grader.wire import messages as wire

__all__ = ["Brake", "GivenUpError"]

_STOPS = 3
"""How many variants a limit may stop until the search in an answer ends."""
_PATIENCE = 15
"""So many times its seconds on the clock are the most that a search may take, whatever it has used of them."""


class GivenUpError(GraderError):
    """A search that ended before its variants did: its message says why."""


class Brake:
    """Ends a search, from whose thread it is asked, after so many seconds of a processor: its own and the sandbox's.

    On a busy machine more of them pass on the clock. Where the system does not count a worker's, those on the clock are taken.
    """

    def __init__(self, sandbox: Sandbox, seconds: float) -> None:
        """Begin to count."""
        self._sandbox, self._seconds = sandbox, seconds
        self._stops = 0
        self._begun = time.monotonic()
        self._before = self._used()

    def outcomes(self, outcomes: Iterator[wire.Outcome]) -> Iterator[wire.Outcome]:
        """The outcomes of a variant each, until too many meet a limit or the time is up: then raises GivenUpError."""
        for outcome in outcomes:
            self.count((outcome,))
            self.look()
            yield outcome

    def count(self, outcomes: Iterable[wire.Outcome]) -> None:
        """Count a variant that met a limit in one of its outcomes. Raises GivenUpError where these are too many."""
        if any(map(met_limit, outcomes)):
            self._stops += 1
            if self._stops >= _STOPS:
                raise GivenUpError(f"a limit stopped {_STOPS} of the edits")

    def look(self) -> None:
        """Raises GivenUpError where the time is up."""
        passed = time.monotonic() - self._begun
        # No more was used than has passed, so most often the clock is all that is looked at.
        if passed > self._seconds and (self._spent(passed) > self._seconds or passed > _PATIENCE * self._seconds):
            raise GivenUpError(f"{self._seconds:g} seconds were too short")

    def _spent(self, passed: float) -> float:
        used = self._used()
        return passed if used is None or self._before is None else used - self._before

    def _used(self) -> float | None:
        """The seconds that this thread and the sandbox have used."""
        theirs = self._sandbox.cpu_seconds()
        return None if theirs is None else time.thread_time() + theirs
