"""Notebooks as students really hand them in: each keeps the points of what it answers, through both ways of grading."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from grader.for_nbgrader.autograde.classrun import autograde_class

if TYPE_CHECKING:
    from collections.abc import Callable

RIGHT, DEAD = "solution-sigmoid_grad", "solution-dead_relu_input"
pytestmark = pytest.mark.long

FULL = (5.0, 8.0)


def cell(notebook: Any, grade_id: str) -> Any:
    return next(each for each in notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def at(notebook: Any, grade_id: str) -> int:
    return notebook.cells.index(cell(notebook, grade_id))


def before(notebook: Any, source: str, grade_id: str = RIGHT) -> None:
    """Put a cell of the student's before another."""
    notebook.cells.insert(at(notebook, grade_id), new_code_cell(source))


def after(notebook: Any, source: str, grade_id: str = RIGHT) -> None:
    notebook.cells.insert(at(notebook, grade_id) + 1, new_code_cell(source))


def reordered(notebook: Any) -> None:
    notebook.cells.reverse()


def checks_cells_deleted(notebook: Any) -> None:
    notebook.cells = [each for each in notebook.cells if not each.metadata.nbgrader.grade_id.startswith("checks-")]


def answer_deleted(notebook: Any) -> None:
    del notebook.cells[at(notebook, DEAD)]


def all_cells_deleted(notebook: Any) -> None:
    notebook.cells = []


def checks_cell_duplicated(notebook: Any) -> None:
    index = at(notebook, "checks-sigmoid_grad")
    notebook.cells.insert(index, json_copy(notebook.cells[index]))


def answer_duplicated_the_last_is_right(notebook: Any) -> None:
    first = json_copy(cell(notebook, RIGHT))
    first.source = "def sigmoid_grad(z):\n    return 0 * z"
    notebook.cells.insert(at(notebook, RIGHT), first)


def defined_twice_the_last_is_wrong(notebook: Any) -> None:
    after(notebook, "def sigmoid_grad(z):\n    return 0 * z")


def helper_before_the_answer(notebook: Any) -> None:
    before(notebook, "import numpy as np\ndef squared(x):\n    return x * x")
    cell(notebook, RIGHT).source = "def sigmoid_grad(z):\n    e = np.exp(-np.abs(z))\n    return e / squared(1 + e)"


def helper_below_the_answer(notebook: Any) -> None:
    notebook.cells.append(new_code_cell("def squared(x):\n    return x * x"))
    source = "import numpy as np\ndef sigmoid_grad(z):\n    e = np.exp(-np.abs(z))\n    return e / squared(1 + e)"
    cell(notebook, RIGHT).source = source


def helper_in_the_other_answer(notebook: Any) -> None:
    cell(notebook, RIGHT).source += "\ndef minus(x):\n    return -x - 1.0"
    cell(
        notebook, DEAD
    ).source = "def dead_relu_input(W, b):\n    return np.linalg.lstsq(W, minus(b))[0], np.zeros_like(W)"


def same_names_in_two_answers(notebook: Any) -> None:
    cell(
        notebook, RIGHT
    ).source = "import numpy as np\ndef f(z):\n    return np.exp(-np.abs(z))\ndef sigmoid_grad(z):\n    return f(z) / (1 + f(z)) ** 2"
    cell(
        notebook, DEAD
    ).source = "import numpy as np\ndef f(b):\n    return -b - 1\ndef dead_relu_input(W, b):\n    return np.linalg.lstsq(W, f(b))[0], np.zeros_like(W)"


def metadata_stripped(notebook: Any) -> None:
    for each in notebook.cells:
        each.metadata = {}
    notebook.metadata = {}


def metadata_of_other_types(notebook: Any) -> None:
    for each, wrong in zip(notebook.cells, ([], 5, "x", {"grade": 3}, {"schema_version": "3"}), strict=False):
        each.metadata["nbgrader"] = wrong


def metadata_of_an_old_schema(notebook: Any) -> None:
    for each in notebook.cells:
        each.metadata.nbgrader["schema_version"] = 1


def names_of_no_cell(notebook: Any) -> None:
    for each in notebook.cells:
        each.metadata.nbgrader["grade_id"] = "x" + each.metadata.nbgrader["grade_id"]


def checks_cell_made_an_answer(notebook: Any) -> None:
    cell(notebook, "checks-sigmoid_grad").metadata.nbgrader["solution"] = True


def checks_cell_made_markdown(notebook: Any) -> None:
    test = cell(notebook, "checks-sigmoid_grad")
    test.cell_type = "markdown"
    del test["outputs"], test["execution_count"]


def checks_cell_rewritten(notebook: Any) -> None:
    test = cell(notebook, "checks-dead_relu_input")
    test.source = "8.0"
    test.metadata.nbgrader["points"] = 100
    test.outputs = [new_output("execute_result", data={"text/plain": "100.0"}, execution_count=1)]
    cell(notebook, DEAD).source = "def dead_relu_input(W, b):\n    return b"


def examples_cell_rewritten(notebook: Any) -> None:
    cell(notebook, "examples-sigmoid_grad").source = "import os\nos._exit(0)"


def much_output(notebook: Any) -> None:
    before(notebook, "1")
    notebook.cells[at(notebook, RIGHT) - 1].outputs = [new_output("stream", text="x" * 50_000_000)]


def magics(notebook: Any) -> None:
    answer = cell(notebook, RIGHT)
    answer.source = f"%matplotlib inline\n!pip install numpy\n{answer.source}\nsigmoid_grad?"
    before(notebook, "%%html\n<b>not Python</b>")


def shell_in_an_answer(notebook: Any) -> None:
    cell(notebook, RIGHT).source += "\n!curl http://example.org/answers"


def shell_in_another_cell(notebook: Any) -> None:
    before(notebook, "files = !ls /\n%%bash\nrm -rf /")


def asks_for_input(notebook: Any) -> None:
    before(notebook, 'name = input("Your name? ")')


def plots_before_the_answer(notebook: Any) -> None:
    before(notebook, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")


def imports_much_in_one_cell(notebook: Any) -> None:
    before(notebook, "import matplotlib.pyplot as plt\nimport pandas as pd, numpy as np\nfrom tqdm import tqdm")
    without_its_import(notebook)


def without_its_import(notebook: Any) -> None:
    answer = cell(notebook, RIGHT)
    answer.source = answer.source.replace("import numpy as np\n", "")


def reads_a_file_in_the_cell_of_the_imports(notebook: Any) -> None:
    before(notebook, "import numpy as np\ndata = np.loadtxt('data.csv')")
    without_its_import(notebook)


def uses_what_is_not_allowed(notebook: Any) -> None:
    before(notebook, "from scipy.special import expit")
    cell(notebook, RIGHT).source = "def sigmoid_grad(z):\n    return expit(z) * (1 - expit(z))"


def plots_in_the_cell_of_the_answer(notebook: Any) -> None:
    cell(notebook, RIGHT).source += "\nimport matplotlib.pyplot as plt\nplt.plot([sigmoid_grad(z) for z in (1, 2)])"


def trains_before_the_answer(notebook: Any) -> None:
    before(notebook, "while True:\n    pass")


def trains_between_the_imports_and_the_answer(notebook: Any) -> None:
    before(notebook, "import numpy as np\nimport time\nsteps = 10 ** 9")
    before(notebook, "for step in range(steps):\n    time.sleep(1)")
    without_its_import(notebook)


def trains_after_the_answers(notebook: Any) -> None:
    notebook.cells.append(new_code_cell("while True:\n    pass"))


def raises_after_the_answer(notebook: Any) -> None:
    after(notebook, "sigmoid_grad(1)[3]")


def leaves_after_the_answer(notebook: Any) -> None:
    after(notebook, "import os\nos._exit(0)")


def leaves_in_the_other_answer(notebook: Any) -> None:
    cell(notebook, RIGHT).source = "import os\nos._exit(0)"


def another_of_the_same_name_at_the_end(notebook: Any) -> None:
    notebook.cells.append(new_code_cell("def sigmoid_grad(cache):\n    return cache[0]"))


def same_name_in_the_other_answer(notebook: Any) -> None:
    cell(notebook, DEAD).source = "def sigmoid_grad(z):\n    return z\n\n" + cell(notebook, DEAD).source


def numpy_from_the_examples_alone(notebook: Any) -> None:
    for name in (RIGHT, DEAD):
        cell(notebook, name).source = cell(notebook, name).source.replace("import numpy as np\n", "")


def answer_made_markdown(notebook: Any) -> None:
    for name, kind in ((RIGHT, "markdown"), (DEAD, "raw")):
        answer = cell(notebook, name)
        answer.cell_type = kind
        answer.pop("outputs"), answer.pop("execution_count")


def answer_made_text(notebook: Any) -> None:
    answer_made_markdown(notebook)
    cell(notebook, RIGHT).source = "The derivative is s(z) (1 - s(z)), as def f(x) says."


def raises_before_the_answer_in_its_cell(notebook: Any) -> None:
    cell(notebook, RIGHT).source = f"data = open('data.csv').read()\n{cell(notebook, RIGHT).source}\nscale = 1"


def too_much_code(notebook: Any) -> None:
    after(notebook, "x = '" + "a" * 2**20 + "'")


CASES: dict[Callable[[Any], None], tuple[float, float]] = {
    reordered: FULL, checks_cells_deleted: FULL, answer_deleted: (5.0, 0.0), all_cells_deleted: (0.0, 0.0),
    checks_cell_duplicated: FULL, answer_duplicated_the_last_is_right: FULL, defined_twice_the_last_is_wrong: (0.0, 8.0),
    helper_before_the_answer: FULL, helper_below_the_answer: FULL, helper_in_the_other_answer: FULL,
    same_names_in_two_answers: FULL, metadata_stripped: FULL, metadata_of_other_types: FULL,
    metadata_of_an_old_schema: FULL, names_of_no_cell: FULL, checks_cell_made_an_answer: FULL,
    checks_cell_made_markdown: FULL, checks_cell_rewritten: (5.0, 0.0), examples_cell_rewritten: FULL, much_output: FULL,
    magics: FULL, shell_in_an_answer: (0.0, 8.0), shell_in_another_cell: FULL, asks_for_input: FULL,
    imports_much_in_one_cell: FULL, reads_a_file_in_the_cell_of_the_imports: FULL, plots_in_the_cell_of_the_answer: FULL,
    uses_what_is_not_allowed: (0.0, 8.0), trains_between_the_imports_and_the_answer: FULL,
    plots_before_the_answer: FULL, trains_before_the_answer: FULL, trains_after_the_answers: FULL,
    raises_after_the_answer: FULL, leaves_after_the_answer: FULL, leaves_in_the_other_answer: (0.0, 8.0),
    too_much_code: (0.0, 0.0), another_of_the_same_name_at_the_end: FULL, same_name_in_the_other_answer: FULL,
    numpy_from_the_examples_alone: FULL, answer_made_markdown: FULL, answer_made_text: (0.0, 8.0),
    raises_before_the_answer_in_its_cell: FULL,
}  # fmt: skip


def json_copy(thing: Any) -> Any:
    return nbformat.from_dict(json.loads(json.dumps(thing)))


@pytest.fixture(scope="module")
def graded(released_course, students, tmp_path_factory):
    """One student for each case, and some for formats; graded by nbgrader, and at once."""
    nb = released_course.copy(tmp_path_factory.mktemp("odd") / "course")
    answers = students["right"]
    for change in CASES:
        notebook = nb.answered("activations", **answers)
        change(notebook)
        nb.submit(change.__name__, "activations", nbformat.from_dict(notebook))
    for minor in range(6):
        notebook = nb.answered("activations", **answers)
        notebook.nbformat_minor = minor
        for each in notebook.cells:
            if minor < 5:
                each.pop("id", None)
        nb.submit(f"format-4.{minor}", "activations", notebook)
    old = nbformat.convert(nb.answered("activations", **answers), 3)
    nb.submit("format-3", "activations", nbformat.writes(old, version=3))
    beside = nb.submit("numpy-beside", "activations", nb.answered("activations", **answers)).with_name("numpy.py")
    beside.write_text(f"open({str(nb.root / 'imported')!r}, 'w')\nraise SystemExit")
    at_once = nb.copy(tmp_path_factory.mktemp("odd-at-once") / "course")
    assert nb.autograde("activations")
    done = autograde_class(at_once.root, "activations", None, jobs=2)
    assert done.failed == {}
    return nb, at_once


def scores_of(nb, student: str) -> tuple[object, ...]:
    found = nb.scores("activations")[student]
    return found["checks-sigmoid_grad"], found["checks-dead_relu_input"]


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__)
def test_what_is_answered_is_worth_its_points(graded, change) -> None:
    assert [scores_of(nb, change.__name__) for nb in graded] == [CASES[change]] * 2


@pytest.mark.parametrize("name", [*(f"format-4.{minor}" for minor in range(6)), "format-3"])
def test_every_format_is_read(graded, name) -> None:
    assert [scores_of(nb, name) for nb in graded] == [FULL] * 2


def test_a_module_beside_the_notebook_is_never_imported(graded) -> None:
    assert [scores_of(nb, "numpy-beside") for nb in graded] == [FULL] * 2
    assert not any((nb.root / "imported").exists() for nb in graded)


@pytest.mark.parametrize(("student", "said"), [
    ("answer_deleted", "No cell of the notebook answers dead_relu_input: none defines `dead_relu_input`"),
    ("magics", "Note: `%matplotlib` in code cell 2 was ignored"),
    ("magics", "Note: `!pip` in code cell 2 was ignored"),
    ("shell_in_an_answer", "`!curl` in code cell 1 runs a command"),
    ("plots_before_the_answer", "Note: code cell 1, line 1: import of 'matplotlib' is not allowed here, and was left out"),
    ("reads_a_file_in_the_cell_of_the_imports", "Note: code cell 1, line 2 raises FileNotFoundError (data.csv not found.)"),
    ("uses_what_is_not_allowed", "a forbidden import at code cell 2, line 2: import of 'scipy' is not allowed here"),
    ("trains_before_the_answer", "Note: what your program computes outside of its functions was left out"),
    ("another_of_the_same_name_at_the_end", "Note: `sigmoid_grad` is defined again in code cell 7: what stood above that cell counts"),
    ("same_name_in_the_other_answer", "Note: `sigmoid_grad` is defined again in code cell 4"),
    ("raises_before_the_answer_in_its_cell", "Note: code cell 1, line 1 raises FileNotFoundError"),
    ("too_much_code", "larger than 1 MiB"),
])  # fmt: skip
def test_the_student_is_told(graded, student, said) -> None:
    for nb in graded:
        outputs = [output for each in nb.autograded(student, "activations").cells for output in each.get("outputs", [])]
        shown = "\n".join(output.data["text/plain"] for output in outputs if output.output_type == "display_data")
        assert said in shown


def test_grading_the_same_tree_without_a_gradebook_gives_the_same_scores(graded, tmp_path) -> None:
    """`grader grade` reads a notebook as the step in nbgrader does; locked cells alone it has to take as they are."""
    nb, _ = graded
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "--course",
        nb.root.parent,
        "grade",
        nb.root / "submitted",
        "--out",
        tmp_path,
    ]
    subprocess.run([*map(str, command), "--assignment", "activations", "--quiet"], check=True, capture_output=True)
    with (tmp_path / "grades.csv").open() as file:
        found = {(row["student"], row["exercise"]): float(row["score"]) for row in csv.DictReader(file)}
    expected = {
        (student, grade.removeprefix("checks-")): score
        for student, grades in nb.scores("activations").items()
        for grade, score in grades.items()
    }
    assert found == expected


def test_checksums_stay_those_of_the_release(graded) -> None:
    from nbgrader.utils import compute_checksum, is_grade, is_solution  # noqa: PLC0415

    nb, _ = graded
    for student in ("reordered", "checks_cells_deleted", "checks_cell_rewritten", "metadata_stripped"):
        tests = [
            each for each in nb.autograded(student, "activations").cells if is_grade(each) and not is_solution(each)
        ]
        assert len(tests) == 2
        assert all(each.metadata.nbgrader.checksum == compute_checksum(each) for each in tests)
