"""Where `grader` starts: a check's worker begins first, since both it and the command need numpy, each in its process."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.sandbox.workers import Zygote

__all__ = ["BEGUN", "loaded", "start"]

BEGUN = "grader.begun"
"""Where a context's meta has the worker that has begun."""


def loaded(place: str) -> Any:
    """What is named `<module>:<name>`, imported now: nothing that an import makes is garbage, and none is looked for there ever after."""
    module, _, name = place.partition(":")
    collects = gc.isenabled()
    gc.disable()
    try:
        return getattr(import_module(module), name)
    finally:
        gc.freeze()
        if collects:
            gc.enable()


def start() -> None:
    """Run the command and leave with its exit code; where a package is missing that comes with the grader, with that said."""
    try:
        _run()
    except ModuleNotFoundError as error:
        package = (error.name or "grader").partition(".")[0]
        if package in {"grader", *sys.stdlib_module_names} or "--debug" in sys.argv:
            raise
        sys.exit(
            f"grader: the package {package} is missing in {sys.executable}; install the grader there again, which brings it:"
            " python -m pip install, and the name of its .whl"
        )


def _run() -> None:
    # Beside numpy's import a second thread of its BLAS would spin for a tenth of a second, on a core that the worker needs, and what is
    # multiplied here is small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    worker = _begun() if sys.argv[1:2] == ["check"] and hasattr(os, "fork") else None
    try:
        loaded("grader.cli.main:main")(worker)
    finally:
        if worker:
            loaded("grader.grading.own_worker:ended")(worker)


def _begun() -> Zygote | None:
    """A check's own worker; None where no process can be started now."""
    try:
        # The process before what it is told with, which has to be imported as well.
        process = loaded("grader.sandbox.launch:launched")()
    except OSError:
        return None
    worker: Zygote = loaded("grader.grading.own_worker:begun")(process)
    return worker
