"""When the grader itself fails: the instructor gets the reason, the student that it costs nothing, the class its grades."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from grader.course.model import Assignment, Course, Exercise
from grader.grading import attempt as attempts
from grader.grading.attempt import attempt
from grader.grading.classes import grade_class
from grader.grading.executor import Here
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.verdicts import UNJUDGED, Verdict
from grader.reports.feedback import feedback_page
from grader.reports.report import Report, encode_report
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox, WorkerError
from grader.submissions.cells import ReviewedCell
from grader.submissions.find import Submission
from grader.submissions.program import Source
from grader.wire.messages import Chunk
from grader.wire.values import pack
from reports import NOW

if TYPE_CHECKING:
    from pathlib import Path

EXERCISE = Exercise("f", "a", Limits(), "numpy", ())
CHECK = CheckKey(
    name="c", claim="claims", public=True, function="f", points=1.0, parts={}, readonly=False, strict=False, judge="",
    driver="", keep=False, arguments=("x",), cases=(CaseKey((pack(1.0),), pack(2.0)),),
)  # fmt: skip
KEY = AnswerKey(exercise="f", misconceptions={}, hints=(), checks=(CHECK,))
RIGHT = Source((ReviewedCell(Chunk("f.py", "def f(x): return 2 * x")),))
SHAPES = "operands could not be broadcast together with shapes (3,) (2,)"


def broken(*_: object, **__: object) -> None:
    raise ValueError(SHAPES)


def lost(*_: object, **__: object) -> None:
    raise WorkerError("the worker ended")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """Let one of the grader's own parts fail."""
    places = {
        "the judge": (attempts, "judge", broken),
        "the run": (Sandbox, "run", lost),
        "a fault in the run": (Sandbox, "run", broken),
        "the start": (Sandbox, "start", lost),
    }

    def fail(place: str) -> None:
        owner, name, how = places[place]
        monkeypatch.setattr(owner, name, how)

    return fail


PLACES = ["the judge", "the run", "a fault in the run", "the start"]


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_the_instructor_gets_a_traceback_and_the_student_none(failing, place, caplog) -> None:
    failing(place)
    with Pool() as pool, pool.bench() as bench, caplog.at_level(logging.INFO, "grader"):
        found = attempt(bench, EXERCISE, KEY, RIGHT, {}, None).result
    assert found.verdict is Verdict.JUDGE_ERROR
    assert "Traceback" in found.fault
    assert ("operands could not be broadcast" in found.fault) == (place in ("the judge", "a fault in the run"))
    assert [check.feedback for check in found.checks] == [UNJUDGED]
    assert "Traceback" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_debugging_raises_it_instead(failing, place) -> None:
    failing(place)
    logger = logging.getLogger("grader")
    before = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        with Pool() as pool, pool.bench() as bench, pytest.raises((ValueError, WorkerError)):
            attempt(bench, EXERCISE, KEY, RIGHT, {}, None)
    finally:
        logger.setLevel(before)


def test_nothing_is_said_where_nobody_has_asked(failing, capfd) -> None:
    failing("the judge")
    with Pool() as pool, pool.bench() as bench:
        attempt(bench, EXERCISE, KEY, RIGHT, {}, None)
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """One exercise, whose checks do not import."""
    folder = tmp_path / "solutions" / "a"
    folder.mkdir(parents=True)
    (folder / "f.py").write_text("def f(x): return 2 * x\n")
    (folder / "f_checks.py").write_text("import nothing_of_this_name\n")
    return Course(tmp_path, "t", 1, individual=False, isolation="best-effort", assignments=(Assignment("a", "A", None, (EXERCISE,)),))  # fmt: skip


def graded(course: Course, path: Path):
    with Here(course, keys := Keys(course), Pool()) as executor:
        ((graded,),) = grade_class(course, keys, [Submission("s", "a", "f", path, "")], executor)
    assert not graded.lasting
    return Report.of("s", "a", [graded.report])


def test_an_exercise_that_cannot_be_compiled_is_the_course_s_fault(course: Course, tmp_path: Path) -> None:
    report = graded(course, tmp_path / "f.py")
    (result,) = report.exercises
    assert result.verdict is Verdict.JUDGE_ERROR
    assert "f_checks.py:1: does not import: ModuleNotFoundError" in result.fault
    page = feedback_page(report, NOW)
    assert "costs you nothing" in page
    assert "nothing_of_this_name" not in page
    assert "f_checks" not in page


def test_reasons_are_in_the_report_and_never_on_the_page(course: Course, tmp_path: Path, failing) -> None:
    failing("the judge")
    (tmp_path / "solutions" / "a" / "f_checks.py").write_text(
        'from grader import check\n\n@check(points=1)\ndef c(rng):\n    """claims"""\n    yield 1.0\n'
    )
    (tmp_path / "f.py").write_text("def f(x): return 2 * x\n")
    report = graded(course, tmp_path / "f.py")
    assert b"operands could not be broadcast" in encode_report(report)
    page = feedback_page(report, NOW)
    assert "operands" not in page
    assert "Traceback" not in page
    assert "costs you nothing" in page


def test_a_file_that_the_system_does_not_give_is_nobody_s_zero(course: Course, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "solutions" / "a" / "f_checks.py").write_text(
        'from grader import check\n\n@check(points=1)\ndef c(rng):\n    """claims"""\n    yield 1.0\n'
    )

    def denied(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.submissions.program.read_file", denied)
    (result,) = graded(course, tmp_path / "f.py").exercises
    assert result.verdict is Verdict.JUDGE_ERROR
    assert "could not be read: Permission denied" in result.fault
