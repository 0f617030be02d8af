"""A picture beside a task: an SVG that an author's code has drawn, and its words for who does not see it. Pure."""

from __future__ import annotations

import base64
from html import escape
from xml.etree import ElementTree as ET

__all__ = ["in_markdown", "title_of"]

_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(
    f"{_SVG}{name}"
    for name in ("circle", "defs", "desc", "ellipse", "g", "line", "marker", "path", "polygon", "polyline", "rect", "style", "svg",
                 "text", "title", "tspan")
)  # fmt: skip


def title_of(svg: object) -> str:
    """What a picture shows, in words. Raises ValueError for what is no SVG, has no title, or holds more than shapes and text."""
    if not isinstance(svg, str):
        raise ValueError("is not the text of an SVG")  # noqa: TRY004  told to the author, as what follows
    try:
        root = ET.fromstring(svg)  # noqa: S314  an author's, who could write any code
    except ET.ParseError as error:
        raise ValueError(f"is not an SVG: {error}") from None
    if root.tag != f"{_SVG}svg":
        raise ValueError('is not an SVG: its root is no <svg xmlns="http://www.w3.org/2000/svg">')
    for element in root.iter():
        if element.tag not in _DRAWN:
            name = str(element.tag).removeprefix(_SVG)
            raise ValueError(f"holds a <{name}>; a picture is made of shapes and text alone")
    title = root.find(f"{_SVG}title")
    words = "" if title is None else " ".join((title.text or "").split())
    if not words:
        raise ValueError("has no <title>; say in one what it shows, for who cannot see it")
    return words


def in_markdown(svg: str) -> str:
    """A picture in the text of a notebook: everything is in it, and notebooks and pages show it as an image, which runs nothing."""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{escape(title_of(svg))}" src="data:image/svg+xml;base64,{data}">'
