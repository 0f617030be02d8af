"""Hidden checks for simplenet_input_grad(params, x): the gradient of y ** 2 with respect to the input of a net."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks
from ..drawing import chain, figure

Array = NDArray[np.floating[Any]]
Gate = NDArray[np.bool_] | Array
Step = Callable[[Array], Array]
Params = list[tuple[Array, Array]]
Net = tuple[Params, Array]

hints = [
    "Write down the Jacobian of each step: what is that of W @ a + b with respect to a, of relu with respect to z, of"
    " y ** 2 with respect to y? Check that "
    "their shapes fit together in a product.",
    "The Jacobian of a relu is diagonal, 1 for a unit whose z is above 0 and else 0; z includes the bias. There are "
    "two of them in the chain.",
    "Run the net forward and keep z1, z2 and y. Then start with 2 * y and multiply from the left to the right: by "
    "W3, by the mask of z2, by W2, by the mask of z1, by W1. A mask multiplies entry by entry.",
]


def _net(rng: np.random.Generator, n0: int, n1: int, n2: int) -> Net:
    """Draw a net whose gates are open and closed in both layers, not at a kink, and depend on the biases."""
    while True:
        W1, W2, W3 = rng.normal(size=(n1, n0)), rng.normal(size=(n2, n1)), rng.normal(size=(1, n2))
        b1, b2, b3 = rng.normal(size=n1), rng.normal(size=n2), rng.normal(size=1)
        x = rng.normal(size=n0)
        z1 = W1 @ x + b1
        z2 = W2 @ np.maximum(z1, 0) + b2
        y = (W3 @ np.maximum(z2, 0) + b3)[0]
        mixed = 0 < (z1 > 0).sum() < n1 and 0 < (z2 > 0).sum() < n2
        biased = ((z1 > 0) != (W1 @ x > 0)).any()
        if mixed and biased and 0.7 < abs(y) < 3 and np.abs([*z1, *z2]).min() > 0.05:
            gradient = (W3 * (z2 > 0)) @ (W2 * (z1 > 0)) @ W1
            if np.abs(gradient).min() > 0.1:
                return [(W1, b1), (W2, b2), (W3, b3)], x


def _positive(rng: np.random.Generator, *shape: int) -> Array:
    return rng.uniform(0.2, 1.5, size=shape)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradient of a net of the sizes 2-3-2-1 that can be done on paper"""
    # z1 = [2, -1, 1] and z2 = [3, -1], so y is 2: one unit of each layer is dead.
    yield (
        [
            (np.array([[1.0, 0.0], [0.0, -1.0], [2.0, 1.0]]), np.array([1.0, 1.0, -3.0])),
            (np.array([[1.0, 2.0, 1.0], [-1.0, 1.0, 0.0]]), np.array([0.0, 1.0])),
            (np.array([[1.0, -2.0]]), np.array([-1.0])),
        ],
        np.array([1.0, 2.0]),
    )


@check(points=4.5)
def simplenet(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradient for nets of the sizes 2-3-2-1"""
    for _ in range(3):
        yield _net(rng, 2, 3, 2)


@check(points=2)
def any_sizes(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradient for nets of other sizes, equal ones included"""
    for n0, n1, n2 in [(4, 5, 3), (1, 2, 4), (3, 3, 3)]:
        yield _net(rng, n0, n1, n2)


@check(points=1)
def all_active(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradient where every unit is active, also where a layer has one unit alone"""
    for n0, n1, n2 in [(2, 3, 2), (3, 1, 2), (3, 2, 1)]:
        layers = [(n1, n0), (n2, n1), (1, n2)]
        yield [(_positive(rng, *shape), _positive(rng, shape[0])) for shape in layers], _positive(rng, n0)


@check(points=1)
def all_dead(rng: np.random.Generator) -> Iterator[Net]:
    """gives zeros where every unit of a layer is dead, whichever layer it is"""
    for dead in (0, 1):
        layers = [(3, 2), (2, 3), (1, 2)]
        params = [(_positive(rng, *shape), _positive(rng, shape[0])) for shape in layers]
        W, b = params[dead]
        params[dead] = -W, -b
        yield params, _positive(rng, 2)


@check(points=1)
def at_a_kink(rng: np.random.Generator) -> Iterator[Net]:
    """passes nothing through a unit whose pre-activation is exactly 0"""
    # Whole numbers: a unit of each hidden layer is exactly at 0, however it is computed; another one is dead.
    W1, W2, W3 = (rng.integers(1, 5, size=shape).astype(float) for shape in [(4, 2), (3, 4), (1, 3)])
    x, z1, z2 = np.array([1.0, -2.0]), np.array([0.0, 2.0, 1.0, -1.0]), np.array([0.0, 1.0, -3.0])
    for first, second in ((z1, z2), (z1[::-1], z2[::-1])):
        yield [(W1, first - W1 @ x), (W2, second - W2 @ np.maximum(first, 0)), (W3, np.array([1.0]))], x


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Net]:
    """does not write into params or x"""
    yield _net(rng, 2, 3, 2)


@check(points=2)
def extreme_magnitudes_and_single_precision(rng: np.random.Generator) -> Iterator[Net]:
    """is right for a tiny and for a huge output, for units that are barely active, and as accurate as float32 inputs are"""
    params, x = _net(rng, 2, 4, 3)
    (W1, b1), (W2, b2), (W3, b3) = params
    for scale in (1e-9, 1e9):
        yield [*params[:2], (scale * W3, scale * b3)], x
    # The hidden units' pre-activations in the thousands, the output as before.
    yield [(1e3 * W1, 1e3 * b1), (2 * W2, 2e3 * b2), (W3 / 2e3, b3)], x
    # And barely off 0, where they are active all the same: no tolerance is asked.
    tiny = 2.0**-50
    yield [(tiny * W1, tiny * b1), (W2, tiny * b2), (W3 / tiny, b3)], x
    # Small whole numbers: float32 holds every intermediate value exactly.
    small = [(rng.integers(1, 4, size=(m, n)), rng.integers(-2, 3, size=m)) for m, n in [(3, 2), (2, 3), (1, 2)]]
    yield [(W.astype(np.float32), b.astype(np.float32)) for W, b in small], np.array([2.0, -1.5], np.float32)


def _gradient(params: Params, x: Array, gate1: Gate, gate2: Gate) -> tuple[Array, Array]:
    """Return y and dy/dx, shape (1, n0), with the given gates."""
    (W1, _), (W2, _), (W3, _) = params
    return _forward(params, x)[2], W3 @ np.diag(gate2) @ W2 @ np.diag(gate1) @ W1


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


def _forward(params: Params, x: Array, first: Step = _relu, second: Step = _relu) -> tuple[Array, Array, Array]:
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = W1 @ x + b1
    z2 = W2 @ first(z1) + b2
    return z1, z2, W3 @ second(z2) + b3


def _right(params: Params, x: Array) -> tuple[Array, Array]:
    """Return y and the right dy/dx, shape (1, n0)."""
    z1, z2, _ = _forward(params, x)
    return _gradient(params, x, z1 > 0, z2 > 0)


@misconception
def gradient_of_y(params: Params, x: Array) -> Array:
    """That is dy/dx; the loss is y**2, so multiply the Jacobian of the net by 2y."""
    return _right(params, x)[1][0]


@misconception
def first_mask_missing(params: Params, x: Array) -> Array:
    """The first relu is missing from your chain: its Jacobian is diag(z1 > 0)."""
    z1, z2, _ = _forward(params, x)
    y, jacobian = _gradient(params, x, np.ones_like(z1), z2 > 0)
    return 2 * y * jacobian[0]


@misconception
def second_mask_missing(params: Params, x: Array) -> Array:
    """The second relu is missing from your chain: its Jacobian is diag(z2 > 0)."""
    z1, z2, _ = _forward(params, x)
    y, jacobian = _gradient(params, x, z1 > 0, np.ones_like(z2))
    return 2 * y * jacobian[0]


@misconception
def first_relu_lost_on_the_way_forward(params: Params, x: Array) -> Array:
    """Your z2 is made of z1 itself: on the way forward, too, the first relu stands between them."""
    z1, z2, y = _forward(params, x, first=np.asarray)
    return 2 * y * _gradient(params, x, z1 > 0, z2 > 0)[1][0]


@misconception
def second_relu_lost_on_the_way_forward(params: Params, x: Array) -> Array:
    """Your y is made of z2 itself: on the way forward, too, the second relu stands between them."""
    z1, z2, y = _forward(params, x, second=np.asarray)
    return 2 * y * _gradient(params, x, z1 > 0, z2 > 0)[1][0]


@misconception
def both_relus_lost_on_the_way_forward(params: Params, x: Array) -> Array:
    """Your y is made of z2 itself: on the way forward, too, the second relu stands between them."""
    z1, z2, y = _forward(params, x, first=np.asarray, second=np.asarray)
    return 2 * y * _gradient(params, x, z1 > 0, z2 > 0)[1][0]


@misconception
def gates_without_biases(params: Params, x: Array) -> Array:
    """The gates depend on z = W @ a + b, including the bias; yours leave it out."""
    (W1, _), (W2, _), _ = params
    z1, _, _ = _forward(params, x)
    y, jacobian = _gradient(params, x, W1 @ x > 0, W2 @ np.maximum(z1, 0) > 0)
    return 2 * y * jacobian[0]


@misconception
def y_instead_of_two_y(params: Params, x: Array) -> Array:
    """d(y**2)/dy = 2y: the factor 2 is missing."""
    y, jacobian = _right(params, x)
    return y * jacobian[0]


@misconception
def row_matrix(params: Params, x: Array) -> Array:
    """Return a gradient with the shape of x, (n0,); yours is a matrix with one row."""
    y, jacobian = _right(params, x)
    return 2 * y * jacobian


@misconception
def loss_for_its_slope(params: Params, x: Array) -> Array:
    """You multiplied by the loss; its derivative with respect to y is another number."""
    y, jacobian = _right(params, x)
    return y**2 * jacobian[0]


@misconception
def relu_on_the_output(params: Params, x: Array) -> Array:
    """The last layer has no relu: y may be negative, and then it has a gradient as well."""
    y, jacobian = _right(params, x)
    return 2 * np.maximum(y, 0) * jacobian[0]


@derivative_of("x")
def loss_of_input(params: Params, x: Array) -> Any:
    """The loss, for complex numbers too: a unit is active where its real part is above 0."""
    for index, (W, b) in enumerate(params):
        x = W @ x + b
        if index < 2:
            x = np.where(x.real > 0, x, 0)
    return x[0] ** 2


def _with_mask(mask: Callable[[Array], Array], params: Params, x: Array) -> Array:
    z1, z2, _ = _forward(params, x)
    y, jacobian = _gradient(params, x, mask(z1), mask(z2))
    return 2 * y * jacobian[0]


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, params: Any, x: Any) -> Any:
    """PyTorch's gradient of the loss."""

    def loss(x: Any) -> Any:
        (W1, b1), (W2, b2), (W3, b3) = [
            [torch.as_tensor(each, dtype=torch.float64) for each in pair] for pair in params
        ]
        y = W3 @ torch.relu(W2 @ torch.relu(W1 @ x + b1) + b2) + b3
        return (y**2).sum()

    return torch.autograd.functional.jacobian(loss, x)


picture = figure(
    "From x to the loss through two hidden layers, with the shape of each step; each arrow has a Jacobian.",
    chain(
        ("x", "(2,)"),
        ("W1 @ x + b1", "(3,)"),
        ("relu", "(3,)"),
        ("W2 @ . + b2", "(2,)"),
        ("relu", "(2,)"),
        ("W3 @ . + b3", "(1,)"),
        ("y ** 2", "(1,)"),
    ),
    note="SimpleNet, 2-3-2-1: below each box is the shape of what comes out of it. Each arrow has a Jacobian.",
)


derivation = """
The net is a chain of steps, so the Jacobian of the loss with respect to x is a product of their Jacobians, the last step
first:

    step                    Jacobian                      shape
    loss = y**2             2 * y                         (1, 1)
    y = W3 @ relu(z2)+b3    W3                            (1, n2)
    relu(z2)                diag(z2 > 0)                  (n2, n2)
    z2 = W2 @ relu(z1)+b2   W2                            (n2, n1)
    relu(z1)                diag(z1 > 0)                  (n1, n1)
    z1 = W1 @ x + b1        W1                            (n1, n0)

The biases are in no Jacobian, since they are added. But they are in z1, z2 and y, and these decide about the masks and the
factor 2 * y. So the forward pass comes first, and keeps them.

A product of matrices may be worked out from either side. From the left each result is a row vector: (1, n2), then (1, n1),
then (1, n0). That is cheap, and it is backpropagation. From the right there would be products of two matrices.

A row vector times a diagonal matrix scales its entries. So `v @ np.diag(z > 0)` is `v * (z > 0)`, and no diagonal matrix is
built. The test is `>`, as relu'(0) = 0. y and so `2 * y` have the shape (1,): `2 * y @ W3` is (1,) @ (1, n2), which has one
axis, and the result has the shape of x.

The usual mistake is to forget a mask, mostly the inner one, or to take the masks from the inputs without the biases. A check
that shows it: where a hidden unit is off, its row of W1 must have no part in the result.

    >>> params = [(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2)), (np.array([[3.0, 4.0]]), np.array([-1.0]))]
    >>> simplenet_input_grad(params, np.array([1.0, -5.0])).tolist()
    [12.0, 0.0]
"""
