"""The autograder of one assignment as Gradescope takes it: how it is set up and run, the grader's wheel, and that part of the course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.building.wheel import wheel
from grader.course.course_yml import grading_yaml
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course

__all__ = ["COURSE", "ENVIRONMENT", "PROGRAMS", "autograder"]

COURSE = "course"
"""The course's folder in the archive."""

ENVIRONMENT = "grader"
"""The environment that the grader is installed into, beside `source/` and `submission/`."""

PROGRAMS = ("setup.sh", "run_autograder")

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: the grader, in an environment that every user can read.
set -euo pipefail
umask 022
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
place="$(dirname "$here")"

new_enough() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! new_enough > /dev/null || ! { ldconfig -p || true; } | grep -q 'libseccomp[.]so[.]2'; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y libseccomp2
    new_enough > /dev/null || apt-get install -y python3.11 python3.11-venv || apt-get install -y python3 python3-venv
fi
if ! python="$(new_enough)"; then
    echo 'no Python 3.11 or newer is to be had on this image: choose Ubuntu 22.04 or newer as the base image' >&2
    exit 1
fi
"$python" -m venv "$place/{environment}"
"$place/{environment}/bin/python" -m pip install --quiet "$here/{wheel}" {packages}
chmod 755 "$place"
chmod -R go-rwx "$here"
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission, as root.
place="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec "$place/{environment}/bin/grader" gradescope "$place" --hidden {hidden}
"""


def autograder(course: Course, hidden: str) -> dict[str, bytes]:
    """The archive's files, for a course of one assignment, of whose hidden checks students are told when `hidden` says.

    Raises UsageError where a file of solutions/ cannot be read, or the grader is not installed.
    """
    name, data = wheel()
    others = sorted({package for exercise in course.exercises() for package in exercise.packages})
    packages = [f"numpy=={np.__version__}", *others]

    def filled(text: str) -> bytes:
        for word, value in (
            ("environment", ENVIRONMENT), ("wheel", name), ("packages", " ".join(packages)), ("hidden", hidden),
        ):  # fmt: skip
            text = text.replace(f"{{{word}}}", value)
        return text.encode()

    return {
        "setup.sh": filled(_SETUP), "run_autograder": filled(_RUN), name: data,
        f"{COURSE}/course.yml": grading_yaml(course).encode(), **dict(_solutions(course)),
    }  # fmt: skip


def _solutions(course: Course) -> Iterator[tuple[str, bytes]]:
    """What grading needs of solutions/: the assignment's own folder, and what all share, which is beside such folders."""
    root = course.root / "solutions"
    (assignment,) = course.assignments
    for path in sorted([*root.glob("*.py"), *(root / assignment.id).rglob("*")]):
        relative = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in relative.parts):
            try:
                yield f"{COURSE}/solutions/{relative.as_posix()}", path.read_bytes()
            except OSError as error:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from None
