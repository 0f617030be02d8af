"""What pages tell beside the reports: out of what students were given, and of what they handed in."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.course.course_yml import load_course
from grader.record.opening import open_record
from grader.record.pages import Pages
from grader.record.writing import abouts, reports
from grader.reports.feedback import feedback_page
from one_exercise import make, scalar
from recorded import judgement, new
from reports import NOW
from repository import ROOT, course_here

if TYPE_CHECKING:
    from pathlib import Path

    from grader.reports.about import About

ANSWER = b"import numpy as np\n\n\ndef manual_jacobian(x, y):\n    return np.ones((3, 2))\n"


def cell(kind: str, source: str, grade_id: str = "") -> dict[str, object]:
    metadata = {"nbgrader": {"grade_id": grade_id, "solution": True}} if grade_id else {}
    return {"cell_type": kind, "source": source, "metadata": metadata, "outputs": []}


def notebook(*cells: dict[str, object]) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


@pytest.fixture
def about(tmp_path: Path):
    """What the page tells of one student's answers, by exercise, file and content."""

    def of(*answers: tuple[str, str, bytes]) -> About:
        with open_record(str(tmp_path / "record.sqlite"), "Calculus") as record:
            record.begin_run("grade", "submitted")
            record.add(
                [
                    new(
                        data=data, of=judgement(exercise=exercise), assignment="jacobians", exercise=exercise, name=name
                    )
                    for exercise, name, data in answers
                ]
            )
            ((_, found),) = abouts(record, course_here())
        return found

    return of


def test_a_files_page_has_its_task_its_hints_and_all_of_it(about):
    found = about(("manual_jacobian", "manual_jacobian.py", ANSWER))
    told = found.exercises["manual_jacobian"]
    assert (found.title, told.title) == ("Jacobians by hand", "A Jacobian by hand")
    assert "<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup><mo>+</mo><mi>y</mi>" in told.task
    assert told.hints
    assert [each.source.encode() for each in told.answer] == [ANSWER]
    assert told.own == {"manual_jacobian.py"}


def test_the_reference_is_on_no_page(about):
    """What is told of an exercise comes out of its stub, and out of what is shipped with it."""
    told = about(("jacobian_chain", "jacobian_chain.py", b"x")).exercises["jacobian_chain"]
    solution = (ROOT / "solutions/jacobians/jacobian_chain.py").read_text(encoding="utf-8")
    (region,) = [part.partition("### END")[0] for part in solution.split("### BEGIN SOLUTION")[1:]]
    assert not any(line.strip() in told.task for line in region.splitlines() if line.strip())
    assert '<img alt="From t through g' in told.task


def test_of_a_notebook_for_many_exercises_each_has_the_cells_that_answer_it(about):
    cells = notebook(
        cell("code", "import numpy as np"),
        cell("markdown", "words"),
        cell("code", "def manual_jacobian(x, y): ..."),
        cell("code", "linear = 1", "solution-linear_layer_jacobian"),
        cell("code", "print()", "examples-manual_jacobian"),
    )
    name = "jacobians.ipynb"
    found = about(("manual_jacobian", name, cells), ("linear_layer_jacobian", name, cells)).exercises
    assert found["manual_jacobian"].own == {"code cell 2"}
    assert found["linear_layer_jacobian"].own == {"code cell 3"}
    assert [each.name for each in found["manual_jacobian"].answer] == ["code cell 1", "code cell 2", "code cell 3"]
    assert found["manual_jacobian"].file == name


def test_what_cannot_be_read_or_is_no_exercise_any_more_has_a_page_without_it(about):
    found = about(("manual_jacobian", "manual_jacobian.py", b"\xff\xfe"), ("gone", "gone.py", b"x = 1")).exercises
    assert (found["manual_jacobian"].answer, found["manual_jacobian"].title) == ((), "A Jacobian by hand")
    assert (found["gone"].title, found["gone"].task, len(found["gone"].answer)) == ("gone", "", 1)


def test_a_task_that_has_changed_is_another_state_so_that_pages_are_made_again(tmp_path):
    root = make(tmp_path, scalar("", "1.0"))
    stub = root / "exercises" / "first" / "gate.py"
    stub.parent.mkdir(parents=True)
    with open_record(str(tmp_path / "record.sqlite"), "T") as record:
        states = {Pages(record, load_course(root)).state}
        for text in ('"""# One\n"""\n', '"""# Two\n"""\n'):
            stub.write_text(text, encoding="utf-8")
            states.add(Pages(record, load_course(root)).state)
        assert Pages(record, load_course(root)).state in states
    assert len(states) == 3


@pytest.mark.parametrize(
    ("by", "told"), [("service", ""), ("file", ", by the file's own time"), ("canvas", ", by the time in the download")]
)
def test_the_head_of_a_page_says_whose_word_its_time_is(tmp_path, by, told) -> None:
    """Of the last answer's; nothing where it is that of the service that received it."""
    of = judgement(exercise="manual_jacobian")
    more = {"assignment": "jacobians", "exercise": "manual_jacobian", "name": "manual_jacobian.py"}
    stub: dict[str, Any] = {
        **more,
        "exercise": "jacobian_chain",
        "submitted_at": "2026-01-01T00:00:00Z",
        "by": "student",
    }
    with open_record(str(tmp_path / "record.sqlite"), "Calculus") as record:
        record.begin_run("grade", "submitted")
        record.add([new(data=ANSWER, of=of, by=by, **more), new(data=b"", **stub)])
        (report,) = reports(record, course_here())
        ((_, about),) = abouts(record, course_here())
    assert f"03:04 UTC</time>{html.escape(told)}</p>" in feedback_page(report, NOW, about).replace("&#39;", "&#x27;")
