"""The shape of the package: which room imports which, and which dangerous tools are used where."""

from __future__ import annotations

import ast
import functools
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent
PATHS = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}
MODULES = {name for name in PATHS if not name.endswith("__init__")}


TIERS = (
    ("errors", "log", "names", "syntax", "words"),
    ("files", "shown_json", "tables"),
    ("wire",),
    ("worker", "sandbox", "judging"),
    ("course",),
    ("building", "submissions", "reports"),
    ("grading",),
    ("record",),
    ("verify",),
    ("cli", "notebook"),
    ("for_nbgrader",),
    ("nbgrader",),
)
"""The rooms, from the ground up: each imports from itself and from the tiers below its own."""
FLOOR = {room: floor for floor, rooms in enumerate(TIERS) for room in rooms}


@functools.cache
def tree(name: str) -> ast.Module:
    """A module, parsed."""
    return ast.parse(PATHS[name].read_text(encoding="utf-8"))


def _runtime(module):
    """Every node of a module but those that only a type checker sees."""
    waiting = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def imported(tree):
    """The dotted names that a module imports, anywhere in it, at run time."""
    for node in _runtime(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@functools.cache
def imports_of(name):
    """The dotted names that a module of the package imports."""
    return frozenset(imported(tree(name)))


@functools.cache
def own_imports(name):
    """The modules of the package that one of them imports."""
    dotted = [each.removeprefix("grader.") for each in imports_of(name) if each.startswith("grader.")]
    return {module for module in MODULES if any(each == module or each.startswith(f"{module}.") for each in dotted)}


@functools.cache
def called(name):
    """The plain names that a module calls."""
    calls = (node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
    return frozenset(function.id for function in calls if isinstance(function, ast.Name))


def room(name):
    """The room that a module is in; a module at the top is one of its own."""
    return name.partition(".")[0]


def users(*packages):
    """The modules that import one of the packages."""
    return {name for name in PATHS if {room(each) for each in imports_of(name)} & set(packages)}


def callers(*functions):
    """The modules that call one of the built-ins."""
    return {name for name in PATHS if called(name) & set(functions)}


def test_the_reader_of_imports_sees_them_all():
    """The tests below rest on it: imports in functions count, those for a type checker do not, aliases do."""
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from grader.judging import judge
else:
    import grader.worker.lock
import os.path as p
def f():
    from grader.wire import messages
    from grader.wire.values import pack as packed
"""
    assert set(imported(ast.parse(source))) >= {
        "os.path", "grader.worker.lock", "grader.wire.messages", "grader.wire.values.pack",
    }  # fmt: skip
    assert not [name for name in imported(ast.parse(source)) if name.startswith("grader.judging")]
    assert own_imports("wire.messages") == {"wire.values"}
    assert called("wire.functions") >= {"exec", "compile", "callable"}


def test_modules_import_one_way():
    """The graph of imports has no cycle, those inside functions included."""
    order = list(TopologicalSorter({name: own_imports(name) for name in MODULES}).static_order())
    assert set(order) == MODULES


def test_rooms_import_downwards_only():
    """Each room from the tiers below its own, and from no room beside it."""
    assert {room(name) for name in MODULES} == set(FLOOR)
    arrows = {(name, used) for name in MODULES for used in own_imports(name) if room(used) != room(name)}
    assert not [(name, used) for name, used in sorted(arrows) if FLOOR[room(used)] >= FLOOR[room(name)]]


def test_a_room_has_no_code_of_its_own():
    """Its `__init__` says what it is. Two have documented names: an author's API, and nbgrader's `configure`."""
    inits = {name for name in PATHS if name.endswith("__init__")} - {"__init__", "nbgrader.__init__"}
    assert all(ast.get_docstring(tree(name)) and len(tree(name).body) == 1 for name in inits)


def test_nothing_is_imported_relatively():
    assert not [name for module in PATHS for name in imports_of(module) if name.startswith(".")]


def test_the_worker_knows_nothing_of_checks():
    """What the worker imports, all the way down, is in the same process as student code."""
    reached: set[str] = set()
    waiting = {"worker.__main__", "worker.zygote"}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= own_imports(name) - reached
    assert {room(name) for name in reached} == {"worker", "wire"}


def test_the_package_itself_imports_only_the_authors_api():
    """`import grader` is what the worker pays too, before it imports its own module."""
    assert own_imports("__init__") <= {"course.checks"}
    assert own_imports("course.checks") <= {"errors"}
    assert not users("numpy") & {"__init__", "course.__init__", "course.checks", "errors"}


def test_judging_starts_no_process_and_reads_no_file():
    judges = {name for name in MODULES if room(name) == "judging"}
    assert judges
    assert not users("os", "pathlib", "subprocess", "socket", "tempfile", "shutil") & (judges | {"wire.values"})


def test_data_are_structs():
    """Each dataclass takes half a millisecond to make, and a check's first answer waits for all."""
    assert not users("dataclasses")


def test_only_commands_know_a_terminal():
    """Grading and verifying say how far they are to whoever asks, and write no line themselves."""
    assert {room(name) for name in users("rich")} == {"cli"}
    assert {room(name) for name in users("click")} == {"cli", "for_nbgrader"}
    assert all(
        name == "for_nbgrader.cli" or name.startswith("for_nbgrader.commands.")
        for name in users("click")
        if room(name) == "for_nbgrader"
    )
    assert callers("print") == set()


def test_a_command_is_imported_whole():
    """Its module is imported when it is called, so that nothing in it has to be imported later; but for what a check watches with."""
    inner = {
        name
        for name in MODULES
        if room(name) == "cli" or name.startswith(("for_nbgrader.commands.", "for_nbgrader.cli"))
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef)
        for each in ast.walk(node)
        if isinstance(each, ast.Import | ast.ImportFrom)
    }
    assert inner == {"cli.check"}


def test_only_a_students_own_check_traces_a_program():
    """What traces is reached by nothing that grades a class."""
    assert {name for name in MODULES if "grading.tracing" in own_imports(name)} == {"grading.desk", "notebook"}
    assert {room(name) for name in MODULES if "grading.desk" in own_imports(name)} == {"cli"}


def test_no_module_can_unpickle():
    assert users("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib") == set()


def test_source_is_run_in_two_modules():
    """`worker.program` runs the student's, `wire.functions` what an author sends along."""
    assert callers("exec") == {"worker.program", "wire.functions"}
    assert callers("compile") <= {"worker.program", "worker.cells", "wire.functions", "building.stub"}
    assert callers("eval", "__import__") == set()


def test_a_students_text_is_parsed_in_two_modules():
    """And there it is bounded: what is longer than a stub, or than an answer may be to be repaired, is not parsed.

    `judging.edits` and `judging.remedies` take trees; `judging.facts` and `reports.calls` parse functions among the inputs, which are the course's own.
    """
    rooms = {"judging", "submissions", "grading", "reports", "cli"}
    parsing = {name for name in users("ast") if room(name) in rooms} - {
        "judging.edits",
        "judging.remedies",
        "judging.facts",
        "reports.calls",
    }
    assert parsing == {"submissions.stub", "judging.repairs"}


def test_python_is_parsed_in_one_thread_at_a_time():
    """`syntax` sees to it; in the worker there is one thread."""
    parsing = {
        name
        for name in PATHS
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"ast.parse", "ast.literal_eval"}
    }
    assert {name for name in parsing if room(name) != "worker"} == {"syntax"}


def test_one_module_starts_processes():
    assert users("subprocess") == {"sandbox.starting"}
    assert users("multiprocessing", "pty", "asyncio") == set()


def test_one_module_uses_dask():
    """What it pickles is the name of a function beside bytes of ours: nothing else of the package is handed to it."""
    assert users("dask", "distributed") == {"grading.scheduler"}


def test_yaml_is_read_of_the_course_and_of_gradescope_alone():
    """What Gradescope writes beside submissions is read event by event: nothing is made of it but text."""
    assert {name for name in users("yaml") if room(name) != "course"} == {"submissions.intake.gradescope"}
    assert {room(name) for name in users("yaml")} == {"course", "submissions"}


@pytest.mark.parametrize("module", ["grader", "grader.cli.main"])
def test_importing_the_command_line_does_not_import_numpy(module):
    """Nor does what `grader` needs before it knows what is asked; for --help, tests/cli holds it."""
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert module in loaded
    assert not loaded & {"numpy", "torch"}
