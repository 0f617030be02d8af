"""A real browser: headless Chromium, driven through Selenium, and axe-core, which a page is held against."""

from __future__ import annotations

import base64
import contextlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium import webdriver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

__all__ = ["browsing", "in_a_browser", "look", "needs_axe", "picture", "problems", "screenshot"]

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
AXE = Path(sys.prefix) / "axe.min.js"
"""Where the Makefile puts it."""
PAGES = Path(__file__).parents[2] / "results" / "screenshots"
"""Where pictures of pages are left to be looked at; git does not see it."""

in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="no Chromium or no chromedriver here: apt-get install chromium chromium-driver"
    ),
]
"""The marks of a test file that drives one."""

needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="no axe-core here, which `make test` gets with npm: make .venv/axe.min.js"
)


@contextlib.contextmanager
def browsing() -> Iterator[WebDriver]:
    """A browser, for as long as it is used."""
    options = webdriver.ChromeOptions()
    assert BROWSER
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def look(browser: WebDriver, width: int, *, dark: bool = False, media: str = "", script: bool = True) -> None:
    """See the next page so: as wide as a phone or a desk, dark, as it is printed, without JavaScript."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd(
        "Emulation.setScrollbarsHidden", {"hidden": True}
    )  # as on a phone, so that pictures are whole
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": scheme})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})


def problems(browser: WebDriver) -> list[str]:
    """What axe-core finds in the page by the rules of WCAG 2.2 AA and by its own good practice, each with where."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = browser.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run().then(found => done(found.violations))"
    )
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def picture(browser: WebDriver) -> bytes:
    """The whole page, as a PNG."""
    size = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12_000), "scale": 1}
    shown = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    return base64.b64decode(shown["data"])


def screenshot(browser: WebDriver, name: str) -> None:
    """Leave a picture of the whole page to be looked at."""
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{name}.png").write_bytes(picture(browser))
