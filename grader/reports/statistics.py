"""What a class's points say of its exercises and checks: classical test theory, in plain numbers. Pure."""

from __future__ import annotations

import math
from statistics import StatisticsError, correlation, quantiles
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Spread", "discrimination", "histogram", "share", "spread"]

_FEWEST = 5
"""A correlation of fewer students says nothing."""
_SAME = 1e-9
"""Points that differ by less differ by how they were summed alone."""


class Spread(msgspec.Struct, frozen=True):
    """How numbers lie: their mean, and the quartiles, which are linear between neighbours as in numpy and R's type 7."""

    count: int
    mean: float
    low: float
    median: float
    high: float


def spread(numbers: Sequence[float]) -> Spread | None:
    """How these numbers lie; None where there are none."""
    if not numbers:
        return None
    mean = math.fsum(numbers) / len(numbers)
    low, median, high = quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else [mean] * 3
    return Spread(len(numbers), mean, low, median, high)


def histogram(shares: Iterable[float], bins: int = 10) -> tuple[int, ...]:
    """How many shares of 0 to 1 are in each of so many bins of one width; 1 is in the last."""
    counts = [0] * bins
    for each in shares:
        # A share that is the edge of two bins but for rounding, as 0.3 of 7/10 - 4/10, is in the upper one.
        counts[min(max(math.floor(each * bins + _SAME), 0), bins - 1)] += 1
    return tuple(counts)


def share(earned: Iterable[float], possible: float) -> float | None:
    """The difficulty of an item: the mean of the points earned for it, as a share of those possible; 1 is the easiest.

    It is the p-value of classical test theory, for items with partial points (L. Crocker, J. Algina, Introduction to Classical
    and Modern Test Theory, 1986, chapter 14). None without points or students.
    """
    found = list(earned)
    return math.fsum(found) / (len(found) * possible) if found and possible else None


def discrimination(item: Sequence[float], total: Sequence[float]) -> float | None:
    """How well an item tells strong students from weak ones: its corrected item-total correlation.

    It is Pearson's r between the points x of the item and t - x, the rest of the test's points t, so that an item is not
    correlated with itself (Crocker and Algina, as above; J. C. Nunnally, I. H. Bernstein, Psychometric Theory, 1994, chapter 8).
    About 0.2 and more is usual for a good item; below 0, those who know less do better. None where it says nothing: of fewer than
    5 students, or where all have the same.
    """
    rest = [t - x for x, t in zip(item, total, strict=True)]
    if len(rest) < _FEWEST or max(item) - min(item) < _SAME or max(rest) - min(rest) < _SAME:
        return None
    try:
        return max(-1.0, min(1.0, correlation(item, rest)))
    except StatisticsError:  # so little between them that its square is none
        return None
