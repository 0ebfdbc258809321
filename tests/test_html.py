"""One file writes tags: nothing that comes in can break out, and no other file tries."""

import ast
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from test_house import sources

from smlearn._html import Markup, each, join, table, tag
from smlearn.checking.report import Check, GradcheckReport
from smlearn.checking.stage_tables import StageTable
from smlearn.exercises.ladder import Ladder, Page
from smlearn.exercises.task import Answer, Task
from smlearn.exercises.verdict import CRASHED, RIGHT, TODO, WRONG, Verdict
from smlearn.exercises.your_progress import Progress
from smlearn.figures.page import new_figure, page
from smlearn.live.scene import Look, Scene, Text
from smlearn.live.widget import _line, _sheet

TAME = "one two three four five"
NASTY = f"{TAME}</td></p>\"'><script>alert(1)</script>&amp;<img src=x onerror=y>"
# Elements of HTML and SVG, so that <p, dp> and d<name> are none.
NAMES = """a b body br button caption circle code details div em figcaption figure g h1 h2 h3 h4 i
img input label li line ol p path polygon polyline pre rect script section small span strong style
sub summary sup svg table tbody td text th thead title tr ul""".split()
TAG = re.compile(rf"</?(?:{'|'.join(NAMES)})(?=[\s/>]|$)|</?$", re.IGNORECASE)


class Reader(HTMLParser):
    """Reads a page as a browser would: the elements in it, their attributes, and its words."""

    def __init__(self, markup: str):
        super().__init__()
        self.names, self.attributes, self.words, self.open = [], [], "", []
        self.feed(markup)
        self.close()

    def handle_starttag(self, name, attributes):
        self.names.append(name)
        self.attributes += [value for _, value in attributes]
        if name not in ("br", "img"):
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.handle_starttag(name, attributes)
        self.open.pop()

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, words):
        self.words += words


# ---- nothing breaks out


def report(words: str) -> str:
    checks = (Check(words, "FAIL", words),)
    return GradcheckReport("FAIL", checks, (words,), (words,), words, None, None, None, 7)


def verdict(words: str, status: str = WRONG) -> Verdict:
    answer = Answer(words, words, code=words)
    task = Task(words, "predict", "01", words, words, (answer,), (words,) * 3, "", words, words)
    ladder = Ladder(task, words)
    numbers = {"yours": np.eye(2), "target": np.ones((2, 2))}
    said = {"printed": words, "left": (words,), "ladder": ladder, "status": status}
    return Verdict("", words, words, words, question=words, **said, **numbers)


def view(words: str) -> Markup:
    return _sheet(Look(words, (Scene(9, 9, (Text((1, 2), words),)),), words, words))


PAGES = {
    "a word": lambda words: join(words),
    "an element": lambda words: tag("p", words),
    "an attribute": lambda words: tag("p", "", title=words),
    "elements": lambda words: each("li", [words, words]),
    "a table": lambda words: table(words, [words], [[words]], style=words, styles=[words]),
    "gradcheck's report": lambda words: report(words)._repr_html_(),
    "a stage table": lambda words: StageTable(((words,) * 6,), words)._repr_html_(),
    "an exercise's page": lambda words: Page(words, words, words)._repr_html_(),
    "a learner's progress": lambda words: Progress({"add_one": "RIGHT"}, words)._repr_html_(),
    "a verdict": lambda words: verdict(words)._repr_html_(),
    "one that is open": lambda words: verdict(words, TODO)._repr_html_(),
    "one that crashed": lambda words: verdict(words, CRASHED)._repr_html_(),
    "one that is right": lambda words: verdict(words, RIGHT)._repr_html_(),
    "a figure": lambda words: page(new_figure(1, 1)[0], words)._repr_html_(),
    "a live view": view,
    "a live view's line": lambda words: _line(words, words),
}  # fmt: skip


@pytest.mark.parametrize("write", PAGES.values(), ids=PAGES)
def test_words_cannot_break_out(write):
    """Markup in a name, a value, an error or a printed text is read as the words it is."""
    tame, nasty = (Reader(write(words)) for words in (TAME, NASTY))
    assert nasty.names == tame.names
    assert nasty.open == tame.open == []
    assert NASTY in nasty.words + " ".join(map(str, nasty.attributes))


def test_what_breaks_out_would_be_noticed():
    """The check above can fail: in the words, and in an attribute."""
    for broken in (f"<p>{NASTY}</p>", f'<p title="{NASTY}"></p>'):
        with pytest.raises((AssertionError, IndexError)):
            assert Reader(broken).names == ["p"]


def test_only_markup_is_taken_as_it_is():
    """What is joined to markup by hand is words again: escaped twice, and so seen, not run."""
    bold = tag("b", "x")
    assert tag("p", bold) == "<p><b>x</b></p>"
    assert tag("p", bold + "!") == tag("p", f"{bold}!") == "<p>&lt;b&gt;x&lt;/b&gt;!</p>"


def test_a_table_says_what_each_header_heads():
    """A column or a row; an empty header would head nothing."""
    markup = table("Sums", ["of", "is"], [["a", 1], ["", 2]], styles=["color: red", None])
    assert markup == (
        '<table><caption>Sums</caption><thead><tr><th scope="col">of</th><th scope="col">is</th>'
        '</tr></thead><tbody><tr><th scope="row" style="color: red">a</th><td>1</td></tr>'
        "<tr><td></td><td>2</td></tr></tbody></table>"
    )


def test_a_table_may_have_styles_for_its_columns_or_none():
    """Each stands at its own cells."""
    row = '<tr><th scope="row">a</th><td>1</td></tr>'
    assert row in table("Sums", ["of", "is"], [["a", 1]])
    styled = table("Sums", ["of", "is"], [["a", 1]], styles=[None, "color: red"])
    assert row.replace("<td>", '<td style="color: red">') in styled


# ---- nobody else writes tags


def written(source: str) -> list[str]:
    """Return what a file writes of HTML: tags in its strings, Markup, the module html."""
    tree = ast.parse(source)
    comments = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [] if node in comments else TAG.findall(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Markup":
            found.append("Markup")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None), *(alias.name for alias in node.names)]
            found += [name for name in names if name in ("html", "xml.sax.saxutils")]
    return found


# Around text of a stored page, by a file that is loaded where nothing else of the course is.
FOLD = {"course.clearing": ["<details", "<summary", "</summary", "</details"]}


def test_no_other_file_writes_a_tag():
    """Whoever shows a page gives words and numbers; _html escapes them."""
    files = sources()
    assert written(files.pop("_html"))
    assert {name: found for name, source in files.items() if (found := written(source))} == FOLD


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('a = f"<b>{x}</b>"', ["<b", "</b"]),
        ("a = '<th scope=\"row\">' + x", ["<th"]),
        ('a = f"<{name}>"', ["<"]),
        ('a = "<BR/>"', ["<BR"]),
        ("import html", ["html"]),
        ("from html import escape", ["html"]),
        ("a = Markup(x)", ["Markup"]),
        ('def f():\n    """Not <b>this</b>."""\n    return "<svg "', ["<svg"]),
        ('a = "p - <p, dp>, d<name>, x <3, i < p, <lambda>, <do, v>"', []),
    ],
)
def test_a_tag_elsewhere_is_found(source, found):
    """The checker checked; the course's <p, dp> is no tag."""
    assert written(source) == found
