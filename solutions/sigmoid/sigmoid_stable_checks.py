"""Hidden checks for sigmoid_stable(z): the sigmoid without overflow, in the shape and the dtype of z."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.floating[Any]]
Values = float | Array

hints = [
    "e**(-z) overflows for very negative z, e**z for very positive z. For which sign of z is each of them at most 1?",
    "s(z) can be written in two ways: 1 / (1 + e**(-z)), or the same fraction multiplied by e**z above and below. Use "
    "each of them only where its exponent is not positive.",
    "np.where computes both of its branches for every element, and so does not keep the bad one from overflowing. Make "
    "the exponents themselves safe: -|z| is never above 0, nor is the smaller of z and 0.",
]


def _moderate(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Draw values of both signs, off 0 and far from saturation."""
    return rng.uniform(0.5, 4.0, size=shape) * rng.permutation(np.resize([1.0, -1.0], shape).ravel()).reshape(shape)


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Values]:
    """gives 1/2 at 0, 3/4 at ln 3 and 1/4 at -ln 3"""
    yield 0.0
    yield float(np.log(3))
    yield np.array([-np.log(3), 0.0, np.log(3)])


@check(points=1)
def moderate_values(rng: np.random.Generator) -> Iterator[Values]:
    """gives the sigmoid at moderate z of either sign, so that s(z) and s(-z) add up to 1"""
    yield rng.uniform(1.0, 4.0)
    yield -rng.uniform(1.0, 4.0)
    z = _moderate(rng, (5,))
    yield z
    yield -z


@check(points=1, float64_only=True)
def far_from_zero(rng: np.random.Generator) -> Iterator[Values]:
    """is right for large z of either sign, and says how close to 0 it is where z is very negative"""
    # Like values in a case: an absolute tolerance that suits a larger neighbour would let 0 pass here.
    for z in (30.0, rng.uniform(800.0, 1000.0), -15.0, -30.0, -rng.uniform(33.0, 34.0), -99.5):
        yield np.array([z, z - 0.5])


@check(points=1, errstate="raise")
def no_overflow(rng: np.random.Generator) -> Iterator[Values]:
    """overflows nowhere, whatever finite z it is given, in float64 and in float32"""
    # Very negative z and very positive z in cases of their own: each way of writing s(z) overflows for one of them.
    for size, dtype in [(1e3, np.float64), (1e300, np.float64), (1e2, np.float32), (1e38, np.float32)]:
        for sign in (-1, 1):
            yield np.array([sign * size, *_moderate(rng, (2,))], dtype)


# A driver and a judge travel as source: they may use their arguments, builtins and np alone.


def dtype_and_values(function: Callable[[Array], Array], z: Array) -> tuple[str, Array]:
    """Return the values together with the name of their dtype, which a comparison of values alone does not look at."""
    returned = np.asarray(function(z))
    return str(returned.dtype), returned


def is_kept(returned: "tuple[str, Array]", z: "Array") -> str | None:
    """Return None for the sigmoid in the dtype of z, else what is wrong, the dtype first."""
    dtype, values = returned
    if dtype != str(z.dtype):
        named = dtype if dtype in ("float16", "float32", "float64", "longdouble", "int64", "bool") else "another dtype"
        return f"returned {named}, asked was {z.dtype}"
    right = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    near = np.abs(values - right) <= (1e-4 if dtype == "float32" else 1e-6) * right
    return None if near.all() else "the dtype is right, the values are not"


@check(points=1, driver=dtype_and_values, judge=is_kept)
def keeps_the_dtype(rng: np.random.Generator) -> Iterator[Values]:
    """returns float32 for float32 and float64 for float64, with right values"""
    for shape in [(4,), (2, 3)]:
        z = _moderate(rng, shape)
        yield z.astype(np.float32)
        yield z


@check(points=1, readonly=True)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """works element by element, keeps the shape of z and does not write into it"""
    for shape in [(2, 3), (3, 3), (4, 1), (1,), (2, 1, 3)]:
        yield _moderate(rng, shape)


@misconception
def naive_negative_exponent(z: Values) -> Values:
    """1/(1+exp(-z)) overflows for very negative z, although the value comes out right: branch on the sign of z."""
    return 1 / (1 + np.exp(-z))


@misconception
def naive_positive_exponent(z: Values) -> Values:
    """exp(z)/(1+exp(z)) overflows for large positive z, and inf/inf is nan: use it only for z < 0."""
    return np.exp(z) / (1 + np.exp(z))


@misconception
def both_branches_computed(z: Values) -> Values:
    """np.where computes both branches, and the one thrown away overflows: make its exponent safe first, as -|z| is."""
    return np.where(np.asarray(z) >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@misconception
def flipped_sign(z: Values) -> Values:
    """You computed the sigmoid of -z: the exponent in 1/(1+e**(-z)) is -z."""
    return 1 / (1 + np.exp(z))


@misconception
def softmax(z: Values) -> Values:
    """You normalised over the whole array, which is the softmax; the sigmoid acts on each element on its own."""
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@misconception
def hyperbolic_tangent(z: Values) -> Values:
    """That is tanh(z), which lies between -1 and 1; the sigmoid lies between 0 and 1."""
    return np.tanh(z)


@misconception
def rounded(z: Values) -> Values:
    """Do not round the result: what rounding removes is all that the tails have."""
    return np.round(1 / (1 + np.exp(-z)), 4)


@misconception
def cancels_in_the_tail(z: Values) -> Values:
    """(1+tanh(z/2))/2 cancels for very negative z: tanh is almost -1 there, and the digits of the sum are lost."""
    return (1 + np.tanh(np.asarray(z) / 2)) / 2


@misconception
def widens_float32(z: Values) -> Values:
    """The values are right, but float32 came back as float64: do not convert z, and keep new arrays in its dtype."""
    wide = np.asarray(z, np.float64)
    return np.exp(np.minimum(wide, 0)) / (1 + np.exp(-np.abs(wide)))


@misconception
def parentheses_forgotten(z: Values) -> Values:
    """Mind the parentheses: 1 / 1 + something is 1 + something."""
    return 1 / 1 + np.exp(-z)


equivalent = {
    "clip: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))) -> np.clip(np.exp(np.minimum(z, 0)) / (1 + np.exp("
    "-np.abs(z))), -100, 100)": "always between 0 and 1",
}


derivation = """
The definition, s(z) = `1 / (1 + e**(-z))`, is safe for z >= 0: its exponential is at most 1. For z = -1000 it asks for the
exponential of 1000, which no float can hold. So for z < 0 multiply numerator and denominator by the exponential of z:

    z >= 0:    s = 1    / (1 + e**(-z))
    z <  0:    s = e**z / (1 + e**z)

Now no exponent is above 0. The two lines can be made one. In both denominators the exponent is -|z|. In the numerators it is
0, as 1 = `e**0`, or z: that is the smaller of z and 0. Hence

    s = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))

The tail is right, too: for very negative z the denominator is 1, and the numerator has all its digits. A form like
(1 + tanh(z / 2)) / 2 subtracts two nearly equal numbers there and loses them. And 0 and 1, as plain numbers, take the dtype
of z: float32 stays float32.

The usual mistake is `np.where(z >= 0, one formula, the other)`. It computes both for every entry and then throws one away;
the one thrown away overflows. Make the exponent safe first, then nothing has to be thrown away.

    >>> with np.errstate(over="raise", invalid="raise"):
    ...     sigmoid_stable(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    >>> sigmoid_stable(np.zeros(2, dtype=np.float32)).dtype.name
    'float32'
"""
