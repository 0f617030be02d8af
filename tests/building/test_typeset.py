"""A task on a page: its formulas are MathML, its code is as it stands, and nothing that is written in it acts."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.building.typeset import mathml, titled, typeset

PIECES = [*"\\{}^_&<>\"'ab1 ", "\\frac", "\\text{", "\\href", "\\sqrt", "\\left("]
TEX = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def test_tex_between_dollars_is_mathml_in_a_line_and_in_a_block():
    html = typeset("Say $W x$ of\n\n$$\\frac{\\partial L}{\\partial W} < 1$$\n")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">' in html
    assert 'display="block"' in html
    assert "<mfrac><mrow><mo>∂</mo><mi>L</mi></mrow>" in html
    assert "<mo>&lt;</mo>" in html


def test_prices_code_and_products_are_no_formulas():
    html = typeset("`$x$` costs $5 and $6, and is x**2 + y**2 as 2*x*y.\n\n    f(x) = $a$ * b\n")
    assert "<math" not in html
    assert "<em>" not in html
    assert "x**2 + y**2 as 2*x*y" in html
    assert "<pre><code>f(x) = $a$ * b\n</code></pre>" in html


def test_an_indented_formula_in_plain_text_is_mathml_too():
    """As this course's tasks have them; what is none of these stays code."""
    html = typeset("Return\n\n    L = mean((y - t)**2)        the loss\n\nand not\n\n    np.sum(y * t)\n")
    assert "<math><mrow><mi>L</mi><mo>=</mo>" in html
    assert "<span>the loss</span>" in html
    assert "<pre><code>np.sum(y * t)\n</code></pre>" in html


@pytest.mark.parametrize("bad", ["\\frac{", "\\begin{matrix}", "aaa^^^", "\\left("])
def test_what_is_no_tex_is_shown_as_it_was_written(bad):
    assert mathml(bad) == f"<code>{bad}</code>"


@given(TEX, st.booleans())
def test_whatever_is_written_as_tex_is_a_tree_of_its_text_without_a_link(tex, block):
    root = ET.fromstring(mathml(tex, block=block))  # noqa: S314  what was made here
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"code"} or all(name.startswith("m") for name in names)
    assert not any("href" in name for element in root.iter() for name in element.attrib)


def test_tags_and_addresses_that_act_are_text():
    html = typeset(
        '<script>x</script> <b onclick="x">b</b> [l](javascript:x) $\\text{<script>}$ $\\href{javascript:x}{y}$'
    )
    assert "<script" not in html
    assert "<b " not in html
    assert "href" not in html.replace("\\href", "")


def test_a_tasks_title_is_its_first_heading_and_other_headings_come_below():
    title, rest = titled("# A Jacobian by hand\n\nText\n\n## More\n")
    assert (title, rest) == ("A Jacobian by hand", "Text\n\n## More")
    assert "<h4>More</h4>" in typeset(rest)
    assert titled("No heading") == ("", "No heading")
