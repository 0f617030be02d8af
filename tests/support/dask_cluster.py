"""A cluster as docs/cluster.md starts it: Dask's own scheduler and workers, in processes of their own, with certificates from there."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["DaskCluster", "certificates"]

_PATIENCE = 90.0


def certificates(folder: Path) -> dict[str, Path]:
    """What the commands in docs/cluster.md make, by the option of ours that takes it."""
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(openssl.*?)```", text, re.DOTALL)
    subprocess.run(["sh", "-e", "-c", commands], cwd=folder, check=True, capture_output=True)  # noqa: S607
    return {"ca": folder / "ca.pem", "cert": folder / "node.pem", "key": folder / "node.key"}


class DaskCluster:
    """A scheduler on this machine, and the workers that are started."""

    def __init__(self, folder: Path, files: Mapping[str, Path]) -> None:
        """Start the scheduler: with TLS where there are certificates."""
        self._folder, self._started = folder, 0
        self.nodes: dict[str, subprocess.Popen[bytes]] = {}
        self._tls = [f"--tls-{option}={files[name]}" for option, name in (("ca-file", "ca"), ("cert", "cert"), ("key", "key")) if files]  # fmt: skip
        found = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--protocol", "tls" if files else "tcp",
            "--scheduler-file", str(found),
        )  # fmt: skip
        # It is there before anything is in it.
        self._until(self.scheduler, lambda: found.exists() and found.read_bytes().rstrip().endswith(b"}"))
        self.url = str(json.loads(found.read_bytes())["address"])

    def worker(self, name: str, *, course: Path | None = None, preload: str = "") -> subprocess.Popen[bytes]:
        """Start a worker with one thread, where the course is in that folder, and which runs some code first; it is registered."""
        more = ["--preload", preload] if preload else []
        environment = {} if course is None else {"GRADER_COURSE": str(course)}
        local = self._folder / f"of-{name}"
        process = self.nodes[name] = self._start(
            "worker", self.url, "--name", name, "--nthreads", "1", "--no-nanny", "--local-directory", str(local), *more,
            environment=environment,
        )  # fmt: skip
        log = self._log(self._started)
        self._until(process, lambda: "Registered to" in log.read_text(encoding="utf-8"))
        return process

    def kill(self, name: str) -> None:
        """End a worker as a machine that loses its power."""
        process = self.nodes.pop(name)
        process.kill()
        process.wait()

    def close(self) -> None:
        """End all of it."""
        for process in (*self.nodes.values(), self.scheduler):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, *command: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        self._started += 1
        with self._log(self._started).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "dask", *command, "--no-dashboard", *self._tls],
                stdout=log, stderr=log, cwd=self._folder, start_new_session=True, env={**os.environ, **(environment or {})},
            )  # fmt: skip

    def _log(self, number: int) -> Path:
        return self._folder / f"dask-{number}.log"

    def _until(self, process: subprocess.Popen[bytes], there: object) -> None:
        assert callable(there)
        deadline = time.monotonic() + _PATIENCE
        while not there():
            assert process.poll() is None and time.monotonic() < deadline, self._log(self._started).read_text()  # noqa: PT018
            time.sleep(0.05)
