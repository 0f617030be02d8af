"""An environment for each peer, made once in a cache folder from a file of pinned packages, by `venv` and pip."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["NAMES", "environment", "pinned"]

_PINNED = Path(__file__).with_name("requirements")
NAMES = ("nbgrader", "otter", "files")


def environment(name: str, cache: Path) -> Path:
    """The `bin` folder of an environment, made where it is not there, or was made from other pins or by another Python."""
    place, pins = cache / name, _PINNED / f"{name}.txt"
    wanted = f"{sys.version}\n{hashlib.sha256(pins.read_bytes()).hexdigest()}"
    made = place / "made-from.txt"
    if not made.exists() or made.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(place, ignore_errors=True)
        print(f"installing {name}'s packages into {place}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)  # noqa: S603
        quiet = ["--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(  # noqa: S603
            [str(place / "bin" / "python"), "-m", "pip", "install", *quiet, "--requirement", str(pins)], check=True
        )
        made.write_text(wanted, encoding="utf-8")
    return place / "bin"


def pinned(package: str) -> str:
    """A package with its version, from the file that pins it."""
    for name in NAMES:
        for line in (_PINNED / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if line.partition("==")[0] == package:
                return line.replace("==", " ")
    raise KeyError(package)
