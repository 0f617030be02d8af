"""What is done before children are forked, so that none of them does it for the first time."""

from __future__ import annotations

import importlib
import sys

from grader.wire import messages as wire
from grader.worker.warm import warm
from grader.worker.zygote import _LAZY, _NEEDED, serve


def test_a_program_is_served_as_in_a_child_and_leaves_nothing_behind() -> None:
    """Each call is answered, so that all of it has run; modules and the ways to import are as before."""
    for name in (*_NEEDED, *_LAZY):  # which a worker has by then
        importlib.import_module(name)
    replies: list[bytes] = []
    modules, main, ways = set(sys.modules), sys.modules["__main__"], list(sys.meta_path)
    warm(lambda read, _: serve(read, replies.append))
    assert (set(sys.modules) - modules, sys.modules["__main__"], sys.meta_path) == (set(), main, ways)
    kinds = [type(wire.decode_reply(frame[4:])) for frame in replies]
    assert kinds == [wire.Loaded, wire.Returned, wire.Returned, wire.Returned] * (len(kinds) // 4)
    assert len(kinds) >= 40
