"""What a student wrote is shown with its formatting, and nothing of it acts in a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from grader.building.picture import in_markdown
from grader.for_nbgrader.pages.inert import inert
from grader.for_nbgrader.pages.inert_pages import install_pages, markdown

ACTING = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>",
    "<a href='javascript:alert(1)'>x</a>", "<a href='java&#10;script:alert(1)'>x</a>", "<iframe srcdoc='<script>'></iframe>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href='/files/javascript:alert(1)'>x</a>",
    "<a href='files/files/javascript:alert(1)'>x</a>", "<form action='/formgrader'><button class='full-credit'>x</button>",
    "<input class='score' id='checks-sigmoid_grad'>", "<base href='http://example.org'>", "<meta http-equiv=refresh content=0>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "<style>body {display: none}</style>",
    "<p style='position: fixed; background: url(javascript:alert(1))'>x</p>", "<object data='x'></object>",
    "<a class='full-credit btn' id='checks-x'>x</a>", "<!--><script>alert(1)</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]  # fmt: skip


class Acting(HTMLParser):
    """Finds what a page would run, or take for a part of its own."""

    found: bool = False

    def handle_starttag(self, tag, attrs) -> None:
        known = {
            "a",
            "b",
            "p",
            "i",
            "em",
            "img",
            "span",
            "div",
            "pre",
            "code",
            "h1",
            "table",
            "tbody",
            "tr",
            "td",
            "strong",
        }
        if tag not in known:
            self.found = True
        for name, value in attrs:
            address = re.sub(r"(?:/?files/)+|\s", "", value or "")
            acts = name.startswith("on") or name in ("id", "name") or re.match(r"(?i)javascript:|data:text", address)
            self.found = self.found or bool(acts) or "position" in (value or "") or "full-credit" in (value or "")


def acts(html: str) -> bool:
    parser = Acting()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("html", ACTING)
def test_nothing_acts(html) -> None:
    assert acts(html) or "<!--" in html or "<a href='java&#10;" in html  # so that the test can fail
    assert not acts(inert(html))
    assert not acts(markdown({}, html))


@given(
    st.lists(
        st.sampled_from([*ACTING, "<b>", "</b>", "<!--", "-->", "<p ", "'", '"', ">", "<", "&lt;", "`", "\n\n"])
    ).map("".join)
)
def test_nothing_acts_however_it_is_put_together(html) -> None:
    assert not acts(inert(html))


@pytest.mark.parametrize(("source", "shown"), [
    ("**bold**, *slanted* and `code`", "<strong>bold</strong>, <em>slanted</em> and <code>code</code>"),
    ("# A heading", "<h1>A heading</h1>"),
    ("| a | b |\n|---|:-:|\n| 1 | 2 |", "<td>1</td>"),
    ("$\\sigma'(z) < 1$ and $$\\frac{\\partial L}{\\partial W} & x$$", "$\\sigma'(z) &lt; 1$"),
    ("\\begin{align} a &= b \\\\ c &< d \\end{align}", "\\begin{align} a &amp;= b \\\\ c &amp;&lt; d \\end{align}"),
    ("```python\nimport numpy\n```", '<span class="kn">import</span>'),
    ("[a page](https://example.org/x?y=1&z=2 'title')", '<a href="https://example.org/x?y=1&amp;z=2" title="title">a page</a>'),
    ("![a figure](figure.png)", '<img src="figure.png" alt="a figure">'),
    ('<span style="color: red">red</span>', '<span style="color: red;">red</span>'),
    ("1. one\n2. two", "<li>two</li>"),
    ("> said", "<blockquote>"),
    ("a < b & c", "a &lt; b &amp; c"),
])  # fmt: skip
def test_formatting_and_latex_stay(source, shown) -> None:
    assert shown in markdown({}, source)


def test_a_picture_in_a_cell_stays() -> None:
    cell = {"attachments": {"p.png": {"image/png": "AAAA"}}}
    assert 'src="data:image/png;base64,AAAA"' in markdown({"cell": cell}, "![p](attachment:p.png)")


@pytest.mark.parametrize("html", [
    "<b>" * 300_000, "<style " * 100_000, "<div></p>" * 100_000, "<" * 100_000, f"<a {' '.join(map(hex, range(30_000)))}>x</a>",
    "<br<p <" * 5_000 + ">", "<p x='<" * 5_000, "<!--" * 5_000, "<div><!--</div>-->" * 5_000, "<p" + " x=y" * 99 + " z" + "><br <" * 5_000,
])  # fmt: skip
def test_what_nobody_wrote_by_hand_is_shown_as_text(html) -> None:
    assert not acts(inert(html))


@pytest.mark.parametrize("fence", ["```ipython3", "~~~ ipython3 `x`", "words\r```ipython3\r", "> - 1. ```ipython3"])
def test_nor_has_it_between_words(fence) -> None:
    assert '<span class="n">' in markdown({}, f"{fence}\nx\n")
    shown = markdown({}, f"{fence}\nx" + "\n" * 100_000 + "x")
    assert "<pre" in shown
    assert '<span class="n">' not in shown


@pytest.mark.parametrize(("source", "lexer"), [
    ("def f(x):\n\n\n    return x", "ipython3"), ("a" + "\n" * 300_000 + "a", "text"), ("a" + " \n\t" * 10_000, "text"),
    ("@" + "a." * 50_000, "text"), ("x = 1\n" * 50_000, "text"),
])  # fmt: skip
def test_what_no_person_writes_has_no_colours(source, lexer) -> None:
    """IPython's lexer takes time quadratic in empty lines: sixteen thousand kept a page for half a minute."""
    config = Config()
    install_pages(config)
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    notebook = new_notebook(cells=[new_code_cell(source)], metadata=metadata)
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook)
    assert f'class="highlight hl-{lexer}"' in page


@pytest.mark.parametrize(("output", "colours"), [
    ("\x1b[1mbold\x1b[0m", True), ("\x1b[1mbold" * 200_000, False), ("\x1b[" + "1;" * 1_000_000 + "mbold", False),
])  # fmt: skip
def test_output_without_end_has_no_colours(output, colours) -> None:
    config = Config()
    install_pages(config)
    cell = new_code_cell("x", outputs=[new_output("stream", text=output)])
    page, _ = HTMLExporter(config=config).from_notebook_node(new_notebook(cells=[cell]))
    assert "bold" in page
    assert ('<span class="ansi-bold">' in page) is colours
    assert "\x1b" not in page


def test_the_picture_of_a_task_stays() -> None:
    """As an image, which runs nothing, whatever the SVG holds."""
    shown = in_markdown('<svg xmlns="http://www.w3.org/2000/svg"><title>Two matrices</title><rect/></svg>')
    assert shown.removesuffix(">") in markdown({}, f"# Task\n\n{shown}\n\n*3 points.*")
