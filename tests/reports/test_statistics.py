"""The numbers of a class are those that numpy gives, and mean what test theory says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.reports.statistics import discrimination, histogram, share, spread

POINTS = st.floats(0, 20).map(lambda number: round(number, 2))
SHARES = st.floats(0, 1)


@given(st.lists(POINTS, min_size=1, max_size=50))
def test_mean_and_quartiles_are_numpys(points):
    found = spread(points)
    assert found is not None
    assert found.count == len(points)
    want = [np.mean(points), *np.percentile(points, [25, 50, 75])]
    assert np.allclose([found.mean, found.low, found.median, found.high], want)


@given(st.lists(SHARES, max_size=60), st.integers(1, 12))
def test_every_share_is_in_one_bin_and_in_numpys_where_it_is_on_no_edge(shares, bins):
    counts = histogram(shares, bins)
    assert (len(counts), sum(counts)) == (bins, len(shares))
    inside = [each for each in shares if abs(each * bins - round(each * bins)) > 1e-6]
    assert histogram(inside, bins) == tuple(np.histogram(inside, bins, (0, 1))[0])


def test_an_edge_is_the_upper_bins_and_all_points_the_last():
    assert histogram([0.0, 0.7 - 0.4, 0.3, 1.0]) == (1, 0, 0, 2, 0, 0, 0, 0, 0, 1)


@given(st.lists(st.tuples(POINTS, POINTS), min_size=5, max_size=50))
def test_discrimination_is_numpys_correlation_with_the_rest(pairs):
    item, rest = (np.array(column) for column in zip(*pairs, strict=True))
    assume(np.ptp(item) > 0.1 and np.ptp(rest) > 0.1)
    found = discrimination(item.tolist(), (item + rest).tolist())
    assert found == pytest.approx(np.corrcoef(item, rest)[0, 1], abs=1e-6)


@given(st.lists(st.tuples(POINTS, POINTS), min_size=5, max_size=50), st.floats(0.1, 9), st.floats(-5, 5))
def test_discrimination_heeds_neither_the_unit_of_points_nor_a_bonus_for_all(pairs, unit, bonus):
    item, rest = zip(*pairs, strict=True)
    assume(max(item) - min(item) > 0.1 and max(rest) - min(rest) > 0.1)
    one = discrimination(item, [x + y for x, y in pairs])
    other = discrimination([unit * x for x in item], [unit * x + unit * y + bonus for x, y in pairs])
    assert one == pytest.approx(other, abs=1e-6)


def test_discrimination_says_nothing_where_nothing_can_be_said():
    """Of few students, and where all have the same of the item or of the rest, however it was summed."""
    assert discrimination([0, 1, 0, 1], [1, 2, 3, 4]) is None
    assert discrimination([1] * 5, [1, 2, 3, 4, 5]) is None
    item = [0.1, 0.2, 0.3, 0.4, 0.7]
    assert discrimination(item, [0.1 + 0.2 + each for each in item]) is None
    assert discrimination([0, 0, 1, 1, 1], [0, 0, 3, 4, 5]) == pytest.approx(3.6 / 15.36**0.5)


@given(st.lists(SHARES, min_size=1), st.floats(0.5, 10))
def test_the_share_of_points_is_their_mean(shares, possible):
    assert share([possible * each for each in shares], possible) == pytest.approx(np.mean(shares))
    assert share([], possible) is None
    assert share([0.0], 0.0) is None
    assert spread([]) is None
