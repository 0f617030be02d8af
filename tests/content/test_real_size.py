"""Where a task forbids the long way, a layer of real size tells: the long way does not end, every right way does."""

from __future__ import annotations

import pytest

from grader.course.course_yml import load_course
from grader.grading.attempt import packages, run_and_judge
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
from grader.sandbox.sandbox import Sandbox
from grader.wire import messages as wire
from repository import ROOT

COURSE = load_course(ROOT)
CHECK = "real_size"
pytestmark = pytest.mark.slow

DIFFERENCES = """
import numpy as np

def loss(X, W, wout, t):
    return np.sum((1 / (1 + np.exp(-np.maximum(X @ W, 0) @ wout)) - t) ** 2)

def differences(f, x, h=1e-5):
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        gradient[i] = (f(x + e) - f(x - e)) / (2 * h)
    return gradient

def backprop_batch(X, W, wout, t):
    return differences(lambda W: loss(X, W, wout, t), W), differences(lambda v: loss(X, W, v, t), wout)
"""
TENSOR = """
import numpy as np

def dE_dA(X, dEdY):
    T = np.zeros((*dEdY.shape, X.shape[1], dEdY.shape[1]))
    for j in range(dEdY.shape[1]):
        T[:, j, :, j] = X
    return np.einsum("ij,ijkl->kl", dEdY, T)
"""
JACOBIANS = """
import numpy as np

def softmax_vjp(p, dout):
    return np.array([(np.diag(row) - np.outer(row, row)) @ g for row, g in zip(p, dout)])
"""
LOOPS = """
import math

def backprop_batch(X, W, wout, t):
    X, W, wout, t = X.tolist(), W.tolist(), wout.tolist(), t.tolist()
    dW, dwout = [[0.0] * len(wout) for _ in W], [0.0] * len(wout)
    for x, target in zip(X, t):
        h = [sum(x[j] * W[j][k] for j in range(len(x))) for k in range(len(wout))]
        p = 1 / (1 + math.exp(-sum(a * w for a, w in zip(h, wout) if a > 0)))
        d = 2 * (p - target) * p * (1 - p)
        for k, a in enumerate(h):
            if a > 0:
                dwout[k] += d * a
                for j, entry in enumerate(x):
                    dW[j][k] += d * wout[k] * entry
    return dW, dwout
"""
LOOPS_OF_A_LAYER = """
def dE_dA(X, dEdY):
    X, dEdY = X.tolist(), dEdY.tolist()
    return [[sum(x[k] * g[j] for x, g in zip(X, dEdY)) for j in range(len(dEdY[0]))] for k in range(len(X[0]))]
"""
LOOPS_OF_A_SOFTMAX = """
def softmax_vjp(p, dout):
    rows = []
    for row, g in zip(p.tolist(), dout.tolist()):
        mean = sum(a * b for a, b in zip(row, g))
        rows.append([a * (b - mean) for a, b in zip(row, g)])
    return rows
"""


def verdicts(name: str, source: str) -> dict[str, Verdict]:
    """The verdict of each check."""
    exercise = COURSE.exercise(name)
    keys = Keys(COURSE)
    key = keys.of(exercise)
    with Sandbox(packages(exercise)) as sandbox:
        program = (wire.Chunk(f"{name}.py", source),)
        result = run_and_judge(sandbox, exercise, key, program, own_judge=keys.own_judge).result
    return {check.name: check.verdict for check in result.checks}


@pytest.mark.parametrize(
    ("exercise", "source", "verdict"),
    [
        ("backprop_batch", DIFFERENCES, Verdict.TIME_LIMIT_EXCEEDED),
        ("dE_dA", TENSOR, Verdict.MEMORY_LIMIT_EXCEEDED),
        ("softmax_vjp", JACOBIANS, Verdict.MEMORY_LIMIT_EXCEEDED),
    ],
)
def test_the_long_way_stops_at_the_layer_of_real_size(exercise: str, source: str, verdict: Verdict) -> None:
    """It needs many times the limit, and passes where a layer is small."""
    found = verdicts(exercise, source)
    assert found[CHECK] is verdict
    assert found["any_sizes"] is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("exercise", "source"),
    [("backprop_batch", LOOPS), ("dE_dA", LOOPS_OF_A_LAYER), ("softmax_vjp", LOOPS_OF_A_SOFTMAX)],
)
def test_loops_over_plain_lists_are_quick_enough(exercise: str, source: str) -> None:
    """The slowest right way takes a small part of the limit."""
    assert verdicts(exercise, source)[CHECK] is Verdict.ACCEPTED
