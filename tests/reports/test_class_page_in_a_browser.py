"""The page on a class as an instructor sees it: sorted, filtered, on a phone, in the dark, without JavaScript, while it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from browser import browsing, in_a_browser, look, needs_axe, problems, screenshot
from classroom import HOSTILE, names, record_class
from grader.course.course_yml import load_course
from grader.record.class_overview import class_overview
from grader.record.opening import open_record
from grader.reports.class_page import class_page
from grader.reports.class_tables import class_tables

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [*in_a_browser, pytest.mark.slow]

LOOKS: dict[str, dict[str, Any]] = {"phone": {"width": 360}, "desk": {"width": 1280}, "dark": {"width": 1280, "dark": True}, "paper": {"width": 793, "media": "print"}}  # fmt: skip
COURSE_YML = """\
title: Calculus
seed: 7
assignments:
  - id: jacobians
    title: Jacobians by hand
    due: 2027-03-01T08:00:00Z
    exercises: [manual_jacobian, sigmoid_grad]
  - id: backprop
    title: Backpropagation
    exercises: [backprop_batch]
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a course and of an assignment, of forty students, and one that is still being written."""
    root = tmp_path_factory.mktemp("class")
    (root / "course.yml").write_text(COURSE_YML, encoding="utf-8")
    for file in ("jacobians/manual_jacobian", "jacobians/sigmoid_grad", "backprop/backprop_batch"):
        for suffix in (".py", "_checks.py"):
            path = root / "solutions" / f"{file}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    course = load_course(root)
    (root / "feedback").mkdir()
    with open_record(root / "record.sqlite", course.title) as record:
        record.begin_run("grade", "submitted")
        record_class(record, course, names(40))
        found = {}
        for name, part, seconds in (
            ("course", course, 0),
            ("assignment", course.select("jacobians"), 0),
            ("live", course, 1),
        ):
            seen = class_overview(record, course, part)
            tables = list(class_tables(seen, lambda *_: "feedback/student.html"))
            found[name] = root / f"{name}.html"
            found[name].write_text(class_page(seen, tables, course.title, seconds=seconds), encoding="utf-8")
    (root / "feedback" / "student.html").write_text("<title>a student's page</title>", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


def column(browser, table: str, place: int) -> list[str]:
    """The texts of a column of a table, of the rows that are shown."""
    rows = browser.find_elements(By.CSS_SELECTOR, f"#t-{table} tbody tr:not([hidden])")
    return [row.find_elements(By.CSS_SELECTOR, "th, td")[place].text for row in rows]


@pytest.mark.parametrize("how", LOOKS)
@needs_axe
def test_a_page_fits_and_axe_finds_nothing_in_it(browser, pages, how):
    """Also in what is folded; only tables are scrolled sideways, and nothing is asked for."""
    look(browser, **LOOKS[how])
    for name, page in pages.items():
        if name != "live" or how == "desk":
            browser.get(page.as_uri())
            browser.execute_script("document.getElementById('stop')?.click()")
            browser.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
            screenshot(browser, f"class-{name}-{how}")
            assert browser.execute_script("return document.documentElement.scrollWidth") <= LOOKS[how]["width"]
            assert (
                browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)") == []
            )
            assert problems(browser) == [], name
            assert browser.title == "Calculus"


def test_tables_sort_by_keyboard_and_filter_and_lead_to_a_students_page(browser, pages):
    """Numbers as numbers, both ways, what is none at the end; the direction is said, and how many rows are left."""
    look(browser, 1280)
    browser.get(pages["course"].as_uri())
    heads = browser.find_elements(By.CSS_SELECTOR, "#t-students thead th")
    for direction, sign in (("ascending", 1), ("descending", -1)):
        heads[1].find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
        assert [head.get_attribute("aria-sort") for head in heads] == [None, direction, None, None]
        numbers = [float(text) for text in column(browser, "students", 1) if text != "-"]
        assert numbers == sorted(numbers, key=lambda number: sign * number)
        assert len(set(numbers)) > 10
    heads[2].find_element(By.TAG_NAME, "button").click()
    cells = column(browser, "students", 2)
    assert "-" not in cells[: cells.index("-")]
    assert set(cells[cells.index("-") :]) == {"-"}
    heads[0].find_element(By.TAG_NAME, "button").click()
    assert [name for name in column(browser, "students", 0) if name.startswith("student-")] == [
        f"student-{n:04}" for n in range(20)
    ]

    tools = browser.find_element(By.CSS_SELECTOR, '[data-table="t-students"]')
    tools.find_element(By.TAG_NAME, "input").send_keys("STUDENT-000")
    assert column(browser, "students", 0) == [f"student-{n:04}" for n in range(10)]
    assert tools.find_element(By.TAG_NAME, "output").text == "10 of 40 rows"
    browser.find_element(By.CSS_SELECTOR, "#t-students tbody tr:not([hidden]) a").click()
    assert browser.title == "a student's page"


@pytest.mark.long
def test_every_check_of_the_course_sorts_and_filters_and_leads_to_a_students_page(browser, pages):
    """Of an exercise they are a letter each; where that is looked at, and a script may run, a column each."""
    look(browser, 1280)
    browser.get(pages["course"].as_uri())
    folded = browser.find_element(By.ID, "marks-jacobians")
    assert len(folded.find_elements(By.CSS_SELECTOR, "thead th")) == 3
    checks = [each.get_attribute("textContent") for each in folded.find_elements(By.CSS_SELECTOR, "thead li")]
    letters = [each.get_attribute("textContent").strip() for each in folded.find_elements(By.CSS_SELECTOR, "tbody td")]
    folded.find_element(By.TAG_NAME, "summary").click()
    WebDriverWait(browser, 20).until(lambda _: folded.find_elements(By.TAG_NAME, "button"))
    heads = folded.find_elements(By.CSS_SELECTOR, "thead th")
    assert [each.text for each in heads[1:]] == [
        f"{exercise}: {check}" for exercise, check in zip(["manual_jacobian"] * 5 + ["sigmoid_grad"] * 5, checks, strict=True)
    ]  # fmt: skip
    columns = [column(browser, "marks-jacobians", place) for place in range(1, 11)]
    assert "".join(map("".join, zip(*columns, strict=True))) == "".join(letters)
    for direction, first in (("ascending", "."), ("descending", "+")):
        heads[2].find_element(By.TAG_NAME, "button").click()
        assert heads[2].get_attribute("aria-sort") == direction
        found = column(browser, "marks-jacobians", 2)
        assert found[0] == first
        assert sorted(found, key=".?x/+".index, reverse=first == "+") == found
    screenshot(browser, "class-checks")
    folded.find_element(By.TAG_NAME, "input").send_keys("STUDENT-000")
    assert sorted(column(browser, "marks-jacobians", 0)) == [f"student-{n:04}" for n in range(10)]
    folded.find_element(By.CSS_SELECTOR, "tbody tr:not([hidden]) a").click()
    assert browser.title == "a student's page"


def test_without_javascript_every_row_is_there_and_what_is_folded_opens(browser, pages):
    """And nothing that would not work: no button, no field."""
    look(browser, 1280, script=False)
    try:
        browser.get(pages["assignment"].as_uri())
        assert len(column(browser, "students", 0)) == 40
        assert not browser.find_elements(By.CSS_SELECTOR, "thead button")
        assert not [each for each in browser.find_elements(By.TAG_NAME, "input") if each.is_displayed()]
        folded = browser.find_element(By.ID, "checks-manual_jacobian")
        folded.find_element(By.TAG_NAME, "summary").click()
        assert len(column(browser, "checks-manual_jacobian", 3)) == 40
        browser.get(pages["course"].as_uri())
        browser.find_element(By.CSS_SELECTOR, "#marks-jacobians summary").click()
        assert {len(each) for each in column(browser, "marks-jacobians", 1)} == {5}
        assert "x wrong" in browser.find_element(By.ID, "marks-jacobians").text
    finally:
        look(browser, 1280)


def test_names_stay_names_in_every_table(browser, pages):
    """None acts, none is markup, and each is read as it is written: from the right, too, without turning its line round."""
    look(browser, 1280)
    browser.get(pages["course"].as_uri())
    assert browser.title == "Calculus"
    found = column(browser, "students", 0)
    assert {name.replace("\u202e", "\\u202e") for name in HOSTILE} <= set(found)
    assert not browser.find_elements(By.CSS_SELECTOR, "main script, img, main [onmouseover], iframe")
    assert {each.text for each in browser.find_elements(By.CSS_SELECTOR, "#t-students bdi")} == {
        name for name in HOSTILE if not name.isascii() and "\u202e" not in name
    }


def test_a_page_that_is_being_written_reloads_until_somebody_reads_it(browser, pages):
    look(browser, 1280)
    browser.get(pages["live"].as_uri())
    wait = "const done = arguments[0]; setTimeout(() => done('stayed'), 2500)"
    stop = browser.find_element(By.ID, "stop")
    stop.click()
    assert stop.text == "Go on reloading"
    assert browser.execute_async_script(wait) == "stayed"
    stop.click()
    assert stop.text == "Stop reloading"
    browser.execute_script("document.title = 'before'")
    WebDriverWait(browser, 20).until(lambda page: page.title == "Calculus")
