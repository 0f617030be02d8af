"""How the memory of a process that forks lies, so that each fork, and the end of each child, has little of it to go through.

The kernel copies an entry for each page that the process has written, and a record for each of its mappings; the end of a child goes
through both again, and together they are most of what a fork costs. Entries of pages that lie in one large folio are gone
through many at a time (Linux 6.9 and newer), and mappings beside each other that allow the same are one. Nothing here changes
what a program finds in its memory, and where the kernel refuses, a fork takes longer and that is all.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import mmap
import operator
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "EXECUTE", "READ", "WRITE", "Mapping", "code_in_use", "copy_code", "settle", "to_join",
]  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _libc is not None:
    _libc.mprotect.argtypes = _libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    _libc.mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p)
    _libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
    _mremap = ctypes.CFUNCTYPE(ctypes.c_size_t, *[ctypes.c_size_t] * 5)(("mremap", _libc))
    _mmap = ctypes.CFUNCTYPE(ctypes.c_size_t, *[ctypes.c_size_t] * 6)(("mmap", _libc))

READ, WRITE, EXECUTE = 1, 2, 4
_MADV_DONTDUMP, _MADV_DODUMP, _MADV_COLLAPSE = 16, 17, 25
_PAGE = 4096
"""The bytes of a page, where a large folio has as many as below; on machines with other pages it is left alone."""
_LARGE = 1 << 21
"""The bytes of a large folio, and of the addresses that it has to lie at."""
_ENTRY = 8
"""The bytes of what /proc/self/pagemap says of a page; its highest bit is set if the page is there."""
_MOVE_TO = 0b11
"""What mremap(2) is told: MREMAP_MAYMOVE | MREMAP_FIXED."""
_NONE = ctypes.c_size_t(-1).value
"""No descriptor, and no address: MAP_FAILED."""
_WORTH_IT = _LARGE // _PAGE // 4
"""Of how many pages on one is made: it has memory for all that it could hold."""


class Mapping(NamedTuple):
    """A line of /proc/self/maps: from `start` up to `end`, what may be done there, and from where in which file it is."""

    start: int
    end: int
    protection: int
    offset: int
    file: str
    """Its device and inode; empty where it is of none, or is shared with it."""

    def continues(self, other: Mapping) -> bool:
        """Whether it lies right behind the other one, in memory as in the file."""
        return bool(
            self.file == other.file != ""
            and self.protection
            and other.protection
            and self.start == other.end
            and self.start - self.offset == other.start - other.offset
        )


def settle() -> None:
    """Join mappings, and have large folios hold what was written; for a process that has imported and run what it will."""
    if _libc is None:
        return
    for mapping, protection in to_join(_mappings()):
        _libc.mprotect(mapping.start, mapping.end - mapping.start, protection)
    if mmap.PAGESIZE == _PAGE:
        for start, end in _worth_large_folios(_mappings()):
            _use_large_folios(start, end)


def to_join(mappings: Sequence[Mapping]) -> Iterator[tuple[Mapping, int]]:
    """The mappings, of all in order, that would be one with a neighbour if more were allowed there, and what that is.

    A library's constants are apart from its code, and what the linker has filled in from what it writes to, so that mistakes in C
    show. What runs here may call mprotect anyway, and is held by other means. Nothing may be both written and executed.
    """
    wanted = [each.protection for each in mappings]
    for index, (mapping, behind) in enumerate(itertools.pairwise(mappings)):
        if behind.continues(mapping) and behind.protection & WRITE and mapping.protection == READ:
            wanted[index] |= WRITE
    runs: list[list[int]] = []
    for index, mapping in enumerate(mappings):
        if index and mapping.continues(mappings[index - 1]) and not (wanted[index] | wanted[index - 1]) & WRITE:
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in runs:
        together = functools.reduce(operator.or_, (wanted[index] for index in run))
        yield from ((mappings[index], together) for index in run if mappings[index].protection != together)


def _mappings() -> list[Mapping]:
    """Those of the process itself; none where the kernel does not say."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    return list(map(_mapping, lines))


def _mapping(line: str) -> Mapping:
    place, allowed, offset, device, inode = line.split(None, 5)[:5]
    start, end = (int(each, 16) for each in place.split("-"))
    protection = sum(bit for letter, bit in zip("rwx", (READ, WRITE, EXECUTE), strict=True) if letter in allowed)
    return Mapping(
        start, end, protection, int(offset, 16), f"{device} {inode}" if inode != "0" and "p" in allowed else ""
    )


def _worth_large_folios(mappings: Sequence[Mapping]) -> Iterator[tuple[int, int]]:
    """From where to where memory of no file has been written, mostly, in as many large folios as lie beside each other."""
    for mapping in mappings:
        if mapping.file or mapping.protection != READ | WRITE:
            continue
        for worth_it, beside in itertools.groupby(_places_in(mapping), key=_is_mostly_written):
            if worth_it:
                several = list(beside)
                yield several[0], several[-1] + _LARGE


def _places_in(mapping: Mapping) -> Iterable[int]:
    """Where large folios could lie in it."""
    return range(-(-mapping.start // _LARGE) * _LARGE, mapping.end - _LARGE + 1, _LARGE)


def _is_mostly_written(place: int) -> bool:
    """Whether enough of the pages of a large folio there are in memory (mincore(2))."""
    pages = ctypes.create_string_buffer(_LARGE // _PAGE)
    return _libc is not None and _libc.mincore(place, _LARGE, pages) == 0 and sum(b & 1 for b in pages.raw) >= _WORTH_IT


def _use_large_folios(start: int, end: int) -> None:
    """Have large folios hold what lies there, with an entry for each page still.

    One entry for all of a folio would be taken apart in each child, at its first write. It is here, where what is advised of a page in
    it, and then taken back, is not advised of the rest. Nothing may be forbidden there meanwhile: this code is among what lies there.
    """
    if _libc is None or _libc.madvise(start, end - start, _MADV_COLLAPSE) != 0:
        return
    for place in range(start, end, _LARGE):
        _libc.madvise(place, _PAGE, _MADV_DONTDUMP)
        _libc.madvise(place, _PAGE, _MADV_DODUMP)


def code_in_use() -> Iterator[int]:
    """Where a large folio could hold code of libraries of which this process has met enough since it was forked."""
    pagemap = Path("/proc/self/pagemap")
    if _libc is None or mmap.PAGESIZE != _PAGE or not os.access(pagemap, os.R_OK):
        return
    with pagemap.open("rb", buffering=0) as entries:
        for mapping in _mappings():
            for place in _places_in(mapping) if mapping.file and mapping.protection == READ | EXECUTE else ():
                entries.seek(place // _PAGE * _ENTRY)
                highest = entries.read(_LARGE // _PAGE * _ENTRY)[_ENTRY - 1 :: _ENTRY]
                if sum(each >> 7 for each in highest) >= _WORTH_IT:
                    yield place


def copy_code(place: int) -> None:
    """Put a copy of the code there in its place, in a large folio with one entry: a child writes to none of it, and so has all of it.

    Of a file, it meets a few pages at a time.
    """
    if _libc is None:
        return
    room = _mmap(0, 2 * _LARGE, READ | WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, _NONE, 0)
    if room == _NONE:
        return
    copy = -(-room // _LARGE) * _LARGE
    ctypes.memmove(copy, place, _LARGE)
    if not _libc.madvise(copy, _LARGE, _MADV_COLLAPSE) and not _libc.mprotect(copy, _LARGE, READ | EXECUTE):
        _mremap(copy, _LARGE, _LARGE, _MOVE_TO, place)
    _libc.munmap(room, 2 * _LARGE)
