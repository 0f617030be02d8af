"""Mutants: which changes are made, where, and that each is a program of its own."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.verify.mutants import mutants
from repository import SOLUTIONS

if TYPE_CHECKING:
    from pathlib import Path

REFERENCES = [path for path in sorted(SOLUTIONS.glob("*/*.py")) if not path.stem.endswith("_checks")]


def function(body: str) -> str:
    """A solution whose region is `body`."""
    region = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return f"def f(x, y):\n    ### BEGIN SOLUTION\n{region}\n    ### END SOLUTION\n"


def changes(body: str) -> set[str]:
    """The descriptions of a body's mutants."""
    return {mutant.description for mutant in mutants(function(body))}


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("return x.T", "drop transpose: x.T -> x"),
        ("return np.transpose(x)", "drop transpose: np.transpose(x) -> x"),
        ("return x @ y", "add transpose: y -> y.mT"),
        ("return x", "add transpose: x -> x.mT"),
        ("return x @ y", "swap operands: x @ y -> y @ x"),
        ("return x - y", "swap operands: x - y -> y - x"),
        ("return x / y", "swap operands: x / y -> y / x"),
        ("return x ** y", "swap operands: x ** y -> y ** x"),
        ("return np.outer(x, y)", "swap operands: np.outer(x, y) -> np.outer(y, x)"),
        ("return x.sum(axis=0)", "change axis: x.sum(axis=0) -> x.sum(axis=1)"),
        ("return x.sum(axis=1)", "change axis: x.sum(axis=1) -> x.sum(axis=0)"),
        ("return x.sum(axis=-1)", "change axis: x.sum(axis=-1) -> x.sum(axis=None)"),
        ("return x.sum(axis=(0, 1))", "change axis: x.sum(axis=(0, 1)) -> x.sum(axis=0)"),
        ("return x.sum()", "sum to mean: x.sum() -> x.mean()"),
        ("return np.mean(x)", "mean to sum: np.mean(x) -> np.sum(x)"),
        ("return max(x, y)", "max to min: max(x, y) -> min(x, y)"),
        ("return np.maximum(x, 0)", "maximum to minimum: np.maximum(x, 0) -> np.minimum(x, 0)"),
        ("return np.maximum(x, 0)", "drop mask: np.maximum(x, 0) -> x"),
        ("return x > 0", "move boundary: x > 0 -> x >= 0"),
        ("return x <= 0", "move boundary: x <= 0 -> x < 0"),
        ("return x > 0", "negate: x > 0 -> x <= 0"),
        ("return x == y", "negate: x == y -> x != y"),
        ("return ~x", "negate: ~x -> x"),
        ("return x * y", "drop factor: x * y -> x"),
        ("return x * y", "drop factor: x * y -> y"),
        ("return x / y", "drop factor: x / y -> x"),
        ("return x + y", "drop term: x + y -> y"),
        ("return x - y", "drop term: x - y -> -y"),
        ("return x + y", "flip sign: x + y -> x - y"),
        ("return -x", "flip sign: -x -> x"),
        ("return x", "flip sign: x -> -x"),
        ("return (x, y)", "flip sign: y -> -y"),
        ("return (x, y)", "swap elements: (x, y) -> (y, x)"),
        ("return [x, y]", "swap elements: [x, y] -> [y, x]"),
        ("return {'a': x, 'b': y}", "swap elements: {'a': x, 'b': y} -> {'a': y, 'b': x}"),
        ("return x + 2", "change constant: x + 2 -> x + 3"),
        ("return x + 2", "change constant: x + 2 -> x + -2"),
        ("return x + 2", "change constant: x + 2 -> x + 0"),
        ("return x[-1]", "change constant: x[-1] -> x[0]"),
        ("return np.where(x > 0, x, y)", "drop mask: np.where(x > 0, x, y) -> y"),
        ("return x.sum(axis=0, keepdims=True)", "drop keepdims: x.sum(axis=0, keepdims=True) -> x.sum(axis=0)"),
        ("x += y\nreturn x", "drop accumulation: x += y -> x = y"),
        ("x += y\nreturn x", "drop statement: x += y -> pass"),
        ("x -= y\nreturn x", "flip sign: x -= y -> x += y"),
        ("x[y > 0] = 0\nreturn x", "drop statement: x[y > 0] = 0 -> pass"),
        ("z = x + y\nreturn z * z", "return early: return z"),
        (
            "return np.einsum('ij,jk->ik', x, y)",
            "change subscripts: np.einsum('ij,jk->ik', x, y) -> np.einsum('ij,jk->ki', x, y)",
        ),
        (
            "return np.einsum('ij,jk->ik', x, y)",
            "change subscripts: np.einsum('ij,jk->ik', x, y) -> np.einsum('ij,kj->ik', x, y)",
        ),
        (
            "return np.einsum('ij,jk->ik', x, y)",
            "change subscripts: np.einsum('ij,jk->ik', x, y) -> np.einsum('ij,jk->k', x, y)",
        ),
    ],
)
def test_each_operator_makes_its_change(body: str, change: str) -> None:
    """What is described is among the mutants."""
    assert change in changes(body)


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("return x * y", "clip: x * y -> np.clip(x * y, -100, 100)"),
        ("return x, y", "clip: y -> np.clip(y, -100, 100)"),
        ("return x * y", "round: x * y -> np.round(x * y, decimals=6)"),
        ("h = x @ y\nreturn h", "clip: x @ y -> np.clip(x @ y, -100, 100)"),
        ("p = 1 / np.exp(x)\nreturn p", "guard: 1 / np.exp(x) -> np.clip(1 / np.exp(x), 1e-07, 1 - 1e-07)"),
        ("return x > 0", "tolerance: x > 0 -> x > 1e-09"),
        ("return x * (y <= 0.0)", "tolerance: y <= 0.0 -> y <= 1e-09"),
        ("return x * (y < 0)", "tolerance: y < 0 -> y < -1e-09"),
        ("return x.T @ y", "first sample only: x.T @ y -> x[:1].T @ y[:1]"),
        ("return x.T @ (x * y)", "last sample only: x.T @ (x * y) -> x[-1:].T @ (x * y)[-1:]"),
        ("return (x * y).sum(axis=0)", "last sample only: (x * y).sum(axis=0) -> (x * y)[-1]"),
    ],
)
def test_habits_are_among_the_changes(body: str, change: str) -> None:
    """What is clipped, rounded, kept off 0 and 1, taken for 0, or taken of one sample alone, where the reference imports numpy."""
    source = "import numpy as np\n\n" + function(body)
    assert change in {mutant.description for mutant in mutants(source)}


@pytest.mark.parametrize("count", ["len(x)", "x.shape[0]", "x.shape", "x.size", "int(x)", "x > y", "np.argmax(x)"])
def test_a_count_is_neither_clipped_nor_rounded(count: str) -> None:
    """Rounding computes the same, and an author would have to declare it of every count that is returned."""
    source = "import numpy as np\n\n" + function(f"return {count}, x * y")
    kinds = {(kind, changed) for kind, _, changed in (each.description.partition(": ") for each in mutants(source))}
    habits = {changed for kind, changed in kinds if kind in ("clip", "round")}
    assert habits == {"x * y -> np.clip(x * y, -100, 100)", "x * y -> np.round(x * y, decimals=6)"}


def test_ones_take_the_place_of_each_array_that_is_used() -> None:
    """Not of a number, nor of an argument that the answer does not depend on."""
    source = "import numpy as np\n\n" + function("return x * n").replace(
        "(x, y)", "(x: NDArray[np.float64], y: NDArray[np.float64], n: int)"
    )
    (mutant,) = [mutant for mutant in mutants(source) if mutant.description.startswith("ones")]
    assert mutant.description == "ones for an argument: x = np.ones_like(x)"
    assert mutant.source.endswith("x = np.ones_like(x)\n    return x * n")


@pytest.mark.parametrize("imported", ["import numpy as np", "import numpy", "import torch"])
def test_habits_are_written_with_what_the_reference_imports(imported: str) -> None:
    """Under the name that it has there."""
    name = imported.rsplit(maxsplit=1)[-1]
    found = {mutant.description for mutant in mutants(f"{imported}\n\n" + function("return x"))}
    assert f"clip: x -> {name}.clip(x, -100, 100)" in found


@pytest.mark.parametrize(
    "body",
    [
        '"""A docstring with 2 numbers."""\nreturn None',
        "z: tuple[int, 2] = None\nreturn None",
        "raise ValueError(1 + 2)",
        "return np.array([], dtype=float)[:]",
        "return 'text'",
    ],
)
def test_what_is_no_formula_is_left_alone(body: str) -> None:
    """Docstrings, types, messages and strings have no mutants (other than of the value that is returned)."""
    assert {change for change in changes(body) if not change.startswith(("flip sign", "add transpose"))} == set()


def test_code_outside_the_regions_is_left_alone() -> None:
    """A helper above the markers and a default argument are the author's, not the answer's."""
    source = "def g(a):\n    return a + 1\n\n\n" + function("return g(x)").replace("(x, y)", "(x, y=2)")
    assert {mutant.description for mutant in mutants(source)} == {
        "flip sign: g(x) -> -g(x)",
        "add transpose: g(x) -> g(x).mT",
    }


def test_a_change_that_two_places_share_is_numbered() -> None:
    """So a description names one mutant."""
    found = mutants(function("z = x - y\nw = x - y\nreturn z + w"))
    swaps = [mutant for mutant in found if mutant.description.startswith("swap operands: x - y -> y - x")]
    assert [(mutant.description[29:], mutant.line) for mutant in swaps] == [("", 3), (" (2)", 4)]


def test_the_early_return_comes_after_the_first_intermediate_value() -> None:
    """The rest of the function stays, and is not reached."""
    (early,) = [mutant for mutant in mutants(function("z = x @ y\nreturn z.T")) if "early" in mutant.description]
    assert early.source == "def f(x, y):\n    z = x @ y\n    return z\n    return z.T"


expressions = st.recursive(
    st.sampled_from(["x", "y", "2", "0.0", "-1", "x.T"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "@", ">", "<="]), inner).map("({0[0]} {0[1]} {0[2]})".format),
        inner.map("np.sum({}, axis=0, keepdims=True)".format),
        st.tuples(inner, inner).map("({0[0]}, {0[1]})".format),
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.slow
@given(expression=expressions)
def test_mutants_are_programs_unlike_each_other_and_the_reference(expression: str) -> None:
    """Every mutant can be parsed, no two have one text or one description, and none has the reference's text."""
    source = function(f"z = {expression}\nreturn z")
    found = mutants(source)
    texts = [mutant.source for mutant in found]
    assert len({*texts, ast.unparse(ast.parse(source))}) == len(texts) + 1
    assert len({mutant.description for mutant in found}) == len(found)
    assert all(ast.parse(text) for text in texts)
    assert mutants(source) == found


@pytest.mark.slow
@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_every_reference_of_the_course_has_mutants_inside_its_regions(path: Path) -> None:
    """Each can be compiled, and its line lies between the markers."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    found = mutants(source)
    assert found
    for mutant in found:
        compile(mutant.source, mutant.description, "exec")
        above = [line.strip() for line in lines[: mutant.line]]
        assert above.count("### BEGIN SOLUTION") == above.count("### END SOLUTION") + 1
