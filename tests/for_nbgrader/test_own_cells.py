"""Cells of the instructor's own that a person grades: what they showed is there for that person."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import LimitOutput

from grader.for_nbgrader.autograde.classrun import autograde_class
from grader.for_nbgrader.preprocessors.outputs import handed_in_outputs

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def hand_in(nb, students) -> None:
    notebook = nb.answered("activations", **students["right"])
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == "own-plot":
            cell.source = "print('a plot')"
            cell.outputs = [
                new_output("display_data", data={"image/png": PICTURE, "application/javascript": "alert(1)"}),
                new_output("stream", text="a plot\n"),
            ]
        elif cell.metadata.nbgrader.grade_id == "checks-sigmoid_grad":
            cell.outputs = [new_output("execute_result", data={"text/plain": "5.0"})]
    notebook.cells.append(new_code_cell("1 + 1", outputs=[new_output("execute_result", data={"text/plain": "2"})]))
    nb.submit("ada", "activations", notebook)


def shown(nb, source: str) -> list[object]:
    cell = next(cell for cell in nb.autograded("ada", "activations").cells if cell.source == source)
    return [each.get("text") or each.data for each in cell.outputs]


def test_what_was_handed_in_is_kept_where_nothing_runs_it(nb, students) -> None:
    nb.add_own_cells()
    hand_in(nb, students)
    at_once = nb.copy(nb.root.parent.with_name("at-once"))
    assert nb.autograde("activations")
    assert autograde_class(at_once.root, "activations", None).failed == {}
    for each in (nb, at_once):
        remark, picture, text = shown(each, "print('a plot')")
        assert "as it was handed in" in str(remark)
        assert (picture, text) == ({"image/png": PICTURE}, "a plot\n")
        assert {"text/plain": "2"} in shown(each, "1 + 1")
        assert each.scores("activations")["ada"] == {
            "checks-sigmoid_grad": 5.0, "checks-dead_relu_input": 8.0, "own-plot": None, "own-words": 0.0, "own-task": None
        }  # fmt: skip


def test_a_kernel_runs_them_where_that_is_asked_for(nb, students) -> None:
    nb.add_own_cells()
    hand_in(nb, students)
    config = nb.config()
    config.JudgeExercises.plain_cells = "execute"
    config.Execute.timeout = 60
    assert nb.autograde("activations", config)
    assert shown(nb, "print('a plot')") == ["a plot\n"]
    assert nb.scores("activations")["ada"]["checks-sigmoid_grad"] == 5.0


def test_outputs_are_cleared_where_no_person_grades(nb, students) -> None:
    notebook = nb.answered("activations", **students["right"])
    notebook.cells.append(new_code_cell("1 + 1", outputs=[new_output("execute_result", data={"text/plain": "2"})]))
    nb.submit("ada", "activations", notebook)
    assert autograde_class(nb.root, "activations", None).failed == {}
    assert shown(nb, "1 + 1") == []


@pytest.mark.parametrize("output", [
    {"output_type": "stream", "name": "stdin", "text": "x"}, {"output_type": "stream", "name": "stdout", "text": ["x"]},
    {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}}, {"output_type": "error"}, {}, 5,
    {"output_type": "update_display_data", "data": {"text/plain": "x"}},
])  # fmt: skip
def test_what_cannot_be_looked_at_is_not_kept(output) -> None:
    assert handed_in_outputs([output]) == []


def test_kept_outputs_are_plain_nbformat_and_bounded() -> None:
    kept = handed_in_outputs([
        {"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {"width": "1 onload=alert(1)"}},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["line", 5]},
    ])  # fmt: skip
    cell, _ = LimitOutput().preprocess_cell(new_code_cell("", outputs=kept), {}, 0)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert [output.output_type for output in cell.outputs] == ["display_data", "display_data", "error"]
    assert cell.outputs[1].metadata == {}
    (remark,) = handed_in_outputs([{"output_type": "stream", "name": "stdout", "text": "x" * (5 * 2**20)}])
    assert "larger than 4 MiB" in remark.data["text/plain"]
