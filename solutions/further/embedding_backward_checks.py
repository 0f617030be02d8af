"""Hidden checks for embedding_backward(dout, ids, V): the gradient with respect to the table of Y = W[ids], shape (V, D)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Ids = NDArray[np.int64]
Text = tuple[Array, Ids, int]

hints = [
    "Take one row of W. In which rows of Y is it, and what does it collect from each of them? What does a word get that does not"
    " stand in the text?",
    "A loop over the text does it: each place of the text gives its row of dout to the row of its word. Does your way add where"
    " a word comes for the second time?",
    "With an array of indices, `+=` reads all rows first and writes them afterwards, so that of two rows for the same word one"
    " is lost. np.add.at adds them one after the other.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, dout: "Array", ids: "Ids", V: int) -> Any:
    """Return every so many rows."""
    return np.asarray(function(dout, ids, V))[::101]


def one_hot_matrix(dout: "Array", ids: "Ids", V: int) -> "Array":
    """Multiply by the matrix of which Y = onehot @ W."""
    onehot = np.zeros((len(ids), V))
    onehot[np.arange(len(ids)), ids] = 1
    return onehot.T @ dout


def _text(rng: np.random.Generator, N: int, D: int, V: int) -> Text:
    """Draw a text in which the word 0 and one other stand twice or more; the last word of the table does not stand in it."""
    words = [0, 1, *rng.integers(0, V - 1, size=N - 4), 0, 1]
    # Two rows for a word are far from each other, and their sum is far from 0.
    dout = rng.uniform(0.5, 2.0, size=D) * rng.permuted(np.linspace(1.0, 4.0, N)[:, None] * np.ones(D), axis=0)
    return dout * np.where(np.arange(D) % 2, -1, 1), rng.permutation(words), V


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Text]:
    """gives the gradient for the text [2, 0, 2] and four words"""
    yield np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([2, 0, 2]), 4


@check(points=1)
def any_sizes(rng: np.random.Generator) -> Iterator[Text]:
    """gives the gradient for any text, longer or shorter than the table"""
    for N, D, V in [(6, 3, 4), (5, 2, 8), (9, 4, 5)]:
        yield _text(rng, N, D, V)


@check(points=0.5)
def no_word_twice(rng: np.random.Generator) -> Iterator[Text]:
    """gives the gradient where no word stands in the text twice, where the text is a single word, and where a row is one number"""
    yield rng.normal(size=(3, 4)), np.array([4, 0, 2]), 6
    yield rng.normal(size=(1, 3)), np.array([1]), 4
    yield rng.normal(size=(1, 2)), np.array([0]), 3
    yield rng.normal(size=(4, 1)), np.array([3, 0, 2, 5]), 7


@check(points=1)
def one_word_alone(rng: np.random.Generator) -> Iterator[Text]:
    """adds up where a word stands in the text many times"""
    yield rng.uniform(0.5, 2.0, size=(7, 3)), np.full(7, 2), 4
    yield rng.uniform(0.5, 2.0, size=(5, 2)), np.array([3, 3, 1, 3, 3]), 6


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Text]:
    """gives the gradient where N, D and V are the same, so that a wrong product has the right shape"""
    yield _text(rng, 5, 5, 5)
    yield _text(rng, 6, 6, 6)
    yield _text(rng, 4, 4, 4)


@check(points=0.5, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Text]:
    """does not write into its arguments, and takes gradients of any magnitude"""
    dout, ids, V = _text(rng, 6, 2, 5)
    for scale in (-1e9, 1e-15):
        yield scale * dout, ids, V


@check(points=1, driver=some_entries, long_way=one_hot_matrix)
def real_size(rng: np.random.Generator) -> Iterator[Text]:
    """takes a text of 20000 words and a table of 20000"""
    yield rng.uniform(0.5, 2.0, size=(20_000, 2)), rng.integers(0, 10_000, size=20_000), 20_000


def _added(dout: Array, ids: Ids, V: int) -> Array:
    """Return the right gradient."""
    dW = np.zeros((V, dout.shape[1]))
    np.add.at(dW, ids, dout)
    return dW


@misconception
def repeated_word_once(dout: Array, ids: Ids, V: int) -> Array:
    """A word that stands in the text twice kept its last row of dout alone: with an array of indices, += adds a repeated row
    only once."""
    dW = np.zeros((V, dout.shape[1]))
    dW[ids] += dout
    return dW


@misconception
def first_place_only(dout: Array, ids: Ids, V: int) -> Array:
    """You gave a word the row of its first place in the text alone: it collects from all of its places."""
    words, places = np.unique(ids, return_index=True)
    return _added(dout[places], words, V)


@misconception
def averaged_over_the_places(dout: Array, ids: Ids, V: int) -> Array:
    """You averaged over the places of a word: each place adds to its gradient, and nothing is divided."""
    return _added(dout, ids, V) / np.maximum(np.bincount(ids, minlength=V), 1)[:, None]


@misconception
def averaged_over_the_text(dout: Array, ids: Ids, V: int) -> Array:
    """You divided by the length of the text: where the loss is a mean, its 1/N is in dout already."""
    return _added(dout, ids, V) / len(ids)


@misconception
def looked_up_again(dout: Array, ids: Ids, V: int) -> Array:
    """You looked up rows of dout, as the forward pass does with W (so does a one-hot matrix that is not transposed): going
    back, the rows of dout go TO the rows of their words."""
    return dout[ids]


@misconception
def transposed(dout: Array, ids: Ids, V: int) -> Array:
    """That is the transpose: the gradient has a row for each word, as W has."""
    return _added(dout, ids, V).T


@misconception
def words_of_the_text_alone(dout: Array, ids: Ids, V: int) -> Array:
    """You have rows for the words of the text alone: W has V rows, and so has its gradient."""
    return _added(dout, ids, V)[np.unique(ids)]


@misconception
def up_to_the_largest_word(dout: Array, ids: Ids, V: int) -> Array:
    """Your rows end with the largest number in the text: W has V rows, whichever words are used."""
    return _added(dout, ids, V)[: ids.max() + 1]


@misconception
def word_0_left_out(dout: Array, ids: Ids, V: int) -> Array:
    """The word 0 gets nothing in yours: it is a word like the others (what is false in Python may still be an index)."""
    dW = _added(dout, ids, V)
    dW[0] = 0
    return dW


@misconception
def counted_from_1(dout: Array, ids: Ids, V: int) -> Array:
    """Your rows are one off: words are counted from 0."""
    return _added(dout, (ids - 1) % V, V)


@misconception
def upstream_ignored(dout: Array, ids: Ids, V: int) -> Array:
    """You counted the places of each word: each place counts with its row of dout."""
    return _added(np.ones_like(dout), ids, V)


@misconception
def every_word(dout: Array, ids: Ids, V: int) -> Array:
    """Every word got the gradient of the whole text: a word's row of W is in the rows of Y at its own places alone."""
    return np.tile(dout.sum(axis=0), (V, 1))


@misconception
def one_number_a_word(dout: Array, ids: Ids, V: int) -> Array:
    """You have one number for each word: its row of W has D entries, and each has a gradient of its own."""
    return _added(dout, ids, V).sum(axis=1)


@oracle
def autograd(torch: Any, dout: Any, ids: Any, V: int) -> Any:
    """PyTorch's vector-Jacobian product of its own embedding."""
    W = torch.zeros(V, dout.shape[1], dtype=dout.dtype)
    return torch.autograd.functional.vjp(lambda W: torch.nn.functional.embedding(ids, W), W, dout)[1]


def _zero_table(dout: Array, ids: Ids, V: int) -> Array:
    return np.zeros((V, dout.shape[1]))


@derivative_of("W", at=_zero_table, upstream="dout")
def looked_up(ids: Ids, W: Array) -> Array:
    """The rows that are looked up, whose derivatives are the same for every W."""
    return W[ids]


derivation = """
Looking up a row is a product with a matrix of zeros and ones. Let E[n, w] be 1 where w = ids[n], and 0 elsewhere:

    Y[n, d] = W[ids[n], d] = sum over w of E[n, w] * W[w, d]          Y = E @ W

So this is a linear layer whose input is E, and the gradient of its weights is known:

    dW[w, d] = sum over n of E[n, w] * dout[n, d]                      dW = E.T @ dout

In this sum E picks the places n at which the word w stands. Each of them adds its row of dout to row w. A word that does not
stand in the text gets 0, and one that stands there twice gets the sum of two rows, as everything does that is used twice.

Nobody builds E: for a text of 20000 words and as many in the table it has 400 million entries, all 0 but 20000. The sum is made
place by place: dW is zeros at first, and row ids[n] gets dout[n] added. `np.add.at` does that for a whole array of indices.

The usual mistake is `dW[ids] += dout`. numpy reads the rows dW[ids], adds dout, and writes them back: for a repeated word, both
copies began at 0, and the second one written is what stays.

    >>> dout, ids = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([2, 0, 2])
    >>> embedding_backward(dout, ids, 4).tolist()
    [[3.0, 4.0], [0.0, 0.0], [6.0, 8.0], [0.0, 0.0]]
    >>> dW = np.zeros((4, 2))
    >>> dW[ids] += dout
    >>> dW.tolist()
    [[3.0, 4.0], [0.0, 0.0], [5.0, 6.0], [0.0, 0.0]]
"""
