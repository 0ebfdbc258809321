"""The site as files: everything of the course is in it, and every link leads somewhere."""

import ast
import base64
import doctest
import importlib
import inspect
import re
from contextlib import suppress
from html import unescape

import looking
import nbformat
import numpy as np
import pytest

import course_map
import site_build
import site_formulas
import site_lookup
import site_mistakes
import site_notebooks
import site_words
from smlearn import softmax, softmax_jacobian
from smlearn.exercises.registry import TASKS
from smlearn.mistakes import MISTAKES, more_spellings

COURSE = course_map.pages()
LIMIT = 60  # seconds of work, on any machine of today


def words(path) -> str:
    """Return what a page says, without its tags, each gap one space."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", article(path))).split())


def article(path) -> str:
    """Return a page without what stands around its text."""
    return path.read_text("utf-8").partition("<article")[2].partition("</article>")[0]


def test_it_is_built_without_a_warning_within_a_minute_of_work(built):
    """A warning is an error; nothing of the notebooks is run."""
    assert (built["code"], built["said"]) == (0, "")
    assert built["seconds"] < LIMIT


@pytest.mark.parametrize("page", COURSE, ids=lambda page: page.number)
def test_a_notebook_is_there_with_its_pictures_and_formulas(site, page):
    """Counted in the notebook, and counted in the page."""
    notebook = nbformat.read(course_map.minutes.NOTEBOOKS / page.file, as_version=4)
    shown = looking.read(site / "notebooks" / f"{page.file.removesuffix('.ipynb')}.html")
    wanted = looking.pictures_in(notebook), looking.formulas_in(notebook)
    assert (shown.pictures, shown.formulas) == wanted


def test_every_picture_says_its_size_and_what_it_shows(site):
    """Or the text below it jumps when the picture is there."""
    bare = []
    for path in looking.html_pages(site):
        drawn = re.findall(r'<img [^>]*src="data:image[^>]*>', path.read_text("utf-8"))
        wanted = "width=", "height=", "alt="
        bare += [path.name for image in drawn if not all(word in image for word in wanted)]
    assert bare == []


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\x90\0\0\0\xc8"),
        ("svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"/>'),
    ],
)
def test_the_height_is_that_of_the_picture_at_the_width_of_the_page(kind, held):
    """400 by 200 inside, 100 wide on the page: 50 high."""
    data = base64.b64encode(held).decode()
    drawn = f'<img alt="a" width="100" style="s" src="data:image/{kind};base64,{data}">'
    assert site_notebooks.size(kind, data) == (400, 200)
    assert 'width="100" height="50" style="s"' in site_notebooks.sized(drawn)


def test_a_picture_that_a_cell_holds_is_shown():
    """JupyterLab finds it among the cell's attachments; a page of the site has it in itself."""
    data = base64.b64encode(b"\0" * 16 + b"\0\0\0\x0a\0\0\0\x05").decode()
    cell = nbformat.v4.new_markdown_cell("a ![two > one](attachment:b.png) c")
    cell.attachments = {"b.png": {"image/png": data}}
    site_notebooks.as_on_a_page(cell)
    image = f'<img alt="two &gt; one" width="10" height="5" src="data:image/png;base64,{data}">'
    assert cell.source == f"a <figure>{image}</figure> c"
    assert "attachments" not in cell


def test_an_output_leads_to_the_page_of_a_notebook():
    """As the text does, whose links MyST sees to; a download stays one."""
    output = nbformat.v4.new_output(
        "display_data", {"text/html": '<a href="00_x.ipynb">0</a> <a href="01_y.ipynb#z">1</a>'}
    )
    cell = nbformat.v4.new_code_cell("f()", outputs=[output])
    site_notebooks.as_on_a_page(cell)
    wanted = '<a href="00_x.html">0</a> <a href="01_y.html#z">1</a>'
    assert cell.outputs[0].data["text/html"] == wanted


def test_the_empty_corner_of_a_table_heads_nothing(site):
    """Without script as well: it is a cell."""
    empty = re.compile(r"<th[^>]*>(?:<p>)?\s*(?:</p>)?</th>")
    assert [p.name for p in looking.html_pages(site) if empty.search(p.read_text("utf-8"))] == []


def test_a_head_that_is_a_formula_alone_says_its_letters(site):
    """As c in 06c; one with words beside the formula is left as it is."""
    page = (site / "notebooks" / "06c_other_methods.html").read_text("utf-8")
    heads = re.findall(r'<th class="head">(.*?)</th>', page)
    spoken = '<span class="visually-hidden">c</span>'
    assert [spoken in head for head in heads if "\\(c\\)" in head] == [True]
    assert [head.count("hidden") for head in heads if "the noise" in head] == [0]


def test_a_place_is_kept_for_what_stands_beside_the_text(site):
    """Only the pages without sections have nothing there, and use the whole width."""
    free = "<style>html { --beside: 0rem }</style>"
    for name, wide in {"notation.html": True, "laws.html": False, "index.html": False}.items():
        assert (free in (site / name).read_text("utf-8")) == wide


def test_a_formula_more_is_counted():
    """The count can tell: in the text, in a paragraph of its own, in a table, in LaTeX's own."""
    cells = ["a $x$ b", "$$\ny\n$$", "| $z$ |\n|---|\n| $w$ |"]
    cells += ["\\begin{align}u\\end{align}", "`$v$`"]
    cells = [nbformat.v4.new_markdown_cell(source) for source in cells]
    assert looking.formulas_in(nbformat.v4.new_notebook(cells=cells)) == 5


@pytest.mark.parametrize(
    ("source", "ems"),
    [
        ("x", 0.53),
        ("p_j", 0.53 + 0.71 * 0.4),
        ("x^{10}", 0.53 + 0.71),
        ("x_j^2", 0.53 + 0.71 * 0.5),
        ("-1", 0.78 + 0.5),
        (r"\frac{1}{xx}", 0.24 + 0.71 * 1.06),
        (r"0 &lt; x", 0.5 + 1.34 + 0.53),
    ],
)
def test_a_formula_is_as_wide_as_what_stands_side_by_side(source, ems):
    """Scripts are smaller and stand above each other; so do the halves of a fraction."""
    assert site_formulas.ex(source) == pytest.approx(ems / site_formulas.EX, abs=0.051)  # rounded


def test_a_short_formula_keeps_the_comma_behind_it():
    """Or the comma begins the next line; one that may be broken itself is left alone."""
    span = '<span class="math notranslate nohighlight">\\({}\\)</span>'
    short, long = span.format("x"), span.format("x + " * 20 + "x")
    found = site_formulas.kept(f"{short}, {long}, {short} and")
    assert found.count("--wide: ") == 3
    assert re.findall(r'<span class="together">.*?</span>(.*?)</span>', found) == [","]


def test_cores_stand_before_depths_each_in_the_order_of_the_map(site):
    """The way at the side of every page."""
    side = (site / "index.html").read_text("utf-8").partition('<nav class="course"')[2]
    side = side.partition("</nav>")[0]
    files = list(dict.fromkeys(re.findall(r'href="notebooks/(\w+)\.html"', side)))
    ordered = sorted(COURSE, key=lambda page: not page.core)  # which keeps the order within each
    assert files == [page.file.removesuffix(".ipynb") for page in ordered]


def test_every_link_within_the_site_leads_somewhere(site):
    """To a page, and to a place on it."""
    assert looking.broken_links(site) == []


def test_nothing_is_fetched_from_elsewhere(site):
    """As far as the files say; what scripts do is seen in the browser."""
    assert looking.strangers(site) == []


def test_no_page_is_too_large(site):
    """Two megabytes."""
    assert looking.too_large(site) == []


def test_what_is_planted_is_found(tmp_path):
    """Each look at the files can fail."""
    (tmp_path / "other.html").write_text("<p id='here'>")
    (tmp_path / "page.html").write_text(
        "<a href='other.html#here'>1</a> <a href='other.html#gone'>2</a> <a href='gone.html'>3</a>"
        "<script src='//cdn.example.org/a.js'></script>" + " " * looking.LARGEST
    )
    (tmp_path / "site.css").write_text("body { background: url(https://example.org/b.png) }")
    assert looking.broken_links(tmp_path) == ["page.html: other.html#gone", "page.html: gone.html"]
    assert looking.too_large(tmp_path) == ["page.html"]
    assert looking.strangers(tmp_path) == [
        "page.html: //cdn.example.org/a.js",
        "site.css: https://example.org/b.png",
    ]


# ---- what is made from the package


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_has_a_page_that_a_search_engine_can_offer(site, key):
    """Its code, its words, and a description with the line that gives it away."""
    page, mistake = site / "mistakes" / f"{key}.html", MISTAKES[key]
    said = words(page)
    for wanted in (site_mistakes.as_shown(mistake), mistake.did, mistake.ponder, mistake.survives):
        assert " ".join(wanted.replace("'", "’").split()) in said.replace("'", "’")
    described = re.search(r'<meta content="([^"]*)" name="description"', page.read_text("utf-8"))
    assert site_mistakes.gives_away(mistake) in unescape(described[1])


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("diagonal_only", "dp * p * (1 - p)"),
        ("plus_sign", "p * (dp + (p * dp).sum(axis=-1, keepdims=True))"),
        ("x_in_place", "x -= x.max(axis=-1, keepdims=True)"),
        ("dp_in_place", "dp -= (p * dp).sum(axis=-1, keepdims=True)"),
        ("float32_inside", "p = softmax(np.asarray(x, np.float32))"),
        ("unshifted_exp", "p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)"),
        ("softmax_twice", "q = softmax(softmax(x))"),
        ("integer_buffer", "dx = np.zeros_like(dp)"),
    ],
)
def test_the_line_that_gives_a_mistake_away_is_the_wrong_one(key, line):
    """Where the last line is right, or a bare name, it is one before it."""
    assert site_mistakes.gives_away(MISTAKES[key]) == line


@pytest.mark.parametrize("key", MISTAKES)
def test_no_mistake_shows_a_right_line_or_a_helper_of_the_package(key):
    """Its title would blame what is right; its code would not run elsewhere."""
    assert site_mistakes.RIGHT not in site_mistakes.title(MISTAKES[key]).split("`")
    assert not re.search(r"\b_mean\(", site_mistakes.as_shown(MISTAKES[key]))


@pytest.mark.parametrize("key", MISTAKES)
def test_the_code_of_a_mistake_runs_as_it_is_shown(site, key, rng):
    """With NumPy and softmax alone, and to the same end: a reader has nothing else."""
    block = re.search(r"<pre>(.*?)</pre>", article(site / "mistakes" / f"{key}.html"), re.DOTALL)
    names = {"np": np, "softmax": softmax}
    exec(unescape(re.sub(r"<[^>]+>", "", block[1])), names)
    x, dp = rng.standard_normal((2, 4, 3))
    shown, known = (outcome(f, x.copy(), dp.copy()) for f in (names[key], MISTAKES[key].vjp))
    np.testing.assert_equal(shown, known)


def outcome(vjp, x, dp):
    """Return what comes back, with what became of x and dp; or the error."""
    try:
        return np.copy(vjp(x, dp)), x, dp
    except (TypeError, ValueError) as error:
        return str(error)


@pytest.mark.parametrize("key", more_spellings.FORMS)
def test_other_spellings_stand_with_what_they_read_and_no_more(key, rng):
    """A helper that none of them calls is none of theirs; p and J are named where they stand."""
    said, block = re.fullmatch(
        r"\nIt is also written like this(.*?):\n\n```python\n(.*)\n```\n",
        site_mistakes._other_ways(key),
        re.DOTALL,
    ).groups()
    x, dp = rng.standard_normal((2, 4, 3))
    names = {"np": np, "x": x, "dp": dp}
    at_hand = {"p": softmax(x), "J": softmax_jacobian(x)}
    names |= {name: value for name, value in at_hand.items() if f"`{name}" in said}
    helpers = block.partition("\n\n")[2]
    exec(helpers, names)
    read = set()
    for form in more_spellings.FORMS[key]:
        code = compile(form, key, "eval")
        with suppress(TypeError, ValueError):  # some mistakes are errors; a NameError is ours
            eval(code, names)
        read |= {node.id for node in ast.walk(ast.parse(form)) if isinstance(node, ast.Name)}
    called = [f.__name__ for f in site_mistakes.HELPERS if f.__name__ in read]
    assert re.findall(r"(?m)^def (\w+)", helpers) == called
    assert set(at_hand) & read == set(at_hand) & set(names)


def test_whoever_looks_for_the_line_finds_it_in_the_title(site):
    """The most common of them."""
    page = (site / "mistakes" / "diagonal_only.html").read_text("utf-8")
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert "dp * p * (1 - p)" in found[1]


def test_each_exercise_shows_its_question_and_leads_to_its_place(site):
    """All of them, in the order of the pages."""
    page = site / "exercises.html"
    said, links = words(page).replace("’", "'"), looking.read(page).links
    for task in TASKS.values():
        assert " ".join(re.sub(r"`", "", task.statement).split()) in said, task.key
        anchor = f"#exercise-{task.key.replace('_', '-').lower()}"
        assert any(link.endswith(anchor) for link in links), task.key


def test_the_table_of_words_fits_the_package():
    """A new law wants its proof, a new letter its neighbours, a term its sentence."""
    assert set(site_words.WORDS["laws"]) == set(site_lookup.laws())
    [[_, _, *rows]] = site_words.tables(site_words.text("00c_the_seeds.ipynb"), "| here |")
    assert set(site_words.WORDS["letters"]) == {row[0].split("`")[1] for row in rows}
    numbers = {page.number for page in COURSE}
    assert {*site_words.WORDS["glossary"]} <= {*numbers}
    assert {*site_words.WORDS["search"]} <= {*numbers} | {f"mistakes/{key}" for key in MISTAKES}


@pytest.mark.parametrize(("table", "key"), [("laws", "p is prime"), ("letters", "q")])
def test_a_law_or_a_letter_without_an_entry_is_named(table, key):
    """Whoever adds one reads what is to be written, and where."""
    with pytest.raises(ValueError, match=rf"words.toml: \[{table}\] has no entry for '{key}'"):
        site_words.said_of(table, key)


def test_a_term_that_no_page_explains_is_named(monkeypatch):
    """A page that is rewritten may lose it."""
    monkeypatch.setitem(site_words.WORDS, "glossary", {"00": {"penguinity": "Being a penguin."}})
    with pytest.raises(ValueError, match="'penguinity' stands nowhere in 00_start_here"):
        site_lookup.glossary_page(COURSE)


def test_each_term_has_a_sentence_that_stands_by_itself(site):
    """It begins with a capital or a formula, ends with a full stop, and is on the page."""
    said, told = words(site / "glossary.html"), site_lookup.terms(COURSE)
    assert said.count("(") >= len(told) > 50
    for term, page, meaning in told:
        assert re.fullmatch(r"[A-Z$].{15,}\.", meaning), term
        assert f"{term} ({page.number})" in said


def test_every_cell_of_the_seed_notes_is_there(site):
    """As they are numbered and ordered in the two documents; each leads to a page but one."""
    page = (site / "seeds.html").read_text("utf-8")
    rows = re.findall(r"<td><p>\[(\d+)\]</p></td>(.*?)</tr>", page, re.DOTALL)
    first, second = [29, 31, 35, 37, 38, 2, 9, 19, 26], [1, 2, 3, 18, 19, 6, 17, 15]
    assert [int(number) for number, _ in rows] == first + second
    assert [number for number, row in rows if "<a " not in row] == ["1"]  # an import


def test_each_law_is_proved_and_each_letter_stands_there(site):
    """As many of each as there are."""
    said = words(site / "laws.html")
    assert said.count("Why.") == said.count("Asked by") == len(site_lookup.laws())
    letters = words(site / "notation.html")
    for other in ("grad_output", "cotangent", "dout", "divexps", "operatorname{diag}"):
        assert other in letters


@pytest.mark.parametrize("room", ["", *site_build.ROOMS.split()], ids=lambda room: room or "all")
def test_the_reference_has_every_public_name_and_its_doctests(site, room):
    """Each name that a module offers, and each line of its examples; read from the source."""
    page = site / "api" / f"{room or 'smlearn'}.html"
    anchors, said = looking.read(page).anchors, words(page)
    for name in site_build.modules(room):
        assert f"module-{name}" in anchors
        for offered, thing in documented(name).items():
            assert f"{name}.{offered}" in anchors
            for line in examples(thing):
                assert line in said, f"{name}.{offered}"


def documented(name: str) -> dict:
    """Return the functions and classes that a module offers and explains, by name."""
    module = importlib.import_module(name)
    offered = {each: getattr(module, each) for each in module.__all__}
    kinds = inspect.isfunction, inspect.isclass
    return {k: v for k, v in offered.items() if any(is_it(v) for is_it in kinds) and v.__doc__}


def test_the_rooms_have_doctests():
    """So there is something to look for in each of them but the figures, which are seen."""
    modules = {room: site_build.modules(room) for room in site_build.ROOMS.split()}
    things = {room: [documented(name) for name in names] for room, names in modules.items()}
    without = {
        room
        for room, found in things.items()
        if not any(examples(thing) for module in found for thing in module.values())
    }
    assert without == {"figures"}


def examples(thing) -> list[str]:
    """Return what stands after each >>> in a docstring, each gap one space."""
    told = doctest.DocTestParser().get_examples(inspect.getdoc(thing) or "")
    return [f">>> {' '.join(each.source.splitlines()[0].split())}" for each in told]


# ---- the one setting


def test_links_to_binder_and_github_follow_the_setting(monkeypatch):
    """REPO says where; without it there is the download alone, and no dead link."""
    monkeypatch.setenv("REPO", "someone/course")
    assert site_build.repository() == "someone/course"
    line = site_notebooks.actions("01_x.ipynb", "someone/course")
    assert "mybinder.org/v2/gh/someone/course/HEAD?urlpath=lab/tree/notebooks/01_x.ipynb" in line
    assert "http" not in site_notebooks.actions("01_x.ipynb", "")


def test_without_the_setting_there_is_no_link_to_a_repository(site):
    """The site of these tests has none: each notebook is offered, and nothing else is."""
    for page in COURSE:
        links = looking.read(site / "notebooks" / page.file.replace(".ipynb", ".html")).links
        assert any(link.endswith(f"/{page.file}") and "_downloads" in link for link in links)
        assert not [link for link in links if "mybinder.org" in link or "/blob/HEAD/" in link]


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("https://github.com/someone/course.git", "someone/course"),
        ("git@github.com:someone/a.course", "someone/a.course"),
        ("https://example.org/someone/course", ""),
    ],
)
def test_git_knows_where_the_course_is(monkeypatch, remote, name):
    """Where nothing is set, git's own remote; another host has no Binder link."""
    monkeypatch.delenv("REPO", raising=False)
    told = type("Done", (), {"stdout": f"{remote}\n"})
    monkeypatch.setattr(site_build.subprocess, "run", lambda *_, **__: told)
    assert site_build.repository() == name


def test_the_reference_says_nothing_of_its_making(site):
    """No mark of a tool, no field that is only numbered, no formula whose columns are lost."""
    for page in (site / "api").glob("*.html"):
        said = words(page)
        assert "processed by numpydoc" not in said
        assert "Alias for field" not in said
    assert "<pre>" in (site / "api" / "formulas.html").read_text("utf-8")
