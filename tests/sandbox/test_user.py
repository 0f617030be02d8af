"""Root in a container without namespaces: student code runs as a user who owns nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from containers import CONFINE, NO_USER
from grader.errors import UsageError
from grader.sandbox.layers import IN_A_CONTAINER, missing, require

ASK = """
import json, sys
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch, Sandbox
from grader.wire.messages import Call, Chunk, Load
from grader.wire.values import unpack
SOURCE = '''
import json, os
def f():
    found = {"user": os.getresuid(), "group": os.getresgid(), "groups": os.getgroups()}
    for name in PLACES:
        try:
            found[name] = open(name).read()
        except OSError as error:
            found[name] = type(error).__name__
    return json.dumps(found)
'''
source = f"PLACES = {sys.argv[1:]!r}\\n{SOURCE}"
with Sandbox() as box:
    layers = box.start().layers
    run = box.run(Load("s", (Chunk("s.py", source),), ("f",)), [Batch("f", (Call("f", ()),))], Limits())
    print(json.dumps([layers, json.loads(unpack(run.outcomes[0][0].value))]))
"""


def confined(python: Path, denied: str, *places: Path, patch: str = "") -> tuple[list[str], dict]:
    """The layers of a worker in such a container, and what student code there finds out."""
    ran = subprocess.run(
        [python, "-c", CONFINE, denied, python, "-c", patch + ASK, *map(str, places)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    layers, found = json.loads(ran.stdout)
    return layers, found


@pytest.mark.parametrize("denied", ["", "landlock_create_ruleset"])
def test_without_namespaces_student_code_is_a_user_who_reads_nothing_of_roots(
    container_python: Path, denied: str
) -> None:
    """With Landlock or without, and also where every folder above is open."""
    secret = container_python.parent / f"secret-{denied or 'all'}"
    secret.write_text("the expected value")
    secret.chmod(0o600)
    layers, found = confined(container_python, denied, secret, Path("/etc/shadow"), Path("/proc/1/environ"))
    assert "user" in layers
    assert missing(layers, IN_A_CONTAINER) == ()
    assert ("landlock:files" in layers) == (not denied)
    if not denied:
        assert found.pop("user") == [NO_USER] * 3
    else:
        assert (found.pop("user"), found["group"], found["groups"]) == ([NO_USER] * 3, [NO_USER] * 3, [])
    assert {found[name] for name in found if name.startswith("/")} == {"PermissionError"}


def test_where_that_user_could_not_read_python_the_layer_is_missing_and_refused(container_python: Path) -> None:
    """Told before any student's code runs, as Python in the home of root would be."""
    code = """
import sys
from grader.sandbox import launch
launch.COMMAND = [*launch.COMMAND[:-2], "-c", '''
from grader.worker import lock
lock._is_readable = lambda path: False
import runpy; runpy.run_module("grader.worker", run_name="__main__", alter_sys=True)
''']
"""
    layers, found = confined(container_python, "landlock_create_ruleset", patch=code)
    assert "user" not in layers
    assert found["user"] == [0, 0, 0]
    with pytest.raises(UsageError, match=r"user or mounts missing. `grader doctor` says how to get it$"):
        require(layers, IN_A_CONTAINER)
