"""`check` and `hint` in a real kernel, in the tree that students get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbclient
import nbformat
import pytest

from grader import notebook
from grader.notebook import check, hint
from repository import write_course

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COURSE = """\
title: A small course
seed: 1
assignments:
  - id: jacobians
    title: Jacobians
    exercises: [manual_jacobian, linear_layer_jacobian]
"""
RIGHT = "def manual_jacobian(x, y):\n    return np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])\n"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The students' tree of a course with two of the real exercises."""
    from grader.building.release import release  # noqa: PLC0415
    from grader.course.course_yml import load_course  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("notebook")
    course = load_course(write_course(folder / "course", COURSE))
    release(course, folder / "hand-out")
    return folder / "hand-out"


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """What a check in this process has started would run on, as in a kernel, beside all the tests that come after."""
    yield
    while notebook._POOLS:
        notebook._POOLS.pop().close()


@pytest.fixture
def kernel(released: Path):
    """Run cells in a kernel that is started in the students' tree; what each has displayed, by its kind."""

    def run(*cells: str) -> list[dict[str, str]]:
        document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbclient.NotebookClient(document, timeout=120, resources={"metadata": {"path": str(released)}}).execute()
        return [dict(cell.outputs[-1].data) if cell.outputs else {} for cell in document.cells]

    return run


IMPORTS = "import numpy as np\nfrom grader.notebook import check, hint"


@pytest.mark.slow
def test_a_wrong_answer_is_told_in_html_with_both_arrays_and_as_text(kernel):
    shown = kernel(IMPORTS, RIGHT.replace("2 * x", "x"), 'check("manual_jacobian")')[-1]
    assert "WRONG_ANSWER" in shown["text/plain"]
    assert "returned (3, 2)" in shown["text/plain"]
    assert "*" in shown["text/plain"]
    assert "<table><caption>yours (3, 2)</caption>" in shown["text/html"]
    assert "<table><caption>difference (3, 2)</caption>" in shown["text/html"]
    assert 'class="wrong"' in shown["text/html"]
    for form in shown["text/plain"], shown["text/html"]:
        assert "its arrays on that call, by line:" in form
        assert "return  (3, 2)  float64" in form


@pytest.mark.slow
def test_the_last_definition_counts_also_where_it_stands_in_the_cell_that_asks(kernel):
    shown = kernel(IMPORTS, RIGHT.replace("2 * x", "x"), RIGHT + '\ncheck("manual_jacobian")')[-1]
    assert "public examples right" in shown["text/plain"]


@pytest.mark.slow
def test_objects_of_the_kernel_are_not_read(kernel):
    """What counts is what the cells say: an object that was put in the place of their function is not looked at."""
    put = "get_ipython().push({'manual_jacobian': lambda x, y: np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])})"
    shown = kernel(IMPORTS, RIGHT.replace("2 * x", "x"), put, 'check("manual_jacobian")')[-1]
    assert "WRONG_ANSWER" in shown["text/plain"]


@pytest.mark.slow
def test_hints_follow_one_another_and_what_is_wrong_with_the_call_is_a_sentence(kernel):
    *_, first, second, unknown, unanswered = kernel(
        IMPORTS, 'hint("manual_jacobian")', 'hint("manual_jacobian")', 'check("manual_jacobain")',
        'check("linear_layer_jacobian")',
    )  # fmt: skip
    assert "hint 1 of" in first["text/plain"]
    assert "hint 2 of" in second["text/plain"]
    assert "did you mean 'manual_jacobian'?" in unknown["text/plain"]
    assert "NOT_ATTEMPTED" in unanswered["text/plain"]
    for form in unanswered.values():  # as on a student's page, what was not tried is not wrong
        assert "○" in form
        assert "✗" not in form
        assert 'class="wrong"' not in form


def test_outside_of_a_notebook_the_file_is_checked(released, monkeypatch):
    monkeypatch.chdir(released)
    (released / "jacobians" / "manual_jacobian.py").write_text("import numpy as np\n" + RIGHT, encoding="utf-8")
    found = check("manual_jacobian")
    assert repr(found).startswith("manual_jacobian  public examples right")
    assert "(manual_jacobian.py)" in repr(found)


@pytest.mark.parametrize("call", [check, hint])
def test_a_call_without_a_name_is_told_what_to_write(released, monkeypatch, call):
    """And one with the function itself."""
    monkeypatch.chdir(released)
    told = f'grader: say which exercise, by its name in quotes: {call.__name__}("manual_jacobian")'
    assert repr(call()) == repr(call(check)) == told


def test_without_a_course_a_sentence_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "there is no course.yml here" in repr(check("manual_jacobian"))
    assert "there is no course.yml here" in repr(hint("manual_jacobian"))
