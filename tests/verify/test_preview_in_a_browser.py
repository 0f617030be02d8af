"""The author's preview as it is seen: on a phone and at a desk, in the dark, with what axe-core says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By

from browser import browsing, in_a_browser, look, needs_axe, problems, screenshot
from grader.verify.preview import preview_page
from grader.verify.verify import Verification
from repository import course_here

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [*in_a_browser, pytest.mark.slow]

FOUND = Verification(
    exercise="attention_backward", checks=9, cases=30, points=15.0, mutants=40, rejected=38, equivalent=1,
    faults=("line 30: this mutant earns everything\n--- reference\n+++ mutant\n-    return <b>a</b>\n+    return b",),
    notes=("a note",),
)  # fmt: skip


@needs_axe
def test_the_page_fits_and_axe_finds_nothing_in_it(tmp_path: Path) -> None:
    """All of it, each answer's own page included; nothing is loaded, and what is written is text."""
    course = course_here()
    page = tmp_path / "page.html"
    page.write_text(preview_page(course, course.exercise("attention_backward"), FOUND), encoding="utf-8")
    with browsing() as browser:
        for name, width, dark in (("phone", 360, False), ("desk", 1280, False), ("dark", 360, True)):
            look(browser, width, dark=dark)
            browser.get(page.as_uri())
            for folded in browser.find_elements(By.CSS_SELECTOR, "details:not([open])")[:2]:
                browser.execute_script("arguments[0].open = true", folded)
            screenshot(browser, f"preview-{name}")
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width
            assert (
                browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)") == []
            )
            assert problems(browser) == [], name
        shown = browser.find_element(By.TAG_NAME, "body").text
        assert "<b>a</b>" in shown
        browser.switch_to.frame(browser.find_elements(By.TAG_NAME, "iframe")[1])
        assert "0 of 15 points" in browser.find_element(By.TAG_NAME, "body").text
