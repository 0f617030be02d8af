"""Where what is allocated lies in a process that forks: together, so that each child has few pages of it to copy.

A child copies a page for the first byte that it writes to it, and each object that it only looks at is written to: it is counted.
"""

from __future__ import annotations

import ctypes
import sys

__all__ = ["fill_gaps", "keep_freed_memory", "keep_objects_together"]

_ARENA, _BLOCK, _HEAD = 1 << 20, 512, sys.getsizeof(b"")
"""The bytes that Python asks for at a time for its small objects, of the largest of them, and of what is no content in one."""
_POOL, _STEP = 1 << 14, 16
"""The bytes that it gives to blocks of one size at a time, and by which these sizes differ; the C library's do so, too."""
_CLOSE = 4
"""Within how many blocks of the last one the next is in a row with it: in between are numbers that count them."""
_PIECES = (*(1 << power for power in range(16, 10, -1)), *range(1 << 10, 0, -_STEP))
"""The sizes of which the gaps of the C library's heap are made up."""
_ARENAS = 8
"""What the worker's objects with numpy's fill, nearly."""
_kept: list[bytes] = []

_LARGEST = 2**25 - 2**16
"""The bytes of the largest array that takes another's memory, with malloc's own."""
_SMALL_ARRAYS, _LARGE_ARRAYS = 1 << 17, 12 << 20
"""The bytes that most programs' arrays need, and those that nearly all of them do."""
_LARGE, _MADV_HUGEPAGE = 1 << 21, 14
"""The bytes of a large folio, or a part of one where the machine's pages are larger; and how it is asked for (madvise(2))."""

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
if _libc is not None:
    _malloc = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_size_t)(("malloc", _libc))
    _free = ctypes.CFUNCTYPE(None, ctypes.c_size_t)(("free", _libc))
    _madvise = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)(("madvise", _libc))
    _sbrk = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_ssize_t)(("sbrk", _libc))
    _python_malloc = ctypes.PYFUNCTYPE(ctypes.c_size_t, ctypes.c_size_t)(("PyObject_Malloc", ctypes.pythonapi))


def keep_objects_together() -> None:
    """Have Python ask for the memory of its objects in one piece, before libraries are loaded that would lie in between.

    One object is kept in each part, since Python gives back what is empty.
    """
    each = _ARENA // _BLOCK
    blocks = [bytes(_BLOCK - _HEAD) for _ in range(_ARENAS * each)]
    _kept[:] = blocks[each // 2 :: each]


def keep_freed_memory() -> None:
    """Have arrays of up to 32 MiB take the memory of those before them.

    Else malloc asks the kernel for each, and gives it back: every page of every intermediate result would be a new one. It
    learns otherwise from the first that is given back (mallopt(3), M_MMAP_THRESHOLD); none of this one is ever touched.
    """
    if _libc is not None:
        _free(_malloc(_LARGEST))


def fill_gaps() -> None:
    """Take what is free between what the process holds, for good, so that what a child allocates lies together.

    It would lie in gaps all over the process's memory otherwise, and the child copy a page for nearly each of them.
    """
    if _libc is None:
        return
    for size in range(_STEP, _BLOCK + 1, _STEP):
        _fill_pools(size)
    _fill_heap()
    _expect_arrays()


def _fill_pools(size: int) -> None:
    """Take the blocks of a size that are free in pools of Python's, until they lie in a row, as in a pool that was empty."""
    last, in_a_row = 0, 0
    for _ in range(_ARENA // size):
        block = _python_malloc(size)
        in_a_row = in_a_row + 1 if abs(block - last) <= _CLOSE * size else 0
        if in_a_row * size > _POOL:
            break
        last = block


def _fill_heap() -> None:
    """Take what is free in the C library's heap but for its end, in large pieces first."""
    end = _end_of_heap()
    for size in _PIECES if end else ():
        while (piece := _malloc(size)) < end:
            pass
        _free(piece)


def _expect_arrays() -> None:
    """Have what comes at the end of the C library's heap be new, and in large folios but for the first of it, which most children need."""
    end, written = _end_of_heap(), _sbrk(0)
    if end:
        large = -(-(written + _SMALL_ARRAYS) // _LARGE) * _LARGE
        _malloc(large - _SMALL_ARRAYS - end)  # what has been written would have to be copied
        _free(_malloc(_SMALL_ARRAYS + _LARGE_ARRAYS))
        _madvise(large, _LARGE_ARRAYS, _MADV_HUGEPAGE)


def _end_of_heap() -> int:
    """Where it goes on when nothing in it is free; 0 where what is allocated is no part of one."""
    end = int(_malloc(_ARENA))
    _free(end)
    return end if end < _sbrk(0) else 0
