"""formgrader and the feedback in a real browser: headless Chromium, driven through Selenium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from grader.for_nbgrader.autograde.classrun import autograde_class

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="no Chromium or no chromedriver here: apt-get install chromium chromium-driver"
    ),
]

CHOSEN = ("right", "wrong-sign", "writes-into-its-input")
TOKEN = "formgrader-test"  # noqa: S105  of a server that lives as long as the test


@pytest.fixture(scope="module")
def graded(released_course, students, tmp_path_factory):
    """Some of the class, graded, with feedback."""
    nb = released_course.copy(tmp_path_factory.mktemp("browser") / "course")
    for student in CHOSEN:
        nb.submit(student, "activations", nb.answered("activations", **students[student]))
    assert autograde_class(nb.root, "activations", None).failed == {}
    nb.feedback("activations")
    return nb


@pytest.fixture(scope="module")
def formgrader(graded):
    """The address of a Jupyter server with nbgrader's formgrader, in the course directory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-W", "ignore", "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={graded.root}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    with (graded.root / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=graded.root, stdout=log, stderr=log, env=dict(os.environ))
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{base}/api?token={TOKEN}", timeout=5).close()  # noqa: S310  our own server
                break
            except (urllib.error.URLError, OSError):
                assert server.poll() is None, (graded.root / "server.log").read_text()[-4000:]
                time.sleep(0.5)
        yield base
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    assert BROWSER
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def text_when(browser, words: str) -> str:
    """The page's text, once it shows some words."""
    WebDriverWait(browser, 30).until(lambda page: words in page.find_element(By.TAG_NAME, "body").text, words)
    return browser.find_element(By.TAG_NAME, "body").text


def test_the_gradebook_shows_the_scores(browser, formgrader) -> None:
    browser.get(f"{formgrader}/formgrader/gradebook?token={TOKEN}")
    text_when(browser, "activations")
    browser.get(f"{formgrader}/formgrader/gradebook/activations?token={TOKEN}")
    average = "8.33 / 13"  # of the three students: 13, 0 and 12
    assert average in text_when(browser, average)


def test_a_notebooks_page_shows_each_score(browser, formgrader) -> None:
    browser.get(f"{formgrader}/formgrader/gradebook/activations/activations?token={TOKEN}")
    text_when(browser, "Submission #1")
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
    scores = sorted(next(part for part in row.text.split() if part.replace(".", "").isdigit()) for row in rows)
    assert scores == ["0", "12", "13"]


def test_formgrader_shows_the_judges_words_on_the_submission(browser, formgrader) -> None:
    browser.get(f"{formgrader}/formgrader/gradebook/activations/activations?token={TOKEN}")
    text_when(browser, "Submission #1")
    links = {link.get_attribute("href").partition("?")[0] for link in browser.find_elements(By.CSS_SELECTOR, "tbody a")}
    pages = []
    for link in sorted(links):
        browser.get(link)
        pages.append(text_when(browser, "sigmoid_grad"))
    assert sum("4 of 5 points" in page for page in pages) == 1
    assert sum("The sigmoid is increasing, so its derivative cannot be negative" in page for page in pages) == 1


def test_the_feedback_page_shows_the_diagnosis(browser, graded) -> None:
    page = graded.root / "feedback" / "wrong-sign" / "activations" / "activations.html"
    browser.get(page.as_uri())
    shown = text_when(browser, "Score: 0.0 / 13.0")
    assert "The sigmoid is increasing, so its derivative cannot be negative" in shown
    assert "✗" in shown
