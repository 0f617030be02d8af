"""# Predict the shape of a Jacobian

A fully connected net has the layer sizes `dims`: the input has `dims[0]` entries, the output y has `dims[-1]`, and the
sizes between them are those of the hidden layers. Say which shape dy/dx has, for the input x of the net, without
computing it.

- `dims` is a tuple of two or more positive integers.
- Return a tuple of two integers, (rows, columns); the Jacobian has one row per output and one column per input.

On paper: for a single layer, `dims = (2, 3)`, y = W x with W of shape (3, 2), and the Jacobian is W.
"""


def predict_jacobian_shapes(dims: tuple[int, ...]) -> tuple[int, int]:
    """Return the shape of dy/dx for a net with the layer sizes dims."""
    raise NotImplementedError
