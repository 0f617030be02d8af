"""The source notebooks: valid, stable, made of the same source as the stubs; a release of them tells nothing private."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum
from nbgrader.validator import Validator

from grader.building.compiler import compile_exercise
from grader.building.release import render_release
from grader.cli.main import command
from grader.course.course_yml import load_course
from grader.errors import CourseError, UsageError
from grader.for_nbgrader.source.notebooks import write_sources

HELPERS = '''\
"""# A task with $\\\\alpha$

$$\\\\frac{\\\\partial L}{\\\\partial W} = X^T \\\\delta$$
"""

### BEGIN SOLUTION
SHIFT = 1
TEXT = """
not indented
"""


def helper(x):
    return x + SHIFT
### END SOLUTION


def predict_jacobian_shapes(dims):
    """Return the shape."""
    ### BEGIN SOLUTION
    return helper(dims[-1]) - 1, dims[0]
    ### END SOLUTION
'''


def sources(root):
    return {path.stem: nbformat.read(path, as_version=4) for path in (root / "source").rglob("*.ipynb")}


def test_every_notebook_is_valid_and_its_grade_ids_are_unique(released_course) -> None:
    found = sources(released_course.root)
    assert found.keys() == {"activations", "backprop", "shapes", "vjp"}
    for notebook in found.values():
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
        assert len(set(ids)) == len(ids)
        assert notebook.metadata.kernelspec.name == "python3"


def test_checksums_are_right(released_course) -> None:
    for notebook in sources(released_course.root).values():
        given = [cell for cell in notebook.cells if "checksum" in cell.metadata.nbgrader]
        assert given
        assert all(cell.metadata.nbgrader.checksum == compute_checksum(cell) for cell in given)


def test_points_are_those_of_the_checks(released_course) -> None:
    course = load_course(released_course.root.parent)
    points: dict[str, float] = {}
    for notebook in sources(released_course.root).values():
        for cell in notebook.cells:
            exercise = cell.metadata.nbgrader.grade_id.partition("-")[2]
            points[exercise] = points.get(exercise, 0) + cell.metadata.nbgrader.get("points", 0)
    for exercise in course.exercises():
        assert points[exercise.id] == compile_exercise(course, exercise).key.points


def test_a_written_answer_is_graded_by_hand(released_course) -> None:
    notebook = sources(released_course.root)["vjp"]
    answer = next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == "solution-jacobian_product_written")
    assert (answer.metadata.nbgrader.grade, answer.metadata.nbgrader.solution) == (True, True)
    assert answer.metadata.nbgrader.points > 0


def test_a_written_answer_waits_for_a_person(nb) -> None:
    reference = (nb.root.parent / "solutions" / "vjp" / "jacobian_product_written.py").read_text()
    nb.submit("ada", "vjp", nb.answered("vjp", jacobian_product_written=reference))
    nb.submit("eve", "vjp", nb.released("vjp"))
    assert nb.autograde("vjp")
    scores = nb.scores("vjp")
    automatic = next(c for c in nb.released("vjp").cells if c.metadata.nbgrader.grade_id.startswith("checks-"))
    name = "jacobian_product_written"
    assert scores["ada"] == {f"checks-{name}": automatic.metadata.nbgrader.points, f"solution-{name}": None}
    assert scores["eve"] == {f"checks-{name}": 0.0, f"solution-{name}": 0.0}


def test_two_runs_write_the_same_bytes(released_course, tmp_path) -> None:
    write_sources(load_course(released_course.root.parent), tmp_path)
    for path in (tmp_path / "source").rglob("*.ipynb"):
        assert path.read_bytes() == (released_course.root / path.relative_to(tmp_path)).read_bytes()


def test_nothing_private_is_in_a_release(released_course) -> None:
    course = load_course(released_course.root.parent)
    told = "\n".join(path.decode() for path in render_release(course).values())
    for assignment in course.assignments:
        text = (released_course.root / "release" / assignment.id / f"{assignment.id}.ipynb").read_text()
        shown = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        assert "SOLUTION" not in text
        for exercise in assignment.exercises:
            key = compile_exercise(course, exercise).key
            for check in key.checks:
                assert check.public or (check.name not in text and check.claim not in text)
            assert not any(sentence in text for sentence in key.misconceptions.values())
            assert not any(hint in text for hint in key.hints)
            reference = course.reference(exercise).read_text()
            for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", reference, re.DOTALL):
                lines = [line.strip() for line in region.splitlines() if len(line.strip()) > 12]
                assert not any(line in shown and line not in told for line in lines)
        assert str(course.seed) not in re.findall(r"\d+", shown)


def test_the_release_has_a_cell_of_each_kind_for_each_exercise(released_course) -> None:
    ids = [cell.metadata.nbgrader.grade_id for cell in released_course.released("activations").cells]
    kinds = [
        f"{kind}-{name}"
        for name in ("sigmoid_grad", "dead_relu_input")
        for kind in ("task", "solution", "examples", "checks")
    ]
    assert ids == ["title-activations", *kinds]


def test_nbgrader_validates_the_source_in_a_kernel_and_by_the_judge(nb) -> None:
    path = str(nb.root / "source" / "activations" / "activations.ipynb")
    stock = Validator()
    stock.preprocessors = [
        step if step.__name__ != "JudgeExercises" else step.__mro__[1] for step in stock.preprocessors
    ]
    assert stock.validate(path) == {}
    assert Validator(config=nb.config()).validate(path) == {}


@pytest.mark.parametrize("stock", [True, False], ids=["in a kernel", "by the judge"])
def test_nbgrader_finds_a_release_invalid(nb, stock) -> None:
    validator = Validator(config=nb.config())
    if stock:
        validator.preprocessors = [
            step if step.__name__ != "JudgeExercises" else step.__mro__[1] for step in validator.preprocessors
        ]
    found = validator.validate(str(nb.root / "release" / "activations" / "activations.ipynb"))
    assert len(found["failed"]) == 2


def test_one_notebook_for_each_exercise_where_course_yml_says_so(nb, students) -> None:
    root = nb.root.parent
    (root / "course.yml").write_text("notebooks: exercise\n" + (root / "course.yml").read_text())
    for path in (nb.root / "source").rglob("*.ipynb"):
        path.unlink()
    (nb.root / "gradebook.db").unlink()
    files = write_sources(load_course(root), nb.root)
    assert {path.name for path in files} == {
        "sigmoid_grad.ipynb", "dead_relu_input.ipynb", "backprop_batch.ipynb", "predict_jacobian_shapes.ipynb",
        "jacobian_product_written.ipynb",
    }  # fmt: skip
    for path in (nb.root / "release" / "activations").iterdir():
        path.unlink()
    (nb.root / "release" / "activations").rmdir()
    nb.generate("activations")
    for name in ("sigmoid_grad", "dead_relu_input"):
        notebook = nb.released("activations", name)
        for cell in notebook.cells:
            if cell.metadata.nbgrader.grade_id == f"solution-{name}":
                cell.source = students["right"][name]
        nb.submit("ada", "activations", notebook, name)
    nb.submit("bob", "activations", nb.released("activations", "sigmoid_grad"), "sigmoid_grad")
    at_once = nb.copy(root.with_name("at-once"))
    from grader.for_nbgrader.autograde.classrun import autograde_class  # noqa: PLC0415

    assert nb.autograde("activations")
    assert autograde_class(at_once.root, "activations", None).failed == {}
    for each in (nb, at_once):
        assert each.scores("activations") == {
            "ada": {"checks-sigmoid_grad": 5.0, "checks-dead_relu_input": 8.0},
            "bob": {"checks-sigmoid_grad": 0.0, "checks-dead_relu_input": 0.0},
        }


def test_helpers_of_a_solution_go_into_the_function_and_formulas_stay(nb) -> None:
    root = nb.root.parent
    (root / "solutions" / "shapes" / "predict_jacobian_shapes.py").write_text(HELPERS)
    write_sources(load_course(root), nb.root)
    notebook = sources(nb.root)["shapes"]
    task, answer = (cell.source for cell in notebook.cells[1:3])
    assert r"$$\frac{\partial L}{\partial W} = X^T \delta$$" in task
    assert task.startswith("## A task")
    ast.parse(answer)
    assert answer.startswith("def predict_jacobian_shapes")
    assert "    SHIFT = 1" in answer
    assert "\nnot indented\n" in answer
    namespace: dict[str, Any] = {}
    exec(answer, namespace)  # noqa: S102
    assert namespace["predict_jacobian_shapes"]((2, 5, 3)) == (3, 2)


def test_a_students_tree_gets_no_solutions(nb, tmp_path) -> None:
    course = load_course(nb.root.parent)
    tree = tmp_path / "students"
    for name, content in render_release(course).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    with pytest.raises(UsageError, match="is a student's tree"):
        write_sources(course, tree)
    with pytest.raises(UsageError, match="has no solutions/"):
        write_sources(load_course(tree), tmp_path / "other")


def test_a_solution_without_a_task_is_named(nb) -> None:
    reference = nb.root.parent / "solutions" / "shapes" / "predict_jacobian_shapes.py"
    reference.write_text(
        "def predict_jacobian_shapes(dims):\n    ### BEGIN SOLUTION\n    return dims[-1], dims[0]\n    ### END SOLUTION\n"
    )
    with pytest.raises(CourseError, match=r"predict_jacobian_shapes\.py:1: has no docstring; write the task there"):
        write_sources(load_course(nb.root.parent), nb.root)


def test_one_command_writes_them_and_says_what_is_in_them(released_course, tmp_path) -> None:
    arguments = ["--course", str(released_course.root.parent), "nbgrader", "source", str(tmp_path)]
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert done.return_value == 0, done.output
    assert "they hold the solutions" in done.output
    assert len(list((tmp_path / "source").rglob("*.ipynb"))) == 4
    config = (tmp_path / "nbgrader_config.py").read_text()
    assert "from grader.nbgrader import configure" in config
    assert str(released_course.root) not in config


def test_a_configuration_that_is_there_is_kept(released_course, tmp_path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("# mine\n")
    write_sources(load_course(released_course.root.parent), tmp_path)
    assert (tmp_path / "nbgrader_config.py").read_text() == "# mine\n"
