"""# The shapes of derivatives

A function of n numbers has a gradient, a Jacobian or a Hessian, depending on how many numbers it returns and how often
you differentiate. Say which shapes they have, as numpy would print them.

- `n`, the number of inputs, and `m`, the number of outputs, are positive integers.
- Return a tuple of three shapes, each a tuple of integers: that of the gradient of a function from R^n to R, that of
  the Jacobian of a function from R^n to R^m, and that of the Hessian of a function from R^n to R.
- Convention of this course: a Jacobian has one row per output and one column per input, for a single output too. The
  gradient of a scalar has the shape of what it is differentiated with respect to.

On paper: f(x, y) = (x**2 + y, x * y, e**x) has n = 2 and m = 3, and so 6 first derivatives in its Jacobian.
"""


def derivative_shapes(n: int, m: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the shapes of gradient, Jacobian and Hessian."""
    ### BEGIN SOLUTION
    return (n,), (m, n), (n, n)
    ### END SOLUTION
