"""The references of the course are right, by means that owe nothing to the engine or to the references themselves."""

# ruff: noqa: N803, N806  matrices have their names from the exercises: X, W, H

from __future__ import annotations

import importlib.util
import itertools
import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository import SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from numpy.typing import NDArray


seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)


def load(assignment: str, name: str) -> ModuleType:
    """Load a file of `solutions/` as a module."""
    path = SOLUTIONS / assignment / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        pytest.fail(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference(assignment: str, name: str) -> Callable[..., Any]:
    """Load the reference of an exercise."""
    function: Callable[..., Any] = getattr(load(assignment, name), name)
    return function


manual_jacobian = reference("jacobians", "manual_jacobian")
predict_jacobian_shapes = reference("shapes", "predict_jacobian_shapes")
sigmoid_grad = reference("sigmoid", "sigmoid_grad")
dead_relu_input = reference("relu", "dead_relu_input")
tanh_grad_from_output = reference("further", "tanh_grad_from_output")
gelu_grad = reference("further", "gelu_grad")
dropout_backward = reference("further", "dropout_backward")
adam_step = reference("further", "adam_step")
logistic_hvp = reference("further", "logistic_hvp")
fixed_point_grad = reference("further", "fixed_point_grad")
bce_with_logits = reference("neighbours", "bce_with_logits")
backprop_batch = reference("backprop", "backprop_batch")
dead_relu_checks = load("relu", "dead_relu_input_checks")

LAYER_CHECKS = ["example_on_paper", "square_layer", "wide_layers", "many_units", "large_biases"]


def layers(name: str, seed: int) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Draw the layers (W, b) of one check of dead_relu_input."""
    yield from getattr(dead_relu_checks, name).cases(np.random.default_rng(seed))


# --- manual_jacobian


def f(x: complex, y: complex) -> NDArray[np.complex128]:
    """Compute the function of manual_jacobian, for complex numbers too."""
    return np.array([x**2 + y, x * y, np.exp(x)])


@given(x=st.floats(-5, 5), y=st.floats(-5, 5))
def test_manual_jacobian_equals_complex_step_differences(x: float, y: float) -> None:
    """The imaginary part of f(x + ih) / h is df/dx without cancellation."""
    h = 1e-30
    columns = [f(x + 1j * h, y).imag / h, f(x, y + 1j * h).imag / h]
    np.testing.assert_allclose(manual_jacobian(x, y), np.stack(columns, axis=1), rtol=1e-13, atol=1e-250)


def test_manual_jacobian_at_the_point_of_the_lecture() -> None:
    """At (1, 2) the rows are (2, 1), (2, 1) and (e, 0)."""
    np.testing.assert_allclose(manual_jacobian(1.0, 2.0), np.array([[2, 1], [2, 1], [np.e, 0]]), rtol=1e-15)


# --- predict_jacobian_shapes


@given(dims=st.lists(sizes, min_size=2, max_size=6), seed=seeds)
def test_predicted_shape_is_that_of_the_product_of_the_layers(dims: list[int], seed: int) -> None:
    """The chain rule's product of the layers' weight matrices has the predicted shape."""
    rng = np.random.default_rng(seed)
    product = np.eye(dims[0])
    for inputs, outputs in itertools.pairwise(dims):
        product = rng.normal(size=(outputs, inputs)) @ product
    assert predict_jacobian_shapes(tuple(dims)) == product.shape


def test_predicted_shape_for_the_net_of_the_lecture() -> None:
    """3-5-4-2-1 has a 1 x 3 Jacobian."""
    assert predict_jacobian_shapes((3, 5, 4, 2, 1)) == (1, 3)


# --- sigmoid_grad


@pytest.mark.parametrize(
    ("z", "expected"),
    [(0.0, 0.25), (np.log(3), 3 / 16), (10.0, 4.5395807735951673e-05), (20.0, 2.0611536139418493e-09)],
)
def test_sigmoid_grad_has_the_known_values(z: float, expected: float) -> None:
    """1/4 at 0, 3/16 at ln 3, and the values where the sigmoid saturates, to the last digits."""
    assert sigmoid_grad(z) == pytest.approx(expected, rel=1e-14, abs=0)


@given(z=st.floats(-30, 30))
def test_sigmoid_grad_equals_complex_step_differences(z: float) -> None:
    """The imaginary part of s(z + ih) / h is s'(z); for z > 0 by s(z) = 1 - s(-z), which does not cancel."""
    h = 1e-30
    step = -abs(z) + 1j * h
    slope = (np.exp(step) / (1 + np.exp(step))).imag / h
    assert sigmoid_grad(z) == pytest.approx(slope, rel=1e-13, abs=0)


@given(z=st.floats(-700, 700))
def test_sigmoid_grad_is_even_positive_and_at_most_a_quarter(z: float) -> None:
    """g(z) = g(-z), and 0 < g(z) <= 1/4, up to the rounding of one operation."""
    assert sigmoid_grad(z) == sigmoid_grad(-z)
    assert 0 < sigmoid_grad(z) <= np.nextafter(1 / 4, 1)


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (2, 1, 3), (0,)])
def test_sigmoid_grad_works_element_by_element(shape: tuple[int, ...]) -> None:
    """Each element is the derivative at that element alone, in the shape of z."""
    z = np.random.default_rng(1).normal(size=shape)
    got = np.asarray(sigmoid_grad(z))
    assert got.shape == shape
    assert got.ravel().tolist() == [sigmoid_grad(float(value)) for value in z.ravel()]


def test_sigmoid_grad_raises_no_floating_point_flag() -> None:
    """Nothing overflows, divides by zero or is invalid, however large z is."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert sigmoid_grad(np.array([-1e300, -1000.0, 1000.0, 1e300])).tolist() == [0, 0, 0, 0]


# --- tanh_grad_from_output


def test_tanh_grad_from_output_on_paper() -> None:
    """At z = 0 the slope is 1, and at z = ln 2, where the output is 3/5, it is 16/25."""
    assert np.tanh(np.log(2)) == pytest.approx(3 / 5, rel=1e-15)
    np.testing.assert_allclose(tanh_grad_from_output(np.array([0, 3 / 5])), [1, 16 / 25], rtol=1e-15)


@given(z=st.floats(-8, 8))
def test_tanh_grad_from_output_equals_complex_step_differences(z: float) -> None:
    """The imaginary part of tanh(z + ih) / h is the slope at the output of z, as far as that output says which z it was."""
    slope = np.tanh(z + 1e-30j).imag / 1e-30
    assert tanh_grad_from_output(np.tanh(z)) == pytest.approx(slope, rel=1e-8, abs=0)


# --- gelu_grad


def test_gelu_grad_on_paper() -> None:
    """1/2 at 0, and 1 and 0 far to the right and to the left."""
    np.testing.assert_allclose(gelu_grad(np.array([0.0, 50.0, -50.0])), [1 / 2, 1, 0], rtol=1e-15, atol=1e-300)


@given(z=st.floats(-5, 5))
def test_gelu_grad_is_that_of_the_share_below_z(z: float) -> None:
    """By differences of z * Phi(z), with Python's own normal distribution; and what is missing to 1 is the slope at -z."""
    share, h = NormalDist().cdf, 1e-5
    difference = ((z + h) * share(z + h) - (z - h) * share(z - h)) / (2 * h)
    assert gelu_grad(np.array([z]))[0] == pytest.approx(difference, abs=1e-9)
    assert gelu_grad(np.array([z, -z])).sum() == pytest.approx(1, rel=1e-12)


# --- dropout_backward


def test_dropout_backward_on_paper() -> None:
    """What is kept has been divided by 0.8; what is dropped had no part in the loss."""
    dx = dropout_backward(np.array([[4.0, -8.0]]), np.array([[True, False]]), 0.2)
    np.testing.assert_allclose(dx, [[5, 0]], rtol=1e-15)


@given(p=st.floats(0, 0.9), seed=seeds)
def test_dropout_backward_is_dout_on_average(p: float, seed: int) -> None:
    """Over both masks of one activation, each as probable as it is, the gradient has the mean dout: nothing is lost by dropping."""
    dout = np.random.default_rng(seed).normal(size=(1, 1))
    kept, dropped = (dropout_backward(dout, np.full((1, 1), each), p) for each in (True, False))
    np.testing.assert_allclose((1 - p) * kept + p * dropped, dout, rtol=1e-14)


# --- adam_step


def test_adam_step_on_paper() -> None:
    """Both averages are 1; corrected to 2 and 4 they make a step of 0.3 * 2 / (2 + 1)."""
    zero = np.zeros(1)
    W, m, v = adam_step(np.array([1.0]), np.array([2.0]), zero, zero, 1, 0.3, 0.5, 0.75, 1.0)
    np.testing.assert_allclose(np.concatenate([W, m, v]), [0.8, 1, 1], rtol=1e-15)


@given(g=st.floats(1e-3, 1e3), times=st.integers(1, 30), sign=st.sampled_from([1, -1]))
def test_adam_walks_at_the_learning_rate_along_a_constant_gradient(g: float, times: int, sign: int) -> None:
    """Corrected, the averages of a constant are that constant, and its square: every step has the length lr."""
    W, m, v = np.zeros(1), np.zeros(1), np.zeros(1)
    for t in range(1, times + 1):
        W, m, v = adam_step(W, np.array([sign * g]), m, v, t, 0.01, 0.9, 0.999, 0.0)
    np.testing.assert_allclose(W, -sign * 0.01 * times, rtol=1e-9)


# --- logistic_hvp


def test_logistic_hvp_on_paper() -> None:
    """A slope of 1/4, and a rate of 5 along v, times the sample [1, 2]."""
    Hv = logistic_hvp(np.array([[1.0, 2.0]]), np.zeros(2), np.array([3.0, 1.0]))
    np.testing.assert_allclose(Hv, [1.25, 2.5], rtol=1e-15)


@given(N=sizes, D=sizes, seed=seeds)
def test_logistic_hvp_is_the_complex_step_of_the_gradient(N: int, D: int, seed: int) -> None:
    """The gradient at w + ih v has H @ v in its imaginary part, and v @ H @ v is not below 0."""
    rng = np.random.default_rng(seed)
    X, w, v, t = rng.normal(size=(N, D)), rng.normal(size=D), rng.normal(size=D), rng.uniform(size=N)
    h = 1e-30
    rate = X.T @ (1 / (1 + np.exp(-X @ (w + 1j * h * v))) - t) / N
    np.testing.assert_allclose(logistic_hvp(X, w, v), rate.imag / h, rtol=1e-9, atol=1e-12)
    assert v @ logistic_hvp(X, w, v) >= 0


# --- bce_with_logits


@given(z=st.floats(-700, 700), t=st.sampled_from([0.0, 1.0]))
def test_bce_with_logits_is_accurate_for_every_score(z: float, t: float) -> None:
    """Of a single sample the loss is log(1 + e**u) and the gradient the sigmoid of u, up to its sign, with u = z or -z: both stay accurate."""
    u = z if t == 0 else -z
    expected = math.log1p(math.exp(-abs(u))) + max(u, 0.0), (1 if t == 0 else -1) / (1 + math.exp(-u))
    loss, dz = bce_with_logits(np.array([z]), np.array([t]))
    np.testing.assert_allclose([loss, *dz], expected, rtol=1e-14)


# --- fixed_point_grad


def test_fixed_point_grad_on_paper() -> None:
    """The number 1/2 solves the equation with w = 2 and c = -1; a change of c comes back by half, again and again."""
    np.testing.assert_allclose(fixed_point_grad(2.0, -1.0), [1 / 2, 1 / 4, 1 / 2], rtol=1e-12)


@given(w=st.floats(-3, 3), c=st.floats(-40, 15))
def test_fixed_point_grad_solves_the_equation_and_its_derivatives(w: float, c: float) -> None:
    """The equation holds, and what both sides change by when w or c moves is the same."""
    a, da_dw, da_dc = fixed_point_grad(w, c)
    z = w * a + c
    slope = np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))
    assert a == pytest.approx(np.exp(-np.logaddexp(0, -z)), rel=1e-12, abs=0)
    assert da_dc == pytest.approx(slope * (w * da_dc + 1), rel=1e-6, abs=0)
    assert da_dw == pytest.approx(slope * (w * da_dw + a), rel=1e-6, abs=0)


# --- dead_relu_input


@pytest.mark.parametrize("name", LAYER_CHECKS)
@pytest.mark.parametrize("seed", range(20))
def test_reference_input_kills_every_unit(name: str, seed: int) -> None:
    """Every layer of every check is feasible, and the reference takes each unit to -1."""
    for W, b in layers(name, seed):
        x, J = dead_relu_input(W, b)
        assert x.shape == (W.shape[1],)
        np.testing.assert_allclose(W @ x + b, -1, atol=1e-9)
        np.testing.assert_array_equal(J, np.zeros(W.shape))


@pytest.mark.parametrize("name", LAYER_CHECKS)
@pytest.mark.parametrize("seed", range(20))
def test_no_constant_input_kills_a_layer(name: str, seed: int) -> None:
    """No x = c * ones is right, for any c: the c that kills each unit form intervals without a common point."""
    for W, b in layers(name, seed):
        slope = W.sum(axis=1)
        below = (-b / slope)[slope > 0].min(initial=np.inf)
        above = (-b / slope)[slope < 0].max(initial=-np.inf)
        assert above >= below


@pytest.mark.parametrize("name", LAYER_CHECKS)
@pytest.mark.parametrize("seed", range(20))
def test_judge_rejects_what_leaves_a_unit_alive(name: str, seed: int) -> None:
    """The judge accepts the reference, and names unit 1 where only unit 0 is killed."""
    judge = dead_relu_checks.every_unit_is_dead
    for W, b in layers(name, seed):
        assert judge(dead_relu_input(W, b)[0], W, b) is None
        first_only, _ = dead_relu_checks.first_unit_only.answer(W, b)
        assert "Unit 1 (counted from 0)" in judge(first_only, W, b)


@pytest.mark.parametrize(
    ("pair", "x", "J"),
    [
        (("x", "J"), "x", "J"),
        (["x", "J"], "x", "J"),
        ({"J": "J", "x": "x"}, "x", "J"),
        ("x", "x", "x"),
        ("J", "J", "J"),
    ],
    ids=["a tuple", "a list", "a dict", "x alone", "J alone"],
)
@pytest.mark.parametrize("as_lists", [False, True])
def test_input_and_jacobian_are_asked_for_apart(pair: Any, x: str, J: str, *, as_lists: bool) -> None:
    """In whatever form they come; one that comes alone is judged as both, and its shape tells which it is not."""
    named = {"x": np.arange(5.0), "J": np.zeros((3, 5))}
    if as_lists:
        named = {name: value.tolist() for name, value in named.items()}
    if isinstance(pair, dict):
        came: Any = {name: named[each] for name, each in pair.items()}
    else:
        came = named[pair] if isinstance(pair, str) else type(pair)(named[each] for each in pair)
    assert dead_relu_checks.the_input(lambda *_: came, None, None) is named[x]
    assert dead_relu_checks.the_jacobian(lambda *_: came, None, None) is named[J]


def test_judge_of_the_jacobian_names_an_entry() -> None:
    """Any that is not 0."""
    judge = dead_relu_checks.nothing_gets_through
    assert judge(np.zeros((2, 3)), None, None) is None
    assert "J[1, 2] says that output 1 moves when x[2] does" in judge(np.array([[0.0, 0, 0], [0, 0, 2]]), None, None)


@pytest.mark.parametrize(
    ("x", "unit"), [([1.0, 1.0], "Unit 0"), ([-1.0, 0.0], "Unit 0"), ([-3.0, 0.0], None), ([-1.5, -1.0], "Unit 1")]
)
def test_judge_counts_exactly_zero_as_alive(x: list[float], unit: str | None) -> None:
    """On the layer on paper, z = (0, -2) is not dead; z = (-2, -8) is."""
    W, b = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 1.0])
    verdict = dead_relu_checks.every_unit_is_dead(np.array(x), W, b)
    assert (verdict is None) if unit is None else verdict.startswith(unit)


def test_judge_takes_what_rounding_leaves_of_zero_for_zero() -> None:
    """A z of 1.1e-16 beside a bias of 1 is told like one of exactly 0, and not as that of a unit that is alive."""
    judge = dead_relu_checks.every_unit_is_dead
    for x in (-1.0, np.nextafter(-1.0, 0.0)):
        assert "0, up to rounding" in judge(np.array([-2.0, x]), np.eye(2), np.ones(2))
    assert "still alive" in judge(np.array([-2.0, -1.0 + 1e-9]), np.eye(2), np.ones(2))


def test_judge_does_not_take_an_overflow_for_a_dead_unit() -> None:
    """A pre-activation of inf - inf is nan, which is not below 0."""
    W, b = np.array([[1e10, -1e10]]), np.array([1.0])
    assert dead_relu_checks.every_unit_is_dead(np.array([1e305, 1e305]), W, b) is not None


# --- backprop_batch


def batch(rng: np.random.Generator, N: int, D: int, H: int) -> tuple[NDArray[np.float64], ...]:
    """X, W, wout and t, drawn without a look at the checks; a unit closer to its kink than 1e-3 is pushed off it."""
    X, W = rng.normal(size=(N, D)), rng.normal(size=(D, H))
    while (np.abs(X @ W) < 1e-3).any():
        W = rng.normal(size=(D, H))
    return X, W, rng.normal(size=H), rng.uniform(size=N)


def loss(X: NDArray[Any], W: NDArray[Any], wout: NDArray[Any], t: NDArray[Any]) -> Any:
    """Compute the summed loss, for complex numbers too: a unit is active where its real part is positive."""
    hidden = X @ W
    p = 1 / (1 + np.exp(-(np.where(hidden.real > 0, hidden, 0) @ wout)))
    return ((p - t) ** 2).sum()


def complex_step(function: Callable[[NDArray[Any]], Any], point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the gradient of a scalar function, one entry at a time."""
    h = 1e-30
    gradient = np.empty_like(point)
    for index in np.ndindex(*point.shape):
        moved = point.astype(complex)
        moved[index] += 1j * h
        gradient[index] = function(moved).imag / h
    return gradient


@given(N=sizes, D=sizes, H=sizes, seed=seeds)
def test_backprop_batch_equals_complex_step_differences(N: int, D: int, H: int, seed: int) -> None:
    """Both gradients are those of the summed loss."""
    X, W, wout, t = batch(np.random.default_rng(seed), N, D, H)
    dW, dwout = backprop_batch(X, W, wout, t)
    np.testing.assert_allclose(dW, complex_step(lambda W: loss(X, W, wout, t), W), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dwout, complex_step(lambda wout: loss(X, W, wout, t), wout), rtol=1e-10, atol=1e-14)


@given(N=st.integers(2, 6), D=sizes, H=sizes, seed=seeds, data=st.data())
def test_backprop_batch_adds_up_over_any_split(N: int, D: int, H: int, seed: int, data: st.DataObject) -> None:
    """The gradients of a batch are the sums of those of its two parts, and so of its single samples."""
    X, W, wout, t = batch(np.random.default_rng(seed), N, D, H)
    cut = data.draw(st.integers(1, N - 1))
    whole = backprop_batch(X, W, wout, t)
    head, tail = backprop_batch(X[:cut], W, wout, t[:cut]), backprop_batch(X[cut:], W, wout, t[cut:])
    for total, first, second in zip(whole, head, tail, strict=True):
        np.testing.assert_allclose(total, first + second, rtol=1e-10, atol=1e-14)


@given(N=sizes, D=sizes, H=sizes, seed=seeds)
def test_backprop_batch_does_not_depend_on_the_order_of_the_samples(N: int, D: int, H: int, seed: int) -> None:
    """Samples shuffled together with their targets give the same gradients."""
    rng = np.random.default_rng(seed)
    X, W, wout, t = batch(rng, N, D, H)
    order = rng.permutation(N)
    for got, expected in zip(backprop_batch(X[order], W, wout, t[order]), backprop_batch(X, W, wout, t), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)


def test_backprop_batch_on_paper() -> None:
    """Two samples with score 0 and one dead unit, worked out by hand."""
    X, W = np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0]])
    dW, dwout = backprop_batch(X, W, np.array([2.0, 1.0, -1.0]), np.array([1.0, 0.0]))
    np.testing.assert_allclose(dW, [[1, 0, -0.5], [-0.5, 0, 0.25]], rtol=1e-15)
    np.testing.assert_allclose(dwout, [0.5, 0, 1], rtol=1e-15)


def test_relu_passes_nothing_at_its_kink() -> None:
    """relu'(0) = 0: a pre-activation of exactly 0 gets no gradient."""
    dW, dwout = backprop_batch(np.array([[1.0, -1.0]]), np.ones((2, 3)), np.ones(3), np.array([1.0]))
    assert not dW.any()
    assert not dwout.any()
