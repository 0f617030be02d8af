"""Which exercise a file is meant for, by its name."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course_yml import load_course
from grader.submissions.misplaced import Meant, Names, is_notebook

REAL = Names(load_course(Path(__file__).parents[2]))


@pytest.fixture
def names(course):
    return Names(course)


@pytest.mark.parametrize(
    "name",
    ["sigmoid_grad.py", "Sigmoid_Grad.PY", "sigmoid_grad (1).py", "sigmoid_grad(2).py", "sigmoid_grad-1.py",
     "sigmoid_grad-Copy1.ipynb", "sigmoid_grad - Copy.py", "sigmoid_grad - Copy (2).py", "sigmoid_grad copy 2.py",
     "sigmoid_grad - Kopie.py", "sigmoid_grad.py.txt", "sigmoid_grad.ipynb.txt", "sigmoid_grad.ipynb.json",
     "sigmoid-grad.py", "sigmoid grad.py", "sigmoidgrad.py", " sigmoid_grad.py", "sigmoid_grad_2.py"],
)  # fmt: skip
def test_a_copy_s_name_is_surely_the_exercise_s(names, name):
    assert names.meant(name) == Meant("sigmoid_grad", sure=True)


@pytest.mark.parametrize(
    "name",
    ["mueller_sigmoid_grad.py", "sigmoid_grad_final.py", "Jürgen Müller_123_assignsubmission_file_sigmoid_grad.py",
     "my-sigmoid-grad-v2.ipynb", "jacobians_sigmoid_grad.ipynb"],
)  # fmt: skip
def test_a_word_beside_the_name_leaves_it_to_what_is_in_the_file(names, name):
    assert names.meant(name) == Meant("sigmoid_grad", sure=False)


@pytest.mark.parametrize(
    ("name", "sure"),
    [("jacobians.ipynb", True), ("Jacobians.ipynb", True), ("jacobians-Copy1.ipynb", True),
     ("jacobians_renamed.ipynb", False), ("mueller jacobians.ipynb", False)],
)  # fmt: skip
def test_a_notebook_may_be_the_assignment_s(names, name, sure):
    assert names.meant(name) == Meant("jacobians", sure=sure)


@pytest.mark.parametrize(
    "name",
    ["jacobians.py", "sigmoid_gradient.py", "notes.py", "sigmoid_grad", "sigmoid_grad.csv", "sigmoid_grad.examples.json",
     "sigmoid_grad_manual_jacobian.py", "helpers.ipynb", "", ".py", "py", "x" * 5000 + ".py"],
)  # fmt: skip
def test_any_other_name_says_nothing(names, name):
    assert names.meant(name) is None


def test_the_longest_name_within_a_name_counts(make_course):
    text = "title: T\nseed: 1\nassignments:\n  - {id: a, title: A, exercises: [relu, leaky_relu]}\n"
    names = Names(load_course(make_course(text, ("a/relu", "a/leaky_relu"))))
    assert names.meant("bo_leaky_relu.py") == Meant("leaky_relu", sure=False)
    assert names.meant("bo_relu.py") == Meant("relu", sure=False)
    assert names.meant("leaky_relu.py") == Meant("leaky_relu", sure=True)
    assert names.meant("prelu.py") is None


@pytest.mark.parametrize(
    ("name", "near"),
    [("sigmoid_gradient.py", "sigmoid_grad"), ("sigmoid_gard.py", "sigmoid_grad"), ("manual_jacobain.pdf", "manual_jacobian"),
     ("manual_jacobian.zip", "manual_jacobian"), ("jacobians.zip", "jacobians"), ("jacobians.tar.gz", "jacobians"),
     ("jacobains.ipynb", "jacobians"), ("jacobians.pdf", None), ("notes.txt", None), ("helpers.py", None),
     ("README.md", None), ("sigmoid_gard", "sigmoid_grad"), (".sigmoid_grad", None), ("sigmoid_grad.examples.json", None), ("sigmoid_grad.svg", None), ("data.csv", None)],
)  # fmt: skip
def test_a_mistyped_name_is_near(names, name, near):
    assert names.near(name) == near


@given(st.text(max_size=300))
def test_no_name_makes_it_raise(text):
    for suffix in ("", ".py", ".ipynb", ".zip"):
        REAL.meant(text + suffix)
        REAL.near(text + suffix)
        is_notebook(text + suffix)


def test_long_names_take_no_time(names):
    before = time.process_time()
    for name in ("_" * 100_000 + ".py", "(1)" * 50_000 + ".py", "-copy" * 50_000 + ".ipynb", "a_" * 50_000 + ".zip"):
        names.meant(name)
        names.near(name)
    assert time.process_time() - before < 2
