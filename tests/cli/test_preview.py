"""`grader preview`: what students will see of an exercise, on one page for its author."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from repository import course_text, write_course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_the_page_has_the_stub_and_what_each_answer_is_told(run, course: Path) -> None:
    """A right answer and each misconception with its own page; what verifying finds; nothing is loaded from elsewhere."""
    ran = run("--course", course, "preview", "manual_jacobian")
    path = course / "results" / "preview" / "manual_jacobian.html"
    assert (ran.code, f"manual_jacobian: 2 faults; open {path}" in ran.out) == (1, True)
    page = path.read_text(encoding="utf-8")
    assert "has not been written yet; run `grader release exercises`" in page
    assert "raise NotImplementedError" in page
    pages = [html.unescape(each) for each in re.findall(r'srcdoc="([^"]*)"', page)]
    names = re.findall(r"<summary>(\w[\w ]*): ([\d.]+) of 5 points</summary>", page)
    assert names[0] == ("the right answer", "5")
    assert ("transposed", "0") in names
    assert len(pages) == len(names) > 5
    told = dict(zip((name for name, _ in names), pages, strict=True))
    assert "Rows are outputs and columns are inputs" in told["transposed"]
    assert "Rows are outputs and columns are inputs" not in told["columns_swapped"]
    # What `grader check` says already, where the public example tells a mistake from the others.
    assert "public examples right; hidden checks decide 4 points" in page
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", page)
    assert "<script" not in page

    assert run("--course", course, "release", course / "exercises").code == 0
    ran = run("--course", course, "preview", "manual_jacobian", "--out", course / "page.html")
    assert (ran.code, "manual_jacobian: proven" in ran.out) == (0, True)
    assert run("--course", course, "preview", "manual").code == 2


def test_what_a_person_marks_waits_as_it_will_on_a_students_page(run, tmp_path: Path) -> None:
    """The words of the reference have their points from nobody yet: not even from the course."""
    course = write_course(tmp_path / "course", course_text("vjp/jacobian_product_written"))
    run("--course", course, "preview", "jacobian_product_written")
    page = (course / "results" / "preview" / "jacobian_product_written.html").read_text(encoding="utf-8")
    (right,) = re.findall(r"<summary>the right answer: (.*)</summary>", page)
    assert right == "3 of 4 points, the rest waits for a person"
    assert "waits for a person" in html.unescape(re.findall(r'srcdoc="([^"]*)"', page)[0])


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError


@pytest.mark.usefixtures("interruptible")
def test_watching_writes_the_page_again_after_each_change(course: Path) -> None:
    """Also after a change that cannot be read, which is told; Ctrl-C ends it."""
    out = course / "page.html"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "grader.cli",
        "--course",
        course,
        "preview",
        "manual_jacobian",
        "--watch",
        "--out",
        out,
    ]
    log = course / "log"
    with log.open("wb") as file:
        watching = subprocess.Popen(command, stdout=file, stderr=file, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        until(out.exists)
        checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
        text = checks.read_text(encoding="utf-8")
        checks.write_text("def broken(:\n", encoding="utf-8")
        until(lambda: "manual_jacobian_checks.py:1: does not import: SyntaxError" in log.read_text(encoding="utf-8"))
        checks.write_text(
            text.replace("Rows are outputs and columns", "Rows <script>are()</script> outputs, columns"),
            encoding="utf-8",
        )
        until(lambda: "Rows &lt;script&gt;" in out.read_text(encoding="utf-8"))
        assert "<script" not in out.read_text(encoding="utf-8")
    finally:
        watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=60) == 130
