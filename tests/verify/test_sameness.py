"""Programs that compute the same: what is recognised does, on numbers; what only looks alike is not recognised."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.verify.mutants import mutants
from grader.verify.sameness import without_what_cannot_matter


def same(one: str, other: str) -> bool:
    """Whether two bodies of a function of a, b, A and n are recognised as the same."""
    texts = [without_what_cannot_matter(ast.parse(f"def f(a, b, A, n):\n    {each}\n")) for each in (one, other)]
    return texts[0] == texts[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return np.diag(a)", "return np.diag(a).mT"),
        ("return np.diag(a).T", "return np.diag(a)"),
        ("return np.transpose(np.eye(n))", "return np.eye(n)"),
        ("return b * np.eye(n)", "return (b * np.eye(n)).mT"),
        ("return np.diag(a) - np.outer(a, a)", "return (np.diag(a) - np.outer(a, a)).mT"),
        ("return (A + A.T) / 2", "return ((A + A.T) / 2).mT"),
        ("J = -np.diag(a); return J", "J = -np.diag(a); return J.mT"),
        ("return np.einsum('ij,k->ijk', np.eye(n), a)", "return np.einsum('ji,k->ijk', np.eye(n), a)"),
        ("return np.einsum('ij,k->ijk', np.eye(n), a)", "return np.einsum('ij,k->jik', np.eye(n), a)"),
        ("return (a - b) ** 2", "return (b - a) ** 2"),
        ("return abs(-a)", "return abs(a)"),
        ("return np.abs((a - b) / n)", "return np.abs((b - a) / n)"),
        ("return np.square(-a * b)", "return np.square(a * b)"),
        ("z = a - b; return z * z", "z = b - a; return z * z"),
        ("z = a - b; return z @ z + abs(z)", "z = b - a; return z @ z + abs(z)"),
        ("z = -a; return n * z ** 2", "z = a; return n * z ** 2"),
    ],
)
def test_what_cannot_matter_is_recognised(one: str, other: str) -> None:
    """Two programs that are recognised as the same give the same values."""
    assert same(one, other)
    rng = np.random.default_rng(1)
    given = {"a": rng.normal(size=4), "b": rng.normal(size=4), "A": rng.normal(size=(4, 4)), "n": 4}
    values = []
    for body in (one, other):
        found: dict[str, object] = {"np": np}
        exec(f"def f(a, b, A, n):\n    {body}\n", found)  # noqa: S102  the test's own texts
        values.append(found["f"](**given))  # type: ignore[operator]
    np.testing.assert_array_equal(*values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return np.diag(a, 1)", "return np.diag(a, 1).mT"),
        ("return np.eye(n, k=1)", "return np.eye(n, k=1).mT"),
        ("return np.outer(a, b)", "return np.outer(a, b).mT"),
        ("return A", "return A.mT"),
        ("return A + np.eye(n)", "return (A + np.eye(n)).mT"),
        ("return A / np.eye(n)", "return (A / np.eye(n)).mT"),
        ("J = np.eye(n); J[0] = a; return J", "J = np.eye(n); J[0] = a; return J.mT"),
        ("J = np.eye(n); J = J @ A; return J", "J = np.eye(n); J = J @ A; return J.mT"),
        ("return (a - b) ** 3", "return (b - a) ** 3"),
        ("z = a - b; return z * z + z", "z = b - a; return z * z + z"),
        ("z = a - b; z -= a; return z * z", "z = b - a; z -= a; return z * z"),
        ("z = a - b; return z * a", "z = b - a; return z * a"),
        ("return abs(a + b)", "return abs(a - b)"),
        ("return np.einsum('ij,k->ijk', A, a)", "return np.einsum('ji,k->ijk', A, a)"),
        ("return np.einsum('ij,jk->ik', np.eye(n), A)", "return np.einsum('ij,jk->ki', np.eye(n), A)"),
    ],
)
def test_what_only_looks_alike_is_not(one: str, other: str) -> None:
    assert not same(one, other)


@settings(max_examples=30)
@given(letters=st.permutations("ijk"), result=st.permutations("ijk"))
def test_subscripts_are_the_same_where_their_values_are(letters: list[str], result: list[str]) -> None:
    """Whichever letters an identity matrix beside a vector has: recognised are those with the same values, and no others."""
    rng = np.random.default_rng(1)
    operands = np.eye(3), rng.normal(size=3)
    text = f"{''.join(letters[:2])},{letters[2]}->{''.join(result)}"
    equal = np.array_equal(np.einsum(text, *operands), np.einsum("ij,k->ijk", *operands))
    assert same(f"return np.einsum('{text}', np.eye(n), a)", "return np.einsum('ij,k->ijk', np.eye(n), a)") is equal


def test_no_mutant_is_the_same_as_the_reference() -> None:
    """So nobody has to declare that a diagonal matrix is its own transpose; every other change stays."""
    source = "import numpy as np\n\ndef f(a):\n    ### BEGIN SOLUTION\n    return np.diag(a) * (a - 1) ** 2\n    ### END SOLUTION\n"
    found = {mutant.description for mutant in mutants(source)}
    assert not any(each.startswith("add transpose: np.diag") for each in found)
    assert not any(each.startswith("swap operands: a - 1") for each in found)
    assert {"drop term: a - 1 -> a", "drop factor: np.diag(a) * (a - 1) ** 2 -> np.diag(a)"} <= found
