"""The site as a reader sees it: some of its pages as Sphinx makes them, on a phone, at a desk and in the dark."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from browser import browsing, in_a_browser, look, needs_axe, problems, screenshot
from repository import ROOT

pytestmark = [
    *in_a_browser,
    pytest.mark.long,  # it builds the whole site
    pytest.mark.skipif(importlib.util.find_spec("sphinx") is None, reason="no Sphinx here, which `make docs` installs"),
]

PAGES = ("index", "docs/student", "docs/reference", "exercises/index", "exercises/manual_jacobian", "search")
LOOKS: dict[str, dict[str, Any]] = {"phone": {"width": 360}, "desk": {"width": 1280}, "dark": {"width": 1280, "dark": True}}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """These pages; the links to others lead nowhere."""
    root = tmp_path_factory.mktemp("site")
    pages = root / "pages"
    subprocess.run([sys.executable, ROOT / "docs" / "site" / "pages.py", pages], check=True)
    for path in pages.rglob("*.md"):
        name = path.relative_to(pages).as_posix()
        if not re.fullmatch(r"(index|docs/(student|reference)|exercises/jacobians/(index|manual_jacobian))\.md", name):
            path.unlink()
    sphinx = [sys.executable, "-m", "sphinx", "-Q", "-b", "html"]
    subprocess.run([*sphinx, "-c", ROOT / "docs" / "site", "-d", root / "cache", pages, root / "html"], check=True)
    return root / "html"


@pytest.mark.parametrize("how", LOOKS)
@needs_axe
def test_pages_of_the_site_fit_and_axe_finds_nothing_in_them(site: Path, how: str) -> None:
    with browsing() as browser:
        look(browser, **LOOKS[how])
        for name in PAGES:
            browser.get((site / f"{name.replace('exercises', 'exercises/jacobians')}.html").as_uri())
            screenshot(browser, f"site-{Path(name).name}-{how}")
            assert browser.execute_script("return document.documentElement.scrollWidth") <= LOOKS[how]["width"]
            assert problems(browser) == [], name
