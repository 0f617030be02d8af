"""Students' pages of the sample class as they are seen: on a phone, at a desk, in the dark, on paper, without JavaScript."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from browser import browsing, in_a_browser, look, needs_axe, picture, problems, screenshot
from commands import run_module
from grader.reports.about import About, AboutExercise
from grader.reports.feedback import feedback_page
from grader.wire.messages import Chunk
from reports import NOW, result, the_report
from repository import ROOT, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [*in_a_browser, pytest.mark.slow]

FROM_RIGHT_TO_LEFT = "\u0645\u062d\u0645\u062f \U0001f98a"
SHOWN = {
    FROM_RIGHT_TO_LEFT: "jacobians", "raises": "jacobians", "half-done": "backprop",
    "notebook-for-the-whole-assignment": "sigmoid",
}  # fmt: skip
"""Whose page of which assignment is looked at."""
EXERCISES = ("manual_jacobian", "gradient_is_a_row", "backprop_single", "sigmoid_grad", "sigmoid_grad_from_output")
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"width": 360}, "desk": {"width": 1280}, "dark": {"width": 360, "dark": True},
    "print": {"width": 793, "media": "print"},
}  # fmt: skip
ACTS = "</code></pre><img src=x onerror=\"document.title='acted'\"><script>document.title='acted'</script>"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of some of the class, as `grader grade` makes them; one name is written from right to left."""
    root = tmp_path_factory.mktemp("class")
    for student in SHOWN:
        source = SAMPLE / "submitted" / ("transposed" if student == FROM_RIGHT_TO_LEFT else student)
        shutil.copytree(source, root / "submitted" / student)
    chosen = [f"--exercise={each}" for each in EXERCISES]
    places = ["--out", "out", "--db", "record.sqlite"]
    run_module("grader.cli", "--course", str(ROOT), "grade", "submitted", *chosen, *places, root=root)
    return {student: root / "out" / "feedback" / student / f"{SHOWN[student]}.html" for student in SHOWN}


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


@pytest.mark.parametrize("how", LOOKS)
@needs_axe
def test_a_page_fits_and_axe_finds_nothing_in_it(browser, pages, how):
    """By the rules of WCAG 2.2 AA and of good practice; nothing is to be scrolled sideways, and nothing is asked for."""
    look(browser, **LOOKS[how])
    for student, page in pages.items():
        browser.get(page.as_uri())
        screenshot(browser, f"{student}-{how}")
        assert browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)") == []
        for folded in browser.find_elements(By.CSS_SELECTOR, "details:not([open])"):
            browser.execute_script("arguments[0].open = true", folded)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= LOOKS[how]["width"]
        assert problems(browser) == [], student
        screenshot(browser, f"{student}-{how}-unfolded")


def test_on_paper_the_task_stands_open(browser, pages):
    heights = []
    for media in ("", "print"):
        look(browser, 793, media=media)
        browser.get(pages[FROM_RIGHT_TO_LEFT].as_uri())
        heights.append(browser.find_element(By.CSS_SELECTOR, "details.task").size["height"])
    assert heights[1] > 3 * heights[0]


@needs_axe
def test_axe_does_find_what_is_wrong_with_a_page(browser, pages, tmp_path):
    text = pages[FROM_RIGHT_TO_LEFT].read_text(encoding="utf-8")
    bad = (
        text.replace("--quiet: #57606a", "--quiet: #aaa")
        .replace('tabindex="0"', 'tabindex="3"')
        .replace(' lang="en"', "")
    )
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    look(browser, 1280)
    browser.get((tmp_path / "bad.html").as_uri())
    assert {each.partition(":")[0] for each in problems(browser)} == {"color-contrast", "html-has-lang", "tabindex"}


def test_a_page_is_the_same_without_javascript(browser, pages):
    for page in pages.values():
        look(browser, 1280)
        browser.get(page.as_uri())
        seen = picture(browser)
        look(browser, 1280, script=False)
        browser.get(page.as_uri())
        assert picture(browser) == seen
    look(browser, 1280)


def test_all_of_a_page_can_be_reached_and_opened_by_keyboard(browser, pages):
    """Links, what is folded and arrays that may be wider than the screen, in the order in which they stand."""
    look(browser, 360)
    browser.get(pages[FROM_RIGHT_TO_LEFT].as_uri())
    stops = browser.find_elements(By.CSS_SELECTOR, "a, summary, [tabindex='0']")
    visible = [each for each in stops if each.is_displayed()]
    reached = []
    for _ in visible:
        ActionChains(browser).send_keys(Keys.TAB).perform()
        reached.append(browser.switch_to.active_element)
    assert reached == visible
    task = browser.find_element(By.CSS_SELECTOR, "details.task")
    assert task.get_attribute("open") is None
    task.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert task.get_attribute("open") is not None


def test_a_cited_line_is_where_its_link_leads(browser, pages):
    look(browser, 360)
    browser.get(pages["raises"].as_uri())
    link = browser.find_element(By.CSS_SELECTOR, ".told a")
    link.send_keys(Keys.ENTER)
    target = browser.find_element(By.CSS_SELECTOR, ":target")
    assert (target.tag_name, target.text.split()[0]) == ("mark", "▶")
    assert link.text.endswith(target.text.split()[1])


def test_what_students_and_others_wrote_does_not_act(browser, tmp_path):
    """In a name, a claim, feedback, a comment, a note, an answer, a file's name and a title; and such a page has its policy."""
    found = result("manual_jacobian", feedback=ACTS)
    check = msgspec.structs.replace(found.checks[0], claim=ACTS, comment=ACTS)
    found = msgspec.structs.replace(found, checks=(check, *found.checks[1:]), notes=(ACTS,), place=ACTS)
    told = AboutExercise(
        title=ACTS, file=ACTS, answer=(Chunk("manual_jacobian.py", ACTS),), own=frozenset({"manual_jacobian.py"})
    )
    page = feedback_page(
        the_report(ACTS, "jacobians", found), NOW, About(title=ACTS, exercises={"manual_jacobian": told})
    )
    look(browser, 1280)
    for name, text in (("hostile", page), ("unescaped", page.replace("<main>", f"<main>{ACTS}"))):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        browser.get(path.as_uri())
        assert browser.title != "acted"
        assert len(browser.find_elements(By.CSS_SELECTOR, "script, img")) == (0 if name == "hostile" else 2)
    screenshot(browser, "hostile")
