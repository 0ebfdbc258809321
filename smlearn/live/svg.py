"""A scene as SVG text: what a live view puts on the page, what is stored of it, and printed.

A notebook that is not trusted yet shows no <svg>, but it does show the same text as the source of
an <img>; so does paper, where the words can be searched.
"""

from functools import singledispatch

from .._html import Markup, tag
from .._refusals import refusal, speaks
from .scene import PAPER, Disc, Line, Polygon, Scene, Text

__all__ = ["to_svg"]

FONTS = "DejaVu Sans, Verdana, Arial, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


@speaks
def to_svg(scene: Scene, label: str) -> Markup:
    """Write a scene as one SVG, on white paper of its own: dark themes can read it.

    A screen reader says the label in place of the drawing.

    Examples
    --------
    >>> print(to_svg(Scene(8, 4, (Disc((1, 2), 1, "red"),)), "A dot."))
    <svg role="img" aria-label="A dot." viewBox="0 0 8 4" width="8" height="4" \
font-family="DejaVu Sans, Verdana, Arial, sans-serif" xmlns="http://www.w3.org/2000/svg">\
<rect width="8" height="4" fill="#ffffff"/><circle cx="1" cy="2" r="1" fill="red" stroke="none" \
stroke-width="1"/></svg>
    """
    size = {"width": f"{scene.width:g}", "height": f"{scene.height:g}"}
    return tag("svg", tag("rect", **size, fill=PAPER), *map(_drawn, scene.parts),
               role="img", aria_label=label, viewBox=f"0 0 {size['width']} {size['height']}",
               **size, font_family=FONTS, xmlns="http://www.w3.org/2000/svg")


@singledispatch
def _drawn(part) -> Markup:
    raise refusal(TypeError, f"a scene must hold parts, but got {type(part).__name__}; "
                  "see scene.py")


@_drawn.register
def _(part: Polygon) -> Markup:
    return tag("polygon", points=_list(part.points), fill=part.fill, stroke=part.edge)


@_drawn.register
def _(part: Line) -> Markup:
    return tag("polyline", points=_list(part.points), fill="none", stroke=part.colour,
               stroke_width=f"{part.width:g}",
               stroke_dasharray=",".join(map(str, part.dashes)) or None)


@_drawn.register
def _(part: Disc) -> Markup:
    x, y = part.centre
    return tag("circle", cx=f"{x:.6g}", cy=f"{y:.6g}", r=f"{part.radius:.6g}", fill=part.fill,
               stroke=part.edge, stroke_width=f"{part.width:g}")


@_drawn.register
def _(part: Text) -> Markup:
    x, y = part.at
    return tag("text", part.words, x=f"{x:.6g}", y=f"{y:.6g}", font_size=f"{part.size:g}",
               fill=part.colour, text_anchor=part.anchor, **{"xml:space": "preserve"},
               font_family=MONO if part.mono else None, font_weight="bold" if part.bold else None)


def _list(points) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in points)
