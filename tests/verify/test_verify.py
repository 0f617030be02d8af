"""What `grader verify` proves of an exercise, and that it finds each fault that an author can make."""

from __future__ import annotations

import io
import math
import sys
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from grader.building.compiler import compile_exercise
from grader.building.release import release
from grader.cli.terminal import verification_table
from grader.course.course_yml import load_course
from grader.sandbox.sandbox import WorkerError
from grader.verify.finite_differences import differentiate
from grader.verify.separation import too_near
from grader.verify.verify import Verification, verify
from one_exercise import HEAD, LAYER, make, scalar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.slow

CHECK = '''
@check(points=2, public=True)
def any_numbers(rng):
    """gives the gate of W, x"""
    yield np.array([[1.0, 2.0, -3.0], [0.5, -1.0, 4.0]]), np.array([1.0, -2.0, 0.25])
    yield rng.normal(size=(40, 3)), np.append(rng.normal(size=2), 2.0)  # so that no alteration fits by luck
    yield np.array([[2000.0, 1.0], [1.0, 3e-7]]), np.array([0.5, -2.0])
'''

ZERO = """
    yield np.array([[1.0, -1.0], [3.0, 2.0]]), np.array([1.0, 1.0])
    yield np.array([[0.01, -1.0], [3.0, 2.0]]), np.array([5.0, 0.01])
    yield np.array([[3.0, -1.0], [3.0, 4.0]]), np.array([0.1, 0.05])
    yield np.array([[1.0, -1.0], [3.0, 2.0]]), np.array([2e-12, 1e-12])  # barely above 0 is above it
"""
CLIPPED = """
equivalent = {"clip: W @ x -> np.clip(W @ x, -100, 100)": "only the sign of z counts"}
"""
SOUND = HEAD + CHECK + ZERO + CLIPPED
UNNAMED = "no misconception: of no wrong formula are students told which it is"


@pytest.fixture
def proven(tmp_path: Path) -> Callable[..., Verification]:
    """A function that verifies a course of one exercise."""

    def prove(checks: str, body: str = LAYER, arguments: str = "W, x", *, marked: bool = False) -> Verification:
        course = load_course(make(tmp_path, checks, body, arguments, marked=marked))
        release(course, course.root / "exercises")
        (found,) = verify(course, course.exercises(), jobs=2)
        return found

    return prove


# --- the whole


def test_a_sound_exercise_has_no_fault(proven: Callable[..., Verification]) -> None:
    """Everything is counted, and what is not declared is not."""
    found = proven(SOUND)
    assert found.faults == ()
    assert (found.exercise, found.checks, found.cases, found.points) == ("gate", 1, 7, 2.0)
    assert (found.result, found.alternatives) == ("consistent", 0)
    assert (found.oracle, found.differences, found.equivalent) == (None, None, 1)
    assert found.mutants == found.rejected + 1 > 10


ANOTHER = """\
def gate(W, x):
    rows = zip(W.tolist(), x.tolist() and [sum(a * b for a, b in zip(row, x)) for row in W.tolist()])
    return [row if z > 0 else [0.0] * len(row) for row, z in rows]
"""


def test_a_second_implementation_is_independent_evidence(tmp_path: Path) -> None:
    """Not so the reference by other names; and one that is rejected is a fault."""
    course = load_course(make(tmp_path, SOUND))
    release(course, course.root / "exercises")
    folder = course.root / "tests" / "alternatives" / "gate"
    folder.mkdir(parents=True)
    copy = "import numpy as np\n\ndef gate(A, v):\n    y = A @ v\n    return np.where(y[:, None] > 0, A, 0.0)\n"
    (folder / "copy.py").write_text(copy, encoding="utf-8")
    (found,) = verify(course, course.exercises(), jobs=2)
    assert (found.result, found.faults, found.alternatives) == ("consistent", (), 0)
    (folder / "lists.py").write_text(ANOTHER, encoding="utf-8")
    (found,) = verify(course, course.exercises(), jobs=2)
    assert (found.result, found.faults, found.alternatives) == ("proven", (), 1)
    (folder / "lists.py").write_text(ANOTHER.replace("0.0", "1.0"), encoding="utf-8")
    (found,) = verify(course, course.exercises(), jobs=2)
    assert found.result == "faults"
    assert found.faults[0].startswith(
        "tests/alternatives/gate/lists.py, a right answer, gets WRONG_ANSWER from any_numbers: "
    )


def test_inputs_from_elsewhere_than_rng_are_found(proven: Callable[..., Verification]) -> None:
    """Nobody could be graded again with them."""
    found = proven(scalar("", "np.random.default_rng().normal()", "1.0"), "return 2 * x", "x")
    assert any(fault.startswith("check 'numbers' draws other inputs each time") for fault in found.faults)


SIZE = """
def matrix(x):
    return np.sum(np.outer(x, np.ones(len(x)))) / len(x)

@check(points=1, long_way=matrix)
def real_size(rng):
    \"\"\"takes a large x\"\"\"
    yield np.ones({size})
"""
SLOW = "sum(0 for i in range(35 * len(x)))"
"""Half of the CPU limit for an x of that size, so twice what is allowed."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "body", "told"),
    [
        pytest.param(10**6, "return np.sum(x)", "", marks=pytest.mark.long),
        (10, "return np.sum(x)", "real_size: matrix needs less than four times the limits (ACCEPTED); take larger inputs"),
        (10**6, f"return np.sum(x) + {SLOW}",
         "real_size: the reference needs more than a quarter of the limits (TIME_LIMIT_EXCEEDED); take smaller inputs"),
        (10**6, "return np.sum(x) + 1", "real_size: matrix is right in no other check, and so is no way to the answer"),
    ],
)  # fmt: skip
def test_a_check_of_real_size_is_measured(proven: Callable[..., Verification], size: int, body: str, told: str) -> None:
    """Right ways within a quarter of the limits; the long way, which is right elsewhere, not within four times them."""
    found = proven(scalar(SIZE.format(size=size), "np.ones(3)"), body, "x")
    assert [fault for fault in found.faults if fault.startswith("real_size")] == [told] * bool(told)


def test_a_verification_is_json(proven: Callable[..., Verification]) -> None:
    """The machine's form has every field."""
    found = proven(SOUND)
    decoded = msgspec.json.decode(msgspec.json.encode([found]), type=list[Verification])
    assert decoded == [found]


def test_the_table_shows_counts_and_below_it_faults_and_notes() -> None:
    """What did not run is a dash; text of faults is not markup."""
    found = Verification(
        exercise="gate", checks=1, cases=2, misconceptions=3, points=4.0, oracle=None, differences=5, alternatives=6,
        mutants=11, rejected=9, equivalent=1, faults=("a [red]fault[/red]",), notes=("a note",),
    )  # fmt: skip
    others = [Verification(exercise="two", independent=True)] * 2 + [Verification(exercise="three")]
    console = Console(width=120, file=io.StringIO())
    with console.capture() as capture:
        console.print(verification_table([found, *others]))
    lines = [" ".join(line.split()) for line in capture.get().splitlines()]
    assert "gate 4 1 2 3 - 5 6 9/10 (1 equivalent) 1 fault" in lines
    assert "two 0 0 0 0 - - 0 0/0 proven" in lines
    assert " ".join(lines).endswith(
        "2 proven, 1 consistent (no oracle, no differences, and no second implementation in tests/alternatives),"
        " 1 with faults"
    )
    assert "gate: a [red]fault[/red]" in lines
    assert "gate: note: a note" in lines


def test_nothing_is_shown_where_there_is_no_terminal(
    proven: Callable[..., Verification], capfd: pytest.CaptureFixture[str]
) -> None:
    """The progress bar is a terminal's."""
    proven(SOUND)
    assert capfd.readouterr() == ("", "")


def test_checks_that_do_not_import_are_a_fault(tmp_path: Path) -> None:
    """The fault names the file and the line."""
    course = load_course(make(tmp_path, "import nowhere_to_be_found\n"))
    (found,) = verify(course, course.exercises(), jobs=2)
    assert len(found.faults) == 1
    assert "gate_checks.py:1: does not import" in found.faults[0]


def test_a_package_that_is_not_installed_is_a_fault_with_what_to_do(tmp_path: Path) -> None:
    """No traceback of a worker that could not import it, which would say to try again."""
    course = load_course(make(tmp_path, SOUND))
    exercise = msgspec.structs.replace(course.exercises()[0], imports=("nowhere_to_be_found",))
    (found,) = verify(course, [exercise], jobs=2)
    assert found.faults == (
        "needs nowhere_to_be_found, not installed here: pip install nowhere_to_be_found, or mend course.yml",
    )


def test_a_stale_stub_is_a_fault(tmp_path: Path) -> None:
    """The fault says what to run."""
    course = load_course(make(tmp_path, SOUND))
    release(course, course.root / "exercises")
    (course.root / "exercises/first/gate.py").write_text("", encoding="utf-8")
    (found,) = verify(course, course.exercises(), jobs=2)
    assert found.faults == ("exercises/first/gate.py is stale; run `grader release exercises`",)
    (course.root / "exercises/first/gate.py").unlink()
    (found,) = verify(course, course.exercises(), jobs=2)
    assert found.faults == ("exercises/first/gate.py has not been written yet; run `grader release exercises`",)


def test_results_come_in_the_order_of_the_exercises(tmp_path: Path) -> None:
    """However many run at once, and whichever is done first."""
    root = make(tmp_path, SOUND)
    names = [f"gate{number}" for number in range(5)]
    for name in names:
        source = (root / "solutions/first/gate.py").read_text(encoding="utf-8").replace("def gate", f"def {name}")
        (root / f"solutions/first/{name}.py").write_text(source, encoding="utf-8")
        (root / f"solutions/first/{name}_checks.py").write_text(SOUND, encoding="utf-8")
    text = (root / "course.yml").read_text(encoding="utf-8").replace("[gate]", f"[{', '.join(names)}]")
    (root / "course.yml").write_text(text, encoding="utf-8")
    course = load_course(root)
    release(course, root / "exercises")
    found = list(verify(course, course.exercises(), jobs=3))
    assert [each.exercise for each in found] == names
    assert [each.faults for each in found] == [()] * 5


def test_a_worker_that_does_not_answer_is_a_fault_of_one_exercise(
    proven: Callable[..., Verification], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine with too much to do: what else was asked for is proven all the same."""

    def silent(*_: object) -> None:
        raise WorkerError("the worker does not answer")

    monkeypatch.setattr("grader.verify.verify.reference_and_stub", silent)
    assert proven(SOUND).faults == ("it could not be run, try again: the worker does not answer",)


def test_a_reference_that_is_random_is_found(proven: Callable[..., Verification]) -> None:
    """It does not earn everything in the sandbox, where it draws anew."""
    found = proven(scalar("", "1.0"), "return x + np.random.default_rng().normal()", "x")
    assert any(fault.startswith("the reference gets WRONG_ANSWER from numbers") for fault in found.faults)


def test_a_stub_that_answers_is_found(proven: Callable[..., Verification]) -> None:
    """What stands above the solution region gives the answer away."""
    body = "if x:\n    ### BEGIN SOLUTION\n    return x + 1.0\n    ### END SOLUTION\nreturn x + 1.0"
    found = proven(scalar("", "0.0"), body, "x", marked=True)
    assert any(fault.startswith("the stub gets ACCEPTED from numbers, not NOT_ATTEMPTED") for fault in found.faults)


# --- misconceptions


def test_a_misconception_that_passes_is_found(proven: Callable[..., Verification]) -> None:
    """It is right on every case."""
    wrong = '@misconception\ndef absolute(x):\n    """Keep the sign."""\n    return 2 * abs(x)\n'
    (fault, *_) = proven(scalar(wrong, "1.0", "2.0"), "return 2 * x", "x").faults
    assert fault == (
        "misconception 'absolute' gave the reference's values in every case: it is the right formula, or add a case on"
        " which it is not"
    )


def test_a_misconception_that_only_costs_no_points_is_found(proven: Callable[..., Verification]) -> None:
    """A case tells it apart, which is worth none."""
    wrong = '@misconception\ndef absolute(x):\n    """Keep the sign."""\n    return 2 * abs(x)\n'
    free = '@check(points=0)\ndef free(rng):\n    """free"""\n    yield -1.0\n\n'
    (fault, *_) = proven(scalar(free + wrong, "1.0", "2.0"), "return 2 * x", "x").faults
    assert fault == "misconception 'absolute' passes every check that is worth points; add a case that tells it apart"


def test_every_file_is_named_as_it_is_seen_from_the_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever way the course was found: faults of the checks, of misconceptions, and what does not compile."""
    wrong = '@misconception\ndef lost(x):\n    """Lost."""\n    return missing\n'
    checks = scalar(wrong + wrong, "1.0", "2.0")
    root = make(tmp_path, checks, "return 2 * x", "x")
    monkeypatch.chdir(tmp_path)
    for way in (root, root.relative_to(tmp_path)):
        course = load_course(way)
        (found,) = verify(course, course.exercises(), jobs=2)
        assert any(each.startswith("solutions/first/gate_checks.py:15: 'lost' is defined") for each in found.faults)
        assert any(" at solutions/first/gate_checks.py:17: name" in each for each in found.faults)
        (root / "solutions" / "first" / "gate_checks.py").write_text(checks + "1 / 0\n")
        (found,) = verify(course, course.exercises(), jobs=2)
        assert found.faults[0].startswith("solutions/first/gate_checks.py:18: does not import")
        (root / "solutions" / "first" / "gate_checks.py").write_text(checks)


def test_a_misconception_that_passes_in_float32_is_found(proven: Callable[..., Verification]) -> None:
    """What float32 gains is said, with what to do; a check that says so allows nothing."""
    wrong = '@misconception\ndef about(x):\n    """Not quite."""\n    return 2 * x * (1 + 5e-6)\n'
    checks = scalar(wrong, "1.0", "2.0")
    (fault, *_) = proven(checks, "return 2 * x", "x").faults
    assert fault.startswith("in float32, misconception 'about' passes every check that is worth points; add a case")
    assert fault.endswith("or say float64_only=True of the checks where float32 gains")


def test_two_misconceptions_with_one_answer_are_found(proven: Callable[..., Verification]) -> None:
    """Each is diagnosed as the other as well."""
    wrong = '@misconception\ndef {0}(x):\n    """The words of {0}."""\n    return -2 * x\n'
    faults = proven(scalar(wrong.format("one") + wrong.format("two"), "1.0"), "return 2 * x", "x").faults
    assert any("'one' is also diagnosed as two" in fault for fault in faults)


def test_a_misconception_that_comes_too_near_is_found(proven: Callable[..., Verification]) -> None:
    """The fault says how near; the checks tell them apart, but by luck."""
    wrong = '@misconception\ndef rounded(x):\n    """Do not round."""\n    return round(2 * x, 4)\n'
    found = proven(scalar(wrong, "1.0", "1.23456789", "1.23454321"), "return 2 * x", "x")
    (fault,) = [fault for fault in found.faults if "rounded" in fault]
    assert fault.startswith("misconception 'rounded' comes within 1.4e-05 of the reference")


def test_a_misconception_is_as_far_as_its_furthest_case_with_points(proven: Callable[..., Verification]) -> None:
    """A check without points does not help it, one with points does."""
    wrong = '@misconception\ndef rounded(x):\n    """Do not round."""\n    return round(2 * x, 4)\n'
    free = '@check(points=0)\ndef tail(rng):\n    """is right in the tail"""\n    yield 1e-6\n'
    near = proven(scalar(wrong + free, "1.0", "1.23456789"), "return 2 * x", "x")
    assert any("rounded" in fault for fault in near.faults)


def test_a_far_case_with_points_certifies_a_misconception(proven: Callable[..., Verification]) -> None:
    """One case is enough."""
    wrong = '@misconception\ndef rounded(x):\n    """Do not round."""\n    return round(2 * x, 4)\n'
    assert not any(
        "rounded" in fault for fault in proven(scalar(wrong, "1.0", "1e-6", "2e-6"), "return 2 * x", "x").faults
    )


def test_what_only_flags_or_a_property_tell_apart_is_marked(proven: Callable[..., Verification]) -> None:
    """It is a remark, and no fault: values cannot show it."""
    claims = '''
@check(points=1, errstate="raise")
def far(rng):
    """does not overflow"""
    yield -1000.0

@misconception
def overflows(x):
    """It overflows."""
    return 1 / (1 + np.exp(-np.float64(x)))
'''
    body = "return float(np.exp(-np.logaddexp(0.0, -x)))"
    found = proven(scalar(claims, "0.0", "1.5", "-1.5"), body, "x")
    assert found.notes == (
        'overflows: told from right answers by floating-point errors alone (errstate="raise"), no value differs',
    )
    assert not any("overflows" in fault for fault in found.faults)


def test_what_a_judge_tells_apart_is_marked_as_a_property(proven: Callable[..., Verification]) -> None:
    """The judge's sentence is the proof."""
    checks = f'''{HEAD}
def positive(returned, x):
    return None if returned > 0 else "not positive"

@check(points=1, public=True, judge=positive)
def above_zero(rng):
    """gives any positive number"""
    yield 1.0

@misconception
def negative(x):
    """That is below 0."""
    return -x
'''
    assert proven(checks, "return x * 3", "x").notes == (
        "negative: told from right answers by the check's own judge alone, no value is compared",
    )


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("return x * 1.0005", True),
        ("return x * 1.002", False),
        ("return np.array([x, x])", False),
        ("return np.nan", False),
        ("return np.inf", False),
        ("raise ValueError", False),
        ("return 'text'", False),
    ],
)
def test_the_distance_of_a_wrong_answer(tmp_path: Path, wrong: str, *, near: bool) -> None:
    """Within 1e-3 is near; another shape, nan, inf and no answer at all are infinitely far."""
    checks = scalar(f'@misconception\ndef wrong(x):\n    """No."""\n    {wrong}\n', "1.0", "-2.0")
    course = load_course(make(tmp_path, checks, "return x", "x"))
    faults, _ = too_near(compile_exercise(course, course.exercises()[0]).key)
    assert bool(faults) is near


# --- mutants


def test_a_surviving_mutant_is_shown_as_a_diff(proven: Callable[..., Verification]) -> None:
    """Without a pre-activation of exactly 0, `>=` earns everything."""
    found = proven(HEAD + CHECK)
    (fault,) = [fault for fault in found.faults if "move boundary" in fault]
    assert fault.startswith("solutions/first/gate.py:9: this mutant earns everything")
    assert fault.endswith(
        "--- reference\n+++ mutant\n-    return np.where(z[:, None] > 0, W, 0.0)\n"
        "+    return np.where(z[:, None] >= 0, W, 0.0)"
    )
    assert found.rejected < found.mutants


DOUBLE = scalar("equivalent = {}\n", "1.0", "-2.5")


def test_an_equivalent_mutant_may_be_declared(proven: Callable[..., Verification]) -> None:
    """With a reason; then it is counted apart."""
    equivalent = '{"drop factor: x * one -> x": "one is 1", "return early: return one": "x is 1"}'
    found = proven(scalar(f"equivalent = {equivalent}", "1.0"), "one = 1.0\nreturn x * one", "x")
    assert found.equivalent == 2
    assert not any("drop factor: x * one -> x'" in fault for fault in found.faults)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("drop factor: 2 * x -> y", "which is no mutant (any more); did you mean 'drop factor: 2 * x -> x'?"),
        ("drop factor: 2 * x -> x", "which the checks reject; take it out"),
    ],
)
def test_a_false_declaration_is_found(proven: Callable[..., Verification], name: str, words: str) -> None:
    """One that names no mutant, and one that the checks reject."""
    found = proven(DOUBLE.replace("{}", repr({name: "a reason"})), "return 2 * x", "x")
    assert f"`equivalent` lists {name!r}, {words}" in found.faults
    assert found.equivalent == 0


@pytest.mark.parametrize("declared", ["['a']", "{'a': 1}", "{'a': ' '}"])
def test_a_declaration_without_reasons_is_found(proven: Callable[..., Verification], declared: str) -> None:
    """A dict from descriptions to reasons is asked for."""
    (fault,) = proven(DOUBLE.replace("{}", declared), "return 2 * x", "x").faults
    assert "`equivalent` is not a dict from a mutant's description to the reason" in fault


@pytest.mark.long
def test_a_mutant_that_does_not_end_is_rejected(proven: Callable[..., Verification]) -> None:
    """It is stopped by its limit."""
    body = "total = 0.0\nsteps = 3\nwhile steps > 0:\n    steps -= 1\n    total += x * steps\nreturn total"
    found = proven(scalar("", "1.5", "-2.0"), body, "x")
    assert not any("drop statement: steps" in fault for fault in found.faults)
    assert found.mutants > 10


# --- oracles

ORACLE = '''
@oracle
def autograd(torch, W, x):
    """Autograd."""
    return torch.autograd.functional.jacobian(lambda x: torch.relu(W @ x), x)
'''


def test_an_oracle_that_agrees_is_counted(proven: Callable[..., Verification]) -> None:
    """On every case of every check."""
    pytest.importorskip("torch")
    found = proven(SOUND + ORACLE)
    assert (found.oracle, found.faults) == (7, ())


def test_an_oracle_that_disagrees_names_check_and_case(proven: Callable[..., Verification]) -> None:
    """And the entries, on both sides."""
    pytest.importorskip("torch")
    found = proven(SOUND + ORACLE.replace("torch.relu(W @ x)", "W @ x"))
    disagreeing = [fault for fault in found.faults if fault.startswith("oracle 'autograd' disagrees")]
    assert (
        "any_numbers, case 1: of the reference, held to it: the shape is right, the values are not: at [0, 0]"
        in disagreeing[0]
    )
    assert found.oracle == 7 - len(disagreeing)


def test_an_oracle_that_raises_is_a_fault(proven: Callable[..., Verification]) -> None:
    """With the exception's words."""
    pytest.importorskip("torch")
    found = proven(SOUND + ORACLE.replace("torch.relu(W @ x)", "torch.relu(W @ W)"))
    line = (SOUND + ORACLE).splitlines().index(next(line for line in ORACLE.splitlines() if "return" in line)) + 1
    assert any(f"case 1: it raises RuntimeError at line {line}: " in fault for fault in found.faults)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("    return torch", "    raise SystemExit\n    return torch", "oracle 'autograd'"),
        ("@oracle", "@derivative_of('x')\ndef leaves(W, x):\n    raise SystemExit\n\n@oracle", "differences of leaves by x"),
    ],
)  # fmt: skip
def test_code_of_a_course_that_exits_is_a_fault(
    proven: Callable[..., Verification], old: str, new: str, kind: str
) -> None:
    """Not the end of the command, which would leave with the exit code of a proof."""
    pytest.importorskip("torch")
    found = proven(SOUND + ORACLE.replace(old, new))
    assert any(fault.startswith(kind) and "SystemExit" in fault for fault in found.faults)


def test_an_oracle_of_no_function_is_a_fault(proven: Callable[..., Verification]) -> None:
    """Nothing would be compared."""
    pytest.importorskip("torch")
    found = proven(SOUND + ORACLE.replace("@oracle", "@oracle(function='other')"))
    assert any("is of no function that the checks call" in fault for fault in found.faults)


def test_without_torch_the_row_says_so(proven: Callable[..., Verification], monkeypatch: pytest.MonkeyPatch) -> None:
    """A note, and no fault."""
    monkeypatch.setitem(sys.modules, "torch", None)
    found = proven(SOUND + ORACLE)
    assert (found.oracle, found.faults, found.notes) == (None, (), ("oracle not run: torch is not installed", UNNAMED))


def test_an_oracle_gets_float64_tensors_also_inside_lists(proven: Callable[..., Verification]) -> None:
    """Numbers stay numbers, integers integers, and float32 becomes float64."""
    pytest.importorskip("torch")
    claims = '''
@oracle
def total(torch, x):
    """The sum."""
    (a, [b], i), n = x
    assert a.dtype == b.dtype == torch.float64 and i.dtype == torch.int64 and n == 2.0
    return a + b[i] * n
'''
    case = "(((np.array([1.0, 2.0]), [np.array([3.0, 4.0], np.float32)], np.array([1, 0])), 2.0),)"
    found = proven(scalar(claims, case), "(a, [b], i), n = x\nreturn a + b[i] * n", "x")
    assert (found.oracle, [fault for fault in found.faults if "oracle" in fault]) == (1, [])


# --- differences

FORWARD = '''
@derivative_of("x")
def forward(W, x):
    """The layer."""
    return np.maximum(W @ x, 0)
'''


def test_differences_agree_away_from_kinks(proven: Callable[..., Verification]) -> None:
    """The row of the unit at its kink is skipped, the other of that case is compared."""
    found = proven(SOUND + FORWARD)
    assert (found.differences, found.faults) == (6, ())
    assert found.notes == ("forward by x: 6 entries at kinks skipped", UNNAMED)


def test_differences_that_disagree_name_check_and_case(proven: Callable[..., Verification]) -> None:
    """And an entry, on both sides."""
    found = proven(SOUND + FORWARD.replace("W @ x", "2 * W @ x"))
    faults = [fault for fault in found.faults if fault.startswith("differences of forward by x (line ")]
    assert "any_numbers, case 1: at [1, 0] the reference has 0.5, differences 1.0" in faults[0]
    assert found.differences == 6 - len(faults)
    assert len(faults) == 6


def test_differences_that_compare_no_case_are_a_fault(proven: Callable[..., Verification]) -> None:
    """A float32 is not accurate enough for a small step."""
    claims = '@derivative_of("x")\ndef square(x):\n    """x squared."""\n    return x * x\n'
    found = proven(scalar(claims, "np.float32(2.5)", "np.float32(-1.5)"), "return 2 * x", "x")
    assert "compare no case" in "".join(found.faults)


@pytest.mark.parametrize(
    ("declaration", "body", "case"),
    [
        ('derivative_of("x")(lambda x: np.sum(np.sin(x)))', "return np.cos(x)", "np.array([0.5, 2.0])"),
        ('derivative_of("x", upstream="v")(lambda W, x: W @ x)', "return v @ W", "{W}, {x}, np.array([2.0, -3.0])"),
        ('derivative_of("x", part=1)(lambda W, x: W @ x)', "return x, W", "{W}, {x}, 1.0"),
        ('derivative_of("x", part="b")(lambda W, x: W @ x)', 'return {"a": x, "b": W}', "{W}, {x}, 1.0"),
        ('derivative_of("A", at=lambda W, x: 0 * W)(lambda A, x: A @ x)',
         "return np.einsum('ik,j->ikj', np.eye(2), x)", "{W}, {x}, 1.0"),
        ('derivative_of("x", "v")(lambda x, v: np.array([x * v, x]))',
         "return np.array([[v, x], [1.0, 0.0]])", "1.0, 2.5"),
        ('derivative_of("t", part=0, at=lambda: 0.0)(lambda t, W, x, v: W @ (x + t * x))',
         "return W @ x, x", "{W}, {x}, 1.0"),
        ('derivative_of("x")(lambda x: np.sum(np.abs(x) * x))', "return 2 * np.abs(x)", "np.array([0.5, -2.0])"),
    ],
)  # fmt: skip
def test_each_kind_of_derivative_is_compared(
    proven: Callable[..., Verification], declaration: str, body: str, case: str
) -> None:
    """Gradients, Jacobians, VJPs, parts by place and by name, several numbers, and points that are no argument."""
    values = {"W": "np.array([[1.0, 2.0, 0.5], [-1.0, 3.0, 1.5]])", "x": "np.array([0.5, 1.0, -2.0])"}
    arguments = "x" if case.startswith("np.array") else "x, v" if case.startswith("1.0") else "W, x, v"
    found = proven(scalar(f"forward = {declaration}\n", f"({case.format(**values)},)"), body, arguments)
    assert [fault for fault in found.faults if "differences" in fault] == []
    assert found.differences == 1


def test_an_upstream_of_another_shape_is_a_fault(proven: Callable[..., Verification]) -> None:
    """Nothing is broadcast."""
    claims = 'forward = derivative_of("x", upstream="v")(lambda x: np.array([x, x]))\n'
    found = proven(scalar(claims, "1.0, np.ones(1)"), "return v.sum() * 2", "x, v")
    assert any("the outputs have shape (2,), v has (1,)" in fault for fault in found.faults)


@given(rows=st.integers(1, 4), columns=st.integers(1, 4), seed=st.integers(0, 2**32 - 1), scale=st.integers(-6, 6))
def test_the_jacobian_of_a_linear_map_is_its_matrix(rows: int, columns: int, seed: int, scale: int) -> None:
    """For inputs of any size, and exactly smooth everywhere."""
    rng = np.random.default_rng(seed)
    W, x = rng.normal(size=(rows, columns)), 10.0**scale * rng.normal(size=columns)  # noqa: N806  as in the course
    value, smooth, error = differentiate(lambda x: W @ x, x)
    assert smooth.all()
    np.testing.assert_allclose(value, W, rtol=1e-12)
    assert not error.any()


@given(z=st.floats(-650, 650))
def test_the_complex_step_is_exact_in_the_tails(z: float) -> None:
    """Where central differences of 1 - 1e-300 would be 0."""
    value, smooth, _ = differentiate(lambda z: 1 / (1 + np.exp(-z)), np.array(z))
    expected = math.exp(-abs(z)) / (1 + math.exp(-abs(z))) ** 2
    assert smooth
    assert value == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize("offset", [0.0, 1e-6, -1e-5, 1e-4])
def test_a_kink_within_a_step_is_found(offset: float) -> None:
    """Exactly there, where both steps give one half, and near it, where they differ."""
    _, smooth, _ = differentiate(lambda x: np.maximum(x, 0), np.array([offset, 1.0]))
    assert smooth.tolist() == [[False, True], [True, True]]


def test_a_function_of_real_numbers_alone_is_differenced() -> None:
    """One that refuses complex numbers, and one that drops their imaginary part."""
    cubed, _, error = differentiate(lambda x: np.asarray(math.pow(x, 3)), np.array(1.5))
    assert cubed == pytest.approx(6.75, rel=1e-9)
    assert error > 0
    size, _, _ = differentiate(np.abs, np.array([-2.0]))
    assert size == pytest.approx(np.array([[-1.0]]), rel=1e-9)


def test_a_mutant_that_makes_a_judge_raise_is_named(proven: Callable[..., Verification]) -> None:
    """The judge accepts the reference, and stumbles over what one mutant returns: it could do so over a student's value."""
    checks = f'''{HEAD}
def judge(returned, x):
    return None if 1 / (returned - x + 1) == 1 else "another number"

@check(points=1, public=True, judge=judge)
def numbers(rng):
    """gives it"""
    yield 2.0
'''
    found = proven(checks, "return x * 1.0", "x")
    assert any("a judge cannot judge the mutant" in fault for fault in found.faults)


def test_a_kind_of_argument_that_cannot_be_differentiated_is_left_out(proven: Callable[..., Verification]) -> None:
    """A whole number cannot be moved by a little."""
    whole = 'derivative_of("x")(lambda x: x * x)'
    found = proven(scalar(f"square = {whole}\n", "3", "2.0"), "return 2 * x", "x")
    assert found.differences == 1


@pytest.mark.parametrize(
    ("declaration", "told"),
    [
        ('derivative_of("X")', "gate has no argument 'X'; it has x; did you mean 'x'?"),
        ('derivative_of("x", upstream="dout")', "gate has no argument 'dout'; it has x"),
    ],
)
def test_an_argument_that_is_not_there_is_told_once(
    proven: Callable[..., Verification], declaration: str, told: str
) -> None:
    """Not in each case."""
    found = proven(scalar(f"square = {declaration}(lambda X: X * X)\n", "2.0", "3.0"), "return 2 * x", "x")
    (fault,) = [fault for fault in found.faults if "differences" in fault]
    assert fault.endswith(f"cannot be taken: {told}")


def test_a_derivative_of_a_part_that_is_not_there_names_the_part(proven: Callable[..., Verification]) -> None:
    """The answer is a dict with other keys."""
    part = 'derivative_of("x", part="b")(lambda x: x * x)'
    found = proven(scalar(f"square = {part}\n", "2.0"), "return {'a': 2 * x}", "x")
    assert any("case 1: the answer has no part 'b'; its parts are 'a'" in fault for fault in found.faults)


def test_a_derivative_of_a_part_by_a_name_that_no_check_gives_says_what_to_do(
    proven: Callable[..., Verification],
) -> None:
    """The answer is a tuple."""
    found = proven(scalar('square = derivative_of("x", part="b")(lambda x: x * x)\n', "2.0"), "return 2 * x, x", "x")
    assert any("its parts are 0, 1; give its place, or name the parts in a check" in fault for fault in found.faults)


def test_a_derivative_finds_a_part_by_the_name_that_another_check_gives_it(proven: Callable[..., Verification]) -> None:
    """One check names the parts of a tuple for all; the example, worth nothing, has no need to repeat them."""
    checks = '''"""Checks."""
import numpy as np
from grader import check, derivative_of

@check(points=0, public=True)
def example(rng):
    """an example"""
    yield 2.0

@check(parts={"square": 1, "slope": 1})
def others(rng):
    """other numbers"""
    yield 3.0

@derivative_of("x", part="slope")
def forward(x):
    """x squared."""
    return x * x
'''
    found = proven(checks, "return x * x, 2 * x", "x")
    assert (found.differences, [fault for fault in found.faults if "differences" in fault]) == (2, [])
