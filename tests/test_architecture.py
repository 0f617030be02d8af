"""The shape of the package: who imports whom, and which dangerous tools are used where."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent
TREES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
MODULES = {name for name in TREES if not name.endswith("__init__")}


def _runtime(tree):
    """Every node of a module but those that only a type checker sees."""
    waiting = [tree]
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


def own_imports(name):
    """The modules of the package that one of them imports."""
    dotted = [each.removeprefix("grader.") for each in imported(TREES[name]) if each.startswith("grader.")]
    return {module for module in MODULES if any(each == module or each.startswith(f"{module}.") for each in dotted)}


def users(*packages):
    """The modules that import one of the packages."""
    return {name for name, tree in TREES.items() if {each.partition(".")[0] for each in imported(tree)} & set(packages)}


def callers(*functions):
    """The modules that call one of the built-ins."""
    return {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions
    }


def test_the_reader_of_imports_sees_them_all():
    """The tests below rest on it: imports in functions count, those for a type checker do not, aliases do."""
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from grader import key
else:
    import grader.lock
import os.path as p
def f():
    from grader import wire
    from grader.value import pack as packed
"""
    assert set(imported(ast.parse(source))) >= {"os.path", "grader.wire", "grader.lock", "grader.value.pack"}
    assert "grader.key" not in set(imported(ast.parse(source)))
    assert own_imports("compiler") >= {"checks", "value", "compare", "errors"}


def test_modules_import_one_way():
    """The graph of imports has no cycle, those inside functions included."""
    order = list(TopologicalSorter({name: own_imports(name) for name in MODULES}).static_order())
    assert set(order) == MODULES
    assert order.index("value") < order.index("wire") < order.index("sandbox") < order.index("grade")


def test_the_table_of_rooms_holds():
    """docs/architecture.md names every module once, and none that imports from a row below its own."""
    page = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("## The rooms of")[2].partition("\n## ")[0]
    rows = [
        re.findall(r"`([\w.]+)`", line.rpartition(" | ")[2]) for line in table.splitlines() if line.startswith("| ")
    ]
    row_of = {name: number for number, names in enumerate(rows) for name in names}
    assert sorted(name for names in rows for name in names) == sorted(MODULES)
    assert not [(name, used) for name in MODULES for used in own_imports(name) if row_of[used] > row_of[name]]


def test_nothing_is_imported_relatively():
    assert not [name for tree in TREES.values() for name in imported(tree) if name.startswith(".")]


def test_the_worker_knows_nothing_of_checks():
    """What the worker imports, all the way down, is in the same process as student code."""
    reached: set[str] = set()
    waiting = {"worker"}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= own_imports(name) - reached
    assert reached == {"worker", "program", "cell", "wire", "value", "lock", "namespace"}


def test_the_package_itself_imports_only_the_authors_api():
    """`import grader` is what the worker pays too, before it imports its own module."""
    assert own_imports("__init__") <= {"checks"}
    assert own_imports("checks") <= {"errors"}
    assert not users("numpy") & {"__init__", "checks", "errors"}


def test_the_judge_and_what_it_uses_start_no_process_and_read_no_file():
    for name in ("judge", "faults", "diagnose", "symptoms", "mistakes", "slips", "compare", "value", "result"):
        tools = {each.partition(".")[0] for each in imported(TREES[name])}
        assert not tools & {"os", "pathlib", "subprocess", "socket", "tempfile", "shutil"}
    assert "sandbox" not in own_imports("judge")


def test_no_module_can_unpickle():
    assert users("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib") == set()


def test_source_is_run_in_two_modules():
    """`program`, in the worker, runs the student's, `value` the functions that an author sends along."""
    assert callers("exec") == {"program", "value"}
    assert callers("compile") <= {"program", "cell", "value", "source"}
    assert callers("eval", "__import__") == set()


def test_one_module_starts_processes():
    assert users("subprocess") == {"process"}
    assert users("multiprocessing", "pty", "asyncio") == set()


def test_yaml_is_read_in_the_course_alone():
    assert users("yaml") <= {"course", "document"}


@pytest.mark.parametrize("module", ["grader", "grader.cli"])
def test_importing_the_command_line_does_not_import_numpy(module):
    """`grader --help` answers at once."""
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert module in loaded
    assert not loaded & {"numpy", "torch"}


def test_help_does_not_import_numpy():
    code = "import sys; sys.argv = ['grader', '--help']; from grader.cli import main; main()"
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, check=True, text=True)
    assert "Usage" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "grader.cli" in loaded
    assert not loaded & {"numpy", "torch"}


def test_every_module_says_what_it_is():
    """A docstring, and the names that are meant for others, all of which exist."""
    for name, tree in TREES.items():
        assert ast.get_docstring(tree), name
        exported = [
            element.value
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            for element in node.value.elts
        ]
        defined = {node.name for node in tree.body if hasattr(node, "name")}
        defined |= {ast.unparse(t) for node in tree.body if isinstance(node, ast.Assign) for t in node.targets}
        defined |= {
            ast.unparse(each)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
            for each in node.targets[0].elts
        }
        defined |= {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert set(exported) <= defined, name
