"""A task as Markdown: what is read in a text file, and in a notebook, is the same. Pure.

A task is a docstring, which students read as it is, and a Markdown cell. There two stars in a line, as in x**2 + y**2, would make
what is between them bold, and be gone.
"""

from __future__ import annotations

import re

__all__ = ["with_stars"]

_CODE_OR_OPERATOR = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`) | (?<=[\w)\]])(?P<stars>\*{1,2})(?=[\w(\[-])",
    re.DOTALL | re.VERBOSE,
)
"""Code in a line, or a product or a power: stars directly between what they are between. Emphasis has a space outside."""

_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_ITEM = re.compile(r"^ *(?:[-+]|\d+[.)]) ", re.MULTILINE)
_CODE_INDENT = 4


def with_stars(text: str) -> str:
    """A text whose products and powers keep their stars as Markdown, outside of code as inside."""
    blocks = []
    fenced, margin = False, 0  # the margin of a list item's text, which code in it is indented from
    for block in text.split("\n\n"):
        indent = len(block) - len(block.lstrip(" \n"))
        if not indent:
            margin = 0
        code = fenced or bool(_FENCE.match(block)) or (indent >= margin + _CODE_INDENT and not _ITEM.match(block))
        fenced ^= len(_FENCE.findall(block)) % 2 == 1
        blocks.append(block if code else _CODE_OR_OPERATOR.sub(_kept, block))
        if not code and (items := _ITEM.findall(block)):
            margin = len(items[-1])
    return "\n\n".join(blocks)


def _kept(found: re.Match[str]) -> str:
    return "\\*" * len(found["stars"]) if found["stars"] else found[0]
