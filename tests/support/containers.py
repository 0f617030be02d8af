"""What a container is like inside another: root, without new namespaces, with a Python that every user may read."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONFINE", "NO_USER", "python_for_all"]

NO_USER = 65533

CONFINE = """
import os, sys, ctypes, pyseccomp
CLONE_NEW = 0x7E02_0080
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
denied = ["unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr", "move_mount", "open_tree", "fsopen", "ptrace", "bpf"]
asked = set(filter(None, sys.argv[1].split(",")))
for name in [*denied, *asked - {"filters"}]:
    rules.add_rule(pyseccomp.ERRNO(1), name)
if "filters" in asked:
    rules.add_rule(pyseccomp.ERRNO(22), "prctl", pyseccomp.Arg(0, pyseccomp.EQ, 22))
for flag in [1 << bit for bit in range(32) if CLONE_NEW >> bit & 1]:
    rules.add_rule(pyseccomp.ERRNO(1), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
rules.add_rule(pyseccomp.ERRNO(38), "clone3")
rules.load()
libc = ctypes.CDLL(None, use_errno=True)
kept = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}  # those that Docker leaves to root
for capability in set(range(41)) - kept:
    libc.prctl(24, capability, 0, 0, 0)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Run with system calls to deny beside Docker's own (`filters`: setting filters), and a command, which is confined as Docker's root."""


@contextmanager
def python_for_all() -> Iterator[Path | None]:
    """A Python with the grader that a user without any rights can run, for a while; None where this machine has none.

    Its environment does not lie with what tests write, for their folder is root's alone.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield None
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = [path for path in site.getsitepackages() if Path(path).is_dir()]
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        for number, found in enumerate(
            filter(None, (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin")))
        ):
            made = Path(place, str(number))
            subprocess.run([found, "-m", "venv", "--without-pip", made], check=True, capture_output=True)
            (inside,) = made.glob("lib/python*/site-packages")
            (inside / "dependencies.pth").write_text("\n".join([*packages, str(ROOT)]) + "\n")
            if _runs(made / "bin" / "python"):
                yield made / "bin" / "python"
                return
        yield None


def _runs(python: Path) -> bool:
    code = "import grader.cli.main, grader.worker.lock, numpy, pyseccomp"
    try:
        return subprocess.run([python, "-c", code], user=NO_USER, group=NO_USER, extra_groups=[], cwd="/",
                              capture_output=True, check=False).returncode == 0  # fmt: skip
    except OSError:
        return False
