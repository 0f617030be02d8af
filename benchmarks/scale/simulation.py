"""A discrete-event simulation of graders that take in what is handed in until a deadline: SimPy's clock, no clock of ours.

A grader runs again and again. Each run takes what is there: it starts, looks at all students that it knows, then reads those that are
new, one after the other; a job grades each, and the run's process records it and writes its report. That process is one, the jobs
are as many as the node has cores, and all of them share these. So what is handed in during a run waits for the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import simpy

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from numpy.typing import NDArray

    from scale.model import Costs, Site

    Working = Generator[simpy.Event, object, None]

__all__ = ["Simulated", "simulate"]

_WRITE, _READ = 0, 1
"""What the run's process does first, where it could do either: what is finished is written before more is read."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of an hour."""

    finished: NDArray[np.float64]
    """When each student's report was there, in the order in which they handed in."""
    runs: int
    busy: float
    """The processor seconds that were taken, on all nodes."""


def simulate(handed_in: Sequence[float] | NDArray[np.floating], costs: Costs, site: Site) -> Simulated:
    """Students who hand in at these times, in ascending order, on the nodes of a site in turn."""
    finished = np.zeros(len(handed_in))
    nodes = [_Node(costs, site.cores) for _ in range(min(site.nodes, len(handed_in)))]
    for number, node in enumerate(nodes):
        own = slice(number, None, site.nodes)
        finished[own] = node.grade(np.asarray(handed_in, dtype=float)[own])
    return Simulated(finished, sum(node.runs for node in nodes), sum(node.busy for node in nodes))


class _Node:
    """One machine, whose students nobody else grades."""

    def __init__(self, costs: Costs, cores: int) -> None:
        self._costs = costs
        self._clock = simpy.Environment()
        self._cores = simpy.PriorityResource(self._clock, cores)
        self._jobs = simpy.Resource(self._clock, cores)
        self._run = simpy.PriorityResource(self._clock, 1)
        self.runs, self.busy = 0, 0.0

    def grade(self, handed_in: NDArray[np.float64]) -> NDArray[np.float64]:
        """When each student's report is there."""
        finished = np.zeros(len(handed_in))
        self._clock.run(self._clock.process(self._runs(handed_in, finished)))
        return finished

    def _runs(self, handed_in: NDArray[np.float64], finished: NDArray[np.float64]) -> Working:
        known = 0
        while known < len(handed_in):
            if handed_in[known] > self._clock.now:
                yield self._clock.timeout(handed_in[known] - self._clock.now)
            # The sum of what was waited may be a rounding short of the hand-in that was waited for.
            there = max(known + 1, int(np.searchsorted(handed_in, self._clock.now, side="right")))
            self.runs += 1
            yield self._clock.process(self._work(self._run, _WRITE, self._costs.start + self._costs.known * known))
            left = []
            for student in range(known, there):
                yield self._clock.process(self._work(self._run, _READ, self._costs.run / 2))
                left.append(self._clock.process(self._graded(student, finished)))
            yield self._clock.all_of(left)
            known = there

    def _graded(self, student: int, finished: NDArray[np.float64]) -> Working:
        yield self._clock.process(self._work(self._jobs, _READ, self._costs.job))
        yield self._clock.process(self._work(self._run, _WRITE, self._costs.run / 2))
        finished[student] = self._clock.now

    def _work(self, process: simpy.Resource, first: int, seconds: float) -> Working:
        """A process, as soon as it is free, works on a core for so long."""
        asked = {"priority": first} if isinstance(process, simpy.PriorityResource) else {}
        with process.request(**asked) as free:
            yield free
            with self._cores.request(priority=first) as core:
                yield core
                yield self._clock.timeout(seconds)
                self.busy += seconds
