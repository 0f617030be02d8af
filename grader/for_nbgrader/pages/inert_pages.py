"""The step and the filter that make inert what nbgrader's pages would show as it was handed in."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.ansi import ansi2html, strip_ansi
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.preprocessors import Preprocessor

from grader.for_nbgrader.pages.inert import inert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode
    from traitlets.config import Config

__all__ = ["InertPages", "install_pages", "markdown"]

_AS_THEY_ARE = frozenset(["image/jpeg", "image/png", "image/svg+xml", "text/latex", "text/markdown", "text/plain"])
"""What a page shows as text or as a picture; Markdown goes through the filter."""

_MAX_TEXT = 2**20
_LEFT_OUT = "*Left out: the text of this notebook is larger than 1 MiB. The notebook itself has it.*"

_FOLDED = (
    '<details><summary style="display: list-item; cursor: pointer">The course\'s own cell, as it was released</summary>'
)
"""nbgrader's style sheets take the mark away that says that there is more."""

_NUMBER = '<span class="linenos">'

_LEXER = re.compile(r"[\w+#.-]{1,40}")
_NO_CODE = re.compile(r"\s{101}|[^\n]{1001}")
"""Spaces and empty lines in a row, or a line, of which no program has as many: to give them colours takes time quadratic in their number."""
_MAX_COLOURED = 2**17
"""How many characters of code are given colours and numbered lines, of one notebook, and how many of an output colours."""
_PLAIN = "text"
_FENCE = re.compile(r"((?:\A|[\r\n])[ \t>*+\d.)-]*+(?:`{3,}+(?=[^`\r\n]*+(?:\Z|[\r\n]))|~{3,}+))[^\r\n]*+")
"""A line of Markdown that names the language of the code below it."""


class InertPages(Preprocessor):
    """Takes from a notebook what a page of it would run, or put into its own tags unescaped."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Make a notebook safe to show."""
        language = nb.metadata.get("language_info", {})
        named = {
            name: text for name, text in language.items() if name in ("name", "pygments_lexer") and _is_lexer(text)
        }
        if not _is_coloured([cell.source for cell in nb.cells if cell.cell_type == "code"]):
            named = {"name": _PLAIN}
        nb.metadata = type(nb.metadata)(language_info=type(nb.metadata)(named or {"name": "python"}))
        room = _MAX_TEXT
        numbers = itertools.count(1)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.execution_count = next(numbers)  # feedback cites a cell by its number among those with code
            if cell.cell_type != "code" and (room := room - len(cell.source)) < 0:
                cell.source = _LEFT_OUT
            if cell.cell_type == "raw":
                cell.source = inert(cell.source)
            kept = {"nbgrader": cell.metadata["nbgrader"]} if "nbgrader" in cell.metadata else {}
            cell.metadata = type(cell.metadata)(kept)
            for output in cell.get("outputs", ()):
                if "data" in output:
                    data = {kind: text for kind, text in output.data.items() if kind in _AS_THEY_ARE}
                    if "text/html" in output.data:
                        data["text/html"] = inert(str(output.data["text/html"]))
                    output.data, output.metadata = type(output)(data), type(output)()
        return nb, resources


def _is_coloured(sources: Sequence[str]) -> bool:
    """Whether code is such as people write, which is parted into words in time in proportion to its length."""
    return sum(map(len, sources)) <= _MAX_COLOURED and not any(map(_NO_CODE.search, sources))


def _is_lexer(text: Any) -> bool:
    return isinstance(text, str) and _LEXER.fullmatch(text) is not None


@functools.cache
def _exporter() -> HTMLExporter:
    return HTMLExporter(exclude_anchor_links=True)


@pass_context
def markdown(context: Any, source: str) -> str:
    """Markdown as HTML, as nbconvert makes it, and inert."""
    if not _is_coloured([source]):
        source = _FENCE.sub(r"\1", source)
    return inert(_exporter().markdown2html(context, source))


@pass_context
def highlighted(context: Any, source: str, language: str | None = None, metadata: Any = None) -> str:
    """Code as nbconvert shows it, in the language that is left in the notebook: nbconvert's own asks before our step.

    Lines are numbered, as feedback cites them; what students did not write is folded away.
    """
    about = context["nb"].metadata.get("language_info", {})
    lexer = about.get("pygments_lexer", about.get("name", "python"))
    given = (metadata or {}).get("nbgrader", {}).get("locked") and source.strip()
    numbers = {} if given or lexer == _PLAIN else {"linenos": "inline"}
    html: str = Highlight2HTML(pygments_lexer=lexer, extra_formatter_options=numbers)(source, language, metadata)
    return (
        f"{_FOLDED}{html}</details>" if given else html.replace(_NUMBER, f'{_NUMBER[:-1]} style="padding-right: 1em">')
    )


def coloured(output: str) -> str:
    """Output as HTML in a terminal's colours; of too much without, for each is looked for in a copy of all that is left."""
    html: str = ansi2html(output if len(output) <= _MAX_COLOURED else strip_ansi(output))
    return html


def install_pages(config: Config) -> None:
    """Have each page that nbgrader makes of a notebook be inert."""
    given = config.HTMLExporter
    given.preprocessors = [*(given.get("preprocessors") or []), InertPages]
    ours = {"ansi2html": coloured, "highlight_code": highlighted, "markdown2html": markdown}
    given.filters = {**(given.get("filters") or {}), **ours}
