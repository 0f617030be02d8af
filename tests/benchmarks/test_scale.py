"""The simulation of a deadline keeps the laws that hold whatever grading costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scale.model import Costs, Site, arrivals, fitted, nodes_needed
from scale.simulation import simulate

COSTS = st.builds(Costs, *[st.floats(0.0, 2.0)] * 2, *[st.floats(1e-3, 1.0)] * 2)
TIMES = st.lists(st.floats(0.0, 60.0), min_size=1, max_size=40).map(sorted)
SITES = st.builds(Site, st.integers(1, 4), st.integers(1, 8))


@pytest.mark.slow
@given(TIMES, COSTS, SITES)
def test_everybody_is_graded_once_after_a_start_and_the_whole_of_the_work(times, costs, site) -> None:
    found = simulate(times, costs, site)
    assert np.all(found.finished - times >= costs.start + costs.student - 1e-9)
    least = len(times) * costs.student + found.runs * costs.start
    assert found.busy >= least - 1e-9
    assert min(len(times), site.nodes) <= found.runs <= len(times)


@given(TIMES, COSTS, SITES)
def test_no_core_works_for_two_at_once_and_no_run_either(times, costs, site) -> None:
    """Nobody's work begins before the first hand-in, and a node's run is one process, however many cores it has."""
    found = simulate(times, costs, site)
    span = found.finished.max() - times[0]
    assert found.busy <= site.nodes * site.cores * span + 1e-9
    largest = -(-len(times) // site.nodes)
    assert span >= largest * costs.run - 1e-9


@pytest.mark.slow
@given(TIMES, COSTS, SITES)
def test_what_comes_at_once_is_one_run_and_gains_from_more_cores(times, costs, site) -> None:
    """But for one student's work: a run that is fed by more cores may read ahead what it would else have written before."""
    at_once = [0.0] * len(times)
    some, more = (simulate(at_once, costs, replace(site, cores=cores)) for cores in (site.cores, 16 * site.cores))
    assert some.runs == min(len(times), site.nodes)
    assert more.finished.max() <= some.finished.max() + costs.student + 1e-9
    pipeline = costs.start + costs.student + len(times) * costs.run
    assert more.finished.max() <= pipeline + len(times) * costs.job / min(16, len(times)) + 1e-9


@given(COSTS, SITES)
def test_who_hands_in_when_nobody_else_does_waits_for_one_start_and_their_own_work(costs, site) -> None:
    alone = 1e3 * np.arange(1, 6)
    nodes_know = np.arange(5) // site.nodes
    expected = costs.start + costs.known * nodes_know + costs.student
    assert simulate(alone, costs, site).finished - alone == pytest.approx(expected)


@given(st.integers(1, 200), st.floats(1.0, 1e4), st.floats(0.0, 6.0), st.integers(0, 9))
def test_hand_ins_come_in_order_before_the_deadline_and_later_ones_closer(students, seconds, rush, seed) -> None:
    times = arrivals(students, seconds, rush, np.random.default_rng(seed))
    even = arrivals(students, seconds, 0.0, np.random.default_rng(seed))
    assert len(times) == students
    assert np.all(np.diff(times) >= 0)
    assert np.all((times >= even - 1e-6) & (times <= seconds + 1e-6))


@given(st.floats(0.0, 100.0), st.floats(0.0, 10.0), st.integers(1, 100), st.integers(1, 100))
def test_what_a_run_and_what_a_student_takes_is_found_from_two_classes(start, each, few, more) -> None:
    sizes = few, few + more
    assert fitted(*((size, start + size * each) for size in sizes)) == pytest.approx((start, each), abs=1e-6)


@given(st.integers(1, 10_000), st.floats(1.0, 3600.0), st.integers(1, 64), COSTS)
def test_fewer_nodes_than_are_needed_cannot_have_done_it(students, seconds, cores, costs) -> None:
    nodes = nodes_needed(students, seconds, cores, costs)
    work = max(costs.student / cores, costs.run) * students
    assert work <= nodes * seconds * (1 + 1e-9)
    assert nodes == 1 or work > (nodes - 1) * seconds * (1 - 1e-9)
