"""A scene as SVG text: what a live view puts on the page, what is stored of it, and printed.

A notebook that is not trusted yet shows no <svg>, but it does show the same text as the source of
an <img>; so does paper, where the words can be searched.
"""

from functools import lru_cache

from .._html import Markup, tag
from .._refusals import refusal, speaks
from .scene import PAPER, Disc, Line, Part, Polygon, Scene, Text

__all__ = ["to_svg"]

FONTS = "DejaVu Sans, Verdana, Arial, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


@speaks
def to_svg(scene: Scene, style: str | None = None) -> Markup:
    """Write a scene as one SVG, on white paper of its own: dark themes can read it.

    What it shows is said where it is put: by the alt text of an <img>, or the label of a role.
    CSS may be given, to fit it to a page.

    Examples
    --------
    >>> print(to_svg(Scene(8, 4, (Disc((1, 2), 1, "red"),))))
    <svg viewBox="0 0 8 4" width="8" height="4" \
font-family="DejaVu Sans, Verdana, Arial, sans-serif" xmlns="http://www.w3.org/2000/svg">\
<rect width="8" height="4" fill="#ffffff"/><circle cx="1" cy="2" r="1" fill="red" stroke="none" \
stroke-width="1"/></svg>
    """
    size = {"width": f"{scene.width:g}", "height": f"{scene.height:g}"}
    return tag("svg", tag("rect", **size, fill=PAPER), *map(_drawn, scene.parts),
               viewBox=f"0 0 {size['width']} {size['height']}", **size, style=style,
               font_family=FONTS, xmlns="http://www.w3.org/2000/svg")


@lru_cache(maxsize=4096)    # most parts of a drawing stay from one key press to the next
def _drawn(part: Part) -> Markup:
    match part:
        case Polygon(points, fill, edge):
            return tag("polygon", points=_list(points), fill=fill, stroke=edge)
        case Line(points, colour, width, dashes, rough):
            return tag("polyline", points=_list(points), fill="none", stroke=colour,
                       stroke_width=f"{width:g}",
                       stroke_dasharray=",".join(map(str, dashes)) or None, **_kind(rough))
        case Disc((x, y), radius, fill, edge, width, rough):
            return tag("circle", cx=f"{x:.6g}", cy=f"{y:.6g}", r=f"{radius:.6g}", fill=fill,
                       stroke=edge, stroke_width=f"{width:g}", **_kind(rough))
        case Text((x, y), words, size, anchor, colour, bold, mono):
            return tag("text", words, x=f"{x:.6g}", y=f"{y:.6g}", font_size=f"{size:g}",
                       fill=colour, text_anchor=anchor, **{"xml:space": "preserve"},
                       font_family=MONO if mono else None, font_weight="bold" if bold else None)
    raise refusal(TypeError, f"a scene must hold parts, but got {type(part).__name__}; "
                  "see scene.py")


def _list(points) -> str:
    return " ".join(f"{x + 0:.6g},{y + 0:.6g}" for x, y in points)    # -0 + 0 is 0


def _kind(rough: bool) -> dict[str, str]:
    return {"class": "rough"} if rough else {}
