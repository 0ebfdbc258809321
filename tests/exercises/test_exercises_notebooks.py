"""The exercises and the notebooks belong together: objectives, cells, solutions in place."""

import ast
import builtins
import contextlib
import io
import itertools
import re
import symtable

import nbformat
import numpy as np
import pytest
from hygiene import NOTEBOOKS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import copies
from smlearn import four_birds, softmax
from smlearn.course.clearing import cleared
from smlearn.exercises import TASKS, exercise, exercises

PAGES = {path.stem.partition("_")[0]: path for path in sorted(NOTEBOOKS.glob("*.ipynb"))}


def read(number):
    return nbformat.read(PAGES[number], as_version=4)


def objectives(notebook):
    """Return the lines of "You will be able to"."""
    promise = notebook.cells[0].source.partition("You will be able to")[2]
    return [
        " ".join(line.split())
        for line in re.findall(r"(?m)^- ((?:.+\n?)+?)(?=^- |\Z|^$)", promise)
    ]


def unmet(lines, fragments):
    """Return complaints: objectives without an exercise, exercises without an objective."""
    found = [
        f"no exercise tests {line!r}: write one, and give it a part of that line"
        for line in lines
        if not any(f in line for f in fragments)
    ]
    for fragment in fragments:
        if (hits := sum(fragment in line for line in lines)) != 1:
            found.append(
                f"{fragment!r} stands in {hits} objectives, not in one: give the task a part of "
                'one line of "You will be able to", word for word'
            )
    return found


def misplaced(cells, keys):
    """Return complaints: tasks without a cell, cells without a task, another order."""
    found = [
        f'exercise("{key}") has no cell: open it once, in a cell of its own, or take out its task'
        for key in keys
        if key not in cells
    ]
    for key in dict.fromkeys(cells):
        if key not in keys:
            found.append(
                f'exercise("{key}") is no task of this notebook: write its number into the task, '
                'as in @complete("01", ...'
            )
        elif cells.count(key) > 1:
            found.append(f'exercise("{key}") has {cells.count(key)} cells: leave it one')
    if not found and cells != keys:
        found.append(f"the page opens {cells}, and the tasks stand in the order {keys}: sort them")
    return found


def misfits(source, task):
    """Return complaints about the cell of an exercise: its last line, its blanks, its def line."""
    names = [part.name for part in task.parts]
    last, wanted = source.splitlines()[-1], f"ex.check({', '.join(names)})"
    found = [] if last == wanted else [f"its last line is {last!r}: write {wanted!r}"]
    blanks = re.sub("#.*", "", source)
    values = [part.name for part in task.parts if part is not task.function]
    found += [
        f"nothing is there to fill in for {name}: write {name} = ..."
        for name in values
        if not re.search(rf"(?m)^(\w+, )*{name}(, \w+)* = \.\.\.", blanks)
    ]
    if task.function:
        shown = {n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
        wanted = f"def {task.function.call}:"
        mine = shown.get(task.function.name)
        if mine is None or [a.arg for a in mine.args.args] != task.function.parameters:
            found.append(f"its reference has another def line: write {wanted!r}")
    return found


def plain(text):
    """Return the words of a text without marks of code, formulas and emphasis, and line breaks."""
    return " ".join(re.sub(r"[`*$\\\\]", "", text).split())


def unasked(cells):
    """Return complaints: texts above an exercise that do not ask what its task asks."""
    return [
        f"the text above {task.key} does not ask its question: write {task.statement!r} there"
        for text, cell in itertools.pairwise(cells)
        if (task := copies.task_of(cell)) and plain(task.statement) not in plain(text.source)
    ]


def unnamed(cells):
    """Return complaints: under "## Exercises", texts that do not give number and kind."""
    start = next(i for i, c in enumerate(cells) if "## Exercises" in c.source.splitlines())
    number, found = 0, []
    for text, cell in itertools.pairwise(cells[start:]):
        if task := copies.task_of(cell):
            number += 1
            wanted = f"**Exercise {number} ({task.kind}).**"
            if text.cell_type != "markdown" or wanted not in text.source:
                found.append(f"the text above {task.key} gives no {wanted!r}: write that")
    return found


@pytest.mark.parametrize("number", sorted(PAGES))
def test_each_objective_has_its_exercise(number):
    """What the first cell promises is tried further down; and nothing is tried that was not."""
    fragments = {TASKS[key].objective for key in exercises(number)}
    assert unmet(objectives(read(number)), fragments) == []


def test_a_missing_objective_and_a_missing_exercise_are_found():
    """The map checked; and each complaint says what to do."""
    lines = ["shift a row", "say why"]
    assert unmet(lines, ["a row", "why"]) == []
    assert unmet(lines, ["a row"]) == [
        "no exercise tests 'say why': write one, and give it a part of that line"
    ]
    (said,) = unmet(lines, ["a row", "why", "stop"])
    assert said.startswith("'stop' stands in 0 objectives, not in one: give the task a part of")
    assert unmet(lines, ["s", "a row"])[0].startswith("'s' stands in 2 objectives, not in one")
    assert len(objectives(read("01"))) == 2


@pytest.mark.parametrize(
    ("cells", "keys", "said"),
    [
        (["a"], ["a", "b"], 'exercise("b") has no cell: open it once'),
        (["a", "b"], ["a"], 'exercise("b") is no task of this notebook: write its number'),
        (["a", "a"], ["a"], 'exercise("a") has 2 cells: leave it one'),
        (["b", "a"], ["a", "b"], "the page opens ['b', 'a'], and the tasks stand in the order"),
    ],
)
def test_a_cell_without_a_task_and_a_task_without_a_cell_are_found(cells, keys, said):
    """Whoever adds an exercise writes it twice: in tasks/, and as a cell."""
    (complaint,) = misplaced(cells, keys)
    assert complaint.startswith(said)
    assert misplaced(["a", "b"], ["a", "b"]) == []


@pytest.mark.parametrize(
    ("key", "was", "now", "said"),
    [
        (
            "equal_logits",
            "ex.check(entry)",
            "ex.check(e)",
            "'ex.check(e)': write 'ex.check(entry)'",
        ),
        ("equal_logits", "entry = ...", "entry = 0", "for entry: write entry = ..."),
        ("jacobian_from_p", "from_p(p)", "from_p(q)", "write 'def jacobian_from_p(p):'"),
        ("jacobian_from_p", "def jac", "def j", "write 'def jacobian_from_p(p):'"),
    ],
)
def test_a_cell_that_does_not_fit_its_task_is_found(key, was, now, said):
    """Names, blanks and the def line are the same in both."""
    cells = read(TASKS[key].notebook).cells
    cell = next(c for c in cells if (t := copies.task_of(c)) and t.key == key)
    (complaint,) = misfits(cell.source.replace(was, now, 1), TASKS[key])
    assert said in complaint


def test_a_text_that_does_not_give_number_and_kind_is_found():
    """Whoever talks about an exercise calls it by its number; the kind says what is wanted."""
    cells = read("01").cells
    above = next(c for c in cells if c.source.startswith("**Exercise 2 (predict).**"))
    for other in ("**Exercise 1 (predict).**", "**Exercise 2 (complete).**", ""):
        above.source = above.source.replace("**Exercise 2 (predict).**", other)
        (complaint,) = unnamed(cells)
        assert complaint.startswith("the text above nearly_sure gives no '**Exercise 2 (predict")
        above.source = "**Exercise 2 (predict).** Work it out."
    assert unnamed(cells) == []


def test_a_question_that_stands_in_no_text_is_found():
    """Without its outputs a page would ask nothing; marks and line breaks make no difference."""
    (task,) = (task for task in TASKS.values() if task.key == "equal_logits")
    exercise = new_code_cell('ex = exercise("equal_logits")')
    text = new_markdown_cell(f"**Exercise.** `{task.statement.replace(' ', chr(10), 1)}`")
    assert unasked([text, exercise]) == []
    text.source = text.source.replace("?", ".")
    (complaint,) = unasked([text, exercise])
    assert complaint.startswith("the text above equal_logits does not ask its question: write 'A")


@pytest.mark.parametrize("number", sorted(PAGES))
def test_the_text_asks_what_the_exercise_asks(number):
    """Its reader is told to clear the outputs, and the task prints its question into one."""
    assert unasked(read(number).cells) == []


def test_only_notebooks_of_the_course_have_exercises():
    """Each task names a notebook that is there."""
    assert {task.notebook for task in TASKS.values()} <= set(PAGES)


@pytest.mark.parametrize("number", sorted(PAGES))
def test_each_exercise_has_its_cell_open_and_in_order(number):
    """At least two a notebook, each once, each TODO, under the kind that its text names."""
    notebook = read(number)
    cells = [cell for cell in notebook.cells if copies.task_of(cell)]
    keys = [copies.task_of(cell).key for cell in cells]
    assert misplaced(keys, exercises(number)) == []
    assert len(keys) >= 2, f"{number} has the exercise {keys} alone; write one more"
    for key, verdict in copies.verdicts(notebook).items():
        assert verdict.startswith("TODO"), f"{key} shows {verdict!r}: leave the dots, make refresh"
    assert unnamed(notebook.cells) == []


@pytest.mark.parametrize("number", sorted(PAGES))
def test_a_cell_asks_for_what_its_exercise_wants(number):
    """The same names in the same order, and the dots that a solution fills."""
    for cell in read(number).cells:
        if task := copies.task_of(cell):
            assert misfits(cell.source, task) == [], task.key
            solved = copies.filled(cell.source, task)
            assert "..." not in re.sub("#.*", "", solved)
            for part in task.parts:
                assert part.solution.splitlines()[-1] in solved


@pytest.mark.parametrize("key", [k for k, t in TASKS.items() if t.kind == "find the bug"])
def test_the_bug_that_is_shown_is_the_one_to_name(key, capsys):
    """Found and named, but not mended, it is WRONG by that very name."""
    task = TASKS[key]
    cell = next(c for c in read(task.notebook).cells if copies.task_of(c) is task)
    body = ast.parse(cell.source).body
    shown = next(n for n in body if getattr(n, "name", "") == task.function.name)
    scope = {"np": np, "softmax": softmax, "p": softmax(four_birds())}
    exec(ast.unparse(shown), scope)
    *values, function = task.parts
    verdict = exercise(key).check(*[eval(v.solution) for v in values], scope[function.name])
    assert not verdict.right
    assert verdict.key == next((v.value for v in values if hasattr(v, "others")), key)


def names_in(table):
    """Return the page's names that a cell reads or writes, in its functions as well."""
    home = table.get_type() == "module"
    mine = {name.get_name() for name in table.get_symbols() if home or name.is_global()}
    return mine.union(*map(names_in, table.get_children()))


def told_by_exercises(cells):
    """Leave out the cells that nbval runs word for word the same, for all that exercises do.

    What stays are the imports, the exercises, the cells that mention a name which an exercise
    binds, or one that such a cell binds; and all that mention a name which one of these mentions.
    """
    tables = [symtable.symtable(cell.source, "<cell>", "exec") for cell in cells]
    symbols = [table.get_symbols() for table in tables]
    imported = [{s.get_name() for s in each if s.is_imported()} for each in symbols]
    bound = [{s.get_name() for s in each if s.is_assigned()} for each in symbols]
    names = [names_in(table) - set(dir(builtins)).union(*imported) for table in tables]
    told, wanted = set(), set()
    stays = [bool(each) for each in imported]
    for i, cell in enumerate(cells):
        if copies.task_of(cell) or names[i] & told:
            stays[i], told = True, told | bound[i]
    for i in reversed(range(len(cells))):
        if stays[i] or names[i] & wanted:
            stays[i], wanted = True, wanted | names[i]
    return list(itertools.compress(cells, stays))


def test_cells_that_exercises_cannot_touch_are_left_out():
    """And none that they can, through however many cells."""
    exercise_cell = 'ex = exercise("add_one")\ndef f(x):\n    return x + a\nex.check(f)'
    sources = ["import m", "a = []", "b = 1", "def g():\n    a.append(m.x)", exercise_cell,
               "c = f(1)", "print(b)", "print(m)", "assert c == m.y"]  # fmt: skip
    cells = [new_code_cell(source) for source in sources]
    left = [cell.source for cell in told_by_exercises(cells)]
    assert left == [s for s in sources if s not in ("b = 1", "print(b)", "print(m)")]


@np.printoptions()  # what a page sets is put back: doctests print arrays, too
def run(notebook):
    """Run a notebook's code in this process, and return what ends each exercise's cell."""
    scope, found = {"__name__": "__main__"}, {}
    for cell in told_by_exercises([c for c in notebook.cells if c.cell_type == "code"]):
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(tree, "<cell>", "exec"), scope)
            value = last and eval(compile(ast.Expression(last.value), "<cell>", "eval"), scope)
        if task := copies.task_of(cell):
            found[task.key] = value
    return found


@pytest.mark.parametrize("number", sorted(PAGES))
def test_with_solutions_filled_in_every_exercise_is_right_and_the_page_runs(number):
    """The same cells that `make solutions` writes, run here without a kernel.

    All other cells run in the notebook's own test, just as they would here.
    """
    notebook = read(number)
    keys = copies.solve(notebook)
    with np.printoptions():  # a page may set its own, in this process
        verdicts = run(notebook)
    assert keys == list(verdicts)
    for key, verdict in verdicts.items():
        assert verdict.right, f"{key}: {verdict}"


def planted(notebook, change):
    """Return what a page tells that is given this, exercise by exercise, one at a time."""
    for cell in notebook.cells:
        if task := copies.task_of(cell):
            alone = new_code_cell(cell.source)
            change(alone, task)
            yield task, copies.told(new_notebook(cells=[alone]))


@pytest.mark.parametrize("number", sorted(PAGES))
def test_no_page_of_a_learner_tells_a_solution_or_a_verdict(number):
    """And each solution, each verdict would be seen that is planted in its exercise."""
    page = nbformat.from_dict(cleared(read(number)))
    assert copies.told(page) == []

    def answer(cell, task):
        cell.source = copies.filled(cell.source, task)

    def judge(cell, task):
        cell.outputs = [new_output("execute_result", {"text/plain": "RIGHT"}, execution_count=1)]

    for task, complaints in planted(page, answer):
        assert len(complaints) == len(task.parts)
        assert all("has the answer" in complaint for complaint in complaints)
    for _, complaints in planted(page, judge):
        assert [c.endswith("shows what it put out") for c in complaints] == [True]


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        (new_code_cell("1", execution_count=3), 'the cell "1" shows what it put out'),
        (new_code_cell("ex.solution()"), 'the cell "ex.solution()" asks for a solution'),
        (new_markdown_cell("`ex.solution()` shows it."), None),
    ],
)
def test_what_else_a_page_may_tell_is_named(cell, complaint):
    """A count is a cell that was run; the text may say how to ask for a solution."""
    assert copies.told(new_notebook(cells=[cell])) == ([complaint] if complaint else [])


def test_the_copies_are_written(tmp_path, capsys):
    """Solved and run in a kernel; and a solution that is not right stops it."""
    source = 'from smlearn.exercises import exercise\nex = exercise("equal_logits")\nentry = ...\n'
    page = tmp_path / "01_tiny.ipynb"
    cell = new_code_cell(source + "ex.check(entry)")
    nbformat.write(new_notebook(cells=[cell]), page)
    copies.write(page, tmp_path / "solutions")
    solved = nbformat.read(tmp_path / "solutions" / page.name, as_version=4)
    assert copies.verdicts(solved)["equal_logits"].startswith("RIGHT")
    assert "entry = -0.25" in solved.cells[0].source
    wrong = cell.source.replace("entry = ...", "entry = 1")
    nbformat.write(new_notebook(cells=[new_code_cell(wrong.replace("entry", "e"))]), page)
    with pytest.raises(SystemExit, match="the solution of equal_logits is not right: WRONG"):
        copies.write(page, tmp_path / "solutions")
