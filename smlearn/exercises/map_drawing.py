"""The map of the course: a station a core, which fills as its exercises turn right.

Each station has its law and a drawing of it (map_miniatures.py), a box for each exercise with a
tick or a cross in it, and a dot with its letter for each page that goes deeper.
"""

from ..figures.page import COLOURS, Picture
from ..live.charts import GREY
from ..live.scene import INK, PAPER, Disc, Line, Part, Polygon, Scene, Text, box
from ..live.svg import to_svg
from .map_miniatures import WIDE, miniature
from .registry import TASKS

__all__ = ["drawn_map"]

WIDTH, EDGE, GAP, COLUMNS = 480, 4, 16, 3
CARD, TALL, FIRST = (WIDTH - 2 * EDGE - (COLUMNS - 1) * GAP) / COLUMNS, 130, 92
FULL, DEEP = "#cfe3f3", COLOURS[0]    # what has filled up; a depth that is done
BOX, DOT = 14, 9


def drawn_map(pages: dict) -> Picture:
    """Return the map as a picture; `pages` are Stands by number, "01" and "01b"."""
    cores = sorted(number for number in pages if number.isdigit())
    parts: list[Part] = []
    for at, number in enumerate(cores):
        depths = [(name[2:], page) for name, page in pages.items() if name[:2] == number != name]
        parts += [*_road(at), *_station(at, number, pages[number], depths)]
    (_, top), (_, tall) = _place(len(cores) - 1)
    alt = _said({number: pages[number] for number in cores})
    svg = to_svg(Scene(WIDTH, top + tall + EDGE, tuple(parts)))    # the alt text says it
    return Picture(alt, "svg+xml", svg.encode(), WIDTH)


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


def _place(at: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return corner and size of a station: the first across, the others in rows below."""
    if at == 0:
        return (EDGE, EDGE), (WIDTH - 2 * EDGE, FIRST)
    row, column = divmod(at - 1, COLUMNS)
    return (EDGE + column * (CARD + GAP), EDGE + FIRST + GAP + row * (TALL + GAP)), (CARD, TALL)


def _road(at: int) -> list[Part]:
    """Draw the way to a station from the one before it: across, or down to the next row."""
    if at == 0:
        return []
    (x, y), (_, tall) = _place(at)
    if (at - 1) % COLUMNS:
        end, corner = (x - 1, y + tall / 2), (x - GAP, y + tall / 2)
        head = (end, (end[0] - 8, end[1] - 5), (end[0] - 8, end[1] + 5))
        return [Line((corner, end), INK, 1.5), Polygon(head, INK)]
    end, bend = (x + CARD / 2, y - 1), y - GAP / 2 - 3
    start = end[0] if at == 1 else WIDTH - EDGE - CARD / 2
    head = (end, (end[0] - 5, end[1] - 8), (end[0] + 5, end[1] - 8))
    return [Line(((start, y - GAP), (start, bend), (end[0], bend), end), INK, 1.5),
            Polygon(head, INK)]


def _station(at: int, number: str, page, depths: list[tuple]) -> list[Part]:
    (x, y), (wide, tall) = _place(at)
    law, drawing = miniature(number)
    share = len(page.right) / sum(map(len, page))
    level = y + tall * (1 - share)
    parts = [box(x, y, wide, tall, PAPER), box(x, level, wide, y + tall - level, FULL),
             Line(((x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)),
                  INK if share else GREY, 2.5 if share == 1 else 1)]
    if 0 < share < 1:
        parts.append(Line(((x, level), (x + wide, level)), GREY, 1, (2, 3)))
    parts.append(Text((x + 8, y + 20), number, 16, bold=True))
    for k, (letter, depth) in enumerate(reversed(depths)):
        parts += _dot(x + wide - 15 - 22 * k, y + 15, letter, depth)
    left, top = (x + 40, y + 32) if at == 0 else (x + (wide - WIDE) / 2, y + 29)
    parts += [_moved(part, left, top) for part in drawing]
    parts.append(Text((x + 40, y + 20), law, 13) if at == 0 else
                 Text((x + wide / 2, y + 101), law, 13, "middle"))
    if at == 0:
        parts.append(Text((x + wide - 8, y + tall - 10), "b, c, d go deeper", 12, "end"))
    return [*parts, *_boxes(x + (40 if at == 0 else 8), y + tall - BOX - 7, page)]


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
        x += BOX + 4
    return [*parts, Text((x + 3, y + 11.5), _count(page), 12)]


def _tick(x: float, y: float) -> list[Part]:
    return [Line(((x + 2.5, y + 7.5), (x + 6, y + 11), (x + 12, y + 3)), INK, 2.2)]


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
