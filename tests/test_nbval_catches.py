"""Strict nbval, set up as in pyproject.toml, sees what changes on a page.

The one hole that it has, a notebook that was never run, is closed in hygiene.py; the one that
tests/nbval_sanitize.cfg makes, the bytes of pictures, in pages.py, which is proved here, too.
"""

import base64
import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pages import another_run
from PIL import Image, PngImagePlugin

ROOT = Path(__file__).resolve().parent.parent
SANITIZE = "tests/nbval_sanitize.cfg"

RAISES = {"tags": ["raises-exception"]}


def shows(html, plain):
    """Return code that displays HTML with a text form beside it."""
    data = {"text/html": html, "text/plain": plain}
    return f"from IPython.display import display\ndisplay({data!r}, raw=True)"


def png(grey):
    """Return a picture of one shade that says it comes from our Matplotlib, as base64 text."""
    file, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Software", f"Matplotlib version{matplotlib.__version__}, https://...")
    Image.new("L", (4, 3), grey).save(file, "png", pnginfo=info)
    return base64.b64encode(file.getvalue()).decode()


DARK, PALE = png(50), png(60)


def figure(alt, picture=DARK):
    return f'<figure><img alt="{alt}" src="data:image/png;base64,{picture}"></figure>'


def text(words):
    return new_output("stream", name="stdout", text=words)


def display(html, plain):
    return new_output("display_data", {"text/html": html, "text/plain": plain})


def result(plain):
    return new_output("execute_result", {"text/plain": plain}, execution_count=1)


def error(evalue):
    return new_output("error", ename="ValueError", evalue=evalue, traceback=["here"])


P, Q = "Figure: p sums to 1 here.", "Figure: p sums to 2 here."
FP, FQ = figure("p sums to 1 here."), figure("p sums to 2 here.")
RAISE = "raise ValueError('p is 1')"

# Name: source, stored outputs, metadata. What is stored is not what running the source gives.
CAUGHT = {
    "a printed number": ("print('p = 0.25')", [text("p = 0.26\n")], {}),
    "the last printed digit": ("print(0.1 + 0.2)", [text("0.30000000000000001\n")], {}),
    "a result": ("0.25", [result("0.26")], {}),
    "a number in a table": (
        shows("<td>0.25</td>", "table"),
        [display("<td>0.26</td>", "table")],
        {},
    ),
    "alt text": (shows(FP, P), [display(FQ, Q)], {}),
    "alt text in HTML alone": (shows(FP, P), [display(FQ, P)], {}),
    "alt text in plain text alone": (shows(FP, P), [display(FP, Q)], {}),
    "a figure's width": (shows(FP, P), [display(FP.replace("<img", '<img width="7"'), P)], {}),
    "an error that appears": (RAISE, [], {}),
    "an error that appears after the output": (
        f"print(1)\n{RAISE}",
        [text("1\n")],
        {},
    ),
    "another message of an announced error": (RAISE, [error("p is 2")], RAISES),
    "an announced error that stays away": ("pass", [error("p is 1")], RAISES),
    "an output that disappears": ("pass", [text("p = 0.25\n")], {}),
    "a figure that disappears": ("pass", [display(FP, P)], {}),
    "one figure of two that disappears": (shows(FP, P), [display(FP, P)] * 2, {}),
    "an output that appears": ("print(1)", [], {}),
    "a warning that appears": ("import warnings; warnings.warn('old')", [], {}),
    "a line that disappears": ("print(1)", [text("1\n2\n")], {}),
}

# And what it lets pass, as it should; the last one is the hole.
PASSED = {
    "nothing changed": ("print('p = 0.25')", [text("p = 0.25\n")], {}),
    "the same announced error": (RAISE, [error("p is 1")], RAISES),
    "another picture under the same alt text": (
        shows(FP, P),
        [display(figure("p sums to 1 here.", PALE), P)],
        {},
    ),
    "a cell that was never run": ("print('p = 0.25')", [], {}),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What is said of each sample, and of their pictures; one kernel runs all, a cell each."""
    samples = CAUGHT | PASSED
    cells = [
        new_code_cell(source, outputs=outputs, metadata=metadata, execution_count=1)
        for source, outputs, metadata in samples.values()
    ]
    cells[-1].execution_count = None  # the hole
    folder = tmp_path_factory.mktemp("nbval")
    nbformat.write(new_notebook(cells=cells), folder / "samples.ipynb")
    options = ["-p", "no:cacheprovider", "-o", "addopts=", "--nbval-current-env", "--nbval"]
    options += ["--nbval-sanitize-with", str(ROOT / SANITIZE), "--junit-xml", "report.xml"]
    path = [ROOT, ROOT / "tools", ROOT / "tests", os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "pages", *options, "samples.ipynb"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)).rstrip(os.pathsep)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr  # 1: it ran, and some tests failed
    cases = list(ElementTree.parse(folder / "report.xml").iter("testcase"))
    return {
        name: "".join(failure.text for failure in case)
        for name, case in zip([*samples, "Pictures"], cases, strict=True)
    }


@pytest.mark.parametrize("change", CAUGHT)
def test_nbval_catches(verdicts, change):
    """As a difference between what is stored and what runs, or as an error in the cell."""
    unexpected = change.startswith("an error that appears")
    expected = "Cell execution caused an exception" if unexpected else "Cell outputs differ"
    assert expected in verdicts[change]


@pytest.mark.parametrize("sample", PASSED)
def test_nbval_lets_pass(verdicts, sample):
    """Bytes of pictures are compared afterwards, by eye and not by bit."""
    assert verdicts[sample] == ""


def test_another_picture_is_caught_after_nbval_has_let_it_pass(verdicts):
    """In its cell; of the others only those that draw more or fewer pictures are named."""
    first, *complaints = verdicts["Pictures"].splitlines()
    assert first == "samples.ipynb: look, then `make refresh`"
    changed = [words for words in complaints if "pixels differ" in words]
    numbers = [list(CAUGHT | PASSED).index("another picture under the same alt text") + 1]
    assert [int(words.split()[1]) for words in changed] == numbers
    assert "picture 1: 12 of 12 pixels differ, by up to 10 of 255" in changed[0]
    assert len(complaints) == 4
    assert sum(bool(re.search(r"draws \d pictures, stores \d", w)) for w in complaints) == 3


class Cell:
    """A cell's test, but for its kernel."""

    def __init__(self, log, test_outputs):
        self.log, self.test_outputs = log, test_outputs

    def runtest(self):
        self.test_outputs = [text("now")]
        self.log.append(self)


def test_who_asks_for_the_pictures_alone_has_the_page_run():
    """From the top, also if a cell in the middle was asked for; else nothing runs again."""
    page, log = new_notebook(cells=[new_code_cell("1"), new_code_cell("2")]), []
    cells = [Cell(log, [text("then")]), Cell(log, [])]
    assert [cell.outputs for cell in another_run(page, cells).cells] == [[text("then")], []]
    assert log == []
    cells[0].test_outputs = None
    assert [cell.outputs for cell in another_run(page, cells).cells] == [[text("now")]] * 2
    assert log == cells


def test_the_project_runs_nbval_as_it_is_proved_here(pytestconfig):
    """--nbval-lax, another sanitise file or no pages.py would make the proof above worthless."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    options = shlex.split(project["tool"]["pytest"]["ini_options"]["addopts"])
    assert "--nbval" in options
    assert "--nbval-lax" not in options
    assert options[options.index("--nbval-sanitize-with") + 1] == SANITIZE
    assert pytestconfig.pluginmanager.hasplugin("pages")
