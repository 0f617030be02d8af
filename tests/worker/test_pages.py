"""How the memory of a process that forks lies: which mappings become one, and that all that is there stays as it was."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folios import COLLAPSES
from grader.sandbox.sandbox import Sandbox
from grader.worker.pages import EXECUTE, READ, WRITE, Mapping, to_join

PAGE = 4096
LIBRARY = [READ, READ | EXECUTE, READ, READ, READ | WRITE]


def laid_out(parts: list[tuple[int, str, int, int]]) -> list[Mapping]:
    """Mappings one behind the other: of each its protection and its file, and how far on it begins, in memory and in the file."""
    mappings, end, offset = [], PAGE, 0
    for protection, file, gap, skipped in parts:
        start = end + gap * PAGE
        offset += skipped * PAGE
        mappings.append(Mapping(start, start + PAGE, protection, offset if file else 0, file))
        end, offset = start + PAGE, offset + PAGE
    return mappings


def joined(mappings: list[Mapping]) -> list[Mapping]:
    """What the kernel makes of them: those of one file that lie behind each other and allow the same are one."""
    allowed = dict(to_join(mappings))
    found: list[Mapping] = []
    for mapping in mappings:
        now = mapping._replace(protection=allowed.get(mapping, mapping.protection))
        if found and now.continues(found[-1]) and now.protection == found[-1].protection:
            found[-1] = found[-1]._replace(end=now.end)
        else:
            found.append(now)
    return found


def test_a_library_has_one_mapping_of_what_is_read_and_run_and_one_of_what_is_written() -> None:
    library = laid_out([(protection, "8:1 77", 0, 0) for protection in LIBRARY])
    assert [(each.end - each.start, each.protection) for each in joined(library)] == [
        (3 * PAGE, READ | EXECUTE),
        (2 * PAGE, READ | WRITE),
    ]


def test_what_lies_elsewhere_in_the_file_or_in_memory_or_cannot_be_touched_stays_apart() -> None:
    """A part that starts elsewhere in its file, one behind a hole, a hole itself, and another library's."""
    for other in (
        (READ, "8:1 77", 0, 1),
        (READ, "8:1 77", 1, 0),
        (0, "8:1 77", 0, 0),
        (READ, "8:1 78", 0, 0),
        (READ, "", 0, 0),
    ):
        assert list(to_join(laid_out([(READ | EXECUTE, "8:1 77", 0, 0), other]))) == []


PART = st.tuples(
    st.sampled_from([0, READ, READ | WRITE, READ | EXECUTE]),
    st.sampled_from(["", "8:1 77", "8:1 78"]),
    st.integers(0, 1),
    st.integers(0, 1),
)


@given(st.lists(PART))
def test_more_is_allowed_in_files_alone_and_nowhere_is_both_written_and_executed(
    parts: list[tuple[int, str, int, int]],
) -> None:
    mappings = laid_out(parts)
    for mapping, protection in to_join(mappings):
        assert mapping.file
        assert mapping.protection & protection == mapping.protection != 0
        assert not (protection & WRITE and protection & EXECUTE)
    assert len(joined(mappings)) <= len(mappings)
    # Done once more, nothing is left to do.
    assert list(to_join(joined(mappings))) == []


SETTLED = """
from grader.worker import heap, pages
heap.keep_objects_together()
import ctypes, gc, os, sys, zlib
import numpy as np
from grader.worker.zygote import import_and_warm, lay_out
kept = [np.arange(300_000.0), [str(number) for number in range(60_000)], {number: float(number) for number in range(60_000)}]
def said():
    return zlib.crc32(repr([kept[0].tobytes(), kept[1], sorted(kept[2].items())]).encode())
before = said()
import_and_warm(())
lay_out()
child = os.fork()
if child == 0:
    ctypes.string_at(id(kept), 16)
    assert float((np.ones((50, 50)) @ np.ones((50, 50))).sum()) == 125_000
    kept[1][7] = "changed"
    os._exit(said() == before)
assert os.waitpid(child, 0)[1] == 0
assert said() == before
gc.collect()
print(len([each for each in pages._mappings() if each.protection == pages.WRITE | pages.EXECUTE | pages.READ]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="of Linux alone")
def test_what_a_process_and_its_children_hold_is_as_it_was() -> None:
    """Numbers, texts and what is computed of them, in the process and in a child that changes some."""
    done = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "0\n")


CODE = """
import os, sys
from grader.worker import pages
if "files" in sys.argv:
    pages.copy_code = lambda place: None
from grader.worker.warm import warm
from grader.worker.zygote import import_and_warm, lay_out, serve
import_and_warm(())
lay_out()
child = os.fork()
if child == 0:
    warm(serve, turns=1)
    os._exit(0)
_, status, usage = os.wait4(child, 0)
assert status == 0
print(usage.ru_minflt, len([each for each in pages._mappings() if each.protection == pages.READ | pages.EXECUTE and not each.file]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not COLLAPSES, reason="this kernel makes no large folios of what is there")
def test_a_child_meets_code_in_large_folios_by_fewer_faults() -> None:
    """Of Python and of numpy, with copies in the place of files; and it runs as it did."""
    (copied, copies), (in_files, none) = (
        map(int, subprocess.run([sys.executable, "-c", CODE, *options], capture_output=True, check=True).stdout.split())
        for options in ([], ["files"])
    )
    assert copied < in_files - 20
    assert copies > none


@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform != "linux", reason="of Linux alone")
def test_a_worker_has_few_mappings_of_a_library() -> None:
    """Of each that it has loaded, unless it has a hole: two, and one of each piece that the linker put elsewhere."""
    with Sandbox() as sandbox:
        sandbox.start()
        worker = sandbox._worker
        assert worker is not None
        lines = Path(f"/proc/{worker._zygote}/maps").read_text(encoding="utf-8").splitlines()  # type: ignore[attr-defined]
    of_library = Counter(line.split()[-1] for line in lines if ".so" in line.split()[-1])
    assert len(of_library) > 20
    mostly = [count for count in of_library.values() if count <= 2]
    assert len(mostly) > len(of_library) / 2
