"""The one edit that makes every check pass: found on the right line, accepted in a child of its own, told within bounds."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.course.course_yml import load_course
from grader.course.model import Repair
from grader.grading import repair as repair_module
from grader.grading.attempt import Attempt, attempt, call_of, run_and_judge
from grader.grading.keys import Keys
from grader.grading.known_changes import kinds_of_known
from grader.grading.pool import Pool
from grader.grading.repair import WAITS, Repairs, is_due, marked
from grader.judging.verdicts import ExerciseResult, Told, Verdict
from grader.sandbox import child as child_module
from grader.sandbox.sandbox import Variants
from grader.submissions.cells import ReviewedCell
from grader.submissions.program import Source
from grader.wire import messages as wire
from one_exercise import make, scalar
from repository import ROOT, course_here, course_text, reference, write_course

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.grading.pool import Bench

COURSE = course_here()
pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.slow,
    pytest.mark.skipif(COURSE.released, reason="a student's tree has no solutions/"),
]
KEYS = Keys(COURSE)
ALTERNATIVES = ROOT / "tests" / "alternatives"
PLENTY = Repair(seconds=600.0)
"""Without the brake: how long a search takes is the machine's load."""


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Pool(1) as pool, pool.bench() as found:
        yield found


def tried(bench: Bench, exercise: str, *cells: str | wire.Chunk) -> Attempt:
    """The attempt at an exercise in a file, or in the cells of a notebook."""
    chosen = COURSE.exercise(exercise)
    key = KEYS.of(chosen)
    chunks = [wire.Chunk(f"{exercise}.py", cell) if isinstance(cell, str) else cell for cell in cells]
    source = Source(tuple(ReviewedCell(chunk) for chunk in chunks), notebook=not isinstance(cells[0], str))
    return attempt(bench, chosen, key, source, {}, KEYS.own_judge)


def searched(bench: Bench, exercise: str, *cells: str | wire.Chunk, bounds: Repair = PLENTY) -> ExerciseResult:
    """What a search makes of them."""
    chosen = COURSE.exercise(exercise)
    return Repairs(bounds, COURSE.reference).result(
        bench, chosen, KEYS.of(chosen), tried(bench, exercise, *cells), KEYS.own_judge
    )


def told(result: ExerciseResult) -> list[Told]:
    """What is told of an answer's checks, with an edit."""
    return [check.diagnosis for check in result.checks if check.diagnosis and check.diagnosis.edit]


PLANTED = [
    ("linear_backward/loops", "db += dout[n]", "db = dout[n]", "whether a value is added or assigned"),
    ("linear_backward/loops", "np.outer(X[n], dout[n])", "np.outer(X[n], dout[0])", ""),
    ("softmax_xent_grad/one_hot", "/ samples", "/ classes", "which variable is used"),
    ("softmax_xent_grad/one_hot", "sum(axis=1, keepdims=True)", "sum(axis=0, keepdims=True)", "which axis is summed"),
    ("tensor_contract/broadcast_and_sum", ".sum(axis=0).sum(axis=0)", ".sum(axis=0).mean(axis=0)", "which function is called"),
    ("mse_grad_mean/loops", "2 * float(", "float(", "a factor"),
    ("vanishing_chain/factors", "(1 + e) ** 2", "(1 + e) ** 3", "a power"),
    ("sgd_step_linear/loops", "* upstream[k] * x", "* upstream[k]", "a factor"),
    ("numerical_gradient/unit_steps", "f(x + step) - f(x - step)", "f(x + step) - f(x)", ""),
    ("relu_backward/masked_copy", "dz[z <= 0]", "dz[dz <= 0]", "which variable is used"),
    ("full_dh_dW/loops", "T[i, j, i]", "T[i, j, j]", "which variable is used"),
    ("backprop_single/einsum_float32", "p * (1 - p)", "p * p", ""),
    ("dE_dA/sum_over_samples", "    return total", "        return total", "the indentation of a statement"),
    ("backprop_batch/sample_by_sample", "    return dW", "        return dW", "the indentation of a statement"),
]  # fmt: skip
"""Right programs, what is changed in them, and what the student is told of it; empty where the kind may be another."""


@pytest.mark.parametrize(("name", "right", "wrong", "kind"), PLANTED, ids=[f"{each[0]} {each[2]}" for each in PLANTED])
def test_a_planted_edit_is_found_on_its_line(bench: Bench, name: str, right: str, wrong: str, kind: str) -> None:
    """In programs in other styles than the reference's, one of them of several functions."""
    source = (ALTERNATIVES / f"{name}.py").read_text(encoding="utf-8")
    assert source.count(right) == 1
    line = source[: source.index(right)].count("\n") + 1
    found = told(searched(bench, name.partition("/")[0], source.replace(right, wrong)))
    assert found
    assert {each.line for each in found} == {line}
    assert all(f"one change to {kind}" in each.sentence for each in found)
    assert all(f"+{source.splitlines()[line - 1]}"[:8] in each.edit for each in found)


HEAD = "import numpy as np\n\ndef softmax_xent_grad(Z, y):\n    e = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
TAIL = "    p[np.arange(len(y)), y] -= 1\n    return p / len(p)\n"
RIGHT = HEAD + "    p = e / e.sum(axis=1, keepdims=True)\n" + TAIL
WRONG = HEAD + "    p = e / e.sum(axis=0, keepdims=True)\n" + TAIL
"""The sum is over the samples in the place of the classes."""
EDIT, SENTENCE = (
    "+    p = e / e.sum(axis=1, keepdims=True)",
    "one change to which axis is summed makes every check pass",
)


def test_the_student_reads_line_and_kind_before_the_facts_and_the_edit_is_the_instructors(bench: Bench) -> None:
    """One sentence where nothing else is known; where more is, it leads and the line follows."""
    result = searched(bench, "softmax_xent_grad", WRONG)
    wrong = [check for check in result.checks if check.verdict is Verdict.WRONG_ANSWER]
    assert wrong
    for check in wrong:
        first, *_ = check.feedback.splitlines()
        assert check.diagnosis
        assert check.feedback.startswith(check.diagnosis.sentence)
        if check.diagnosis.way == 4:
            assert first == f"line 5: {SENTENCE}"
        else:
            assert f"\nline 5: {SENTENCE}\n" in check.feedback
        assert EDIT in check.diagnosis.edit
        assert "axis=1" not in check.feedback
    assert result.score == tried(bench, "softmax_xent_grad", WRONG).result.score
    assert not result.not_searched


def test_in_a_notebook_the_cell_is_named_and_no_cell_of_the_courses_is_changed(bench: Bench) -> None:
    """A helper in a cell of the student's own is; one in a locked cell is not."""
    helper = "import numpy as np\n\ndef total(e):\n    return e.sum(axis=0, keepdims=True)\n"
    answer = WRONG.replace("e.sum(axis=0, keepdims=True)", "total(e)")
    cells = (wire.Chunk("code cell 1", helper), wire.Chunk("code cell 2", answer, "solution-softmax_xent_grad"))
    found = told(searched(bench, "softmax_xent_grad", *cells))
    assert {each.line for each in found} == {4}
    assert all("code cell 1, line 4" in each.sentence for each in found)
    locked = (wire.Chunk("code cell 1", helper, "given"), cells[1])
    assert not [each for each in told(searched(bench, "softmax_xent_grad", *locked)) if "return" in each.edit]


def test_two_searches_say_the_same(bench: Bench) -> None:
    """Also where the second is another search's."""
    assert searched(bench, "softmax_xent_grad", WRONG) == searched(bench, "softmax_xent_grad", WRONG)


def test_a_program_is_searched_once_in_a_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two students with one program and one key."""
    chosen, repairs, found = (
        COURSE.exercise("softmax_xent_grad"),
        Repairs(PLENTY, COURSE.reference),
        tried(bench, "softmax_xent_grad", WRONG),
    )
    first = repairs.result(bench, chosen, KEYS.of(chosen), found, KEYS.own_judge)
    monkeypatch.setattr(repair_module, "edits", None)
    assert repairs.result(bench, chosen, KEYS.of(chosen), found, KEYS.own_judge) == first


def test_only_the_failed_cases_of_one_check_enter_a_child(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of variants; the program that a variant is accepted by is run by itself, check by check."""
    sent: dict[int, set[bytes]] = {}
    vary = child_module.Child.vary

    def watched(self: child_module.Child, variants: wire.Vary) -> Iterator[wire.Outcome]:
        sent.setdefault(id(self), set()).add(wire.encode(variants.call))
        kept.append(self)
        return vary(self, variants)

    kept: list[child_module.Child] = []
    monkeypatch.setattr(child_module.Child, "vary", watched)
    assert told(searched(bench, "softmax_xent_grad", WRONG))
    key = KEYS.of(COURSE.exercise("softmax_xent_grad"))
    result = tried(bench, "softmax_xent_grad", WRONG).result
    failed = {check.name for check in result.checks if check.verdict is not Verdict.ACCEPTED}
    of_check = [
        {wire.encode(call_of(check, case)) for case in check.cases} for check in key.checks if check.name in failed
    ]
    assert len(of_check) > 1
    assert len(sent) == len(of_check)
    assert all(any(calls <= known for known in of_check) for calls in sent.values())


def test_an_edit_counts_only_if_the_whole_program_is_right_by_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that answers as its variants before it did is right in nobody's child but theirs."""
    spoilt = WRONG.replace("    p = e", "    seen.append(1)\n    axis = 1 if len(seen) > 5 else 0\n    p = e")
    spoilt = spoilt.replace("axis=0", "axis=axis") + "\nseen = []\n"
    found = told(searched(bench, "softmax_xent_grad", spoilt))
    chosen = COURSE.exercise("softmax_xent_grad")
    for each in found:
        old, new = (next(line[1:] for line in each.edit.splitlines()[3:] if line[0] == sign) for sign in "-+")
        program = (wire.Chunk("softmax_xent_grad.py", spoilt.replace(old, new)),)
        sandbox = bench.sandbox(())
        assert (
            run_and_judge(sandbox, chosen, KEYS.of(chosen), program, own_judge=KEYS.own_judge).result.verdict
            is Verdict.ACCEPTED
        )
    monkeypatch.setattr(repair_module, "run_and_judge", lambda *_, **__: tried(bench, "softmax_xent_grad", WRONG))
    assert not told(searched(bench, "softmax_xent_grad", WRONG))


@pytest.mark.long
def test_three_variants_that_a_limit_stops_end_a_search(bench: Bench) -> None:
    """The answer says "not searched", and has no edit, whatever was found by then."""
    loop = "    k = 3\n    while True:\n        k -= 1\n        if k <= 0:\n            break\n"
    endless = WRONG.replace("    p = e", f"{loop}    p = e")
    result = searched(bench, "softmax_xent_grad", endless)
    assert result.not_searched == "not searched: a limit stopped 3 of the edits"
    assert not told(result)


SLEEPING = """\
import sys, time
import numpy as np


def manual_jacobian(x, y):
    frame = sys._getframe()
    while frame and frame.f_code.co_name != "vary":
        frame = frame.f_back
    if frame:
        time.sleep(0.35)
        {then}
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 1.0]]) * 3 + x - y
"""


@pytest.mark.parametrize("then", ["pass", "raise MemoryError"])
def test_edits_that_sleep_end_a_search_as_those_that_loop_do(bench: Bench, then: str) -> None:
    """They use no processor, and each alone keeps within its limits: all together took fifteen times the search's seconds."""
    exercise = COURSE.exercise("manual_jacobian")
    short = msgspec.structs.replace(exercise, limits=msgspec.structs.replace(exercise.limits, wall_seconds=1.0))
    key, source = KEYS.of(short), Source((ReviewedCell(wire.Chunk("manual_jacobian.py", SLEEPING.format(then=then))),))
    found = attempt(bench, short, key, source, {}, KEYS.own_judge)
    assert is_due(found)
    began = time.monotonic()
    result = Repairs(Repair(seconds=2.0), COURSE.reference).result(bench, short, key, found, KEYS.own_judge)
    assert result.not_searched == "not searched: a limit stopped 3 of the edits"
    assert time.monotonic() - began < 15


def test_a_child_that_somebody_else_kills_changes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search begins again; where it happens three times, the answer is not searched."""
    vary, killed = child_module.Child.vary, [wire.Stopped("crash", "SIGKILL")]

    def unlucky(self: child_module.Child, variants: wire.Vary) -> Iterator[wire.Outcome]:
        yield from (killed.pop(),) if killed else vary(self, variants)

    undisturbed = searched(bench, "softmax_xent_grad", WRONG)
    monkeypatch.setattr(child_module.Child, "vary", unlucky)
    assert searched(bench, "softmax_xent_grad", WRONG) == undisturbed
    killed += [wire.Stopped("crash", "SIGKILL")] * 3
    assert searched(bench, "softmax_xent_grad", WRONG).not_searched == "not searched: a process was killed"


def test_the_clock_is_a_brake(bench: Bench) -> None:
    """What it ends says so, and is searched again."""
    result = searched(bench, "softmax_xent_grad", WRONG, bounds=Repair(seconds=1e-9))
    assert result.not_searched == "not searched: 1e-09 seconds were too short"
    assert not told(result)


@pytest.mark.parametrize(
    "source",
    [
        "def softmax_xent_grad(Z, y):\n    while True:\n        pass\n",
        "def softmax_xent_grad(Z, y):\n    raise ValueError\n",
        "def softmax_xent_grad(Z, y):\n    raise NotImplementedError\n",
        "def softmax_xent_grad(Z, y:\n",
        RIGHT,
    ],
    ids=["stopped", "raises", "stub", "no syntax", "right"],
)  # fmt: skip
def test_what_has_no_wrong_values_or_met_a_limit_is_not_searched(bench: Bench, source: str) -> None:
    found = tried(bench, "softmax_xent_grad", source)
    assert not is_due(found)
    assert marked(found, PLENTY) == found.result


def test_no_variants_is_no_search(bench: Bench) -> None:
    """And no mark."""
    found = tried(bench, "softmax_xent_grad", WRONG)
    assert marked(found, PLENTY).not_searched == WAITS
    assert marked(found, Repair(variants=0)) == found.result
    assert searched(bench, "softmax_xent_grad", WRONG, bounds=Repair(variants=0)) == found.result


def test_among_many_lines_the_kind_alone_is_told(bench: Bench) -> None:
    """More than 256: which of them it is would tell much of what a program has seen."""
    long = WRONG + "".join(f"x{number} = {number}\n" for number in range(260))
    found = told(searched(bench, "softmax_xent_grad", long))
    assert found
    assert {each.line for each in found} == {0}
    assert all("line" not in each.sentence.splitlines()[-1] for each in found)


def test_only_the_search_of_a_whole_course_shows_edits(bench: Bench) -> None:
    """Where the key is one that students have, what is told has no edit in it."""
    chosen, found = COURSE.exercise("softmax_xent_grad"), tried(bench, "softmax_xent_grad", WRONG)
    key = KEYS.of(chosen)
    public = [index for index, check in enumerate(key.checks) if check.public]
    key = msgspec.structs.replace(key, checks=tuple(key.checks[index] for index in public))
    result = ExerciseResult.of(chosen.id, [found.result.checks[index] for index in public])
    found = msgspec.structs.replace(found, result=result, outcomes=tuple(found.outcomes[index] for index in public))
    told_of_it = Repairs(PLENTY, COURSE.reference).result(bench, chosen, key, found, None, passes="the public examples")
    sentences = [check.diagnosis.sentence for check in told_of_it.checks if check.diagnosis]
    assert not told(told_of_it)
    assert all("every check" not in each for each in sentences)


# --- which of several edits it is


MASK = "def gate(x, y):\n    m = x < 0\n    return y * m\n"
"""Where no x is 0, y * (x > 0) comes of `x > 0` in the one line, and of `1 - m` in the other: both as small."""


def gate(tmp_path: Path, bench: Bench, misconception: str) -> list[Told]:
    """What is told of that program, in a course that knows the misconception."""
    cases = ("rng.normal(size=4), rng.normal(size=4)",) * 2
    known = f'@misconception\ndef other(x, y):\n    """You did."""\n    return {misconception}\n'
    course = load_course(make(tmp_path, scalar(known, *cases), "return y * (x > 0)", "x, y"))
    exercise, keys = course.exercise("gate"), Keys(course)
    source = Source((ReviewedCell(wire.Chunk("gate.py", MASK)),))
    found = attempt(bench, exercise, keys.of(exercise), source, {}, keys.own_judge)
    return told(Repairs(PLENTY, course.reference).result(bench, exercise, keys.of(exercise), found, keys.own_judge))


@pytest.mark.parametrize(
    ("misconception", "line", "words"),
    [
        ("1 - y * (x > 0)", 3, "line 3: one change to what is subtracted from 1 makes"),
        ("-y * (x > 0)", 0, ""),
    ],
    ids=["known", "unknown"],
)
def test_of_edits_of_one_size_the_one_that_undoes_a_known_mistake_is_told(
    tmp_path: Path, bench: Bench, misconception: str, line: int, words: str
) -> None:
    """The kind is that of the reference's change which gives the misconception's values; else two lines are none."""
    (found,) = gate(tmp_path, bench, misconception)
    assert found.line == line
    assert found.sentence.startswith(words)
    assert bool(found.sentence) == bool(words)


def test_the_changes_of_the_reference_are_tried_once_for_a_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks again is told the same, and where a limit stops three of them none is known."""
    chosen = COURSE.exercise("dE_dA")
    key, source = KEYS.of(chosen), reference("vjp/dE_dA")
    sandbox = bench.sandbox(())
    assert "a transpose" in kinds_of_known(sandbox, chosen, key, "dE_dA", source)
    stopped = [wire.Stopped("time")] * 3
    monkeypatch.setattr(Variants, "outcomes", lambda *_: iter(stopped))
    assert not kinds_of_known(sandbox, chosen, key, "dE_dA", source)


# --- a class


@pytest.fixture
def graded(tmp_path: Path):
    """A class of two, one of them wrong; and a way to grade it."""
    assignment = COURSE.exercise("softmax_xent_grad").assignment
    text = course_text(f"{assignment}/softmax_xent_grad") + f"repair: {{seconds: {PLENTY.seconds}}}\n"
    course = write_course(tmp_path / "course", text)
    for student, source in (("ann", reference(f"{assignment}/softmax_xent_grad")), ("bob", WRONG)):
        path = tmp_path / "submitted" / student / assignment / "softmax_xent_grad.py"
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")

    def command(*options: str) -> list[str]:
        return [str(Path(sys.executable).with_name("grader")), "--course", str(course), "grade", str(tmp_path / "submitted"), "--out", str(tmp_path / "out"), *options]  # fmt: skip

    return command, tmp_path / "out", assignment


def report(out: Path, assignment: str, student: str = "bob") -> dict:
    (exercise,) = json.loads((out / "reports" / student / f"{assignment}.json").read_bytes())["exercises"]
    return exercise


def test_a_run_writes_edits_into_reports_and_never_into_pages(graded) -> None:
    """A run without the search says so in the report; the next one searches that answer alone, and a third nothing."""
    command, out, assignment = graded
    subprocess.run(command("--no-repair"), check=True, capture_output=True)
    before = report(out, assignment)
    assert before["not_searched"] == WAITS
    grades = (out / "grades.csv").read_bytes()
    done = subprocess.run(command(), check=True, capture_output=True, text=True)
    assert "searching 1 wrong answer for the one change" in done.stderr
    after = report(out, assignment)
    assert after["not_searched"] == ""
    assert any(EDIT in check["diagnosis"]["edit"] for check in after["checks"] if check["diagnosis"])
    assert (after["score"], after["verdict"]) == (before["score"], before["verdict"])
    assert (out / "grades.csv").read_bytes() == grades
    page = (out / "feedback" / "bob" / f"{assignment}.html").read_text(encoding="utf-8")
    assert "line 5" in page
    assert SENTENCE in page
    assert not re.search(r"e\.sum\(axis=1|@@|\+\+\+", page)  # the student's own code is there
    again = subprocess.run(command(), check=True, capture_output=True, text=True)
    assert "for the one change" not in again.stderr
    assert report(out, assignment) == after
    shown = [*command()[:3], "explain", "bob", "softmax_xent_grad"]
    assert EDIT in subprocess.run(shown, check=True, capture_output=True, text=True).stdout


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_a_search_that_is_cut_off_costs_no_grade_and_is_made_by_the_next_run(graded, how: signal.Signals) -> None:
    """Grades and reports are whole by then, with the answers that wait marked."""
    command, out, assignment = graded
    process = subprocess.Popen(command(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "for the one change" in line:
            break
    process.send_signal(how)
    process.wait(timeout=60)
    process.stderr.close()
    assert report(out, assignment)["score"] < report(out, assignment)["max_score"]
    assert report(out, assignment, "ann")["verdict"] == "ACCEPTED"
    assert len((out / "grades.csv").read_text(encoding="utf-8").splitlines()) == 3
    subprocess.run(command(), check=True, capture_output=True)
    found = report(out, assignment)
    assert found["not_searched"] == ""
    assert any(check["diagnosis"] and check["diagnosis"]["edit"] for check in found["checks"])
