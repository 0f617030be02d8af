"""JSON that people read, too."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from grader.names import is_unseen, shown

__all__ = ["shown_json"]


def shown_json(thing: Any) -> bytes:
    """Indented JSON of the same texts, with JSON's own escape for each letter that would not be seen: people read such files, too."""
    text = msgspec.json.format(msgspec.json.encode(thing), indent=2).decode()
    return "".join(f"{_unseen_escaped(line)}\n" for line in text.split("\n")).encode()


def _unseen_escaped(line: str) -> str:
    """A line of JSON, of which such letters can only stand in texts."""
    if shown(line) == line:
        return line
    return "".join(_escaped(letter) if is_unseen(letter) else letter for letter in line)


def _escaped(letter: str) -> str:
    return "".join(f"\\u{unit:04x}" for (unit,) in struct.iter_unpack(">H", letter.encode("utf-16-be")))
