"""# The shapes of a backward pass

Most mistakes in backpropagation can be seen before a single number is computed: a product that does not fit, or one that
fits and has the wrong shape. So write the shapes down first. A net with one hidden layer sees a batch of N samples:

    X                            the batch, one sample a row, D numbers each
    Z = X @ W1 + b1              H numbers for each sample
    A = relu(Z)
    score = A @ W2 + b2          K numbers for each sample, one for each class
    loss                         one number, computed from all of the scores and summed over the batch

The layers' biases have one axis, and the same bias is added to each row. Write dZ for the gradient of the loss with
respect to Z, and likewise for the others.

- `N`, `D`, `H` and `K` are positive integers.
- Return a dict of shapes, each a tuple of integers, under the names "score", "dscore", "dA", "dZ", "dW1", "db1", "dW2",
  "db2" and "dX".

On paper: with N = 2, D = 3, H = 4 and K = 5, X has shape (2, 3) and W1 has to have shape (3, 4), so that Z has shape (2, 4):
8 pre-activations. Raise any one of them a little, and the loss moves by some amount: so there are 8 derivatives in dZ.
"""


def backprop_shapes(N: int, D: int, H: int, K: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the scores and of eight gradients, by name."""
    ### BEGIN SOLUTION
    # The loss is one number: its gradient with respect to anything has the shape of that.
    return {
        "score": (N, K),
        "dscore": (N, K),
        "dA": (N, H),
        "dZ": (N, H),
        "dW1": (D, H),
        "db1": (H,),
        "dW2": (H, K),
        "db2": (K,),
        "dX": (N, D),
    }
    ### END SOLUTION
