"""A press: HTML with TeX in it goes into Chromium, formulas come out set, as a PDF or a page.

MathJax comes from npm, see the Makefile, and draws each formula as SVG with its own outlines, so
what is printed needs neither MathJax nor a font of it. Nothing is asked of another host: the one
host that pages know is a folder of this machine.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.filters import markdown2html
from playwright.sync_api import Page

from chromium import chromium, find_chromium
from printed_pages import FORMULA, ROOT

BUILD = ROOT / "build"
MODULES = BUILD / "npm" / "node_modules"
HOST = "http://course.test/"
TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "tools" / "paper"), undefined=StrictUndefined, autoescape=True
)
CODE = re.compile(r"(?s)<(pre|code|style|script)\b.*?</\1>")
MATHJAX = """window.MathJax = {
    tex: {inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]],
          packages: {"[-]": ["noundefined", "noerrors"]}},
    svg: {fontCache: "none"},
    output: {fontPath: "@HOST@@mathjax/%%FONT%%-font", linebreaks: {inline: false}},
    options: {enableMenu: false, enableEnrichment: false, enableSpeech: false,
              enableBraille: false, enableExplorer: false, enableComplexity: false},
    startup: {typeset: false},
};""".replace("@HOST@", HOST)
SET = """async () => {
    await MathJax.startup.promise;
    MathJax.typesetClear();
    await MathJax.typesetPromise();
    const all = [...MathJax.startup.document.math];
    for (const each of all) {
        each.typesetRoot.setAttribute("role", "img");
        each.typesetRoot.setAttribute("aria-label", each.math);
        each.typesetRoot.removeAttribute("tabindex");
    }
    document.querySelectorAll("svg > style, mjx-assistive-mml").forEach(e => e.remove());
    const wrong = document.querySelectorAll("[data-mml-node=merror], [data-mjx-error]");
    return [all.length, [...wrong].map(e => e.textContent || e.outerHTML)];
}"""


def html(markdown: str) -> str:
    """Return a page's Markdown as HTML, its links as words: paper cannot be clicked."""
    return markdown2html(re.sub(r"(?<!!)\[([^\]$]*)\]\([^)\s]*\)", r"\1", markdown))


def filled(template: str, **values) -> str:
    """Return a template of tools/paper with its values."""
    return TEMPLATES.get_template(template).render(**values)


def formulas_in(document: str) -> list[str]:
    """Return the TeX of a document that is not set yet; a dollar in code is none."""
    return FORMULA.findall(CODE.sub("", document))


@contextmanager
def press() -> Iterator[Page]:
    """Yield a page of a browser for which HOST is the folder of npm, and all else is nowhere.

    Raises
    ------
    FileNotFoundError
        If Chromium, MathJax or reveal.js is not there.
    """
    find_chromium()
    for name in ("mathjax", "reveal.js"):
        if not (MODULES / name).is_dir():
            raise FileNotFoundError(f"{name} is wanted in {MODULES}; `make handouts` brings it")
    with chromium() as browser:
        page = browser.new_page()
        page.route(f"{HOST}**", lambda route: route.fulfill(path=_local(route.request.url)))
        yield page


def _local(url: str) -> Path:
    return MODULES / url.removeprefix(HOST).partition("?")[0]


def set_formulas(page: Page, document: str) -> None:
    """Put a document on a page, and set all of its formulas.

    Raises
    ------
    ValueError
        If one of them is not set: TeX that MathJax does not take, or that it did not see.
    """
    page.set_content(document, wait_until="load")
    if not page.evaluate("!!window.MathJax"):  # a new document, but the window stays
        page.evaluate("code => { (0, eval)(code); }", MATHJAX)
        page.add_script_tag(url=f"{HOST}mathjax/tex-svg.js")
    count, wrong = page.evaluate(SET)
    page.evaluate("document.querySelectorAll('head > script').forEach(e => e.remove())")
    wanted = formulas_in(document)
    if count != len(wanted) or wrong:
        raise ValueError(
            f"{len(wanted)} formulas are wanted, and {count} were set; wrong are {wrong}"
        )


def print_pdf(page: Page, path: Path, size: str) -> None:
    """Print what is on a page; the style sheet has the margins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(path=path, format=size, print_background=True, tagged=True)


def begin(main: Callable[[], None]) -> None:
    """Run a tool; what this machine lacks for it is said in a line, and no traceback."""
    try:
        main()
    except FileNotFoundError as lacks:
        sys.exit(str(lacks))
