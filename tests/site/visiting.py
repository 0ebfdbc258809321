"""What there is to complain about in a built site, seen in a browser."""

import functools
import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote_plus, urldefrag

from playwright.sync_api import TimeoutError

from chromium import chromium

BROWSERS = 2  # at work together
UNSET = """[...document.querySelectorAll(".math")].filter(m => !m.querySelector("mjx-container")
    || m.querySelector("mjx-merror, [data-mjx-error]")).length"""
WIDER = """Math.max(...[...document.querySelectorAll("html, body, main, .bd-article-container")]
    .map(part => part.scrollWidth - part.clientWidth))"""
MOVED = """moved = 0; new PerformanceObserver(list => list.getEntries().forEach(
    shift => { moved += shift.value })).observe({type: "layout-shift", buffered: true})"""
CUT = """[...document.querySelectorAll("article mjx-container[display='true']")].filter(
    formula => formula.clientWidth && formula.scrollWidth > formula.clientWidth + 1).length"""
STEADY = 0.1  # a page that moves more while it loads is called poor
AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.flatMap(
    v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)}`))"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server that says nothing."""

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this machine; yield its address."""
    handler = functools.partial(Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Visit:
    """A page, open in a browser in which it is noted what is asked of elsewhere."""

    def __init__(self, context, address: str):
        self.page, self.outside, self.errors = context.new_page(), [], []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.add_init_script(MOVED)
        self.page.goto(address)
        self._wait_for_formulas()

    def _wait_for_formulas(self):
        """Give MathJax its time; what it has not set by then is for unset_formulas to say."""
        with suppress(TimeoutError):
            self.page.wait_for_function(f"{UNSET} == 0", timeout=20_000)

    def _asked(self, request):
        """Note what is asked of another host; `chromium` lets no such request out."""
        if not request.url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:")):
            self.outside.append(request.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.close()

    def unset_formulas(self) -> int:
        """Count the formulas that MathJax has not set, or has set as an error."""
        return self.page.evaluate(UNSET)

    def formulas(self) -> int:
        """Count the formulas that MathJax has set."""
        return self.page.evaluate("document.querySelectorAll('article mjx-container').length")

    def sideways(self, width: int = 390) -> int:
        """Say by how many pixels the page, or its text by itself, is wider than a phone."""
        self.page.set_viewport_size({"width": width, "height": 844})
        return self.page.evaluate(WIDER)

    def axe(self, theme: str) -> list[str]:
        """Return what axe-core has against the page in a theme."""
        self.page.evaluate(
            "theme => { document.documentElement.dataset.theme = theme;"
            " document.documentElement.dataset.mode = theme }",
            theme,
        )
        # A button's colour takes its time to change, and half-way it is neither theme's.
        self.page.add_style_tag(content="* { transition: none !important }")
        if not self.page.evaluate("!!window.axe"):
            source = files("axe_playwright_python").joinpath("axe.min.js")
            self.page.evaluate(source.read_text("utf-8"))
        return self.page.evaluate(AXE)


def first_found(context, address: str, word: str) -> str:
    """Search for a word as a reader does; return the first page that is offered."""
    page = context.new_page()
    page.goto(f"{address}/search.html?q={quote_plus(word)}")
    page.wait_for_selector("#search-results ul.search li a")
    page.wait_for_function(
        "/found|match/i.test(document.querySelector('#search-results p').textContent)"
    )
    link = page.locator("#search-results ul.search li a").first.get_attribute("href")
    page.close()
    return urldefrag(link)[0].partition("?")[0].removesuffix(".html")


def complaints(visit: Visit, formulas: int | None = None) -> list[str]:
    """Say everything that there is against an open page, which is to have so many formulas."""
    found = [f"from elsewhere: {url}" for url in visit.outside]
    found += [f"error: {error}" for error in visit.errors]
    if (moved := visit.page.evaluate("moved")) > STEADY:
        found.append(f"moves by {moved:.2f} while it loads")
    if unset := visit.unset_formulas():
        found.append(f"{unset} formulas are not set")
    if formulas is not None and formulas != visit.formulas():
        found.append(f"{visit.formulas()} formulas are set, and the notebook has {formulas}")
    if cut := visit.page.evaluate(CUT):
        found.append(f"{cut} formulas are cut on a desk")
    for theme in ("light", "dark"):
        found += [f"{theme}: {each}" for each in visit.axe(theme)]
    if (wider := visit.sideways()) > 0:
        found.append(f"{wider} pixels wider than a phone")
    return found


def against_all(pages: dict[str, int | None]) -> dict[str, list[str]]:
    """Open all pages, by their addresses; return what there is against each that is not right."""
    shares = [dict(list(pages.items())[k::BROWSERS]) for k in range(BROWSERS)]
    with ThreadPoolExecutor(BROWSERS) as pool:
        found = [against for share in pool.map(_against, shares) for against in share]
    return {address: said for address, said in found if said}


def _against(pages: dict[str, int | None]) -> list[tuple[str, list[str]]]:
    found = []
    with chromium() as browser:
        context = browser.new_context()
        context.set_default_timeout(60_000)
        for address, formulas in pages.items():
            with Visit(context, address) as visit:
                found.append((address, complaints(visit, formulas)))
    return found
