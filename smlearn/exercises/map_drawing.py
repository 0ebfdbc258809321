"""The map of the course: a station a core, which fills as its exercises turn right.

Each station has its law and a drawing of it (map_miniatures.py), a box for each exercise with a
tick or a cross in it, and a dot with its letter for each page that goes deeper. Each is an image
of its own, so that a page puts as many side by side as there is room for, two on a phone.
"""

from ..figures.page import COLOURS, Picture
from ..live.charts import GREY
from ..live.scene import INK, PAPER, Disc, Line, Part, Polygon, Scene, Text, box
from ..live.svg import to_svg
from .map_miniatures import WIDE, miniature
from .registry import TASKS

__all__ = ["drawn_map"]

WIDTH, HEIGHT, EDGE = 140, 140, 3            # of an image; of the white around a station
SHOWN = 130                                  # its width on a page: letters of 12 are shown at 11
CARD, TALL = WIDTH - 10, HEIGHT - 2 * EDGE   # of a station: an arrow stands right of it
FULL, DEEP = "#cfe3f3", COLOURS[0]    # what has filled up; a depth that is done
BOX, DOT = 13, 9
LEGEND = ("A station is a page: its law, a box for each exercise (✓ right, ✗ wrong), a letter for "
          "each page that goes deeper.")


def drawn_map(pages: dict) -> Picture:
    """Return the map as a picture; `pages` are Stands by number, "01" and "01b"."""
    cores = sorted(number for number in pages if number.isdigit())
    stations = []
    for number in cores:
        depths = [(name[2:], page) for name, page in pages.items() if name[:2] == number != name]
        parts = _station(number, pages[number], depths)
        parts += _onward() if number != cores[-1] else []
        stations.append(to_svg(Scene(WIDTH, HEIGHT, tuple(parts))).encode())
    alt = _said({number: pages[number] for number in cores})    # what no drawing says
    return Picture(alt, "svg+xml", stations[0], SHOWN, LEGEND, tuple(stations[1:]))


def _said(cores: dict) -> str:
    """Say of each station its law, and what has been answered there."""
    words = []
    for number, page in cores.items():
        count = f" ({_count(page)})" if page.right or page.wrong else ""
        words.append(f"{number} {miniature(number)[0]}{count}")
    return f"The course as a map of {len(cores)} stations, each with its law: {'; '.join(words)}."


def _count(page) -> str:
    right, wrong, still = map(len, page)
    every = right + wrong + still
    if wrong:
        return f"{wrong} of {every} wrong"
    return f"{right} of {every} right" if right else f"{every} open"


def _onward() -> list[Part]:
    """Draw the way to the next station."""
    x, y = EDGE + CARD, HEIGHT / 2
    return [Polygon(((x + 7, y), (x, y - 5), (x, y + 5)), INK)]


def _station(number: str, page, depths: list[tuple]) -> list[Part]:
    x = y = EDGE
    law, drawing = miniature(number)
    share = len(page.right) / sum(map(len, page))
    level = y + TALL * (1 - share)
    parts = [box(x, y, CARD, TALL, PAPER), box(x, level, CARD, y + TALL - level, FULL),
             Line(((x, y), (x + CARD, y), (x + CARD, y + TALL), (x, y + TALL), (x, y)),
                  INK if share else GREY, 2.5 if share == 1 else 1)]
    if 0 < share < 1:
        parts.append(Line(((x, level), (x + CARD, level)), GREY, 1, (2, 3)))
    parts.append(Text((x + 6, y + 19), number, 16, bold=True))
    for k, (letter, depth) in enumerate(reversed(depths)):
        parts += _dot(x + CARD - 13 - 21 * k, y + 14, letter, depth)
    parts += [_moved(part, x + (CARD - WIDE) / 2, y + 29) for part in drawing]
    parts.append(Text((x + CARD / 2, y + 102), law, 12, "middle"))
    return [*parts, *_boxes(x + 6, y + TALL - BOX - 7, page)]


def _dot(x: float, y: float, letter: str, page) -> list[Part]:
    """Draw a depth: white, tinted once it is begun, dark when it is done."""
    done, begun = not page.wrong and not page.open, page.right or page.wrong
    fill = DEEP if done else FULL if begun else PAPER
    return [Disc((x, y), DOT, fill, INK if begun else GREY, 2 if done else 1),
            Text((x, y + 4.5), letter, 13, "middle", PAPER if done else INK)]


def _boxes(x: float, y: float, page) -> list[Part]:
    """Draw a box for each exercise, in the order of the page; and say how many in words."""
    parts: list[Part] = []
    for key in sorted(sum(page, ()), key=[*TASKS].index):
        sign = _tick if key in page.right else _cross if key in page.wrong else _nothing
        parts += [box(x, y, BOX, BOX, PAPER, INK), *sign(x, y)]
        x += BOX + 3
    return [*parts, Text((x + 2, y + 10.5), _count(page), 12)]


def _tick(x: float, y: float) -> list[Part]:
    return [Line(((x + 2.5, y + 7), (x + 5.5, y + 10), (x + 11, y + 3)), INK, 2.2)]


def _cross(x: float, y: float) -> list[Part]:
    low, high = 3.5, BOX - 3.5
    return [Line(((x + low, y + low), (x + high, y + high)), INK, 2.2),
            Line(((x + high, y + low), (x + low, y + high)), INK, 2.2)]


def _nothing(x: float, y: float) -> list[Part]:
    return []


def _moved(part: Part, dx: float, dy: float) -> Part:
    """Return a part of a drawing at another place."""
    def there(point):
        return round(float(point[0] + dx), 1), round(float(point[1] + dy), 1)

    match part:
        case Polygon() | Line():
            return part._replace(points=tuple(map(there, part.points)))
        case Disc():
            return part._replace(centre=there(part.centre))
        case Text():
            return part._replace(at=there(part.at))
