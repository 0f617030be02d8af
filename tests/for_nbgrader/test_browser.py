"""formgrader and the feedback in a real browser: headless Chromium, driven through Selenium."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from nbgrader.api import Gradebook
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browser import browsing, in_a_browser, look, needs_axe, problems, screenshot
from grader.building.release import release
from grader.course.course_yml import load_course
from grader.for_nbgrader.autograde.classrun import autograde_class

pytestmark = in_a_browser

CHOSEN = ("right", "wrong-sign", "writes-into-its-input")
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TOKEN = "formgrader-test"  # noqa: S105  of a server that lives as long as the test


@pytest.fixture(scope="module")
def graded(released_course, students, tmp_path_factory):
    """Some of the class, graded, with feedback."""
    nb = released_course.copy(tmp_path_factory.mktemp("browser") / "course")
    release(load_course(nb.root.parent), nb.root.parent / "exercises")
    for student in CHOSEN:
        nb.submit(student, "activations", nb.answered("activations", **students[student]))
    assert autograde_class(nb.root, "activations", None).failed == {}
    nb.feedback("activations")
    return nb


@pytest.fixture(scope="module")
def formgrader(graded):
    """The address of a Jupyter server with nbgrader's formgrader, in the course directory."""
    with serving(graded) as address:
        yield address


@contextlib.contextmanager
def serving(graded):
    """A Jupyter server with nbgrader's formgrader, for as long as it is used."""
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
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{base}/api?token={TOKEN}", timeout=5).close()  # noqa: S310  our own server
                break
            except (urllib.error.URLError, OSError):
                assert server.poll() is None, (graded.root / "server.log").read_text()[-4000:]
                time.sleep(0.5)
        else:
            pytest.fail("the server has not answered in five minutes")
        yield base
    finally:
        server.terminate()
        server.wait(300)


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


ACTS = """<script>document.title = 'acted'</script> <img src=x onerror="document.title = 'acted'">
<svg onload="document.title = 'acted'"></svg> <a class="full-credit" href="javascript:document.title = 'acted'">click me</a>

**bold**, $\\sigma'(z) < 1$ and a [page](https://example.org/)"""


@pytest.fixture(scope="module")
def acting(released_course, students, tmp_path_factory):
    """A submission that tries to act in the pages about it: in its words, outputs, names and metadata."""
    nb = released_course.copy(tmp_path_factory.mktemp("acting") / "course")
    config = (nb.root / "nbgrader_config.py").read_text()
    (nb.root / "nbgrader_config.py").write_text(config.replace("configure(c, ", 'configure(c, plain_cells="execute", '))
    notebook = nb.answered("activations", **students["right"])
    lexer = '"><script>document.title = "acted"</script>'
    notebook.metadata["language_info"] = {"name": lexer, "pygments_lexer": lexer}
    notebook.cells.insert(0, new_markdown_cell(ACTS, metadata={"tags": [lexer]}))
    notebook.cells.insert(1, new_code_cell("1", metadata={"tags": [lexer], "magics_language": lexer}))
    notebook.cells.insert(2, new_raw_cell(ACTS, metadata={"raw_mimetype": "text/html"}))
    nb.submit("mallory", "activations", notebook)
    assert autograde_class(nb.root, "activations", None).failed == {}
    # What a kernel would leave, had the instructor cells of their own for it to run.
    path = nb.root / "autograded" / "mallory" / "activations" / "activations.ipynb"
    path.chmod(0o644)
    graded = nbformat.read(path, as_version=4)
    graded.metadata["language_info"] = {"name": lexer}
    next(cell for cell in graded.cells if cell.source == "1").outputs = [
        new_output("display_data", data={"text/html": ACTS, "text/plain": "shown"}),
        new_output("display_data", data={"application/javascript": "document.title = 'acted'", "text/plain": "shown"}),
        new_output("display_data", data={"image/png": "AAAA"}, metadata={"width": "1 onerror=document.title='acted'"}),
    ]
    nbformat.write(graded, path)
    return nb


@pytest.fixture(scope="module")
def own(released_course, students, tmp_path_factory):
    """The same, in cells of the instructor's own and in what a person writes of them, with feedback."""
    nb = released_course.copy(tmp_path_factory.mktemp("own") / "course")
    nb.add_own_cells()
    notebook = nb.answered("activations", **students["right"])
    for cell in notebook.cells:
        match cell.metadata.nbgrader.grade_id:
            case "own-words":
                cell.source = ACTS
            case "own-plot":
                cell.source = ACTS
                cell.outputs = [
                    new_output("display_data", data={"text/html": ACTS, "text/plain": ACTS}),
                    new_output("display_data", data={"image/png": PICTURE}),
                ]
    nb.submit("mallory", "activations", notebook)
    assert autograde_class(nb.root, "activations", None).failed == {}
    nb.give("mallory", "own-words", 1.0, ACTS)
    nb.give("mallory", "own-task", 2.0, extra=3.0)
    nb.feedback("activations")
    return nb


def require_inert(browser) -> None:
    """Nothing has acted, nothing acts on a click, and what is honest is there."""
    time.sleep(1)
    assert browser.title != "acted"
    link = browser.find_element(By.LINK_TEXT, "page")
    assert link.get_attribute("href") == "https://example.org/"
    for each in browser.find_elements(By.XPATH, "//a[text()='click me']"):
        browser.execute_script("arguments[0].click()", each)
        assert not each.get_attribute("class")
    assert browser.title != "acted"
    assert "bold" in [each.text for each in browser.find_elements(By.TAG_NAME, "strong")]
    assert "\\sigma'(z) < 1" in browser.page_source.replace("&lt;", "<")


def test_nothing_of_a_submission_acts_in_its_feedback(browser, own, tmp_path) -> None:
    """Nor of what a person wrote of it, in a cell of the instructor's own: there formatting, pictures and formulas stay."""
    page = own.root / "feedback" / "mallory" / "activations" / "activations.html"
    browser.get(page.as_uri())
    assert browser.find_elements(By.TAG_NAME, "math")
    (shown,) = browser.find_elements(By.TAG_NAME, "img")
    assert shown.get_attribute("src") == f"data:image/png;base64,{PICTURE}"
    assert not browser.find_elements(By.CSS_SELECTOR, "script, svg, style ~ style")
    for each in browser.find_elements(By.CSS_SELECTOR, "a:not([href^='#'])"):
        assert each.get_attribute("href") == "https://example.org/"
    assert browser.title != "acted"
    text = browser.find_element(By.TAG_NAME, "body").text
    assert text.count("A person wrote: <script>document.title = 'acted'</script>") == 1
    assert "19 of 19 points" in text
    # So that it can fail: what acts does, in the same page, were it no text.
    loud = tmp_path / "loud.html"
    loud.write_text(page.read_text().replace("<main>", f"<main>{ACTS}"))
    browser.get(loud.as_uri())
    assert len(browser.find_elements(By.CSS_SELECTOR, "script, svg")) == 2


@needs_axe
@pytest.mark.parametrize("how", [{"width": 360}, {"width": 1280, "dark": True}, {"width": 793, "media": "print"}])
def test_axe_finds_nothing_in_the_feedback(browser, graded, own, how) -> None:
    for nb, student in [(own, "mallory"), *((graded, student) for student in CHOSEN)]:
        look(browser, **how)
        browser.get((nb.root / "feedback" / student / "activations" / "activations.html").as_uri())
        assert bool(browser.find_elements(By.CSS_SELECTOR, "details.task")) is (nb is graded)
        for folded in browser.find_elements(By.CSS_SELECTOR, "details:not([open])"):
            browser.execute_script("arguments[0].open = true", folded)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= how["width"]
        assert problems(browser) == [], student
        look_of = "-".join(map(str, how.values()))
        screenshot(browser, f"nbgrader-{student}-{look_of}")


def test_nothing_of_a_submission_acts_in_formgrader(browser, acting) -> None:
    with serving(acting) as address:
        with Gradebook(f"sqlite:///{acting.root / 'gradebook.db'}") as gradebook:
            number = gradebook.find_submission_notebook("activations", "activations", "mallory").id
        browser.get(f"{address}/formgrader/submissions/{number}/?token={TOKEN}")
        text_when(browser, "Submission 1 / 1")
        require_inert(browser)


def test_what_acts_does_act_in_a_page_that_is_not_made_inert(browser, tmp_path) -> None:
    """So that the tests above can fail."""
    page = tmp_path / "page.html"
    page.write_text(f"<title>quiet</title>{ACTS}")
    browser.get(page.as_uri())
    WebDriverWait(browser, 10).until(lambda shown: shown.title == "acted")


def text_when(browser, words: str) -> str:
    """The page's text, once it shows some words."""
    WebDriverWait(browser, 120).until(lambda page: words in page.find_element(By.TAG_NAME, "body").text, words)
    return browser.find_element(By.TAG_NAME, "body").text


def test_the_gradebook_shows_the_scores(browser, formgrader) -> None:
    browser.get(f"{formgrader}/formgrader/gradebook?token={TOKEN}")
    text_when(browser, "activations")
    browser.get(f"{formgrader}/formgrader/gradebook/activations?token={TOKEN}")
    average = "8.5 / 13"  # of the three students: 13, 0 and 12.5
    assert average in text_when(browser, average)


def test_a_notebooks_page_shows_each_score(browser, formgrader) -> None:
    browser.get(f"{formgrader}/formgrader/gradebook/activations/activations?token={TOKEN}")
    text_when(browser, "Submission #1")
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
    scores = sorted(next(part for part in row.text.split() if part.replace(".", "").isdigit()) for row in rows)
    assert scores == ["0", "12.5", "13"]


def test_formgrader_shows_the_judges_words_on_the_submission(browser, formgrader) -> None:
    browser.get(f"{formgrader}/formgrader/gradebook/activations/activations?token={TOKEN}")
    text_when(browser, "Submission #1")
    links = {link.get_attribute("href").partition("?")[0] for link in browser.find_elements(By.CSS_SELECTOR, "tbody a")}
    pages = []
    for link in sorted(links):
        browser.get(link)
        pages.append(text_when(browser, "sigmoid_grad"))
    assert sum("4.5 of 5 points" in page for page in pages) == 1
    assert sum("The sigmoid is increasing, so its derivative cannot be negative" in page for page in pages) == 1


def test_a_page_in_formgrader_numbers_cells_as_feedback_cites_them_and_folds_what_the_student_did_not_write(
    browser, formgrader, graded
) -> None:
    with Gradebook(f"sqlite:///{graded.root / 'gradebook.db'}") as gradebook:
        number = gradebook.find_submission_notebook("activations", "activations", "wrong-sign").id
    look(browser, 1280)
    browser.get(f"{formgrader}/formgrader/submissions/{number}/?token={TOKEN}")
    text_when(browser, " / 3")
    prompts = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".input_prompt") if each.text]
    assert prompts == [f"In [{number}]:" for number in range(1, len(prompts) + 1)]
    assert "\n4    return" in browser.find_element(By.CSS_SELECTOR, ".input_area").text
    folded = browser.find_elements(By.TAG_NAME, "details")
    assert {each.find_element(By.TAG_NAME, "summary").text for each in folded} == {
        "The course's own cell, as it was released"
    }
    assert not any(each.get_attribute("open") for each in folded)
    assert len(folded) == len(prompts) - 2  # the two answers
    screenshot(browser, "formgrader-wrong-sign")
