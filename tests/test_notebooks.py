"""The notebooks keep the rules of hygiene.py, and each rule sees what it is there for."""

import copy
import re

import pytest
from hygiene import NOTEBOOKS, PICTURE, RULES, headings, numbering, read
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from refresh import METADATA
from smlearn.figures.page import new_figure, show

PAGES = sorted(NOTEBOOKS.glob("*.ipynb"))


def test_there_are_notebooks():
    """With none, every test below would have nothing to say, and pass."""
    assert PAGES


def test_notebooks_are_numbered_from_00_without_gaps():
    """The folder's order is the course's order."""
    assert numbering([page.name for page in PAGES]) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_notebook_keeps_the_rule(rule, page):
    """The reason is the rule's own docstring."""
    complaints = rule(read(page))
    assert not complaints, "\n".join([page.name, *complaints, f"Why: {rule.__doc__}"])


LAST = ("12_your_own_backward", "12b_other_layers")  # nothing is next


@pytest.mark.parametrize("page", [p for p in PAGES if p.stem not in LAST], ids=lambda p: p.stem)
def test_what_is_next_is_named_by_its_number_and_its_question(page):
    """A number alone says nothing, and a reader looks for the same words on the page it opens."""
    text = "\n".join(cell.source for cell in read(page).cells)
    (line,) = re.findall(r"(?m)^\*\*Next:\*\* (.*)$", text)
    links = re.findall(r"\[([^]]*)\]\(([^)]*)\)", line)
    assert links
    named = [(name, next(headings(read(NOTEBOOKS / name)))[2]) for _, name in links]
    wanted = [f"[{name.partition('_')[0]} {title}]({name})" for name, title in named]
    assert line == ", or ".join(wanted)


# From here on the rules themselves are tested: on a good notebook, and on one fault at a time.

OPENING = """# How does it work?

*Notebook 00 · 20 minutes · you need NumPy*

**You will be able to**

- shift a row of logits
  without changing p;
- say what `just` and $simply$ mean in code;
- stop.

You need:

- an hour, of this and that;
- [the set-up](../pyproject.toml), and [what it is for](#Why-x-and-p)
"""
MIDDLE = """Why *x* and `p`
---

```python
# Not a heading, and ![](no/picture.png), of course
```

| x | p |
|---|---|
| 1 | 2 |

- a list, with a rule right below
---

**Predict.** Which one grows? See <https://example.org/home/a> and [b](https://example.org/tmp/).
"""
CLOSING = """## You can now

- stop.
"""
SOURCES = """## Sources

- ![The bars stand for two numbers](../pyproject.toml "a title")
"""
ALT = "The second bar is < the first."
HTML_ALT = "The second bar is &lt; the first."
PNG = "data:image/png;base64,iVBOR/tmp/"
FIGURE = {
    "text/html": f'<figure><img alt="{HTML_ALT}" width="300" src="{PNG}"></figure>',
    "text/plain": f"Figure: {ALT}",
}


@pytest.fixture
def good():
    """A notebook that has one of everything, and comes close to each fault."""
    trace = ["\x1b[31mZeroDivisionError\x1b[39m", "File smlearn/forward.py:1"]
    error = new_output("error", ename="ZeroDivisionError", evalue="division", traceback=trace)
    code = [
        new_code_cell("import numpy as np; print('a;b')  # two statements;"),
        new_code_cell(
            "\n".join(["x = 1"] * 10 + ["#" * 72, "print(x)"]),
            outputs=[new_output("stream", name="stdout", text="1" * 74 + "\n")],
        ),
        new_code_cell("show(fig, alt=alt)", outputs=[new_output("display_data", FIGURE)]),
        new_code_cell(
            "1 / 0", metadata={"tags": ["raises-exception", "exercise"]}, outputs=[error]
        ),
    ]
    for number, cell in enumerate(code, 1):
        cell.execution_count = number
    text = [new_markdown_cell(source) for source in (OPENING, MIDDLE, CLOSING, SOURCES)]
    order = [text[0], code[0], text[1], *code[1:], *text[2:]]
    for number, cell in enumerate(order):
        cell.id = f"cell-{number}"
    return new_notebook(cells=order, metadata=copy.deepcopy(METADATA))


def put(number, **fields):
    """Give fields of cell `number` (as in the complaints, from 1) new values."""
    return lambda notebook: notebook.cells[number - 1].update(fields)


def edit(number, old, new):
    """Replace a part of the source of cell `number`."""

    def fault(notebook):
        cell = notebook.cells[number - 1]
        assert old in cell.source
        cell.source = cell.source.replace(old, new, 1)

    return fault


def heading_after(number):
    """Put a cell with a heading below cell `number`."""
    below = new_markdown_cell("## What next", id="heading")
    return lambda notebook: notebook.cells.insert(number, below)


def picture(**data):
    """Give the figure of cell 5 other data."""
    return put(
        5, outputs=[new_output("display_data", {k.replace("_", "/"): data[k] for k in data})]
    )


def prints(text, name="stdout"):
    """Let cell 4 print another text."""
    return put(4, outputs=[new_output("stream", name=name, text=text)])


def no_ids(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "Slider()"}
TRACE = ["File \x1b[32mC:\\Users\\ann\\smlearn\\forward.py:1"]  # no word begins at this C
ERROR = new_output("error", ename="E", evalue="", traceback=TRACE)

# One fault each: what is done to the good notebook, which rule speaks, and what it says.
FAULTS = [
    (put(4, execution_count=None), "executed_in_order", "cell 4 .* count is None, not 2; run"),
    (put(4, execution_count=7), "executed_in_order", "cell 4 .* count is 7, not 2"),
    (put(2, execution_count=0), "executed_in_order", "cell 2 .* count is 0, not 1"),
    (put(6, metadata={}), "errors_are_announced", "cell 6 .* stores an error"),
    (put(6, metadata={"tags": ["nbval-raises-exception"]}), "errors_are_announced", "cell 6"),
    (put(6, outputs=[]), "errors_are_announced", "cell 6 .* stores no error; drop the tag"),
    (put(5, outputs=[new_output("display_data", WIDGET)]), "no_widgets", "cell 5 .* a widget"),
    (picture(image_png="iVBOR", text_plain="<Figure size 300x200>"),
     "pictures_carry_their_finding", "cell 5 .* bare image/png"),
    (picture(text_plain=f"Figure: {ALT}", text_html="<p><img src='a.png'></p>"),
     "pictures_carry_their_finding", "cell 5 .* not a <figure>"),
    (picture(text_plain=f"Figure: {ALT}", text_html=FIGURE["text/html"].replace("alt=", "title=")),
     "pictures_carry_their_finding", "cell 5 .* not a <figure>"),
    (picture(text_plain="Figure: A", text_html=FIGURE["text/html"].replace(HTML_ALT, "A")),
     "pictures_carry_their_finding", 'cell 5 .* alt text "A" is no sentence'),
    (picture(text_plain=f"Figure: {HTML_ALT}", text_html=FIGURE["text/html"]),
     "pictures_carry_their_finding", "cell 5 .* text/plain does not say the same"),
    (picture(text_html=FIGURE["text/html"]),
     "pictures_carry_their_finding", "cell 5 .* text/plain does not say the same"),
    (picture(text_plain=f"Figure: {ALT}",
             text_html=re.sub(r'width="\d+"', 'width="721"', FIGURE["text/html"])),
     "figures_are_no_wider_than_half_a_page", "cell 5 .* 701 pixels wide"),
    (edit(5, "alt=alt", "alt=alt, measured=True"), "what_a_clock_drew_is_marked",
     "cell 5 .* no clock drew its figure"),
    (edit(5, "show(fig", "fig = draw(perf_counter())\nshow(fig"), "what_a_clock_drew_is_marked",
     "cell 5 .* hangs on a clock; show"),
    (edit(4, "print(x)", "print(perf_counter() - x)"), "what_a_clock_says_is_only_drawn",
     "cell 4 .* a clock has a say in what it prints"),
    (edit(2, "import", "%timeit sum(range(9))\nimport"), "what_a_clock_says_is_only_drawn",
     "cell 2 .* it prints a time"),
    (picture(text_plain="x", text_html="<div><SVG></SVG></div>"), "no_svg_in_html", "cell 5"),
    (no_ids, "valid_with_unique_ids", "older than 4.5"),
    (put(4, id="cell-0"), "valid_with_unique_ids", "cell-0"),
    (put(4, id="a b"), "valid_with_unique_ids", "'a b'"),
    (lambda notebook: notebook.cells[3].pop("id"), "valid_with_unique_ids", "missing an id"),
    (put(4, colour="red"), "valid_with_unique_ids", "'colour' was unexpected"),
    (edit(1, "# How does it work?", "## How does it work?"), "one_title_at_the_top",
     "cell 1 .* no H1"),
    (edit(8, "## Sources", "# Sources"), "one_title_at_the_top", "cell 8 .* another"),
    (edit(3, "---", "==="), "one_title_at_the_top", "cell 3 .* another H1"),
    (edit(1, "20 minutes", "not long"), "opening_names_time_and_goals", "cell 1 .* how long"),
    (edit(1, "be able to", "know"), "opening_names_time_and_goals", 'cell 1 .* no "You will be'),
    (edit(1, "- say what `just` and $simply$ mean in code;\n- stop.\n", ""),
     "opening_names_time_and_goals", "cell 1 .* 1 goals"),
    (edit(1, "- stop.\n", "- a;\n- b;\n- c;\n- d.\n"), "opening_names_time_and_goals",
     "cell 1 .* 6 goals"),
    (edit(7, "## You can now", "## The end"), "closing_names_gains_and_sources", "You can now"),
    (edit(8, "## Sources", "**Sources**"), "closing_names_gains_and_sources", '"Sources"'),
    (lambda notebook: notebook.cells.insert(5, notebook.cells.pop(6)),
     "closing_names_gains_and_sources", '"You can now" after the last code cell'),
    (edit(8, "## Sources", "## Sources\n\n#### Seen"), "headings_go_down_one_level",
     'cell 8 .* "Seen" is H4 below an H2; begin it with ###$'),
    (edit(3, "Why *x*", "First.\n\nWhy *x*"), "sections_begin_their_cell",
     'cell 3 .* "Why .x. and `p`" begins inside'),
    (edit(3, "**Predict.**", "## More\n\n**Predict.**"), "sections_begin_their_cell",
     'cell 3 .* "More" begins inside'),
    (edit(4, "print(x)", "\nprint(x)"), "cells_are_short", "cell 4 .* 13 lines"),
    (edit(4, "#", "##"), "lines_are_not_cut", "cell 4 .* has 73 characters; 72 fit"),
    (prints("1\n" + "1" * 75), "printed_lines_are_not_broken", "cell 4 .* 75 characters; 74 fit"),
    (picture(text_plain="1" * 75), "printed_lines_are_not_broken", "cell 5 .* 75 characters"),
    (put(6, outputs=[new_output("error", ename="E", traceback=["\x1b[31m" + "1" * 75])]),
     "printed_lines_are_not_broken", "cell 6 .* 75 characters"),
    (edit(3, "Which one", "Which " + "so " * 300), "reading_is_broken_up", "cell 3 .* 3.. words"),
    (lambda notebook: notebook.cells.insert(7, new_markdown_cell("x = 1", id="text")),
     "code_stands_in_code_cells", "cell 8 .* it is Python, stored as text"),
    (edit(3, "Which one", "As 01b_a shows,"), "a_core_needs_no_depth", "cell 3 .* speaks of 01b"),
    (prints("/home/ann/a.py:3: oh"), "no_machine_paths", "cell 4 .* holds /home/"),
    (prints("in C:\\Users\\ann"), "no_machine_paths", r"cell 4 .* holds C:\\"),
    (prints("from lib/site-packages/numpy"), "no_machine_paths", "cell 4 .* site-packages"),
    (put(6, outputs=[ERROR]), "no_machine_paths", r"cell 6 .* holds C:\\"),
    (edit(2, "print('a;b')", "print('/tmp/a')"), "no_machine_paths", "cell 2 .* holds /tmp/"),
    (edit(3, "Which one", "`/Users/ann` Which one"), "no_machine_paths", "cell 3 .* /Users/"),
    (edit(4, "print(x)", "print(x);  # quiet\n"), "no_trailing_semicolon", "cell 4 .* ends in ;"),
    (edit(4, "print(x)", "if x: print(x);"), "no_trailing_semicolon", "cell 4 .* ends in ;"),
    (put(4, source="print('''a;"), "no_trailing_semicolon", "cell 4 .* ends in ;"),
    (edit(4, "print(x)", "plt.show()"), "no_plt_show", "cell 4"),
    (edit(2, "import", "# NBVAL_SKIP\nimport"), "nothing_is_exempt", "cell 2"),
    (put(4, metadata={"tags": ["nbval-skip"]}), "nothing_is_exempt", "cell 4"),
    *[
        (edit(3, "Which", f"{words} Which"), "no_filler", "cell 3")
        for words in ["simply", "Just", "obviously", "In this notebook", "Of\ncourse", "note that"]
    ],
    (prints("DeprecationWarning: old", "stderr"), "no_warning_on_the_page", "cell 4 .* stderr"),
    (lambda notebook: notebook.metadata.language_info.update(version="3.11"), "normalised",
     "notebook metadata"),
    (put(4, metadata={"execution": {"iopub.status.busy": "now"}}), "normalised", "cell 4"),
    (edit(1, "../pyproject", "../project"), "links_resolve", r"cell 1 .* ../project\.toml leads"),
    (edit(1, "../pyproject.toml", "../.."), "links_resolve", r"cell 1 .* \.\./\.\. leads nowhere"),
    (edit(1, "#Why", "#How"), "links_resolve", "cell 1 .* no heading for #How-"),
    (edit(3, "Which one", "[A]\n\n[A]: 99_gone.ipynb\n\nWhich"), "links_resolve", "99_gone"),
    (edit(3, "Which one", '<a href="99_gone.ipynb">a</a>'), "links_resolve", "99_gone"),
    (edit(8, "The bars stand for two numbers", ""), "markdown_pictures_have_alt", "cell 8"),
    (edit(3, "Which one", '<img src="../LICENSE">'), "markdown_pictures_have_alt", "cell 3"),
    (edit(3, "**Predict.**", "*Predict.*"), "predictions_come_before_code", "no line begins"),
    (edit(7, "- stop.", "**Predict.** What next?"), "predictions_come_before_code",
     "cell 7 .* no code after"),
    (heading_after(3), "predictions_come_before_code", "cell 3 .* text between this prediction"),
]  # fmt: skip


def spoken(notebook):
    """Return what all the rules say, as pairs of rule and complaint."""
    return [(rule.__name__, complaint) for rule in RULES for complaint in rule(notebook)]


def test_a_good_notebook_meets_no_complaint(good):
    """A rule that cries wolf is soon switched off."""
    assert spoken(good) == []


@pytest.mark.parametrize(("fault", "rule", "words"), FAULTS, ids=[f[1] for f in FAULTS])
def test_one_fault_gives_one_complaint(good, fault, rule, words):
    """By the rule that it breaks, and by no other; and nothing is mended on the way."""
    fault(good)
    before = copy.deepcopy(good)
    ((name, complaint),) = spoken(good)
    assert name == rule
    assert re.search(words, complaint)
    assert good == before


def test_headings_are_found_as_jupyter_shows_them(good):
    """Underlined ones too; but no comment in code, no table, no list above a rule."""
    assert [(level, text) for _, level, text in headings(good)] == [
        (1, "How does it work?"),
        (2, "Why *x* and `p`"),
        (2, "You can now"),
        (2, "Sources"),
    ]


def test_a_cell_that_announces_an_error_may_warn_as_well(good):
    """Some functions warn before they raise, and the page is about that."""
    warning = new_output("stream", name="stderr", text="RuntimeWarning: overflow\n")
    good.cells[5].outputs.insert(0, warning)
    assert spoken(good) == []


def test_widget_state_is_named_beside_the_other_metadata(good):
    """It breaks two rules: it is state of a widget, and not what refresh.py writes."""
    good.metadata["widgets"] = {}
    assert [name for name, _ in spoken(good)] == ["no_widgets", "normalised"]


def test_every_rule_has_a_fault():
    """A rule that was never seen to complain may be unable to."""
    assert {rule.__name__ for rule in RULES} == {name for _, name, _ in FAULTS}


def test_what_show_makes_keeps_the_rule(good, monkeypatch):
    """The rule knows the markup of smlearn.figures.show by heart: both change, or neither."""
    pages = []
    monkeypatch.setattr("IPython.display.display", pages.append)
    show(new_figure(3, 2)[0], alt='p < 1 is "always" true here.')
    data = {"text/html": pages[0]._repr_html_(), "text/plain": repr(pages[0])}
    assert PICTURE.fullmatch(data["text/html"])
    good.cells[4].outputs = [new_output("display_data", data)]
    assert spoken(good) == []


CLOCKED = {
    "fig = draw(perf_counter())": True,
    "fig = draw(timeit.timeit('f()'))": True,
    "start = time.perf_counter()\nfig = draw(2)\nfig.set_title(start)": True,
    "def best(f):\n    start = perf_counter()\n    return start\nfig = draw(best(f))": True,
    "times = []\nfor n in 1, 2:\n    times.append(perf_counter())\nfig = draw(times)": True,
    "times[0] = perf_counter()\nfig = draw(times)": True,
    "total = perf_counter()\ntotal += 1\nfig = draw(total)": True,
    "fig = draw(perf_counter())\nfig.set_title(2)": True,
    "times = perf_counter()\nfig = draw(2)": False,
    "fig = draw(perf_counter())\nfig = draw(2)": False,
    "sizes = [1]\ntimes = perf_counter() + sizes[0]\nfig = draw(sizes)": False,
    "times = perf_counter()\ndef f(times):\n    a = times\nfig = draw(2)": False,
    "from time import perf_counter\nfig = draw(perf)": False,
}


@pytest.mark.parametrize(("code", "hangs"), CLOCKED.items())
def test_what_hangs_on_a_clock_is_followed_from_name_to_name(good, code, hangs):
    """Through functions, loops, lists and titles; and an old name with a new value is free."""
    good.cells[4].source = f"{code}\nshow(fig, alt=alt)"
    assert [name for name, _ in spoken(good)] == ["what_a_clock_drew_is_marked"] * hangs
    good.cells[4].source = f"{code}\nshow(fig, alt=alt, measured=True)"
    assert [name for name, _ in spoken(good)] == ["what_a_clock_drew_is_marked"] * (not hangs)


SPOKEN = {
    "assert perf_counter() - start < 1": True,
    "t = perf_counter()\nassert t > 100 * quick": True,
    "t = time.perf_counter()\nprint('some words', f'{t:.1f}')": True,
    "if timeit.timeit('f()') < 1:\n    print('quick')": True,
    "fine = perf_counter() < 1\nif not fine:\n    raise ValueError": True,
    "t = perf_counter()\nt": True,
    "seconds = perf_counter\nseconds()": True,
    "from time import perf_counter as now\nprint(now())": True,
    "import time as clock\nassert clock.monotonic()": True,
    "t = perf_counter()\nnp.testing.assert_array_less(t, 1)": True,
    "def f(g):\n    start = perf_counter()\n    g()\n    print(perf_counter() - start)": True,
    "def tell(t):\n    print(t)\ntell(perf_counter())": True,
    "def least(g):\n    return perf_counter()\nbest = min(least(g), 1)\nassert best": True,
    "for g in ways:\n    t = perf_counter()\n    print(t)": True,
    "t = perf_counter()\nt = 1\nprint(t)": False,
    "from time import perf_counter": False,
    "def f(g):\n    return perf_counter()\nf(g)\nprint(passes)": False,
    "for D in sizes:\n    costs[D] = perf_counter()\nfor D in sizes:\n    print(D)": False,
    "t = perf_counter()\nassert [t for t in sizes] and sum(sizes) == 3": False,
    "t = perf_counter()\ndef f(t):\n    assert t > 0\nf(3)": False,
    "x = 7 % 3\nprint('%time flies', x %time_step)": False,
}


@pytest.mark.parametrize(("code", "told"), SPOKEN.items())
def test_no_word_and_no_assert_of_a_clock_is_overheard(good, code, told):
    """Whichever way it takes; what is counted may be said beside it."""
    good.cells[3].source = code
    assert [name for name, _ in spoken(good)] == ["what_a_clock_says_is_only_drawn"] * told


def test_alt_text_does_not_quote_a_clock(good):
    """It is compared as text, also where the picture is not."""
    code = "t = perf_counter()\nshow(draw(t), measured=True, alt={})"
    good.cells[4].source = code.format("f'It took {t} s.'")
    assert [name for name, _ in spoken(good)] == ["what_a_clock_says_is_only_drawn"]
    good.cells[4].source = code.format("alt")
    assert spoken(good) == []


def test_a_marked_picture_is_one_that_show_makes(good, monkeypatch):
    """With the line below it that tells a reader; any other line is none of ours."""
    pages = []
    monkeypatch.setattr("IPython.display.display", pages.append)
    show(new_figure(3, 2)[0], alt=ALT, measured=True)
    markup = pages[0]._repr_html_()
    assert PICTURE.fullmatch(markup)["measured"]
    assert not PICTURE.fullmatch(FIGURE["text/html"])["measured"]
    assert not PICTURE.fullmatch(re.sub("<figcaption>.*<", "<figcaption>Look at that.<", markup))


def test_a_good_numbering_meets_no_complaint():
    """The order in which the file system lists them does not matter."""
    assert numbering(["05c_d.ipynb", "05_b.ipynb", "12_a.ipynb", "05b_c.ipynb"]) == []


@pytest.mark.parametrize(
    ("names", "blamed"),
    [
        (["00_a.ipynb", "13_b.ipynb"], ["13_b"]),
        (["00_a.ipynb", "00e_b.ipynb"], ["00e_b"]),
        (["00_a.ipynb", "01b_b.ipynb"], ["01b_b"]),
        (["00_a.ipynb", "00b_b.ipynb", "00b_c.ipynb"], ["00b_c"]),
        (["00_a.ipynb", "00_b.ipynb"], ["00_b"]),
        (["00_a.ipynb", "Untitled.ipynb"], ["Untitled"]),
        (["00_a b.ipynb"], ["00_a b"]),
    ],
)
def test_strangers_and_doubles_in_the_numbering_are_named(names, blamed):
    """And so is a notebook without a number, or with a space, which breaks links."""
    assert [complaint.partition(".ipynb")[0] for complaint in numbering(names)] == blamed


POINTERS = [
    "**Deeper.** [01b](../pyproject.toml) proves\nthat, and 01c, too.\n\n",
    "← [00 a](../pyproject.toml) · [01b b](../pyproject.toml) →\n\n",
]


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_core_may_point_at_what_goes_deeper(good, pointer):
    """But whatever stands below the pointer is the core's own again."""
    edit(3, "**Predict", f"{pointer}**Predict")(good)
    assert spoken(good) == []
    edit(3, "Which one", "In 01c: which")(good)
    assert [name for name, _ in spoken(good)] == ["a_core_needs_no_depth"]


def test_a_depth_may_speak_of_another(good):
    """Whoever reads one has chosen to."""
    edit(3, "Which one", "As 01c shows, one")(good)
    edit(1, "*Notebook 00 ·", "*Notebook 00b of the course ·")(good)
    assert spoken(good) == []
