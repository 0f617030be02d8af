"""All benchmarks one after the other, and how long each took: whole, which takes hours, or a sample of each table.

    python benchmarks/run.py [--sample SEED] [--only NAME ...]

Exit code 1 where one of them says that a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from sampling import sample_option

HERE = Path(__file__).parent
NAMES = ("isolation", "check", "for_nbgrader", "jobs", "diagnosis", "hostile_class", "record", "report")


def main() -> None:
    """Run them, and print a table of the time that they took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=list(NAMES), choices=NAMES, metavar="NAME")
    sample_option(parser)
    asked = parser.parse_args()
    sample = [] if asked.sample is None else ["--sample", str(asked.sample)]
    paths = os.pathsep.join([str(HERE.parent / "tests" / "support"), *filter(None, [os.environ.get("PYTHONPATH")])])
    took: dict[str, tuple[float, int]] = {}
    for name in asked.only:
        print(f"\n== {name}\n", flush=True)
        start = time.perf_counter()
        command = [sys.executable, str(HERE / f"{name}.py"), *sample]
        code = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": paths}).returncode  # noqa: S603  ours
        took[name] = time.perf_counter() - start, code
    extent = "whole" if asked.sample is None else f"a sample of each table, by seed {asked.sample}"
    print(
        f"\n== {extent}, with Python {platform.python_version()} on {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n"
    )
    for name, (seconds, code) in took.items():
        print(f"{name:24}{seconds / 60:8.1f} min{'' if code == 0 else f'   exit code {code}'}")
    print(f"{'together':24}{sum(seconds for seconds, _ in took.values()) / 60:8.1f} min")
    raise SystemExit(any(code for _, code in took.values()))


if __name__ == "__main__":
    main()
