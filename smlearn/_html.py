"""The one writer of HTML and SVG: words that come in are escaped, markup stays as it is.

No other file writes a tag, but for the fold in course/clearing.py. For screen readers a table has
a caption, and each of its headers says what it heads.
"""

import html
from collections.abc import Iterable
from itertools import count, repeat

__all__ = ["Markup", "document", "each", "join", "table", "tag"]

VOID = ("br", "img", "meta")    # elements of HTML that hold nothing


class Markup(str):
    """Text that is markup already; any other text is escaped."""

    __slots__ = ()


def join(*parts) -> Markup:
    """Put parts one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else html.escape(str(part))
                          for part in parts))


def tag(name: str, /, *inside, **attributes) -> Markup:
    """Write an element; an attribute's _ stands for -, and one that is None is left out.

    Examples
    --------
    >>> print(tag("b", "x < 1"), tag("td", "", role=None), tag("br"), tag("rect", stroke_width=2))
    <b>x &lt; 1</b> <td></td> <br> <rect stroke-width="2"/>
    """
    start = name + "".join(f' {key.replace("_", "-")}="{html.escape(str(value))}"'
                           for key, value in attributes.items() if value is not None)
    if inside:
        return Markup(f"<{start}>{join(*inside)}</{name}>")
    return Markup(f"<{start}>" if name in VOID else f"<{start}/>")


def each(name: str, contents: Iterable, **attributes) -> Markup:
    """Write an element around each of the contents."""
    return join(*(tag(name, content, **attributes) for content in contents))


def table(caption: str, head: Iterable, rows: Iterable[Iterable], *, style: str | None = None,
          head_style: str | None = None, styles: Iterable[str | None] = ()) -> Markup:
    """Write a table; the first cell of a row is its header, unless it is empty.

    CSS may be given: `style` for the table, `head_style` for the names, `styles` column by column.
    """
    names = each("th", head, scope="col", style=head_style)
    body = each("tr", (join(*map(_cell, count(), row, styles or repeat(None))) for row in rows))
    return tag("table", tag("caption", caption), tag("thead", tag("tr", names)),
               tag("tbody", body), style=style)


def _cell(column: int, content, style: str | None) -> Markup:
    if column == 0 and content != "":
        return tag("th", content, scope="row", style=style)
    return tag("td", content, style=style if column else None)


def document(title: str, style: str, *inside) -> Markup:
    """Write a whole page that needs no other file; `style` is CSS of our own, without a <."""
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("style", Markup(style)))
    return join(Markup("<!DOCTYPE html>"), tag("html", head, tag("body", *inside), lang="en"))
