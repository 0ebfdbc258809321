"""What there is to complain about in a built site, read as files."""

import functools
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

LARGEST = 2_000_000  # bytes of a page
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
KEPT = ("stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect")  # of a link


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
    """Count the pictures in a notebook's outputs, and those that its text holds."""
    return sum(
        output.get("data", {}).get("text/html", "").count('src="data:image')
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    ) + sum(cell.source.count("](attachment:") for cell in notebook.cells)
