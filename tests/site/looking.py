"""What there is to complain about in a built site: read as files, or seen in a browser."""

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from playwright.sync_api import TimeoutError

LARGEST = 2_000_000  # bytes of a page
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
KEPT = ("stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect")  # of a link
UNSET = """[...document.querySelectorAll(".math")].filter(m => !m.querySelector("mjx-container")
    || m.querySelector("mjx-merror, [data-mjx-error]")).length"""
AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.flatMap(
    v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)}`))"""


class Page(HTMLParser):
    """The links of a page, its anchors, what it fetches, its formulas and its pictures."""

    def __init__(self, html: str):
        super().__init__()
        self.links, self.anchors, self.fetched = [], set(), []
        self.formulas = self.pictures = 0
        self.article = False  # the contents at the side say a heading's formula again
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Look at a tag."""
        have = {name: value or "" for name, value in attrs}
        self.anchors |= {have[name] for name in ("id", "name") if name in have}
        if tag == "a" and "href" in have:
            self.links.append(have["href"])
        if tag in FETCHED and (tag != "link" or have.get("rel") in KEPT):
            self.fetched.append(have.get(FETCHED[tag], ""))
        self.article |= tag == "article"
        self.formulas += self.article and "math" in have.get("class", "").split()
        self.pictures += tag == "img" and have.get("src", "").startswith("data:image")

    def handle_endtag(self, tag):
        """Look at the end of a tag."""
        self.article &= tag != "article"


@functools.cache
def read(path: Path) -> Page:
    """Read a page, once."""
    return Page(path.read_text("utf-8"))


def html_pages(site: Path) -> list[Path]:
    """Return all pages of a site."""
    return sorted(p for p in site.rglob("*.html") if "_static" not in p.relative_to(site).parts)


def broken_links(site: Path) -> list[str]:
    """Name each link within the site that leads nowhere, an anchor included."""
    complaints = []
    for path in html_pages(site):
        for link in read(path).links:
            if re.match(r"[a-z]+:", link):
                continue
            target, anchor = urldefrag(urljoin(path.as_uri(), link))
            to = Path(unquote(target.removeprefix("file://")))
            there = to.is_file() and (
                not anchor or to.suffix != ".html" or unquote(anchor) in read(to).anchors
            )
            if not there:
                complaints.append(f"{path.relative_to(site)}: {link}")
    return complaints


def strangers(site: Path) -> list[str]:
    """Name each address of another host that a page or a style sheet would fetch."""
    found = [(p, a) for p in html_pages(site) for a in read(p).fetched]
    for sheet in site.rglob("*.css"):
        text = sheet.read_text("utf-8")
        found += [(sheet, a) for a in re.findall(r"url\(['\"]?([^'\")]+)", text)]
    return [f"{p.relative_to(site)}: {a}" for p, a in found if re.match(r"(https?:)?//", a)]


def too_large(site: Path) -> list[str]:
    """Name each page above the limit."""
    return [str(p.relative_to(site)) for p in html_pages(site) if p.stat().st_size > LARGEST]


def formulas_in(notebook: nbformat.NotebookNode) -> int:
    """Count the formulas of a notebook's Markdown, as a reader of the source does."""
    reader = MarkdownIt("commonmark").enable("table")
    reader.use(dollarmath_plugin, double_inline=True).use(amsmath_plugin)
    return sum(
        part.type.startswith(("math_", "amsmath"))
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for token in reader.parse(cell.source)
        for part in (token, *(token.children or ()))
    )


def pictures_in(notebook: nbformat.NotebookNode) -> int:
    """Count the pictures in a notebook's outputs."""
    return sum(
        output.get("data", {}).get("text/html", "").count('src="data:image')
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    )


# ---- in a browser


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
    """A page, open in a browser that lets it fetch nothing from elsewhere, and counts."""

    def __init__(self, context, address: str):
        self.page, self.outside, self.errors = context.new_page(), [], []
        self.page.route("**/*", self._only_here)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.goto(address)
        self._wait_for_formulas()

    def _wait_for_formulas(self):
        """Give MathJax its time; what it has not set by then is for unset_formulas to say."""
        with suppress(TimeoutError):
            self.page.wait_for_function(f"{UNSET} == 0", timeout=20_000)

    def _only_here(self, route):
        here = route.request.url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:"))
        if not here:
            self.outside.append(route.request.url)
        return route.continue_() if here else route.abort()

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
        """Say by how many pixels the page is wider than a phone."""
        self.page.set_viewport_size({"width": width, "height": 844})
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")

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
    page.goto(f"{address}/search.html?q={word.replace(' ', '+')}")
    page.wait_for_selector("#search-results ul.search li a")
    page.wait_for_function(
        "/found|match/i.test(document.querySelector('#search-results p').textContent)"
    )
    link = page.locator("#search-results ul.search li a").first.get_attribute("href")
    page.close()
    return urldefrag(link)[0].partition("?")[0].removesuffix(".html")
