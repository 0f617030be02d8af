"""`grader mistakes`: what a class gets wrong and nothing has a name for, and what becomes of it."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "import numpy as np\n\n\ndef manual_jacobian(x, y):\n"
THREE = HEAD + "    return np.array([[3 * x, 1.0], [y, x], [np.exp(x), 0.0]])\n"
THREE_TOO = HEAD + "    # \x1b[2J my secret remark\n    J = [[x + x + x, 1], [y, x], [np.exp(x), 0]]\n    return J\n"
ODD = HEAD + "    return np.array([[2 * x, 1.0], [y, x * y + 0.3], [np.exp(x), 0.0]])\n"


def graded(run, course: Path, submitted, out: Path) -> Path:
    """Where a class was graded, without the search for one edit: what that explains is in no group."""
    for student, source in {"ann": THREE, "bob": THREE_TOO, "cleo": ODD}.items():
        place = submitted(student, manual_jacobian=source)
    assert run("--course", course, "grade", place, "--out", out, "--quiet", "--no-repair").code == 0
    return out


@pytest.mark.slow
def test_answers_with_the_same_values_are_shown_together_and_drafted_from_the_reference(
    run, course: Path, submitted, tmp_path: Path
) -> None:
    """However they were written: and what a student wrote is in no page, no table, and not in the draft."""
    out = graded(run, course, submitted, tmp_path / "out")
    ran = run("--course", course, "mistakes", "--programs")
    assert ran.code == 0
    first, second = re.findall(r"^manual_jacobian  ([0-9a-f]{8})  (.*)$", ran.out, re.MULTILINE)
    assert (first[1], second[1]) == ("2 students: ann, bob", "1 student: cleo")
    assert "ann: jacobians/manual_jacobian.py" in ran.out
    assert "3 * x" in ran.out
    assert "\x1b" not in ran.out
    assert all(first[0] not in path.read_text() for path in out.rglob("*.html"))
    assert first[0] not in (out / "grades.csv").read_text()
    assert [each["students"] for each in json.loads(run("--course", course, "mistakes", "--json").out)] == [["ann", "bob"], ["cleo"]]  # fmt: skip

    assert run("--course", course, "report", "--results", out).code == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert (page.count(f"<h3>{first[0]}</h3>"), "3 * x, 1.0" in page, "\x1b" in page) == (1, True, False)

    checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    before = checks.read_text()
    assert run("--course", course, "mistakes", "--new-misconception", first[0]).code == 0
    draft = checks.read_text().removeprefix(before)
    assert all(line.startswith("#") for line in draft.split("\n") if line)
    assert "the values of the reference with one change" in draft
    assert "[[3.0 * x, 1.0], [y, x]" in draft or "[[3 * x, 1.0], [y, x]" in draft
    assert not any(word in draft for word in ("ann", "bob", "secret", "x + x"))
    code = "\n".join(line.removeprefix("#").removeprefix(" ") for line in draft[draft.index("# @") :].splitlines())
    (function,) = ast.parse(code).body
    assert isinstance(function, ast.FunctionDef)
    assert function.name == f"group_{first[0]}"

    ran = run("--course", course, "mistakes", "--new-misconception", first[0])
    assert (ran.code, "has a draft of group" in ran.err) == (2, True)
    assert run("--course", course, "mistakes", "--new-misconception", second[0]).code == 0
    last = checks.read_text().removeprefix(before + draft)
    assert "no change of one place in the reference gives its values" in last
    assert f"# def group_{second[0]}(x, y):" in last


@pytest.mark.slow
def test_a_draft_that_was_finished_names_the_mistake(run, course: Path, submitted, tmp_path: Path) -> None:
    """Without its comment signs and with a sentence it is a misconception, and the group is none any more."""
    out = graded(run, course, submitted, tmp_path / "out")
    group = json.loads(run("--course", course, "mistakes", "--json").out)[0]["group"]
    run("--course", course, "mistakes", "--new-misconception", group)
    checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    before, draft = checks.read_text().split("# @misconception")
    code = re.sub(r"^# ?", "", "# @misconception" + draft, flags=re.MULTILINE)
    checks.write_text(before + code.replace("TODO: the sentence that a student reads.", "The slope of x^2 is 2x."))
    graded(run, course, submitted, out)
    assert "The slope of x^2 is 2x." in (out / "feedback" / "bob" / "jacobians.html").read_text()
    left = json.loads(run("--course", course, "mistakes", "manual_jacobian", "--json").out)
    assert [each["students"] for each in left] == [["cleo"]]


@pytest.mark.slow
def test_it_says_what_is_missing(run, course: Path, submitted, tmp_path: Path) -> None:
    """No results, no such group, answers that are no such group with today's inputs, and a student's tree."""
    out = tmp_path / "out"
    ran = run("--course", course, "mistakes")
    assert (ran.code, "there is no record at" in ran.err, "run `grader grade SUBMITTED` first" in ran.err) == (
        2,
        True,
        True,
    )
    graded(run, course, submitted, out)
    ran = run("--course", course, "mistakes", "--new-misconception", "0")
    assert (ran.code, "there is no group '0'" in ran.err, "`grader mistakes` lists them" in ran.err) == (2, True, True)
    group = json.loads(run("--course", course, "mistakes", "--json").out)[1]["group"]
    settings = course / "course.yml"
    before = settings.read_text()
    settings.write_text(before.replace("seed: 1", "seed: 2"))
    ran = run("--course", course, "mistakes", "--new-misconception", group)
    assert (ran.code, "gives the values of group" in ran.err, "grade them again" in ran.err) == (2, True, True)
    settings.write_text(before)
    assert run("--course", course, "release", tmp_path / "tree").code == 0
    ran = run("--course", tmp_path / "tree", "mistakes")
    assert (ran.code, "is what students get, and this needs the whole course" in ran.err) == (2, True)
    assert "There is no wrong answer" in run("--course", course, "mistakes", "shapes").out
