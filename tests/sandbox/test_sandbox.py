"""The worker at work, in real processes: what comes of every kind of program, and what a program cannot do."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from commands import processes_below
from grader.sandbox import launch, workers
from grader.sandbox import sandbox as sandbox_module
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch, Sandbox, WorkerError, require_alive
from grader.wire import messages as wire
from grader.wire.messages import BY_THE_CLOCK, Raised, Returned, Stopped
from grader.wire.values import Array, Code, pack, unpack
from repository import SOLUTIONS

LIMITS = Limits(cpu_seconds=1, wall_seconds=1.0, memory_mb=200, output_bytes=20_000)
DENIED = {"PermissionError", "FileNotFoundError", "OSError"}
"""What a program meets that reaches out: the lock denies it, or its file system does not have it, or not writable."""
linux = pytest.mark.skipif(sys.platform != "linux", reason="the lock is Linux's")


@pytest.fixture(scope="module")
def shared():
    """One forking worker for all tests that do not kill it."""
    with Sandbox() as started:
        yield started


@pytest.fixture(scope="module")
def alone():
    """The worker without fork: a process for each program."""
    with Sandbox(fork=False) as started:
        yield started


def load(source, functions=("f",), imports=()):
    chunks = source if isinstance(source, tuple) else (wire.Chunk("s.py", source),)
    return wire.Load("s", chunks, functions, imports)


def batch(*arguments, function="f", **options):
    """One call of `function` for each tuple of arguments."""
    return Batch(function, tuple(wire.Call(function, tuple(map(pack, each)), **options) for each in arguments))


def outcome(box, source, *arguments, limits=LIMITS, **options):
    """What comes of one call of f."""
    return box.run(load(source), [batch(arguments, **options)], limits).outcomes[0][0]


def returned(box, source, *arguments, **options):
    """What one call of f returns."""
    found = outcome(box, source, *arguments, **options)
    assert isinstance(found, Returned), found
    return unpack(found.value)


PROGRAMS = {
    "a value": ("def f(x):\n    return x + 1\n", Returned(pack(2.0))),
    "an exception": ("def f(x):\n    y = x\n    return y / 0\n", Raised("ZeroDivisionError", "float division by zero", "s.py", 3)),
    "a syntax error": ("def f(x):\n    return (\n", Raised("SyntaxError", "'(' was never closed", "s.py", 2, loading=True)),
    "a missing function": ("def g(x):\n    return x\n", Raised("MissingFunction", "g", loading=True)),
    "one in a class": ("class A:\n    def f(self, x):\n        return x\n", Raised("InnerFunction", "", "s.py", 2, loading=True)),
    "one of the main program": ("if __name__ == '__main__':\n    def f(x):\n        return x\n", Raised("InnerFunction", "", "s.py", 2, loading=True)),
    "one that was deleted": ("def f(x):\n    return x\ndel f\n", Raised("MissingFunction", loading=True)),
    "a function that is none": ("f = 3\n", Raised("MissingFunction", loading=True)),
    "an own helper module": ("from helper import f\n", Raised("ForbiddenImport", "import of 'helper' is not allowed here", "s.py", 1)),
    "all of an own module": ("from helper import *\n", Raised("ForbiddenImport", "import of 'helper' is not allowed here", "s.py", 1, loading=True)),
    "torch": ("def f(x):\n    import torch\n", Raised("ForbiddenImport", "import of 'torch' is not allowed here", "s.py", 2)),
    "exit at import": ("import sys\nsys.exit(3)\ndef f(x):\n    return x\n", Returned(pack(1.0))),
    "exit in a call": ("def f(x):\n    raise SystemExit\n", Raised("SystemExit", "", "s.py", 2)),
    "a hard exit": ("import os\ndef f(x):\n    os._exit(0)\n", Stopped("crash")),
    "a segfault": ("import ctypes\ndef f(x):\n    ctypes.string_at(0)\n", Stopped("crash", "SIGSEGV")),
    "a crash at import": ("import ctypes\nctypes.string_at(0)\n", Stopped("crash", "SIGSEGV", loading=True)),
    "too much memory": ("def f(x):\n    return len(bytearray(2**31))\n", Raised("MemoryError", "", "s.py", 2)),
    "too much output": ("def f(x):\n    while True:\n        print('x' * 1000)\n", Stopped("output", "printed")),
    "an endless recursion": ("def f(x):\n    return f(x)\n", Raised("RecursionError", "maximum recursion depth exceeded", "s.py", 2)),
    "a huge value": (
        "import numpy as np\ndef f(x):\n    return np.zeros(2**22 + 1)\n",
        Raised("MemoryError", "the returned value is too large or too deeply nested"),
    ),
    "no text of an encoding": ("def f(x):\n    return '\\ud800'\n", Raised("ValueError", "the returned value is too large or too deeply nested")),
    "an exception of its own": ("class Mine(LookupError): ...\ndef f(x):\n    raise Mine(x)\n", Raised("LookupError", "1.0", "s.py", 3)),
    "an exception that cannot be told": (
        "class Mine(Exception):\n    def __str__(self): return 1 / 0\ndef f(x):\n    raise Mine\n",
        Raised("Exception", "", "s.py", 4),
    ),
    "a stub": ("def f(x):\n    raise NotImplementedError\n", Raised("NotImplementedError", "", "s.py", 2)),
    "nothing": ("def f(x):\n    x + 1\n", Returned(pack(None))),
}  # fmt: skip


@linux
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_kind_of_program_has_its_outcome(shared, name):
    source, expected = PROGRAMS[name]
    assert outcome(shared, source, 1.0) == expected


@linux
@pytest.mark.parametrize(
    "name",
    [
        "a value",
        "an exception",
        "a syntax error",
        "a missing function",
        "torch",
        "a hard exit",
        "too much memory",
        "too much output",
    ],
)
def test_a_process_for_each_program_gives_the_same_outcomes(alone, name):
    source, expected = PROGRAMS[name]
    assert outcome(alone, source, 1.0) == expected


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import time; time.sleep(60)",
        "import signal\n    for number in range(1, 65):\n        try: signal.signal(number, signal.SIG_IGN)\n        except (OSError, ValueError): pass\n    while True: pass",
    ],
)
def test_what_does_not_end_is_ended(shared, body):
    """A loop, a sleep, and a loop that ignores every signal it may."""
    before = time.monotonic()
    ended = outcome(shared, f"def f(x):\n    {body}\n", 1.0)
    assert isinstance(ended, Stopped)
    assert ended.limit == "time"
    assert time.monotonic() - before < 4


def test_without_fork_the_clock_ends_a_sleep(alone):
    slept = outcome(alone, "import time\ndef f(x):\n    time.sleep(60)\n", 1.0)
    assert slept == Stopped("time", BY_THE_CLOCK)


def test_whether_the_clock_ended_it_is_told(shared):
    """What the processor's time ends it ends each time; what the clock ends may be in time on another day."""
    slept = outcome(shared, "import time\ndef f(x):\n    time.sleep(60)\n", 1.0, limits=Limits(wall_seconds=0.5))
    assert slept == Stopped("time", BY_THE_CLOCK)
    looped = outcome(shared, "def f(x):\n    while True: pass\n", 1.0, limits=Limits(cpu_seconds=1, wall_seconds=60.0))
    assert looped == Stopped("time")


def test_a_loop_at_import_ends_every_function(shared):
    program = load("while True: pass\n", ("f", "g"))
    run = shared.run(program, [batch((1,)), batch((1,), function="g"), batch((2,))], LIMITS)
    assert {(each.limit, each.loading) for (each,) in run.outcomes} == {("time", True)}
    assert len(run.outcomes) == 3


def test_one_child_answers_all_calls(shared):
    """What a program keeps at module level lasts from call to call and from check to check."""
    program = load("count = 0\ndef f():\n    global count\n    count += 1\n    return count\n")
    run = shared.run(program, [batch((), ()), batch((), (), ())], LIMITS)
    assert run.outcomes == (tuple(Returned(pack(n)) for n in (1, 2)), tuple(Returned(pack(n)) for n in (3, 4, 5)))


def test_after_a_stop_the_check_is_over_and_a_new_child_goes_on(shared):
    program = load("import os\nseen = []\ndef f(x):\n    seen.append(x)\n    if x < 0: os._exit(1)\n    return seen\n")
    run = shared.run(program, [batch((1,), (-1,), (2,)), batch((3,))], LIMITS)
    assert run.outcomes == ((Returned(pack([1])), Stopped("crash")), (Returned(pack([3])),))


def test_two_stops_end_a_function_and_no_other(shared):
    program = load("import os\ndef f(x): os._exit(1)\ndef g(x): return x\n", ("f", "g"))
    batches = [batch((1,), (2,)), batch((3,)), batch((4,), (5,)), batch((6,), function="g")]
    run = shared.run(program, batches, LIMITS)
    assert run.outcomes == ((Stopped("crash"),),) * 3 + ((Returned(pack(6)),),)


def test_an_exception_ends_nothing(shared):
    run = shared.run(load("def f(x): return 1 // x\n"), [batch((1,), (0,), (-1,))], LIMITS)
    assert [type(each) for each in run.outcomes[0]] == [Returned, Raised, Returned]


def test_a_program_sees_no_other_programs_state(shared):
    first = (
        "import builtins, math, os\nbuiltins.leak = 1\nmath.pi = 3\nos.environ['LEAK'] = '1'\ndef f():\n    return 0\n"
    )
    second = "import builtins, math, os\ndef f():\n    return [hasattr(builtins, 'leak'), math.pi == 3, 'LEAK' in os.environ]\n"
    assert returned(shared, first) == 0
    assert returned(shared, second).tolist() == [False, False, False]


def test_random_numbers_and_hashes_are_the_same_in_every_run(shared):
    """So that a regrade says what the first one said, also of an answer that goes through a set of strings."""
    numbers = "[np.random.rand(), random.random(), float(hash('a') % 2**40)]"
    source = f"import random\nimport numpy as np\ndef f():\n    return {numbers}\n"
    first = returned(shared, source)
    assert returned(shared, source).tolist() == first.tolist()
    with Sandbox() as other:
        assert returned(other, source).tolist() == first.tolist()


def test_of_what_a_program_prints_the_first_and_the_last_lines_are_kept(shared):
    program = load("import sys\nprint('hello')\ndef f(x):\n    print('err', x, file=sys.stderr)\n    return x\n")
    run = shared.run(program, [batch((1,), (2,))], LIMITS)
    assert list(run.printed.lines()) == ["hello", "err 1", "err 2"]
    program = load("import os\nfor i in range(500): print('step', i)\ndef f(x):\n    print('end')\n    os._exit(0)\n")
    printed = shared.run(program, [batch((1,)), batch((2,))], LIMITS).printed
    assert (len(printed), printed.left_out) == (2 * 501, 2 * 501 - 30)
    assert [*printed.lines()][:2] == ["step 0", "step 1"]
    assert [*printed.lines()][20:22] == ["(972 more lines)", "step 491"]
    assert [*printed.lines()][-1] == "end"


def test_printing_does_not_reach_the_replies(shared):
    """Frames go over a pipe that is not the program's standard output."""
    forged = "import os\ndef f():\n    os.write(1, b'\\x05\\0\\0\\0junk!')\n    return 1\n"
    assert returned(shared, forged) == 1


def test_a_forged_reply_is_a_crash(shared):
    """A program may write to the pipe itself: what is no reply ends it."""
    for junk in ("b'\\xff\\xff\\xff\\xff'", "b'\\x04\\0\\0\\0junk'"):
        source = f"import os\ndef f():\n    for fd in range(3, 64):\n        try: os.write(fd, {junk})\n        except OSError: pass\n"
        assert isinstance(outcome(shared, source), Stopped)


def test_input_is_empty(shared):
    assert outcome(shared, "def f():\n    return input()\n").kind == "EOFError"


def test_a_read_only_input_cannot_be_written_and_names_the_argument(shared):
    source = "def f(a, b):\n    b[0] = 9\n    return b\n"
    found = outcome(shared, source, np.ones(2), np.ones(2), readonly=True)
    assert found == Raised("ValueError", "assignment destination is read-only", "s.py", 2, wrote=(1,))
    tricked = "def f(a):\n    a.flags.writeable = True\n    a[0] = 9\n    return a\n"
    assert isinstance(outcome(shared, tricked, np.ones(2), readonly=True), Raised)


@pytest.mark.parametrize("change", ["b.pop()", "b[0] = 9", "b.reverse()", "b[0][0] = 9"])
def test_a_read_only_list_cannot_be_changed_nor_what_it_holds(shared, change):
    """The list that was given is what a caller still has."""
    found = outcome(
        shared, f"def f(a, b):\n    {change}\n    return a\n", 1.0, [np.ones(2), np.zeros(2)], readonly=True
    )
    assert (found.kind, found.line, found.wrote) == ("ValueError", 2, (1,))


def test_what_cannot_be_compared_is_named_no_argument(shared):
    """Where a list holds by now what a student defines, whose own words may raise."""
    odd = "class Odd:\n    def __str__(self):\n        raise OSError\n"
    found = outcome(shared, f"{odd}def f(a):\n    a[Odd()] = 9\n", {"x": 1.0}, readonly=True)
    assert (found.kind, found.wrote) == ("ValueError", ())


def test_otherwise_inputs_are_fresh_copies(shared):
    source = "def f(a):\n    a += 1\n    return a\n"
    run = shared.run(load(source), [batch((np.ones(2),), (np.ones(2),))], LIMITS)
    assert run.outcomes[0] == (Returned(pack(np.full(2, 2.0))),) * 2


def test_a_strict_call_raises_on_overflow_but_not_on_underflow(shared):
    source = "import numpy as np\ndef f(z):\n    return np.exp(z)\n"
    assert outcome(shared, source, np.array([1000.0]), strict=True).kind == "FloatingPointError"
    assert returned(shared, source, np.array([1000.0])).tolist() == [np.inf]
    assert returned(shared, source, np.array([-1000.0]), strict=True).tolist() == [0.0]


SILENCED = {
    "a with": "    with np.errstate(all='ignore'):\n        return np.exp(x)",
    "a with by another name": "    with quiet(over='ignore'):\n        return np.exp(x)",
    "a decorator": "    return decorated(x)",
    "a decorator inside": "    return np.errstate(all='ignore')(lambda: np.exp(x))()",
    "a state made before": "    with made_before:\n        return np.exp(x)",
    "seterr": "    np.seterr(all='ignore')\n    return np.exp(x)",
    "seterr by another name": "    set_errors(over='ignore')\n    return np.exp(x)",
    "warnings": "    warnings.simplefilter('ignore')\n    return np.exp(x)",
    "a callback of numpy's": "    return np.vectorize(decorated)(x)",
}
BEFORE = """
import warnings
import numpy as np
from numpy import errstate as quiet, seterr as set_errors
np.seterr(all="ignore")
made_before = np.errstate(all="ignore")
@np.errstate(all="ignore")
def decorated(x):
    return np.exp(x)
def f(x):
"""


@pytest.mark.parametrize("way", SILENCED)
def test_a_program_does_not_silence_a_strict_call(shared, way):
    """What honest code does about warnings, before the call or in it; without `strict` it is silent as it asks."""
    source = BEFORE + SILENCED[way]
    found = outcome(shared, source, 1000.0, strict=True)
    assert isinstance(found, Raised), found
    assert found.kind == "FloatingPointError"
    assert returned(shared, source, 1000.0) == np.inf


def test_numpy_itself_works_with_errors_ignored_in_a_strict_call(shared):
    """Its own functions ask for that, before and after a module is first imported."""
    source = """
import numpy as np
def f(x):
    import numpy.polynomial
    found = [np.nanmax(x), np.ma.masked_invalid(x).sum(), np.nanmean(x), float(len(np.array2string(x))) > 0]
    found.append(np.isclose(x, x, equal_nan=True).all())
    found.append(np.ma.masked_array([1.0], [True]).filled(0.0)[0])
    with np.errstate(all="raise"):
        found.append(np.float64(2.0) * 2)
    found.append(float(np.geterr()["over"] == "raise"))
    return np.array(found, float)
"""
    x = np.array([1.0, np.nan, 3.0])
    assert returned(shared, source, x, strict=True).tolist() == [3.0, 4.0, 2.0, 1.0, 1.0, 0.0, 4.0, 1.0]


def test_after_a_strict_call_errors_can_be_ignored_again(shared):
    source = "import numpy as np\ndef f(x):\n    with np.errstate(all='ignore'):\n        return np.exp(x)"
    calls = [wire.Call("f", (pack(1000.0),), strict=strict) for strict in (True, False, True, False)]
    kinds = [type(each) for each in shared.run(load(source), [Batch("f", tuple(calls))], LIMITS).outcomes[0]]
    assert kinds == [Raised, Returned, Raised, Returned]


def test_of_one_program_no_more_is_kept_than_64_mib(shared):
    """The check that goes beyond ends there, and later ones keep nothing more; small answers before stay."""
    source = "import numpy as np\ndef f(n): return np.zeros(int(n), np.uint8)\ndef g(n): return n"
    large = [Batch("f", tuple(wire.Call("f", (pack(2**24),)) for _ in range(5))) for _ in range(2)]
    batches = [Batch("g", (wire.Call("g", (pack(1.0),)),)), *large]
    found = shared.run(load(source, ("f", "g")), batches, Limits(cpu_seconds=20, wall_seconds=60.0)).outcomes
    assert [type(each) for each in found[0]] == [Returned]
    assert found[1][-1] == found[2][-1] == Stopped("output", "returned")
    returned = [each.value for group in found[1:] for each in group if isinstance(each, Returned)]
    kept = [value for value in returned if isinstance(value, Array)]
    assert len(kept) == len(returned)
    assert 0 < sum(len(value.data) for value in kept) <= 64 * 2**20


@pytest.mark.parametrize("sandbox", ["shared", "alone"])
@pytest.mark.parametrize(("size", "count"), [(2, 40), (300, 40), (2**19, 3)], ids=["small", "some", "large"])
def test_calls_that_are_sent_together_have_the_outcomes_of_calls_that_are_not(sandbox, size, count, request):
    """Also where they fill more than a pipe holds, and the answers as well: nobody waits for the other. After a stop none has one."""
    box = request.getfixturevalue(sandbox)
    source = "import os\ndef f(x):\n    return x * 2 if x[0] >= 0 else os._exit(1)\n"
    inputs = [(np.full(size, float(number)),) for number in range(count)]
    calls = [batch(*inputs, (np.full(size, -1.0),), *inputs), batch(*inputs)]
    limits = Limits(cpu_seconds=20, wall_seconds=60.0)
    apart, together = (
        box.run(load(source), [Batch(each.function, each.calls, together=sent) for each in calls], limits).outcomes
        for sent in (False, True)
    )
    assert together == apart
    assert [len(each) for each in together] == [count + 1, count]
    assert together[0][-1] == Stopped("crash")


@linux
def test_what_is_sent_together_is_one_check_s(shared):
    """A program that reads on in its pipe finds the other cases of the check, and nothing of the next."""
    source = """
import os, re
def f(x):
    found = []
    for descriptor in range(64):
        try:
            os.set_blocking(descriptor, False)
        except OSError:
            continue
        try:
            found.append(os.read(descriptor, 1 << 16))
        except OSError:
            pass
    return [float(len(re.findall(b"of this check", b"".join(found)))), float(b"of the next" in b"".join(found))]
"""
    first = Batch("f", tuple(wire.Call("f", (pack("of this check"),)) for _ in range(5)), together=True)
    found = shared.run(load(source), [first, batch(("of the next",))], LIMITS).outcomes[0][0]
    assert isinstance(found, Returned)
    assert unpack(found.value)[1] == 0.0


def test_every_program_starts_in_a_main_thread_and_with_the_same_random_numbers(shared):
    """Though a child is forked without Python's own preparations for that, which are for processes of several threads."""
    source = "import random, threading, numpy\ndef f():\n    main = threading.current_thread() is threading.main_thread()\n    return [float(main), random.random(), numpy.random.rand()]\n"
    first, second = returned(shared, source), returned(shared, source)
    assert first.tolist() == second.tolist()
    assert first[0] == 1.0


def test_a_driver_makes_the_calls(shared):
    driver = "def twice(function, x):\n    return function(function(x))\n"
    assert returned(shared, "def f(x):\n    return x * 3\n", 2, driver=driver) == 18


OTHER = {
    "in another shape": ("def f(x):\n    return x\n", Raised("OtherAnswer")),
    "in another form": ("def f(x):\n    return None\n", Raised("OtherAnswer")),
    "after an error of its own": ("def f(x):\n    return [][0]\n", Raised("IndexError", "list index out of range", "s.py", 2)),
    "with other arguments": ("def f():\n    return 1\n", Raised("TypeError", "f() takes 0 positional arguments but 1 was given")),
    "a class": ("class f:\n    def __init__(self, x):\n        pass\n", Raised("TypeError", "'f' object is not subscriptable")),
}  # fmt: skip


@linux
@pytest.mark.parametrize("name", OTHER)
def test_what_a_driver_cannot_use_is_no_error_of_who_returned_it(shared, name):
    """An exception in the driver is about the answer; one in the program or of the call is the program's own."""
    source, expected = OTHER[name]
    driver = "def rows(function, x):\n    return function(x)[0][::2]\n"
    assert outcome(shared, source, 1.0, driver=driver) == expected


def test_functions_are_arguments_as_source(shared):
    call = wire.Call("f", (Code("def cube(x):\n    return np.power(x, 3)\n"), pack(2)))
    run = shared.run(load("def f(g, x):\n    return g(x) + 1\n"), [Batch("f", (call,))], LIMITS)
    assert run.outcomes == ((Returned(pack(9)),),)


def cells(*sources: str, mode: wire.Mode = "all") -> wire.Load:
    """A notebook that is asked for f."""
    chunks = tuple(wire.Chunk(f"cell {number}", source) for number, source in enumerate(sources, start=1))
    return wire.Load("s", chunks, ("f",), mode=mode)


def test_a_statement_that_raises_is_left_out_and_is_named(shared):
    """In a file as in the cells of a notebook: what comes before it is there, and so is what comes after it."""
    parts = ("k = 3\n1 / 0\nm = 4", "def f(x):\n    return k * m * x\n", "f(1)[0]")
    for program, chunk, line in [(cells(*parts), "cell 3", 1), (load("\n".join(parts)), "s.py", 7)]:
        run = shared.run(program, [batch((7,))], LIMITS)
        assert run.outcomes == ((Returned(pack(84)),),)
        assert [(each.kind, each.line, each.loading) for each in run.failed] == [
            ("ZeroDivisionError", 2, True), ("TypeError", line, True),
        ]  # fmt: skip
        assert run.failed[1].chunk == chunk


def test_where_the_function_is_missing_the_cell_that_would_define_it_is_named(shared):
    run = shared.run(cells("1 / 0", "def f(x) return x", "x = 1"), [batch((7,))], LIMITS)
    assert [(each.kind, each.chunk, each.line) for each in run.outcomes[0]] == [("SyntaxError", "cell 2", 1)]
    run = shared.run(cells("import math", "@missing\ndef f(x): return x\n", "y = 2"), [batch((7,))], LIMITS)
    assert run.outcomes[0] == (Raised("NameError", "name 'missing' is not defined", "cell 2", 1, loading=True),)


def test_what_another_cell_raises_is_no_reason_for_a_missing_function(shared):
    """It is named beside, and the function that is there is asked all the same."""
    program = wire.Load("s", cells("no Python", "def g(x): return x", "def ff(x): return x").chunks, ("f", "g"))
    run = shared.run(program, [batch((7,)), batch((7,), function="g")], LIMITS)
    assert run.outcomes == ((Raised("MissingFunction", "ff", loading=True),), (Returned(pack(7)),))
    assert [(each.kind, each.chunk) for each in run.failed] == [("SyntaxError", "cell 1")]


def test_a_name_that_is_missing_since_its_statement_raised_is_told_by_what_that_raised(shared):
    program = "\nrows = open('data.csv').read()\nscale = len(rows)\ndef f(x):\n    return scale * x\ndef g(x):\n    return typo\n"
    run = shared.run(load(program, ("f", "g")), [batch((7,)), batch((7,), function="g")], LIMITS)
    assert [(each.kind, each.line) for (each,) in run.outcomes] == [("FileNotFoundError", 2), ("NameError", 7)]
    assert [(each.kind, each.line) for each in run.failed] == [("FileNotFoundError", 2), ("NameError", 3)]


def test_what_statements_raise_is_told_by_the_first_child_which_has_seen_no_input(shared):
    """A later one runs after calls: what it raises at load may be chosen by what an earlier one has left behind."""
    program = load("import os\nprint(os.getpid())\n{}[os.getpid()]\ndef f(x):\n    os._exit(0)\n")
    run = shared.run(program, [batch((1,)), batch((2,))], LIMITS)
    first, second = run.printed.lines()
    assert first != second
    assert [each.message for each in run.failed] == [first]


def test_a_notebook_does_without_an_import_until_it_uses_it(shared):
    run = shared.run(
        cells("import pandas as pd\nimport math", "def f(x):\n    return math.sqrt(x)"), [batch((49.0,))], LIMITS
    )
    assert run.outcomes == ((Returned(pack(7.0)),),)
    assert run.failed == (
        Raised("ForbiddenImport", "import of 'pandas' is not allowed here", "cell 1", 1, loading=True),
    )
    (found,) = shared.run(
        cells("import pandas as pd", "def f(x):\n    return pd.sqrt(x)"), [batch((49.0,))], LIMITS
    ).outcomes[0]
    assert (found.kind, found.chunk, found.line) == ("ForbiddenImport", "cell 2", 2)


def test_definitions_are_to_be_had_without_what_computes(shared):
    program = ("import math\nk = 3", "while True: pass", "def f(x):\n    return math.sqrt(x) * k\nf('')")
    run = shared.run(cells(*program, mode="definitions"), [batch((49.0,))], LIMITS)
    assert (run.outcomes, run.failed) == (((Returned(pack(21.0)),),), ())


def test_lines_for_ipython_are_passed_over(shared):
    program = (wire.Chunk("cell 1", "%matplotlib inline\n!pip install x\ndef f(x):\n    %time 1\n    return x % 2\n"),)
    assert shared.run(load(program), [batch((7,))], LIMITS).outcomes == ((Returned(pack(1)),),)


def test_a_program_may_look_at_itself(shared):
    """Dataclasses and typing look a module up by its name."""
    source = "from __future__ import annotations\nimport sys\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f():\n    return [P(3).x, __name__, sys.modules['s'].f is f]\n"
    assert returned(shared, source) == [3, "s", True]


def test_nothing_of_the_grader_is_left_in_sight(shared):
    source = (
        "import sys\ndef f():\n    return [name for name in sys.modules if name.startswith(('grader', 'course'))]\n"
    )
    assert returned(shared, source).size == 0


def test_garbage_is_collected_as_in_any_program(shared):
    """The worker looks for none while it imports."""
    source = "import gc\ndef f():\n    return gc.isenabled(), gc.get_threshold()\n"
    assert returned(shared, source) == (True, gc.get_threshold())


@linux
def test_the_layers_of_the_lock_are_told(shared):
    shared.start()
    assert {"no_new_privs", "capabilities", "landlock:files", "seccomp", "rlimits"} <= set(shared.layers)


@linux
def test_files_cannot_be_read_or_listed(shared, tmp_path):
    """Not the system's, not the repository's, not another student's."""
    private = tmp_path / "other_student.py"
    private.write_text("answer = 42\n")
    for path in ("/etc/passwd", str(Path(__file__).resolve()), str(private), "/proc/self/status", "/proc/1/environ"):
        found = outcome(shared, "def f(path):\n    return open(path).read()\n", path)
        assert getattr(found, "kind", None) in DENIED, (path, found)
    for path in ("/", str(tmp_path), "/proc/self/fd", str(SOLUTIONS)):
        found = outcome(shared, "import os\ndef f(path):\n    return os.listdir(path)\n", path)
        assert getattr(found, "kind", None) in DENIED, (path, found)


@linux
def test_nothing_can_be_written(shared, tmp_path):
    target = tmp_path / "target"
    target.write_text("whole")
    target.chmod(0o644)
    for body in (
        "open(path, 'w')",
        "open(path + '.new', 'x')",
        "os.unlink(path)",
        "os.rename(path, path + '.moved')",
        "os.mkdir(path + '.folder')",
        "os.symlink('/etc/passwd', path + '.link')",
        "os.chmod(path, 0o777)",
        "os.utime(path, (0, 0))",
        "os.truncate(path, 0)",
    ):
        found = outcome(shared, f"import os\ndef f(path):\n    {body}\n    return 'done'\n", str(target))
        assert getattr(found, "kind", None) in DENIED, (body, found)
    assert target.read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert target.stat().st_mode & 0o777 == 0o644


@linux
def test_what_can_be_read_cannot_be_written(shared):
    """The standard library and numpy are there, and stay as they are."""
    for module in ("os", "numpy"):
        source = f"import os\nimport {module} as m\ndef f():\n    return len(open(m.__file__).read())\n"
        assert returned(shared, source) > 0
        for body in ("open(m.__file__, 'a')", "os.chmod(m.__file__, os.stat(m.__file__).st_mode)"):
            found = outcome(shared, f"import os\nimport {module} as m\ndef f():\n    {body}\n    return 'done'\n")
            assert getattr(found, "kind", None) in DENIED, (body, found)


@linux
@pytest.mark.parametrize(
    "body",
    [
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "subprocess.run(['/bin/true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(os.getppid(), 9)",
        "os.kill(os.getppid(), 19)",
        "os.kill(-1, 9)",
        "os.setsid()",
        "os.chroot('/')",
        "os.nice(-5)",
        "os.setuid(1)",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
        "os.memfd_create('x')",
        "os.mkfifo('/tmp/fifo')",
        "ctypes.pythonapi.PyErr_SetFromErrno(ctypes.py_object(PermissionError)) if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) else 0",
    ],
)
def test_system_calls_of_an_attacker_are_denied(shared, body):
    source = f"import ctypes, os, resource, socket, subprocess\ndef f():\n    {body}\n    return 'done'\n"
    found = outcome(shared, source)
    assert isinstance(found, Raised), found
    assert found.kind in {"PermissionError", "ValueError", "SystemError"}, found
    assert returned(shared, "def f(): return 1\n") == 1


@linux
def test_threads_are_denied(shared):
    source = "import threading\ndef f():\n    threading.Thread(target=print).start()\n"
    assert outcome(shared, source) == Raised("RuntimeError", "can't start new thread", "s.py", 3)


@linux
def test_a_limit_cannot_be_raised_again(shared):
    source = "import resource\ndef f():\n    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n"
    assert outcome(shared, source).kind in {"ValueError", "PermissionError"}


def test_the_environment_is_empty(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with Sandbox() as fresh:
        names = returned(fresh, "import os\ndef f():\n    return sorted(os.environ)\n")
    assert set(names) <= {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONHASHSEED", "LC_CTYPE"}


def test_no_descriptors_are_inherited(shared):
    """Beyond the standard three, only the two pipes are open."""
    secret, inheritable = os.pipe()
    os.set_inheritable(secret, True)  # noqa: FBT003  takes no keyword
    try:
        source = (
            "import os, stat\ndef f():\n    found = []\n    for fd in range(3, 64):\n"
            "        try: found.append(stat.S_ISFIFO(os.fstat(fd).st_mode))\n        except OSError: pass\n    return found\n"
        )
        with Sandbox() as fresh:
            assert returned(fresh, source).tolist() == [True, True]
        assert returned(shared, source).tolist() == [True, True]
    finally:
        os.close(secret)
        os.close(inheritable)


def test_memory_is_counted_from_the_baseline(shared):
    """What the interpreter uses itself is not the program's: most of the limit can be had."""
    source = "def f(megabytes):\n    return len(bytearray(megabytes * 2**20))\n"
    assert returned(shared, source, 150) == 150 * 2**20
    assert outcome(shared, source, 210).kind == "MemoryError"


def test_a_program_does_not_name_its_own_exceptions(shared):
    """What a child says of an exception is held to built-in names, lines that exist, and printable text."""
    source = (
        "import os\nfrom struct import pack\ndef f():\n"
        "    body = b'\\x85\\xa4type\\xa6raised\\xa4kind\\xa7MY TEXT\\xa7message\\xa3a\\x1bb\\xa5chunk\\xa4s.py\\xa4line\\xcd\\xff\\xff'\n"
        "    for fd in (3, 4, 5, 6, 7, 8):\n        try: os.write(fd, pack('<I', len(body)) + body)\n        except OSError: pass\n"
        "    return 1\n"
    )
    assert outcome(shared, source) == Raised("an exception", "a b", "", 0)


def gone(processes):
    """Whether processes end within a moment: those below a killed worker are ended by the kernel, not by us."""
    deadline = time.monotonic() + 5
    while alive := {pid for pid in processes if _lives(pid)}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return not alive


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def process_of(worker):
    """The number of a worker's process."""
    return worker._process.pid


@linux
def test_no_process_is_left_after_close():
    """Nor between two runs, but the worker itself."""
    with Sandbox() as box:
        worker = process_of(box.start())
        started = {worker, *processes_below(worker)}
        assert len(started) > 1
        outcome(box, "def f(): return 1\n")
        outcome(box, "while True: pass\n")
        assert gone(processes_below(worker) - started)
    assert gone(started)
    before = processes_below(os.getpid())
    with Sandbox(fork=False) as box:
        outcome(box, "def f(): return 1\n")
        outcome(box, "import os\ndef f(): os._exit(1)\n")
    assert gone(processes_below(os.getpid(), but=before))


@linux
def test_running_programs_leaks_no_descriptors():
    def opened():
        return len(list(Path("/proc/self/fd").iterdir()))

    def programs(box):
        for source in ("def f(): return 1\n", "import os\ndef f(): os._exit(1)\n", "1 / 0\n"):
            outcome(box, source)

    for fork in (True, False):
        before = opened()
        with Sandbox(fork=fork) as box:
            programs(box)
            after = opened()
            programs(box)
            assert opened() == after
        assert opened() == before


@linux
def test_a_killed_worker_is_started_again():
    with Sandbox() as box:
        assert returned(box, "def f(): return 1\n") == 1
        first = box.start()
        first.kill()
        assert returned(box, "def f(): return 2\n") == 2
        assert box.start() is not first


@linux
@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("program", ["import sys; sys.exit('no numpy here')", "import os; os.close(0)"])
def test_a_worker_that_cannot_start_is_an_error_of_ours(monkeypatch, fork, program):
    """Never a student's; it leaves no process behind, and a later run may succeed."""
    before = processes_below(os.getpid())
    with Sandbox(fork=fork) as box:
        with monkeypatch.context() as patch:
            patch.setattr(launch, "COMMAND", [sys.executable, "-c", program])
            with pytest.raises(WorkerError) as caught:
                outcome(box, "def f(): return 1\n")
        if fork and "exit" in program:
            assert "no numpy here" in str(caught.value)
        assert not processes_below(os.getpid(), but=before)
        assert returned(box, "def f(): return 1\n") == 1


@linux
def test_a_worker_that_dies_each_time_is_given_up_after_three(monkeypatch):
    started = []

    class Dying(workers.Zygote):
        def __init__(self, packages):
            super().__init__(packages)
            started.append(self)
            self.kill()

    monkeypatch.setattr(sandbox_module, "Zygote", Dying)
    with Sandbox() as box, pytest.raises(WorkerError):
        outcome(box, "def f(): return 1\n")
    assert len(started) == 3


def test_closing_twice_or_unused_is_harmless():
    box = Sandbox()
    box.close()
    box.close()
    assert box.layers == ()


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_torch_is_there_where_the_exercise_asks_for_it():
    """Imported once by the worker; the memory it maps is not the program's, nor are the words that it prints for itself."""
    source = "import torch\ndef f(x):\n    x = torch.tensor(x, requires_grad=True)\n    (x ** 2).sum().backward()\n    return x.grad\n"
    with Sandbox(("torch",)) as box:
        run = box.run(load(source, imports=("torch",)), [batch((np.array([1.0, 3.0]),))], LIMITS)
    assert run.outcomes == ((Returned(pack(np.array([2.0, 6.0]))),),)
    assert list(run.printed.lines()) == []


@pytest.mark.parametrize("loading", [False, True])
def test_a_child_that_somebody_else_kills_is_not_the_programs_affair(loading):
    """Also while it loads: an edit that was run by itself just then was taken for one that is wrong."""
    with pytest.raises(WorkerError, match="killed"):
        require_alive([Returned(pack(1.0)), Stopped("crash", "SIGKILL", loading)])
    require_alive(
        [Stopped("crash", "SIGSEGV", loading), Stopped("crash", "", loading), Stopped("time", BY_THE_CLOCK, loading)]
    )
