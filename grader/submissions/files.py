"""Files that a student controls: read without being led elsewhere, held up or flooded, and decoded, never parsed."""

from __future__ import annotations

import codecs
import io
import os
import stat
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["IrregularFileError", "decode_source", "read_file"]

_UNFIT = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs that no program is written in; punycode takes time quadratic in the length."""

_MAX_SHOWN = 40


class IrregularFileError(OSError):
    """The file is a symlink, a folder, a pipe, a socket or a device."""


def read_file(path: Path, limit: int) -> bytes:
    """A regular file's content, or its first `limit` + 1 bytes. Raises OSError, IrregularFileError for no such file."""
    # Looked at before it is opened, because opening a device may do something, and after, because it may be another.
    if not stat.S_ISREG(path.lstat().st_mode):
        raise IrregularFileError
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise IrregularFileError
        return file.read(limit + 1)


def decode_source(data: bytes) -> str:
    """The text of a Python file, by its byte order mark and its coding comment, as Python reads it.

    Raises ValueError with the reason, which names the first byte at fault.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        # Undecodable bytes in the first two lines come here as well; decoding says where they are.
        encoding, problem = "utf-8", str(error)[:_MAX_SHOWN]
    else:
        problem = ""
    marked = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    unfit = f"{encoding[:_MAX_SHOWN]!r} is no encoding for a program"
    if codecs.lookup(encoding).name in _UNFIT:
        raise ValueError(unfit)
    try:
        text = data[marked:].decode("utf-8" if marked else encoding)
        text.encode()  # some codecs let half a surrogate pair through, which is no text
    except UnicodeDecodeError as error:
        at = marked + error.start
        line = data.count(b"\n", 0, at) + 1
        raise ValueError(f"byte {at} (line {line}) is not {encoding[:_MAX_SHOWN]}") from None
    except (LookupError, UnicodeError):
        raise ValueError(unfit) from None
    if problem:
        raise ValueError(problem)
    return text
