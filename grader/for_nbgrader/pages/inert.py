"""HTML that somebody else wrote, with its formatting and without anything that acts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from bleach import Cleaner
from bleach.css_sanitizer import CSSSanitizer

__all__ = ["inert"]

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    ]
)
_ATTRIBUTES = frozenset(["abbr", "align", "alt", "border", "color", "colspan", "dir", "height", "lang", "open", "rowspan", "scope", "start", "style", "title", "type", "valign", "width"])  # fmt: skip
_CSS = frozenset(
    [
        "background-color",
        "border",
        "border-bottom",
        "border-collapse",
        "border-color",
        "border-left",
        "border-right",
        "border-style",
        "border-top",
        "border-width",
        "color",
        "display",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "height",
        "line-height",
        "list-style",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-width",
        "min-width",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "text-align",
        "text-decoration",
        "vertical-align",
        "white-space",
        "width",
    ]
)
_MAX_TAGS = 20_000
_MAX_DEPTH = 100

_TAG = re.compile(r"<(/?)(?!br\b|hr\b|img\b|p\b|li\b|d[dt]\b|t[dhr]\b|col)([a-z][a-z0-9]*+)", re.IGNORECASE)
"""The tags that end where they are closed."""

_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,", re.IGNORECASE)
_HIGHLIGHTING = re.compile(r"(?:(?:highlight|hl-[\w+-]+|[a-z][a-z0-9]{0,2})(?: |\Z))*")
_STYLE_SHEET = re.compile(r"<style\b[^>]*+(?:>.*?(?:</style\s*+>|\Z)|\Z)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NO_TAG = re.compile(
    r"""<(?!/?[a-zA-Z][a-zA-Z0-9]*+(?:[ \t\n\f\r]++[^ \t\n\f\r"'<>/=]++(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"<]*+"|'[^'<]*+'|[^ \t\n\f\r"'<>=`]++))?+){0,100}+[ \t\n\f\r]*+/?>)"""
)
"""A sign that begins no whole tag, with its end and at most so many attributes. What it does begin is looked through again at each
such sign within it, and each attribute is compared with those before it: a few pages of those took hours."""


def inert(html: str) -> str:
    """The HTML with what formats it; what it would run, and what it would be to the page around it, is shown or gone.

    Of HTML that is too much to be looked through, and that nobody has written by hand, the text is shown; so is what is no whole tag.
    """
    whole = _NO_TAG.sub("&lt;", _COMMENT.sub("", _STYLE_SHEET.sub("", html)))
    if html.count("<") > _MAX_TAGS or _depth(whole) > _MAX_DEPTH:
        return f"<pre>{escape(html)}</pre>"
    cleaner = Cleaner(
        tags=_TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip_comments=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=_CSS, allowed_svg_properties=[]),
    )  # fmt: skip
    found: str = cleaner.clean(whole)
    return found


def _depth(html: str) -> int:
    """How deep tags may stand in each other: looking through them takes time quadratic in that."""
    opened: Counter[str] = Counter()
    deepest = depth = 0
    for closing, name in _TAG.findall(html):
        if not closing:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays. A class or an id of formgrader's would be taken for its own buttons and fields."""
    if name == "class":
        return _HIGHLIGHTING.fullmatch(value) is not None
    if (tag, name) == ("img", "src"):
        return _PICTURE.match(value) is not None or _is_address(value)
    if (tag, name) == ("a", "href"):
        return _is_address(value)
    return name in _ATTRIBUTES


def _is_address(value: str) -> bool:
    """Whether a page or a picture is there. nbconvert takes `files/` from an address, which is not to reveal another."""
    address = re.sub(r"[\x00-\x20]", "", value).lower()
    return not address.startswith("data:") and not ("files/" in address and ":" in address.partition("files/")[2])
