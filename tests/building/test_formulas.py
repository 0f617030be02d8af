"""Formulas in plain text as MathML: what is one is read as it is meant, and all else stays text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.building.formulas import block, formula


def read(text: str) -> str:
    """A formula as a line that shows how it was read: subscripts, powers and fractions with their brackets."""
    shown = formula(text)
    # XML knows none of HTML's names of letters.
    for name, letter in (("prime", "'"), ("top", "T"), ("phi", "phi"), ("pi", "pi")):
        shown = shown.replace(f"&{name};", letter)
    math, end, rest = shown.partition("</math>")
    return _line(ET.fromstring(math + end)) + rest if shown else ""  # noqa: S314  our own


def _line(node: ET.Element) -> str:
    parts = [_line(child) for child in node]
    match node.tag:
        case "msub":
            return f"{parts[0]}_{{{parts[1]}}}"
        case "munder":
            return f"{parts[0]}_{{{parts[1]}}} "
        case "msup":
            return f"{parts[0]}^{{{parts[1]}}}"
        case "mfrac":
            return f"{{{parts[0]}}}/{{{parts[1]}}}"
        case "msqrt":
            return f"sqrt{{{''.join(parts)}}}"
        case "mspace":
            return " "
    return (node.text or "") + "".join(parts)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("L = mean((y - t)**2)", "L=mean((y-t)^{2})"),
        ("f(x) = x^T A x / 2 + b^T x", "f(x)={x^{T} A x}/{2}+b^{T} x"),
        ("S = Q @ K.T / sqrt(d)", "S={Q K^{T}}/{sqrt{d}}"),
        ("dW[j, k] = sum over n of X[n, j] * dout[n, k]", "dW_{j,k}=∑_{n} X_{n,j}·dout_{n,k}"),
        ("H[n, k] = sum over j of X[n, j] * W[j, k]  +  b[k]", "H_{n,k}=∑_{j} X_{n,j}·W_{j,k}+b_{k}"),
        ("d loss / d p[n, k] = -1 / N", "{dloss}/{dp_{n,k}}=-{1}/{N}"),
        ("f(x + h) = f(x) + h**2 / 2 * f''(x)", "f(x+h)=f(x)+{h^{2}}/{2}·f^{''}(x)"),
        ("phi = e**(-z**2 / 2) / sqrt(2 * pi)", "phi={e^{-{z^{2}}/{2}}}/{sqrt{2·pi}}"),
        ("a_l = s(w * a_(l-1)) for l = 1, ..., L", "a_{l}=s(w·a_{l-1}) for l = 1, ..., L"),
        ("|a - n| / max(1e-8, |a| + |n|)", "{|a-n|}/{max(1e-8,|a|+|n|)}"),
        ("x - y - z <= -(a - b)", "x-y-z≤-(a-b)"),
        ("a / b / c", "{{a}/{b}}/{c}"),
        ("a ** b ** c", "a^{b^{c}}"),
        ("= dout * y, where y is given", "=dout·y, where y is given"),
        ("dX = dout @ W.T, dW = X.T @ dout", "dX=dout W^{T},dW=X^{T} dout"),
    ],
)
def test_a_formula_is_read_as_it_is_meant(text: str, meant: str) -> None:
    """Products bind before sums, powers from the right; a sum over something ends at the next term."""
    assert read(text) == meant


@pytest.mark.parametrize(
    "text",
    ["scores, shape (N, M)", "mean = the mean of a row", "np.diag(p) - np.outer(p, p)", "so", "True", "", "u moves by d",
     "x = ", "(a + b", "f(x) = <b>", "dout.sum(axis=0)", "a == b", "x[0] = 'text'"],
)  # fmt: skip
def test_prose_and_code_are_no_formulas(text: str) -> None:
    assert formula(text) == ""


def test_a_block_has_a_row_for_each_line_and_a_cell_for_each_column() -> None:
    """What is no formula is text, as it stands; code, and lines without a formula, stay what they are."""
    shown = block(["    S = Q @ K.T          scores, <shape> (N, M)", "    P = the softmax"])
    assert shown.count("<div>") == 2
    assert shown.count("<math>") == 1
    assert "<span>scores, &lt;shape&gt; (N, M)</span>" in shown
    assert "<span>P = the softmax</span>" in shown
    assert block(["    no formula", "    here"]) == ""
    assert block(["    >>> x = 1 + 2"]) == ""
    assert block(["    import numpy as np", "    x = y + 1"]) == ""


@example("1^<")
@given(st.text(alphabet="abxT19 .,*/@+-=<>()[]|^'\"&;_", max_size=40))
def test_any_text_gives_whole_markup_or_none(text: str) -> None:
    """Nothing of a text becomes markup of its own."""
    shown = formula(text).replace("&prime;", "'").replace("&top;", "T")
    if shown:
        root = ET.fromstring(f"<p>{shown}</p>")  # noqa: S314  our own
        tags = {node.tag for node in root.iter()}
        assert tags <= {"p", "math", "mrow", "mi", "mn", "mo", "msub", "msup", "mfrac", "msqrt", "mspace", "munder"}
