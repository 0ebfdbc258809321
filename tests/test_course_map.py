"""The way through the course stands in the pages as it is computed, in minutes and in links."""

import ast
import re
import shutil

import nbformat
import pytest
from hygiene import NOTEBOOKS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import course_map
import minutes
from course_map import HEAD, NARROW, Page, pages, read_page, way, with_map
from minutes import Minutes

NONE = Minutes(0, 0)
COURSE = [
    Page("00_start_here.ipynb", "00", "How?", Minutes(20.4, 6), ""),
    Page("01_a_row.ipynb", "01", "One?", Minutes(30, 15), ""),
    Page("01b_more.ipynb", "01b", "More?", Minutes(40, 3), "the proofs"),
    Page("01c_most.ipynb", "01c", "Most?", Minutes(10, 8), "the history"),
    Page("02_two.ipynb", "02", "Two?", Minutes(50, 0), ""),
]
LINKS = [page.link for page in COURSE]


def test_nothing_changes_when_the_way_is_written_again(tmp_path):
    """So every page and both maps show the minutes, the titles and the links of today."""
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copy(NOTEBOOKS.parent / "README.md", tmp_path)
    course_map.write(tmp_path)
    complaint = "is not as `make refresh` writes it; run that"
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        now = nbformat.read(tmp_path / "notebooks" / path.name, 4).cells
        was = nbformat.read(path, 4).cells
        assert [cell.source for cell in now] == [cell.source for cell in was], (
            f"{path} {complaint}"
        )
    assert (tmp_path / "README.md").read_bytes() == (NOTEBOOKS.parent / "README.md").read_bytes()


def tiny(folder):
    """Write a course of two pages whose minutes, ways and map are old."""
    opening = "*Notebook {} of the course · 7 minutes: 5 a, 2 b · after nothing{}*"
    cells = {
        "00_start_here": [f"# How?\n\n[map](#old)\n\n{opening.format('00', '')}",
                          f"## The map\n\n{NARROW}| old · 1 | row |\n\nThe cores take 9 h."],
        "00b_more": ["# More?\n\n" + opening.format("00b", " · for the curious"), "## End"],
    }  # fmt: skip
    (folder / "notebooks").mkdir()
    for name, sources in cells.items():
        text = [new_markdown_cell(source) for source in sources]
        code = [new_code_cell("x = 1\n\n" * 60)] * (name == "00b_more")
        page = new_notebook(cells=[text[0], *code, *text[1:]])
        nbformat.write(page, folder / "notebooks" / f"{name}.ipynb")
    (folder / "README.md").write_text(f"# T\n\n{HEAD}| old | row | 1 | |\n\n## Next\n", "utf-8")


def test_an_old_way_is_written_anew_and_nothing_else_is_lost(tmp_path):
    """Twice is as good as once, and what stands around the map stays."""
    tiny(tmp_path)
    course_map.write(tmp_path)
    read = {p.stem: nbformat.read(p, 4) for p in (tmp_path / "notebooks").glob("*.ipynb")}
    readme = (tmp_path / "README.md").read_text("utf-8")
    row = "| [00]({0}00_start_here.ipynb) | How? | 1 | [00b]({0}00b_more.ipynb) the curious · 5 |"
    assert readme == (
        f"# T\n\n{HEAD}{row.format('notebooks/')}\n\nThe cores take 0 h 1 min together, "
        "the depths 0 h 5 min.\n\n## Next\n"
    )
    deeper = "[map](#The-map) · deeper: [00b](00b_more.ipynb)"
    assert read["00_start_here"].cells[0].source == (
        f"# How?\n\n{deeper}\n\n*Notebook 00 of the course · 1 minutes · after nothing*"
    )
    short = "| [00](00_start_here.ipynb) · 1 | **How?** [00b](00b_more.ipynb) the curious · 5 |"
    assert short in read["00_start_here"].cells[1].source
    assert read["00_start_here"].cells[1].source.endswith(f"0 h 5 min.\n\n{deeper}")
    assert "5 minutes · after nothing · for the curious*" in read["00b_more"].cells[0].source
    before = readme, read
    course_map.write(tmp_path)
    again = {p.stem: nbformat.read(p, 4) for p in (tmp_path / "notebooks").glob("*.ipynb")}
    assert ((tmp_path / "README.md").read_text("utf-8"), again) == before


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (0, f"[map](#The-map) · {LINKS[1]} →"),
        (1, f"← {LINKS[0]} · [map](00_start_here.ipynb#The-map) · deeper: {LINKS[2]}, "
            f"{LINKS[3]} · {LINKS[4]} →"),
        (2, f"← {LINKS[1]} · [map](00_start_here.ipynb#The-map) · deeper: {LINKS[3]} · "
            f"{LINKS[4]} →"),
        (3, f"← {LINKS[2]} · [map](00_start_here.ipynb#The-map) · {LINKS[4]} →"),
        (4, f"← {LINKS[1]} · [map](00_start_here.ipynb#The-map)"),
    ],
)  # fmt: skip
def test_a_way_leads_back_to_the_map_deeper_and_on(at, line):
    """A core goes on to the next core, never by way of a depth; a depth comes back from itself."""
    assert way(COURSE[at], COURSE) == line


def test_the_courses_name_is_no_part_of_the_first_question(tmp_path):
    """The map says what the page asks; a title that has the name elsewhere keeps it."""
    for title, asked in {
        "Softmax, backwards. How do I?": "How do I?",
        "How does softmax, backwards. run?": "How does softmax, backwards. run?",
    }.items():
        nbformat.write(new_notebook(cells=[new_markdown_cell(f"# {title}")]), tmp_path / "a.ipynb")
        assert read_page(tmp_path / "a.ipynb").title == asked


def test_a_text_without_a_map_is_refused():
    """Or the map would be missing, and nobody told."""
    with pytest.raises(ValueError, match="one table is wanted that begins with"):
        with_map("| core |", COURSE)


def test_the_minutes_are_counted_by_the_formula():
    """120 words a minute, 12 lines, 1 a prediction, 2 an equation; and an exercise by its kind."""
    text = new_markdown_cell("word " * 118 + "\n\n$$\nx + y\n$$\n\n**Predict.** What?\n$$z$$")
    assert minutes.of_cell(text) == Minutes(1 + 1 + 2 * 2, 0)
    assert minutes.of_cell(new_code_cell("x = 1\n\n" * 6)) == Minutes(0.5, 0)
    for key, spent in {"equal_logits": 3, "jacobian_from_p": 6}.items():
        assert minutes.of_cell(new_code_cell(f'ex = exercise("{key}")')).exercises == spent
    assert minutes.of([text, new_code_cell("x")]) == Minutes(6 + 1 / 12, 0)
    assert Minutes(1.4, 3).all == 4


def test_a_section_is_what_stands_below_its_heading(capsys, monkeypatch, tmp_path):
    """Deeper headings begin no section of their own; and the page is printed by them."""
    sources = ["# Title", "## A\n\nword", "### B", "## C"]
    notebook = new_notebook(cells=[new_markdown_cell(source) for source in sources])
    assert list(minutes.sections(notebook)) == ["Title", "A", "C"]
    assert [len(cells) for cells in minutes.sections(notebook).values()] == [1, 2, 1]
    notebook.cells += [new_code_cell("x = 1\n" * 612)]
    nbformat.write(notebook, tmp_path / "a.ipynb")
    monkeypatch.setattr("sys.argv", ["minutes.py", str(tmp_path / "a.ipynb")])
    minutes.main()
    said = capsys.readouterr().out
    assert said.startswith("a.ipynb: 51 minutes, 51.1 reading and running, 0 exercises; 50 is the")
    assert "\n     51.0       C\n" in said


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.number)
def test_a_page_fits_into_a_class_hour(page):
    """Core or depth, exercises included."""
    assert page.minutes.all <= minutes.LONGEST, (
        f"{page.file} takes {page.minutes.all} minutes, and {minutes.LONGEST} is the most: "
        "`make minutes` prints them by section; what goes deeper moves to a page beside it"
    )


def test_all_cores_fit_into_nine_hours():
    """What a learner has who wants the whole story and no more."""
    spent = sum(page.minutes.all for page in pages() if page.core)
    assert spent <= 9 * 60, (
        f"the cores take {spent} minutes, and {9 * 60} is the most: shorten one, "
        "or move what goes deeper to a page beside it"
    )


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_what_comes_before_a_page_is_before_it_in_the_course(path):
    """Its opening says after which pages it can be read: earlier ones; of a core, cores."""
    number = path.name.partition("_")[0]
    opening = nbformat.read(path, as_version=4).cells[0].source
    needed = re.findall(r"\]\((\d\d[b-d]?)_", re.search(r"(?m)^\*Notebook .*", opening)[0])
    assert all(each < number for each in needed)
    assert number == "00" or needed
    if number.isdigit():
        assert all(each.isdigit() for each in needed)


def taken_from_the_package(notebook):
    """Return the names that a page takes from smlearn, but for what draws."""
    names = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                match node:
                    case ast.ImportFrom(module=str(room)) if room.startswith("smlearn"):
                        names |= {each.name for each in node.names if "figures" not in room}
                    case ast.Attribute(ast.Name("smlearn"), name):
                        names.add(name)
    return names


def unearned(notebooks):
    """Return (number, name): a core takes a name that only a depth has shown, and says no word."""
    shown, deep, found = set(), set(), []
    for number, notebook in notebooks:
        names = taken_from_the_package(notebook)
        if not number.isdigit():
            deep |= names
            continue
        words = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        words = words.lower().replace("-", "_")
        found += [(number, name) for name in sorted(names & deep - shown) if name not in words]
        shown |= names
    return found


def test_no_core_uses_what_only_a_depth_has_introduced():
    """Whoever reads the cores alone has met every function of the package, or meets it there."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    read = [(path.name.partition("_")[0], nbformat.read(path, as_version=4)) for path in paths]
    assert unearned(read) == []


def test_a_name_that_only_a_depth_has_introduced_is_found():
    """Until a core says a word of it; figures are no concern of the reader's."""
    code = "from smlearn import a_name\nfrom smlearn.figures import drawn\nsmlearn.other()"
    depth, core = (new_notebook(cells=[new_code_cell(code)]) for _ in range(2))
    assert unearned([("01", core), ("01b", depth), ("02", core)]) == []
    course = [("01b", depth), ("02", core), ("03", core)]
    assert unearned(course) == [("02", "a_name"), ("02", "other")]
    core.cells.append(new_markdown_cell("Here `other` is a-name."))
    assert unearned(course) == []


def test_the_course_has_a_page_for_each_number():
    """Each depth beside its core, with a word on what it is for."""
    course = pages()
    assert [page.number for page in course if page.core] == [
        f"{k:02}" for k in range(sum(page.core for page in course))
    ]
    assert all(page.core != bool(page.purpose) for page in course)
