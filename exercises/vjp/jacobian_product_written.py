"""# What is W.grad?

With x = [1, 2], a weight matrix W of shape (2, 3) and h = x @ W, this PyTorch code fills `W.grad`, here with
[[1, 1, 1], [2, 2, 2]]:

    h = x @ W
    h.backward(torch.ones_like(h))

Say what `W.grad` is now, and how you tell. Return a dict:

- `"choice"`: the letter of the statement that is right, a string:
    - a. It is the Jacobian of h with respect to W.
    - b. It is the transpose of the Jacobian of h with respect to W.
    - c. It is the vector-Jacobian product v^T J with v = [1, 1, 1], where J is the Jacobian of h with respect to W.
    - d. It is the gradient, with respect to W, of the loss that the net is trained on.
- `"why"`: one to three sentences, a string. At least 20 characters; a person reads it and gives the point for it.

The form of an answer: `{"choice": "x", "why": "Because ..."}`.

On paper: count how many derivatives d h[i] / d W[j, k] there are, for 3 outputs and 6 weights, and how many numbers `W.grad`
holds.
"""


def jacobian_product_written() -> dict[str, str]:
    """Return the letter of the right statement, and the reason in words."""
    raise NotImplementedError
