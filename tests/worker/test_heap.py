"""Where what a child allocates lies: together, whatever gaps its parent's memory has."""

from __future__ import annotations

import subprocess
import sys

import pytest

from folios import LARGE_FOLIOS

GAPS = """
import ctypes, gc, sys
from grader.worker import heap
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_size_t, [ctypes.c_size_t], [ctypes.c_size_t]
heap.keep_freed_memory()
sizes = [16, 48, 100, 200, 450]
objects = [[bytes(size) for _ in range(20_000)] for size in sizes]
pieces = [[libc.malloc(size) for _ in range(5_000)] for size in (600, 2_000, 9_000)]
for each in objects:
    del each[::50]
for each in pieces:
    for piece in each[::50]:
        libc.free(piece)
if "fill" in sys.argv:
    heap.fill_gaps()
print(sum(sizes) * 100 + 11_600 * 50)
new = [[bytes(size) for _ in range(100)] for size in sizes]
pages = {id(each) // 4096 for some in new for each in some}
pages |= {libc.malloc(size) // 4096 for size in (600, 2_000, 9_000) for _ in range(50)}
print(len(pages))
"""


def pages(*options: str) -> tuple[float, int]:
    """How many pages hold what is allocated, at the least, and on how many of them it begins."""
    done = subprocess.run([sys.executable, "-c", GAPS, *options], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    asked, found = map(int, done.stdout.split())
    return asked / 4096, found


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux alone")
def test_what_is_allocated_behind_filled_gaps_lies_together() -> None:
    """Five hundred objects and fifty pieces each of three sizes: on hardly more pages than they need, which they are not without."""
    least, found = pages("fill")
    assert found < 1.5 * least
    assert pages()[1] > 2 * found


ARRAYS = """
import resource, sys
import numpy as np
from grader.worker import heap
heap.keep_freed_memory()
if "fill" in sys.argv:
    heap.fill_gaps()
faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
before = faults()
kept = [np.ones(2**18) for _ in range(4)]
print(faults() - before)
"""


@pytest.mark.skipif(not LARGE_FOLIOS, reason="this kernel gives no large folios where they are asked for")
def test_arrays_of_megabytes_come_in_large_folios() -> None:
    """Four of 2 MiB each, 2048 pages: but for the first of them these are met many at a time."""
    few, many = (
        int(subprocess.run([sys.executable, "-c", ARRAYS, *options], capture_output=True, check=True).stdout)
        for options in (["fill"], [])
    )
    assert few < 200
    assert many > 2000
