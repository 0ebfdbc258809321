"""How the pages of a class look: by day, by night, on a phone, on paper; and their bars.

A bar is cut into right, wrong, open and not marked. Its colours are far apart in brightness as
well, what is wrong is hatched, what is open is empty, and the numbers stand beside it in words.
"""

from collections.abc import Iterable

from .._html import Markup, document, each, join, tag

__all__ = ["HATCH", "bar", "length", "page", "paragraphs"]

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1a1a; --soft: #f3f3f3;
  --line: #767676; --right: #0b4f8a; --wrong: #d55e00; --none: #949494; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #141414; --ink: #ececec;
  --soft: #242424; --line: #9a9a9a; --right: #8ccbff; --wrong: #f08a24; --none: #6d6d6d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; border-top: 1px solid var(--line);
  padding-top: .75rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .35rem 0; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .6rem .75rem;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }
code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; }
table { border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0;
  border-bottom: 1px solid var(--line); font-weight: inherit; }
thead th { font-weight: 600; }
ol { padding-left: 1.75rem; } li { margin: .75rem 0; break-inside: avoid; }
li svg { max-width: 24rem; }
svg { display: block; width: 100%; height: auto; margin: .3rem 0; }
.right { fill: var(--right); } .wrong { fill: var(--wrong); } .open { fill: none; }
.none { fill: var(--none); } .frame { fill: none; stroke: var(--line); }
.hatch { stroke: var(--paper); stroke-width: 2; }
@media (max-width: 30rem) { th, td { padding-right: .5rem; } }
@media print { main { max-width: none; padding: 0; } body { font-size: 11pt; }
  h2 { break-after: avoid; } pre, tr, svg, .parts { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
WIDE, HIGH = 600, 18    # of a bar
NAMES = {"right": "right", "wrong": "wrong", "open": "open", "none": "not marked"}
HATCH = tag("svg", tag("defs", tag("pattern", tag("path", d="M0 8 L8 0", **{"class": "hatch"}),
                                   id="hatch", width=8, height=8,
                                   patternUnits="userSpaceOnUse")),
            width=0, height=0, style="position: absolute; width: 0", aria_hidden="true")


def page(title: str, *inside) -> Markup:
    """Write a page of a class, with nothing in it from elsewhere."""
    return document(title, STYLE, tag("main", HATCH, tag("h1", title), *inside))


def paragraphs(lines: Iterable[str]) -> Markup:
    """Write a paragraph for each line that is not empty."""
    return each("p", filter(None, lines))


def bar(counts: dict[str, int]) -> Markup:
    """Draw how many are right, wrong, open and not marked, and say it below."""
    total, at, parts = max(1, sum(counts.values())), 0.0, []
    words = ", ".join(f"{counts[kind]} {name}" for kind, name in NAMES.items()
                      if counts[kind] or kind != "none")
    for kind in NAMES:
        wide = WIDE * counts[kind] / total
        parts.append(_box(at, wide, kind) if wide else "")
        at += wide
    return join(_drawing(*parts, label=f"Of {total}: {words}."),
                tag("p", f"{words[0].upper()}{words[1:]}."))


def length(many: int, most: int) -> Markup:
    """Draw a share as a part of a bar; what it says stands beside it."""
    return _drawing(_box(0, WIDE * many / max(1, most), "wrong"), _box(0, WIDE, "open"),
                    label=f"{many} of {most}")


def _box(at: float, wide: float, kind: str) -> Markup:
    size = {"x": f"{at:.1f}", "y": 0, "width": f"{wide:.1f}", "height": HIGH}
    hatch = tag("rect", **size, fill="url(#hatch)") if kind == "wrong" else ""
    return join(tag("rect", **size, **{"class": kind}), hatch,
                tag("rect", **size, **{"class": "frame"}))


def _drawing(*parts, label: str) -> Markup:
    return tag("svg", *parts, role="img", aria_label=label, viewBox=f"-1 -1 {WIDE + 2} {HIGH + 2}",
               xmlns="http://www.w3.org/2000/svg")
