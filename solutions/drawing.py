"""Pictures of shapes as SVG, drawn with text: on a light ground of their own, so that they read on a dark page too."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

__all__ = ["NEGATIVE", "THE_ONE", "chain", "figure", "stack", "table"]

_CELL_WIDTH, _CELL_HEIGHT, _LINE, _GAP = 54, 26, 16, 34
_INK, _GROUND, _LINES = "#1c1c1c", "#ffffff", "#767676"

THE_ONE = "#cfe2ff"
"""The ground of an entry that the text speaks of."""
NEGATIVE = "#e6e6e6"
"""The ground of an entry that lets nothing through; its text says so too."""


def figure(title: str, *parts: Element, note: str = "") -> str:
    """The parts from left to right under a title, which is what a reader hears who does not see; a note below."""
    width, height = 12, 0
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": "sans-serif", "font-size": "13"})
    SubElement(svg, "title").text = title
    ground = SubElement(svg, "rect", {"rx": "6", "fill": _GROUND, "stroke": _LINES})
    for part in parts:
        part.set("transform", f"translate({width} 12)")
        width += int(part.attrib.pop("data-width")) + _GAP
        height = max(height, int(part.attrib.pop("data-height")))
        svg.append(part)
    width = max(width - _GAP + 12, 7 * len(note) + 24)
    height += 24
    if note:
        _text(svg, 12, height + 4, note, anchor="start")
        height += _LINE + 4
    size = {"width": str(width), "height": str(height)}
    ground.attrib |= size
    svg.attrib |= size | {"viewBox": f"0 0 {width} {height}"}
    indent(svg)
    return tostring(svg, encoding="unicode") + "\n"


def table(
    name: str,
    entries: Sequence[Sequence[str]],
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    grounds: Mapping[tuple[int, int], str] | None = None,
) -> Element:
    """A matrix with its name and shape above, the names of its rows and columns at its edges."""
    left = 8 * max(map(len, rows), default=0) + (8 if rows else 0)
    top = 2 * _LINE if columns else _LINE + 4
    width = left + _CELL_WIDTH * len(entries[0])
    group = Element("g", {"data-width": str(max(width, left + 8 * len(name))), "data-height": str(top + _CELL_HEIGHT * len(entries))})
    _text(group, left, 10, name, anchor="start", weight="bold")
    for index, column in enumerate(columns):
        _text(group, left + _CELL_WIDTH * index + _CELL_WIDTH // 2, 10 + _LINE, column)
    for (i, row), j in itertools.product(enumerate(entries), range(len(entries[0]))):
        x, y = left + _CELL_WIDTH * j, top + _CELL_HEIGHT * i
        ground = (grounds or {}).get((i, j), _GROUND)
        SubElement(group, "rect", {
            "x": str(x), "y": str(y), "width": str(_CELL_WIDTH), "height": str(_CELL_HEIGHT), "fill": ground, "stroke": _LINES,
        })  # fmt: skip
        _text(group, x + _CELL_WIDTH // 2, y + _CELL_HEIGHT // 2 + 5, row[j])
    for index, row_name in enumerate(rows):
        _text(group, left - 6, top + _CELL_HEIGHT * index + _CELL_HEIGHT // 2 + 5, row_name, anchor="end")
    return group


def chain(*steps: tuple[str, str]) -> Element:
    """Boxes joined by arrows: what each holds, and its shape below it."""
    group = Element("g")
    x = 0
    for index, (what, shape) in enumerate(steps):
        width = max(8 * len(what), 7 * len(shape)) + 20
        if index:
            SubElement(group, "path", {"d": f"M{x} 22h18m-6 -5l6 5l-6 5", "fill": "none", "stroke": _INK})
            x += 24
        SubElement(group, "rect", {
            "x": str(x), "y": "4", "width": str(width), "height": "36", "rx": "4", "fill": _GROUND, "stroke": _LINES,
        })  # fmt: skip
        _text(group, x + width // 2, 27, what)
        _text(group, x + width // 2, 40 + _LINE, shape)
        x += width
    group.attrib |= {"data-width": str(x), "data-height": str(40 + _LINE + 4)}
    return group


def stack(*parts: Element) -> Element:
    """Parts one below the other."""
    group = Element("g")
    width = height = 0
    for part in parts:
        part.set("transform", f"translate(0 {height})")
        width = max(width, int(part.attrib.pop("data-width")))
        height += int(part.attrib.pop("data-height")) + 10
        group.append(part)
    group.attrib |= {"data-width": str(width), "data-height": str(height - 10)}
    return group


def _text(parent: Element, x: int, y: int, text: str, *, anchor: str = "middle", weight: str = "normal") -> None:
    at = {"x": str(x), "y": str(y), "fill": _INK, "text-anchor": anchor, "font-weight": weight}
    SubElement(parent, "text", at).text = text
