"""The site as files: everything of the course is in it, and every link leads somewhere."""

import re
from html import unescape

import looking
import nbformat
import pytest

import course_map
import site_build
import site_lookup
from smlearn.exercises.registry import TASKS
from smlearn.mistakes import MISTAKES
from smlearn.mistakes.exchange import code_of

COURSE = course_map.pages()
LIMIT = 60  # seconds of work, on any machine of today


def words(path) -> str:
    """Return what a page says, without its tags, each gap one space."""
    body = path.read_text("utf-8").partition("<article")[2].partition("</article>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())


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


def test_a_formula_more_is_counted():
    """The count can tell: in the text, in a paragraph of its own, in a table, in LaTeX's own."""
    cells = ["a $x$ b", "$$\ny\n$$", "| $z$ |\n|---|\n| $w$ |"]
    cells += ["\\begin{align}u\\end{align}", "`$v$`"]
    cells = [nbformat.v4.new_markdown_cell(source) for source in cells]
    assert looking.formulas_in(nbformat.v4.new_notebook(cells=cells)) == 5


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
    for wanted in (code_of(mistake.vjp), mistake.did, mistake.ponder, mistake.survives):
        assert " ".join(wanted.replace("'", "’").split()) in said.replace("'", "’")
    described = re.search(r'<meta content="([^"]*)" name="description"', page.read_text("utf-8"))
    assert site_lookup.gives_back(mistake) in unescape(described[1])


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
    assert set(site_lookup.WORDS["laws"]) == set(site_lookup.laws())
    numbers = {page.number: page.file for page in COURSE}
    for number, terms in site_lookup.WORDS["glossary"].items():
        assert all(site_lookup.explained(term, numbers[number]) for term in terms)
    assert {*site_lookup.WORDS["search"]} <= {*numbers} | {f"mistakes/{key}" for key in MISTAKES}


def test_a_term_that_no_page_explains_is_named():
    """A page that is rewritten may lose it."""
    with pytest.raises(ValueError, match="'penguinity' stands in no sentence"):
        site_lookup.explained("penguinity", COURSE[0].file)


def test_each_law_is_proved_and_each_letter_stands_there(site):
    """As many of each as there are."""
    said = words(site / "laws.html")
    assert said.count("Why.") == said.count("Asked by") == len(site_lookup.laws())
    letters = words(site / "notation.html")
    for other in ("grad_output", "cotangent", "dout", "divexps", "operatorname{diag}"):
        assert other in letters


def test_the_reference_has_every_public_name_and_its_doctests(site):
    """By room; counted in the source."""
    for room in site_build.ROOMS.split():
        page = (site / "api" / f"{room}.html").read_text("utf-8")
        for module in site_build.modules(room):
            assert f'id="module-{module}"' in page
    assert "&gt;&gt;&gt; " in (site / "api" / "formulas.html").read_text("utf-8")


# ---- the one setting


def test_links_to_binder_and_github_follow_the_setting(monkeypatch):
    """REPO says where; without it there is the download alone, and no dead link."""
    monkeypatch.setenv("REPO", "someone/course")
    assert site_build.repository() == "someone/course"
    line = site_build.actions("01_x.ipynb", "someone/course")
    assert "mybinder.org/v2/gh/someone/course/HEAD?urlpath=lab/tree/notebooks/01_x.ipynb" in line
    assert "http" not in site_build.actions("01_x.ipynb", "")


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
