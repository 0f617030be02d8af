"""A text in Markdown as HTML for a page, its TeX as MathML: tags in it are text, and nothing of it runs. Pure."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from grader.building.formulas import block as formulas
from grader.building.markdown import with_stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

__all__ = ["mathml", "titled", "typeset"]

_DEEPEST = 6
_TITLE = re.compile(r"\A# +(.+?) *#* *(?:\n|\Z)")
_KEPT = frozenset(["columnalign", "columnspacing", "display", "fence", "linethickness", "mathvariant", "stretchy", "width", "xmlns"])  # fmt: skip
"""The attributes of MathML that say how it looks; a link is none of them."""


def titled(task: str) -> tuple[str, str]:
    """The title of a task, and what stands below it."""
    found = _TITLE.match(task)
    return (found[1], task[found.end() :].strip("\n")) if found else ("", task)


def typeset(text: str, below: int = 2) -> str:
    """Markdown as HTML; its headings come below one of that level."""
    tokens = _markdown().parse(with_stars(text))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + below, _DEEPEST)}"
    html: str = _markdown().renderer.render(tokens, _markdown().options, {})
    return html


def mathml(tex: str, *, block: bool = False) -> str:
    """TeX as MathML; what is no TeX is shown as it was written."""
    try:
        found = convert_to_element(tex, display="block" if block else "inline")
    except Exception:  # noqa: BLE001  the library has no common error, and an author's slip costs no page
        return f"<code>{escape(tex)}</code>"
    for element in found.iter():
        element.text = element.text and unescape(element.text)  # it has names of letters, which are text from here on
        for name in [each for each in element.attrib if each not in _KEPT]:
            del element.attrib[name]
    return ET.tostring(found, encoding="unicode", short_empty_elements=False)


@cache
def _markdown() -> MarkdownIt:
    found = MarkdownIt("commonmark", {"html": False}).disable("image")
    dollarmath_plugin(found, allow_labels=False, allow_space=False, allow_digits=False)
    found.add_render_rule("math_inline", _inline)
    found.add_render_rule("math_block", _block)
    found.add_render_rule("code_block", _indented)
    return found


def _inline(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return mathml(_tex(tokens[index]))


def _block(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return f"<p>{mathml(_tex(tokens[index]), block=True)}</p>\n"


def _indented(renderer: Any, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    """What a task indents: formulas in plain text are set, code and all else is shown as it was written."""
    lines = (line for line in tokens[index].content.split("\n") if line.strip())
    shown: str = formulas(lines) or renderer.code_block(tokens, index, *rest)
    return shown


def _tex(token: Token) -> str:
    """What stands between the dollars, as its author wrote it."""
    return token.content.replace("\\*", "*")
