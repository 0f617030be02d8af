"""What one machine or one student may not do to a class: grade it without isolation, or end its run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.converters import Autograde

from grader.errors import UsageError
from grader.for_nbgrader import judging
from grader.for_nbgrader.autograde.classrun import autograde_class

# A filter like that of a container on an old kernel: no namespaces, no mounts, no Landlock. What it runs inherits it.
WITHOUT_LAYERS = """
import errno, os, sys
import pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in ("unshare", "setns", "mount", "pivot_root"):
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
for name in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"):
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), name)
rules.load()
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="layers of isolation are Linux's")
@pytest.mark.parametrize("command", [["grader.cli", "nbgrader", "autograde", "activations", "--jobs", "1"],
                                     ["nbgrader", "autograde", "activations"]], ids=["grader", "nbgrader"])  # fmt: skip
def test_nobody_is_graded_where_required_isolation_is_missing(nb, students, command) -> None:
    """Not the second student either, whose run finds what the first one's has left."""
    for student in ("a-first", "b-second", "z-thief"):
        nb.submit(student, "activations", nb.answered("activations", **students["right"]))
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LAYERS, "-W", "ignore", "-m", *command],
        cwd=nb.root, capture_output=True, text=True, check=False, timeout=300, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == (2 if command[0] == "grader.cli" else 1), done.stderr[-4000:]
    assert "this machine does not isolate student code: landlock:files or mounts missing" in done.stderr
    assert not list((nb.root / "autograded").glob("*/*/*.ipynb"))
    assert all(score is None for scores in nb.scores("activations").values() for score in scores.values())


@pytest.mark.parametrize("text", ["yesterday", "2027-13-41", "\0", "2027-03-20 25:61:00 UTC"])
def test_a_time_that_cannot_be_read_is_that_student_s_alone(nb, students, text) -> None:
    for student in ("ada", "bad", "zoe"):
        path = nb.submit(student, "activations", nb.answered("activations", **students["right"]))
    (path.parents[2] / "bad" / "activations" / "timestamp.txt").write_text(text)
    done = autograde_class(nb.root, "activations", None)
    assert done.graded == ("ada", "zoe")
    assert list(done.failed) == ["bad"]
    assert "timestamp.txt is no date and time; write it as" in done.failed["bad"]
    again = autograde_class(nb.root, "activations", None, force=True)
    assert again.graded == ("ada", "zoe")


def test_a_time_that_cannot_be_read_any_more_leaves_no_old_grade(nb, students) -> None:
    """Without --force as well: the class run asks for the time of what it finds graded."""
    path = nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    assert autograde_class(nb.root, "activations", None).graded == ("ada",)
    path.with_name("timestamp.txt").write_text("tomorrow, perhaps")
    assert "timestamp.txt is no date and time" in autograde_class(nb.root, "activations", None).failed["ada"]
    assert set(nb.scores("activations")["ada"].values()) == {None}


@pytest.mark.parametrize("name", ["new\nline", "a*", "[x]", "?da"])
def test_a_folder_s_name_ends_nobody_else_s_grading(nb, students, name) -> None:
    for student in ("ada", name, "zoe"):
        nb.submit(student, "activations", nb.answered("activations", **students["right"]))
    done = autograde_class(nb.root, "activations", None)
    assert {"ada", "zoe"} <= {*done.graded}
    assert {*nb.scores("activations")} <= {"ada", "zoe", name}
    assert all(score is not None for each in ("ada", "zoe") for score in nb.scores("activations")[each].values())


@pytest.mark.parametrize("way", ["nbgrader", "grader"])
def test_a_package_that_is_missing_is_named_once_and_nobody_graded(nb, students, monkeypatch, caplog, way) -> None:
    for student in ("ada", "bob"):
        nb.submit(student, "activations", nb.answered("activations", **students["right"]))
    monkeypatch.setattr(
        judging, "missing_packages", lambda exercise: ("torch",) if exercise.id == "sigmoid_grad" else ()
    )
    said = "sigmoid_grad: needs torch, not installed here, so nothing is graded: pip install torch"
    if way == "grader":
        with pytest.raises(UsageError, match=said):
            autograde_class(nb.root, "activations", None)
    else:
        assert not nb.autograde("activations")
        assert caplog.text.count(said) == 1
    assert nb.scores("activations") == {}
    assert not (nb.root / "autograded").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_run_of_nbgrader_leaves_no_worker_behind(nb, students) -> None:
    """Formgrader's button makes a converter for each click, and a server lives long."""

    def children() -> set[str]:
        return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}

    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    before = children()
    converter = nb.converter(Autograde, "activations")
    converter.start()
    assert children() <= before
    assert nb.scores("activations")["ada"]["checks-sigmoid_grad"] == 5.0
