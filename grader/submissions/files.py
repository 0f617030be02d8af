"""Files that a student controls: read without being led elsewhere, held up or flooded, and decoded, never parsed."""

from __future__ import annotations

import codecs
import contextlib
import io
import itertools
import os
import stat
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "IrregularFileError",
    "children",
    "decode_source",
    "files_below",
    "is_left_behind",
    "read_file",
]

_UNFIT = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs that no program is written in; punycode takes time quadratic in the length."""

_MAX_SHOWN = 40
_PIECE = 2**16


_LEFT_BEHIND = frozenset({"__pycache__", "__MACOSX"})


class IrregularFileError(OSError):
    """The file is a symlink, a folder, a pipe, a socket or a device."""


def read_file(path: Path, limit: int) -> bytes:
    """A regular file's content, or its first `limit` + 1 bytes. Raises OSError, IrregularFileError for no such file."""
    # Looked at before it is opened, because opening a device may do something, and after, because it may be another.
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise IrregularFileError
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise IrregularFileError
        # Piece by piece: a class has thousands of small files, and a buffer for the largest takes longer than reading one.
        read, left = [], limit + 1
        while left and (piece := os.read(file, min(left, _PIECE))):
            read.append(piece)
            left -= len(piece)
        return b"".join(read)
    finally:
        os.close(file)


def is_left_behind(name: str) -> bool:
    """Whether a file or folder of that name is hidden, or what a tool leaves behind."""
    return name.startswith(".") or name in _LEFT_BEHIND or name.endswith(".pyc")


def children(folder: Path) -> tuple[dict[str, os.stat_result], str]:
    """What a folder holds, hidden or not, sorted by name; or why it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        return {entry.name: entry.stat(follow_symlinks=False) for entry in listed}, ""
    except OSError as error:
        return {}, error.strerror or str(error)


def files_below(folders: Iterable[Path], depth: int, most: int) -> tuple[list[tuple[Path, os.stat_result]], bool]:
    """The regular files in folders and in those inside them, and whether that is all: `most` entries are looked at.

    The nearest come first, by name. No link is followed; what cannot be read, or is left behind by a tool, is left out.
    """
    found: list[tuple[Path, os.stat_result]] = []
    complete = True
    waiting = [(folder, 1) for folder in folders]
    for inside, level in waiting:
        try:
            with os.scandir(inside) as listing:
                entries = sorted(itertools.islice(listing, most + 1), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            most -= 1
            if most < 0:
                return found, False
            if is_left_behind(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if level < depth:
                    waiting.append((inside / entry.name, level + 1))
                complete = complete and level < depth
            elif entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    found.append((inside / entry.name, entry.stat(follow_symlinks=False)))
    return found, complete


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
