"""The pages of the site: a page for each exercise, with what students get and nothing else."""

from __future__ import annotations

import importlib.util
import re

import pytest

from grader.course.course_yml import load_course
from repository import EXERCISES, ROOT, SOLUTIONS


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    """The text of each page, by its path."""
    spec = importlib.util.spec_from_file_location("pages", ROOT / "docs" / "site" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.pages(ROOT))


def test_each_exercise_has_its_task_its_hints_folded_and_what_to_read(site: dict[str, str]) -> None:
    """Formulas of the task are MathML, and every page is in a table of contents."""
    course = load_course(EXERCISES)
    for assignment in course.assignments:
        contents = site[f"exercises/{assignment.id}/index.md"]
        for exercise in assignment.exercises:
            page = site[f"exercises/{assignment.id}/{exercise.id}.md"]
            assert f"grader check {exercise.id}" in page
            assert "raise NotImplementedError" in page
            assert page.count("<details><summary>Hint ") >= 2
            assert all(f"]({link.url})" in page for link in assignment.links)
            assert f"\n{exercise.id}\n" in contents
    for path in EXERCISES.glob("*/*.svg"):
        assert f"]({path.name})" in site[f"exercises/{path.parent.name}/{path.stem}.md"]
    assert "<mfrac>" in site["exercises/further/attention_backward.md"]
    assert sum("<math>" in page for page in site.values()) > 25
    listed = re.findall(r"^((?:docs|exercises)/[\w/-]+)$", site["index.md"], re.MULTILINE)
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} == {
        f"{name}.md" for name in listed if name.startswith("docs/")
    }
    assert {f"{name}.md" for name in listed} < set(site)


def test_no_page_has_what_is_kept_from_students(site: dict[str, str]) -> None:
    """The solution is not on an exercise's page; the seed is on none."""
    for path in SOLUTIONS.glob("*/*.py"):
        if not path.stem.endswith("_checks"):
            text = path.read_text(encoding="utf-8")
            regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, re.DOTALL)
            page = site[f"exercises/{path.parent.name}/{path.stem}.md"]
            assert [region for region in regions if region.strip() in page] == []
    seed = re.search(r"^seed: (\d+)", (ROOT / "course.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert seed is not None
    assert seed[1] not in "\n".join(site.values())
