"""Hidden checks for manual_jacobian(x, y): the Jacobian of (x**2 + y, x * y, e**x), shape (3, 2)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Point = tuple[float, float]
Matrix = NDArray[np.float64]

hints = [
    "Take one output at a time: its row holds its derivative with respect to x, then its derivative with respect to y.",
    "To differentiate with respect to x, treat y as a number, such as 5. What are the derivatives of x**2 + 5 and of "
    "x * 5?",
    "How much does e**x change if only y does? A derivative may well be a constant, and one entry here is.",
]


@check(points=1, public=True)
def at_the_point_of_the_lecture(rng: np.random.Generator) -> Iterator[Point]:
    """gives the Jacobian at (1, 2)"""
    yield 1.0, 2.0


@check(points=2)
def at_any_point(rng: np.random.Generator) -> Iterator[Point]:
    """gives the Jacobian at any point, with coordinates of either sign"""
    # At (1, 2) the first two rows are equal; here |x| and |y| differ, and so do 2x and y.
    for sign_x, sign_y in [(1, 1), (-1, 1), (1, -1), (-1, -1)]:
        yield sign_x * rng.uniform(0.4, 1.2), sign_y * rng.uniform(2.6, 4.0)


@check(points=1)
def far_from_the_origin(rng: np.random.Generator) -> Iterator[Point]:
    """gives the Jacobian where entries are in the hundreds, and where e**x is tiny"""
    yield rng.uniform(5.5, 6.5), -rng.uniform(150.0, 250.0)
    yield -rng.uniform(1.0, 2.0), rng.uniform(150.0, 250.0)
    yield -rng.uniform(18.0, 20.0), rng.uniform(1.5, 3.0)


@check(points=1)
def where_a_coordinate_is_zero(rng: np.random.Generator) -> Iterator[Point]:
    """gives the Jacobian where x or y is 0"""
    yield 0.0, rng.uniform(1.5, 3.0)
    yield -rng.uniform(1.5, 3.0), 0.0


@misconception
def transposed(x: float, y: float) -> Matrix:
    """Rows are outputs and columns are inputs: the shape is (3, 2), you returned (2, 3)."""
    return np.array([[2 * x, y, np.exp(x)], [1.0, x, 0.0]])


@misconception
def columns_swapped(x: float, y: float) -> Matrix:
    """The first column is d/dx and the second is d/dy; yours are swapped."""
    return np.array([[1.0, 2 * x], [x, y], [0.0, np.exp(x)]])


@misconception
def rows_swapped(x: float, y: float) -> Matrix:
    """Row i must hold the gradient of output i; your first two rows are swapped, which (1, 2) cannot show."""
    return np.array([[y, x], [2 * x, 1.0], [np.exp(x), 0.0]])


@misconception
def power_rule_on_exp(x: float, y: float) -> Matrix:
    """The derivative of e**x is e**x; the power rule applies to x**n only."""
    return np.array([[2 * x, 1.0], [y, x], [x * np.exp(x - 1), 0.0]])


@misconception
def product_rule_lost(x: float, y: float) -> Matrix:
    """d(xy)/dx = y and d(xy)/dy = x: you kept the variable that you differentiated with respect to."""
    return np.array([[2 * x, 1.0], [x, y], [np.exp(x), 0.0]])


@misconception
def worked_example(x: float, y: float) -> Matrix:
    """cos(x) belongs to the worked example of the lecture, where the third output is sin(x); here it is e**x."""
    return np.array([[2 * x, 1.0], [y, x], [np.cos(x), 0.0]])


@misconception
def vjp_with_ones(x: float, y: float) -> Matrix:
    """backward(ones) adds the rows together; the Jacobian keeps one row per output."""
    return np.array([2 * x + y + np.exp(x), 1.0 + x])


@misconception
def exp_depends_on_y(x: float, y: float) -> Matrix:
    """The third output, e**x, does not contain y, so its derivative with respect to y is 0."""
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), np.exp(x)]])


@misconception
def constants_at_one_two(x: float, y: float) -> Matrix:
    """Those are the numbers at (1, 2), whatever x and y are: return the Jacobian at the point that is given."""
    return np.array([[2.0, 1.0], [2.0, 1.0], [np.e, 0.0]])


@misconception
def square_halved(x: float, y: float) -> Matrix:
    """Look at the first output again: by how much does x**2 grow, if x grows a little?"""
    return np.array([[x, 1.0], [y, x], [np.exp(x), 0.0]])


@misconception
def y_taken_for_constant(x: float, y: float) -> Matrix:
    """The first output contains y as a term of its own, so its derivative with respect to y is not 0."""
    return np.array([[2 * x, 0.0], [y, x], [np.exp(x), 0.0]])


@oracle
def autograd(torch: Any, x: float, y: float) -> Any:
    """PyTorch's Jacobian of f."""

    def f(point: Any) -> Any:
        return torch.stack([point[0] ** 2 + point[1], point[0] * point[1], torch.exp(point[0])])

    return torch.autograd.functional.jacobian(f, torch.tensor([x, y], dtype=torch.float64))


@derivative_of("x", "y")
def f(x: float, y: float) -> Matrix:
    """Compute f, whose Jacobian is asked for."""
    return np.array([x**2 + y, x * y, np.exp(x)])


derivation = """
There are three outputs and two inputs. Take one output after the other, and differentiate it with respect to x while y is
held fixed, then with respect to y while x is held fixed:

    output       with respect to x    with respect to y
    x**2 + y     2 * x                1
    x * y        y                    x
    e**x         e**x                 0

A fixed letter is a constant like any other. So y in the first output vanishes from the first column, and x * y has the
slope y with respect to x, as 5 * x has the slope 5. There is no y in the third output: moving y does not move it, and the
entry is 0. The derivative of the exponential function is that function itself. (The rule n * x**(n - 1) is for a variable
base, not for a variable exponent.)

The table is the Jacobian: one row per output, one column per input, x before y. The entries depend on the point, so the
code computes them from x and y.

The usual mistake is the transpose, with one row per input: that has the shape (2, 3). In numpy a list of lists is a list of
rows, so each inner list is one output.

    >>> J = manual_jacobian(1.0, 2.0)
    >>> J.shape, J[:2].tolist(), bool(np.isclose(J[2, 0], np.e))
    ((3, 2), [[2.0, 1.0], [2.0, 1.0]], True)
"""
