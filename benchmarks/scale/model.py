"""The cost model: what a grader takes for a student, and what a number of students therefore needs. Numbers in, numbers out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Costs", "Site", "arrivals", "fitted", "nodes_needed"]


_STEADY = 1e-9
"""A rush below which the rate does not grow."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What `grader grade` takes, in processor seconds."""

    start: float
    """Of a run, before its first student and after its last."""
    known: float
    """For each student whose answers the record knows already."""
    run: float
    """Of the run's own process for a student with new answers: reading, recording, writing the report and the page."""
    job: float
    """Of a grading process, its worker and the worker's children for that student."""

    @property
    def student(self) -> float:
        """All that a student with new answers takes."""
        return self.run + self.job


@dataclass(frozen=True, slots=True)
class Site:
    """Machines of one kind that grade a class: each has its part of the students, in a folder and with a record of its own."""

    nodes: int
    cores: int
    """Of each node; its run has as many jobs."""


def arrivals(students: int, seconds: float, rush: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """When students hand in, in order, before a deadline after so many seconds.

    The rate grows exponentially, to e**rush times what it was at first; with a rush of 0 it stays the same.
    """
    share = np.sort(rng.uniform(size=students))
    return seconds * (np.log1p(share * np.expm1(rush)) / rush if rush > _STEADY else share)


def fitted(few: tuple[int, float], many: tuple[int, float]) -> tuple[float, float]:
    """What is taken at all, and for each student, by what few and many of them took; never less than nothing."""
    each = max(0.0, (many[1] - few[1]) / (many[0] - few[0]))
    return max(0.0, few[1] - few[0] * each), each


def nodes_needed(students: float, seconds: float, cores: int, costs: Costs) -> int:
    """The fewest nodes that can grade so many students in that time, if they had nothing else to do and all came at once.

    A node's run is one process: more cores than it can feed do not help.
    """
    each = max(costs.student / cores, costs.run)
    return max(1, math.ceil(students * each / seconds))
