"""A scene as SVG text: what a live view puts on the page, in a tenth of a millisecond."""

from functools import singledispatch
from html import escape

from .._refusals import refusal, speaks
from .scene import PAPER, Disc, Line, Polygon, Scene, Text

__all__ = ["to_svg"]

FONTS = "DejaVu Sans, Verdana, Arial, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


@speaks
def to_svg(scene: Scene, label: str) -> str:
    """Write a scene as one <svg>, on white paper of its own: dark themes can read it.

    Parameters
    ----------
    scene : Scene
    label : str
        What a screen reader says in place of the drawing.

    Examples
    --------
    >>> print(to_svg(Scene(8, 4, (Disc((1, 2), 1, "red"),)), "A dot."))
    <svg role="img" aria-label="A dot." viewBox="0 0 8 4" width="8" height="4" \
font-family="DejaVu Sans, Verdana, Arial, sans-serif"><rect width="8" height="4" fill="#ffffff"/>\
<circle cx="1" cy="2" r="1" fill="red" stroke="none" stroke-width="1"/></svg>
    """
    size = f'width="{scene.width:g}" height="{scene.height:g}"'
    return (f'<svg role="img" aria-label="{escape(label)}" '
            f'viewBox="0 0 {scene.width:g} {scene.height:g}" {size} font-family="{FONTS}">'
            f'<rect {size} fill="{PAPER}"/>{"".join(map(_tag, scene.parts))}</svg>')


@singledispatch
def _tag(part) -> str:
    raise refusal(TypeError, f"a scene must hold parts, but got {type(part).__name__}; "
                  "see scene.py")


@_tag.register
def _(part: Polygon) -> str:
    return (f'<polygon points="{_list(part.points)}" fill="{part.fill}" stroke="{part.edge}" '
            f'stroke-width="{part.width:g}"/>')


@_tag.register
def _(part: Line) -> str:
    dashes = f' stroke-dasharray="{",".join(map(str, part.dashes))}"' if part.dashes else ""
    return (f'<polyline points="{_list(part.points)}" fill="none" stroke="{part.colour}" '
            f'stroke-width="{part.width:g}"{dashes}/>')


@_tag.register
def _(part: Disc) -> str:
    x, y = part.centre
    return (f'<circle cx="{x:.6g}" cy="{y:.6g}" r="{part.radius:.6g}" fill="{part.fill}" '
            f'stroke="{part.edge}" stroke-width="{part.width:g}"/>')


@_tag.register
def _(part: Text) -> str:
    x, y = part.at
    font = f' font-family="{MONO}"' if part.mono else ""
    font += ' font-weight="bold"' if part.bold else ""
    return (f'<text x="{x:.6g}" y="{y:.6g}" font-size="{part.size:g}" fill="{part.colour}" '
            f'text-anchor="{part.anchor}" xml:space="preserve"{font}>{escape(part.words)}</text>')


def _list(points) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in points)
