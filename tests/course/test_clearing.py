"""A learner's page: below a prediction nothing tells the answer before it is asked for."""

import ast
import json
import re
from pathlib import Path

import pytest

from smlearn.course.clearing import AFTER, PREDICT, TELLS, cleared, cleared_pages, veiled

STORED = Path(__file__).resolve().parents[2] / "notebooks"
PAGES = cleared_pages(STORED)
OPEN = {name: cleared(json.loads((STORED / name).read_text("utf-8"))) for name in PAGES}
FOLD = re.compile(rf"{re.escape(AFTER)}\n\n(.*?)\n\n</details>(?:\n\n)?", re.S)
TESTED = re.compile(r"(?:^|\n\n)What is tested here:\n\n```python\n(.*?)\n```$", re.S)


def text(cell: dict) -> str:
    """Return what stands in a cell."""
    return "".join(cell["source"])


def hidden(cell: dict) -> bool:
    """Whether JupyterLab shows one line of its code."""
    return cell["metadata"].get("jupyter", {}).get("source_hidden", False)


def telling(page: dict) -> list[str]:
    """Return what tells an answer between a prediction and the next heading or prediction."""
    found, asked, ran = [], False, False
    for cell in page["cells"]:
        if cell["cell_type"] == "code":
            if asked and "exercise(" not in text(cell) and not hidden(cell):
                tree = ast.parse(text(cell))
                tells = any(isinstance(each, ast.Assert) for each in ast.walk(tree))
                if tells or "show(" in text(cell) or TELLS in cell["metadata"].get("tags", []):
                    found.append(text(cell))
            ran = True
            continue
        left = FOLD.sub("", text(cell))
        if asked and ran and not re.match(r"#|\*\*(Predict|Exercise|Deeper)|$", left):
            found.append(left)
        asked, ran = bool(PREDICT.search(text(cell))), False
    return found


@pytest.mark.parametrize("name", PAGES)
def test_nothing_tells_below_a_prediction(name):
    """No assert, no figure's title, no reading: not one of 198 answers, page by page."""
    assert telling(PAGES[name]) == []


def test_the_stored_pages_would_be_noticed():
    """In them all is open: each page with a prediction has what tells its answer."""
    asks = [
        name for name, page in OPEN.items() if any(map(PREDICT.search, map(text, page["cells"])))
    ]
    assert [name for name, page in OPEN.items() if telling(page)] == asks
    assert len(asks) > 30


@pytest.mark.parametrize("name", PAGES)
def test_unfolded_it_says_what_the_stored_page_says(name):
    """Every word of the text, the cells, their ids and tags; no heading stands in a fold."""
    for stored, cell in zip(OPEN[name]["cells"], PAGES[name]["cells"], strict=True):
        metadata = {key: held for key, held in cell["metadata"].items() if key != "jupyter"}
        assert {**stored, "source": 0} == {**cell, "source": 0, "metadata": metadata}
        if cell["cell_type"] == "markdown":
            assert not re.search(r"^#", "".join(FOLD.findall(text(cell))), re.M)
            opened = FOLD.sub(lambda found: TESTED.sub("", found[1]) + "\n\n", text(cell))
            assert opened.strip("\n") == text(stored)


@pytest.mark.parametrize("name", PAGES)
def test_what_leads_on_to_the_next_cell_is_open(name):
    """A fold reads what was run; a sentence with a colon at its end speaks of the cell below."""
    folds = [fold for cell in PAGES[name]["cells"] for fold in FOLD.findall(text(cell))]
    assert [fold for fold in folds if TESTED.sub("", fold).endswith(":")] == []


class WithoutAsserts(ast.NodeTransformer):
    """Take out asserts, and loops that hold nothing else."""

    def visit_Assert(self, node):
        """Take it out."""

    def generic_visit(self, node):
        """Take out what has lost its body."""
        node = super().generic_visit(node)
        return node if getattr(node, "body", True) or isinstance(node, ast.Module) else None


@pytest.mark.parametrize("name", PAGES)
def test_the_code_is_that_of_the_stored_page_but_for_asserts(name):
    """Nothing else is taken out, and nothing that is used later."""
    bound, used = [set(), set()], set()
    for cells in zip(OPEN[name]["cells"], PAGES[name]["cells"], strict=True):
        if cells[0]["cell_type"] != "code":
            continue
        stored, left = (ast.parse(text(cell)) for cell in cells)
        used |= {each.id for each in ast.walk(left) if isinstance(each, ast.Name)
                 and isinstance(each.ctx, ast.Load)}  # fmt: skip
        for names, tree in zip(bound, (stored, left), strict=True):
            names |= {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)
                      and isinstance(each.ctx, ast.Store)}  # fmt: skip
        if ast.dump(stored) != ast.dump(left):
            assert ast.dump(left) == ast.dump(WithoutAsserts().visit(stored))
            assert not hidden(cells[1])
    assert not (bound[0] - bound[1]) & used


@pytest.mark.parametrize("name", PAGES)
def test_what_is_asserted_moves_into_the_fold(name):
    """As many asserts as the stored page has, in code or below it."""
    asserts = [len(re.findall(r"^ *assert ", "\n".join(map(text, page["cells"])), re.M))
               for page in (OPEN[name], PAGES[name])]  # fmt: skip
    assert asserts[0] == asserts[1]


def idle(page: dict) -> list[str]:
    """Return the loops that only set names, none of which is read further down."""
    sources = [text(cell) for cell in page["cells"] if cell["cell_type"] == "code"]
    steps, found = [step for source in sources for step in ast.parse(source).body], []
    for k, loop in enumerate(steps):
        if not isinstance(loop, ast.For):
            continue
        inside = [each for step in loop.body for each in ast.walk(step)]
        kept = {each.id for each in inside if isinstance(each, ast.Name)
                and isinstance(each.ctx, ast.Store)}  # fmt: skip
        kept &= {each.id for step in steps[k + 1:] for each in ast.walk(step)
                 if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}  # fmt: skip
        does = any(isinstance(each, ast.Expr | ast.Assert | ast.AugAssign)
                   or (isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store))
                   for each in inside)  # fmt: skip
        if not (kept or does):
            found.append(ast.unparse(loop))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_no_loop_is_left_that_does_nothing(name):
    """One that prepares what it asserts would stand there, and a learner would ask what for."""
    assert idle(PAGES[name]) == []


def test_a_loop_that_does_nothing_is_noticed():
    """It sets a name for its assert alone; what prints, fills or sets one for later stays."""
    loop = ">for k in (1, 2):\n    "
    for body, rest, many in (("m = 2 * k\n    assert m", "", 1), ("m = 2 * k", "m = 1", 1),
                             ("m = 2 * k\n    assert m", "print(m)", 0), ("print(k)", "", 0),
                             ("a[k] = 1\n    assert k", "", 0), ("n += k", "", 0)):  # fmt: skip
        left = cells(ASKS, f"{loop}{body}", f">{rest}")[1:]
        page = {"cells": [{"cell_type": "code", "source": source} for source in left]}
        assert len(idle(page)) == many


def cells(*sources: str) -> list[str]:
    """Return what a learner gets of cells: text where it begins with a letter or a star."""
    page = [{"cell_type": "code" if source.startswith(">") else "markdown", "metadata": {},
             "source": source.removeprefix(">")} for source in sources]  # fmt: skip
    return [cell["source"] for cell in veiled({"cells": page})["cells"]]


ASKS, RAN = "**Predict.** How many?", ">n = 2\nassert n == 2"


def test_the_fold_ends_where_the_next_thing_begins():
    """A prediction, an exercise, what goes deeper; at a heading nothing is read."""
    tested = "What is tested here:\n\n```python\nassert n == 2\n```"
    fold = f"{AFTER}\n\nTwo.\n\nMore.\n\n{tested}\n\n</details>"
    for rest in ("**Predict.** And?", "**Exercise 1.** Do.", "**Deeper.** See.", "### A"):
        _, code, read = cells(ASKS, RAN, f"Two.\n\nMore.\n\n{rest}")
        assert (code, read) == ("n = 2", f"{fold}\n\n{rest}")
    assert cells(ASKS, RAN, "## Next\n\nTwo.")[2] == "## Next\n\nTwo."
    assert cells(ASKS, RAN, "Two.", "Three.")[3] == "Three."


def test_what_no_prediction_asks_is_left():
    """Nor is an exercise touched, whose answer is the prediction, or a text before any run."""
    assert cells("Text.", RAN, "Two.") == ["Text.", RAN[1:], "Two."]
    exercise = '>ex = exercise("a")\nassert ex'
    assert cells(ASKS, exercise, RAN, "It.")[1:3] == [exercise[1:], "n = 2"]
    assert cells(ASKS, "Go on.", RAN)[1:] == ["Go on.", RAN[1:]]


def test_a_loop_that_only_asserts_goes_as_a_whole():
    """One that computes stays, without its asserts; of asserts alone a line is left to see."""
    only = "for k in (1, 2):\n    assert k\n    assert k < 3"
    assert cells(ASKS, f">n = 1\n{only}\nprint(n)")[1] == "n = 1\nprint(n)"
    assert cells(ASKS, ">for k in (1, 2):\n    print(k)\n    assert k")[1].endswith("print(k)")
    assert cells(ASKS, f">{only}")[1] == only
