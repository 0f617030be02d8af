"""JSON that people read, too."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from grader.names import all_seen, is_unseen

__all__ = ["shown_json"]


def shown_json(thing: Any) -> bytes:
    """Indented JSON of the same texts, with JSON's own escape for each letter that would not be seen: people read such files, too."""
    text = msgspec.json.format(msgspec.json.encode(thing), indent=2).decode() + "\n"
    if not all_seen(text.replace("\n", "")):
        text = "".join(_escaped(letter) if is_unseen(letter) and letter != "\n" else letter for letter in text)
    return text.encode()


def _escaped(letter: str) -> str:
    """A letter of JSON that can only stand in a text, as a line break of JSON's cannot."""
    return "".join(f"\\u{unit:04x}" for (unit,) in struct.iter_unpack(">H", letter.encode("utf-16-be")))
