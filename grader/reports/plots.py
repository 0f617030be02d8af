"""Plots as SVG for a page: bars, drawn by matplotlib where it is installed. The same numbers give the same bytes."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

try:
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
except ImportError:  # the extra `report`: a page has its tables without it
    Figure = None  # type: ignore[assignment,misc]

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["bars", "can_plot"]

_INK, _BAR = "#010203", "#040506"
"""Colours that nothing else has: the page says which they are, in the light and in the dark."""
_STYLE: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "grader", "text.parse_math": False, "font.family": "sans-serif", "font.size": 10,
    "text.color": _INK, "axes.labelcolor": _INK, "axes.edgecolor": _INK, "xtick.color": _INK, "ytick.color": _INK,
    "axes.spines.top": False, "axes.spines.right": False,
}  # fmt: skip
_NO_DATA: Any = {"Creator": None, "Date": None, "Format": None, "Type": None}
_REFERENCE = re.compile(r'((?:\sid="|url\(#|href="#))')
_WIDE, _HIGH, _MOST_TICKS = 5.6, 2.4, 12
_FEW, _EACH, _EACH_OF_MANY = 20, 0.22, 0.15


def can_plot() -> bool:
    """Whether matplotlib is installed."""
    return Figure is not None


def bars(  # noqa: PLR0913
    name: str, about: str, labels: Sequence[str], values: Sequence[float], axis: str, *, flat: bool = False
) -> str:
    """A bar for each label from left to right; where they lie `flat`, of percents, from top to bottom. `about` is for who cannot see it.

    `name` tells a page's plots apart. Empty where there is nothing to draw, or nothing to draw with.
    """
    if Figure is None or not values:
        return ""
    each, letters = (_EACH, 10) if len(values) <= _FEW else (_EACH_OF_MANY, 8)
    with rc_context(_STYLE):
        figure = Figure(figsize=(_WIDE, 0.7 + each * len(values) if flat else _HIGH), layout="constrained")
        axes = figure.add_subplot()
        places = range(len(values))
        if flat:
            axes.barh(places, values, color=_BAR)
            axes.set_yticks(places, labels, fontsize=letters)
            axes.invert_yaxis()
            axes.set_xlabel(axis)
            axes.margins(y=0.01)
            axes.set_xlim(0, 100)
        else:
            axes.bar(places, values, color=_BAR, width=0.9)
            step = -(-len(labels) // _MOST_TICKS)
            axes.set_xticks(places[::step], labels[::step], rotation=30, ha="right", rotation_mode="anchor")
            axes.set_ylabel(axis)
            axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata=_NO_DATA)
    return _inline(out.getvalue(), name, about)


def _inline(svg: str, name: str, about: str) -> str:
    """An SVG that can stand in a page beside others, in the page's colours."""
    body = svg[svg.index("<svg") :]
    body = _REFERENCE.sub(rf"\g<1>{name}-", body)
    body = body.replace(_INK, "currentColor").replace(_BAR, "var(--bar)")
    return body.replace("<svg", f'<svg role="img" aria-label="{escape(about)}"', 1)
