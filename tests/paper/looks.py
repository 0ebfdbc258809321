"""What an eye would see on a page: what sticks out or overlaps, is too small or too pale."""

import re
import unicodedata
from html import unescape
from importlib.resources import files
from pathlib import Path

from letters import POINT
from playwright.sync_api import Page
from pypdf import PdfReader

WIDTHS = {"A4": 680, "Letter": 703}  # pixels between the margins: 180 and 186 mm
LEAST = 12  # pixels: 9 points
FINE = 6.5 / 0.75  # pixels: 6.5 points, of an index in a formula, or a number in a picture
LOOK = """([least, room]) => {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode, above = text.parentElement;
        if (!text.data.trim() || above.closest("svg, .anchor-link, script, style")) continue;
        const size = parseFloat(getComputedStyle(above).fontSize);
        if (size < least - .01) found.push(`small, ${size}: ${text.data.trim().slice(0, 40)}`);
    }
    for (const each of document.querySelectorAll("main *")) {
        const box = each.getBoundingClientRect();
        if (each.closest("svg") && each.tagName !== "svg" || !box.width) continue;
        if (box.right > room + 1 || box.left < -1)
            found.push(`outside, ${Math.round(box.right)}: ${each.tagName}`);
    }
    return found;
}"""
# Of what stands on a page, no two touch, unless one holds the other: a list of pairs.
TOUCH = """root => {
    const kinds = "p, li, pre, h1, h2, th, td, dd, img, .room, mjx-container[display=true]";
    const all = [...root.querySelectorAll(kinds)].filter(e => !e.closest(".notes")
        && !e.querySelector(kinds) && e.getBoundingClientRect().width);
    const boxes = all.map(e => e.getBoundingClientRect()), found = [];
    for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
        const a = boxes[i], b = boxes[j];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 2) found.push(`${all[i].tagName} and ${all[j].tagName} overlap: `
            + `${all[i].textContent.trim().slice(0, 40)}`);
    }
    return found;
}"""
# How large each formula's smallest letters are, in pixels; a letter is 1000 units high.
GLYPHS = """root => [...root.querySelectorAll("mjx-container")].map(each => [
    each.getAttribute("aria-label"),
    Math.min(...[...each.querySelectorAll("path")].map(p => 1000 * Math.abs(p.getScreenCTM().a))
        .filter(size => size > 1))])"""
# How large each picture is on the page, as a share of its own pixels; what a box of another shape
# leaves white does not count.
PICTURES = """root => [...root.querySelectorAll("img")].map(e => {
    const box = e.getBoundingClientRect();
    return [e.alt, Math.min(box.width / e.naturalWidth, box.height / e.naturalHeight)];
})"""
AXE = """async rules => {
    const found = await axe.run(document, rules ? {runOnly: {type: "rule", values: rules}} : {});
    return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 120)}`));
}"""


def look(page: Page, size: str, letters: dict[str, float]) -> list[str]:
    """Return what is too small or outside on paper, what overlaps, and what is too pale.

    letters are the smallest ones of each picture, in points of its own, by its alternative text.
    Contrast is a ratio of luminances, so it is the same in grey.
    """
    page.emulate_media(media="print")
    page.set_viewport_size({"width": WIDTHS[size], "height": 1000})
    root = page.query_selector("main")
    return [
        *page.evaluate(LOOK, [LEAST, WIDTHS[size]]),
        *page.evaluate(TOUCH, root),
        *fine(page.evaluate(GLYPHS, root), page.evaluate(PICTURES, root), letters, FINE),
        *axe(page, ["color-contrast", "image-alt"]),
    ]


def fine(glyphs: list, pictures: list, letters: dict[str, float], least: float) -> list[str]:
    """Return the formulas and the pictures whose smallest letters are smaller than least."""
    sizes = [*glyphs, *((alt, letters[alt] * POINT * share) for alt, share in pictures)]
    return [f"fine, {size:.1f}: {what[:40]}" for what, size in sizes if size < least]


def axe(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe-core has against a page; None for all its rules."""
    if not page.evaluate("!!window.axe"):
        source = files("axe_playwright_python").joinpath("axe.min.js")
        page.evaluate(source.read_text("utf-8"))
    return page.evaluate(AXE, rules)


def missing(pdf: PdfReader, html: str) -> set[str]:
    """Return the words of a document that are not in its PDF: cut off, or lost."""
    words = re.compile(r"[A-Za-z]{4,}")
    text = re.sub(r"(?s)<(style|head|script)\b.*?</\1>|\$\$.*?\$\$|\$[^$\n]*\$|<[^>]*>", " ", html)
    said = " ".join(page.extract_text() for page in pdf.pages)
    said = unicodedata.normalize("NFKC", said)  # fi is two letters
    return set(words.findall(unescape(text))) - set(words.findall(said))


def beyond(pdf: PdfReader) -> list[str]:
    """Return the words of a PDF that begin outside of its pages."""
    found = []
    for page in pdf.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)

        def note(text, current, matrix, _font, _size, width=width, height=height):
            x = matrix[4] * current[0] + matrix[5] * current[2] + current[4]
            y = matrix[4] * current[1] + matrix[5] * current[3] + current[5]
            if text.strip() and not (0 <= x <= width and 0 <= y <= height):
                found.append(text.strip())

        page.extract_text(visitor_text=note)
    return found


def read(path: Path) -> PdfReader:
    """Return a PDF."""
    return PdfReader(path)
