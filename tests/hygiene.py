"""What every notebook of the course keeps to, beside running: `RULES`, one function each.

A rule takes a notebook and returns its complaints: sentences that say where, what, and what to do.
"""

import ast
import base64
import copy
import functools
import html
import io
import itertools
import re
import tokenize
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode

from course_map import NARROW, WAY
from refresh import normalise
from smlearn.figures.page import GROUND, MEASURED

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"

LONGEST_CELL = 12  # lines
WIDEST_LINE = 72  # characters; a projector, a narrow screen and paper show 73
WIDEST_PRINT = 74  # characters of output that JupyterLab shows at 1024 pixels, and A4
LONGEST_READING = 300  # words between two cells that do something
FEWEST_ALT_WORDS = 5  # as smlearn.figures.show demands: a finding is a sentence
GOALS = range(2, 6)
FILLER = ["simply", "just", "obviously", "in this notebook", "of course", "note that"]
CLOCKS = {"datetime", "default_timer", "monotonic", "monotonic_ns", "perf_counter"}
CLOCKS |= {"perf_counter_ns", "process_time", "process_time_ns", "time", "time_ns", "timeit"}
SPEAK = {"print", "display", "write", "warn"}
SPEAK |= {"assert_allclose", "assert_array_less", "assert_array_equal"}
FRAME = 2 * GROUND  # pixels of white beside a figure
WIDEST = 700 + FRAME
MACHINE = re.compile(r"/home/|/root/|/tmp/|/Users/|\bC:\\|/work/|site-packages")
PICTURE = re.compile(  # what smlearn.figures.show and the live views write
    r'<figure(?: style="[^"<>]*")?><img alt="(?P<alt>[^"]*)"[^<>]* '
    r'src="data:image/(?P<kind>png|svg\+xml);base64,(?P<data>[\w+/=]+)">'
    rf"(?:(?P<measured><figcaption>{re.escape(MEASURED)}</figcaption>)"
    r'|(?P<more>(?:<img alt=""[^<>]* src="data:image/svg\+xml;base64,[\w+/=]+">)+)'
    r"<figcaption>[^<>]+</figcaption>)?</figure>"  # the panels of a view, and its finding
)

Rule = Callable[[NotebookNode], list[str]]


def images(picture: re.Match) -> list[bytes]:
    """Return the images of a PICTURE: one of a figure, each panel of a live view."""
    more = re.findall(r"base64,([\w+/=]+)", picture["more"] or "")
    return [base64.b64decode(data) for data in (picture["data"], *more)]


RULES: list[Rule] = []


def rule(check: Callable[[NotebookNode], Iterator[str]]) -> Rule:
    """Add a generator of complaints to RULES, as a function that returns their list."""

    @functools.wraps(check)
    def complaints(notebook: NotebookNode) -> list[str]:
        return list(check(notebook))

    RULES.append(complaints)
    return complaints


def read(path: Path) -> NotebookNode:
    """Read a notebook as it is stored: nbformat.read would mend cell ids without a word."""
    return nbformat.reader.reads(path.read_text("utf-8"))


def numbering(names: list[str]) -> list[str]:
    """Return complaints about file names: 00_, 01_, ..., so that the order is the folder's.

    A number of the map that nobody has written yet may be missing; none may be there twice, and
    what goes deeper, 05b, stands beside its core, 05.
    """
    complaints, taken = [], {}
    for name in sorted(names, key=lambda name: (name[2:3] != "_", name)):  # the cores first
        if not (found := re.fullmatch(r"((0\d|1[0-2])[b-d]?)_[a-z0-9_]+\.ipynb", name)):
            complaints.append(
                f"{name}: its name should be like 05_short_name.ipynb, 00 to 12, or 05b_..."
            )
        elif (first := taken.setdefault(found[1], name)) != name:
            complaints.append(f"{name}: {first} has that number already")
        elif found[2] not in taken:
            complaints.append(f"{name}: there is no core {found[2]} beside which it stands")
    return complaints


def cells(notebook: NotebookNode, *kinds: str) -> Iterator[tuple[str, NotebookNode]]:
    """Yield cells, of some kinds or of all, each with words for where it stands."""
    for number, cell in enumerate(notebook.cells, 1):
        if not kinds or cell.cell_type in kinds:
            yield f'cell {number} ("{cell.source.strip().partition(chr(10))[0][:40]}")', cell


def outputs(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Yield every output, with words for where it stands."""
    for where, cell in cells(notebook, "code"):
        for output in cell.outputs:
            yield where, output


def announces_error(cell: NotebookNode) -> bool:
    """Whether the cell's tags say that it raises; nbval and nbclient read the same tag."""
    return "raises-exception" in cell.metadata.get("tags", [])


def without_fences(source: str) -> str:
    """Drop fenced code from Markdown, which may hold # and [](), neither of them Markdown."""
    return re.sub(r"(?ms)^ {0,3}(```+|~~~+).*?^ {0,3}\1[ \t]*$", "", source)


def prose(source: str) -> str:
    """Put an x for each piece of inline code and each formula of fence-free Markdown."""
    source = re.sub(r"(?s)(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "x", without_fences(source))
    return re.sub(r"(?<!\\)\$[^$]+(?<!\\)\$", "x", source)


def headings_of(source: str) -> Iterator[tuple[str, int, str]]:
    """Yield of each heading what stands above, level, text; a line over --- is one as well."""
    hashes = r"^ {0,3}(?P<hashes>#{1,6})[ \t]+(?P<text>.*\S)"
    underlined = r"^(?![#>|\s]|[-*+] |\d+[.)] )(?P<above>.+)\n {0,3}(?P<line>=+|-+)[ \t]*$"
    plain = without_fences(source)
    for found in re.finditer(f"{hashes}|{underlined}", plain, re.M):
        level = len(found["hashes"] or "12"[: 1 + (found["line"][0] == "-")])
        yield plain[: found.start()], level, found["text"] or found["above"]


def headings(notebook: NotebookNode) -> Iterator[tuple[str, int, str]]:
    """Yield where, level and text of each heading."""
    for where, cell in cells(notebook, "markdown"):
        for _, level, text in headings_of(cell.source):
            yield where, level, text


@rule
def executed_in_order(notebook):
    """A notebook that was never run passes nbval, for it has nothing to compare."""
    for expected, (where, cell) in enumerate(cells(notebook, "code"), 1):
        if cell.execution_count != expected:
            yield (
                f"{where}: its count is {cell.execution_count}, not {expected}; "
                "run all cells from a fresh kernel with `make refresh`"
            )
            return  # every later count is off as well


@rule
def errors_are_announced(notebook):
    """A tag tells nbval, Run All and the reader that the error is meant, and must stay true."""
    for where, cell in cells(notebook, "code"):
        stored = any(output.output_type == "error" for output in cell.outputs)
        if stored and not announces_error(cell):
            yield f"{where}: it stores an error; mend it, or tag it raises-exception"
        if announces_error(cell) and not stored:
            yield f"{where}: it is tagged raises-exception, but stores no error; drop the tag"


@rule
def no_widgets(notebook):
    """A saved widget whose model is gone shows "model not found" instead of its picture."""
    again = "store the plain figure with `make refresh`"
    if "widgets" in notebook.metadata:
        yield f"notebook metadata: it holds widget state; {again}"
    for where, output in outputs(notebook):
        if any("jupyter.widget" in kind for kind in output.get("data", {})):
            yield f"{where}: an output holds a widget; {again}"


@rule
def pictures_carry_their_finding(notebook):
    """JupyterLab shows alt text in HTML only; the copy in text/plain is what nbval compares."""
    use_show = "end with smlearn.figures.show(fig, alt=...)"
    for where, output in outputs(notebook):
        data = output.get("data", {})
        if bare := [kind for kind in data if kind.startswith("image/")]:
            yield f"{where}: an output is bare {bare[0]}, without alt text; {use_show}"
        if "<img" not in data.get("text/html", ""):
            continue
        picture = PICTURE.fullmatch(data["text/html"])
        if not picture:
            yield f"{where}: its picture is not a <figure> with alt text; {use_show}"
        elif len((alt := html.unescape(picture["alt"])).split()) < FEWEST_ALT_WORDS:
            yield f'{where}: the alt text "{alt}" is no sentence; say what the figure shows'
        elif data.get("text/plain") != f"Figure: {alt}":
            yield f"{where}: text/plain does not say the same as the alt text; {use_show}"


@rule
def figures_are_no_wider_than_half_a_page(notebook):
    """Beside a list of files, or zoomed, a page has 524 pixels: there 11 points are 11 pixels."""
    for where, output in outputs(notebook):
        picture = PICTURE.fullmatch(output.get("data", {}).get("text/html", ""))
        wide = int(re.search(r'width="(\d+)"', picture[0])[1]) if picture else 0
        if wide > WIDEST:
            yield (
                f"{where}: its figure is {wide - FRAME} pixels wide, its letters too small to "
                f"read in half a window; draw it {WIDEST - FRAME} wide at most"
            )


class Followed(NamedTuple):
    """A statement of a cell, and what of it hangs on a clock."""

    where: str
    statement: ast.stmt
    hangs: bool  # whether it reads anything that does
    names: set[str]  # that hang on a clock once it has run
    last: bool  # in its cell, so that its value is shown


def _clocked(notebook: NotebookNode) -> Iterator[Followed]:
    """Yield every statement, with the names that hang on a clock, followed from the clock on.

    What is computed, defined, looped over, decided or drawn with the help of one that hangs on it
    hangs on it as well, until the name is given something else.
    """
    names = set(CLOCKS)
    for where, cell in cells(notebook, "code"):
        try:
            body = ast.parse(cell.source).body
        except SyntaxError:  # an error on purpose, or a magic
            continue
        for statement in body:
            names = names | _renamed(statement)
            clear = names - _of_its_own(statement)
            reads = [node for node in ast.walk(statement) if _is_read(node, statement)]
            hangs = any(_name(node) in clear for node in reads)
            bound, changed = _given(statement)
            names = names | bound | changed if hangs else names - bound
            yield Followed(where, statement, hangs, names, statement is body[-1])


def _renamed(statement: ast.stmt) -> set[str]:
    """Return what clocks are called from here on: from time import perf_counter as now."""
    aliases = statement.names if isinstance(statement, ast.Import | ast.ImportFrom) else []
    module = getattr(statement, "module", None)
    return {each.asname for each in aliases if each.asname and {each.name, module} & CLOCKS}


def _of_its_own(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a new value before it reads them."""
    nodes = list(ast.walk(statement))
    looped = [node.target for node in nodes if isinstance(node, ast.For | ast.comprehension)]
    taken = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return taken | {_name(node) for target in looped for node in ast.walk(target)}


def _is_read(node: ast.AST, statement: ast.stmt) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Load) or isinstance(statement, ast.AugAssign)


def _given(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """Return the names that a statement binds, and those that it changes: times.append(1)."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}, set()
    bound, changed = set(), set()
    for node in ast.walk(statement):
        if isinstance(getattr(node, "ctx", None), ast.Store):
            (bound if isinstance(node, ast.Name) else changed).add(
                _name(getattr(node, "value", node))
            )
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changed.add(_name(getattr(node.value.func, "value", node)))
    return bound, changed - {""}  # what has no name of its own


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _calls(node: ast.AST, *names: str) -> list[ast.Call]:
    """Return the calls below a node of what has one of those names, alone or after a dot."""
    found = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return [call for call in found if getattr(call.func, "attr", _name(call.func)) in names]


def _hangs(node: ast.AST, names: set[str]) -> bool:
    return any(_name(each) in names for each in ast.walk(node))


@rule
def what_a_clock_drew_is_marked(notebook):
    """A picture of times is compared with none, so it must say so; and no other may."""
    for where, statement, _, names, _ in _clocked(notebook):
        for call in _calls(statement, "show"):
            hangs, marked = _hangs(call, names), _is_marked(call)
            if hangs and not marked:
                yield f"{where}: its figure hangs on a clock; show(..., measured=True)"
            if marked and not hangs:
                yield f"{where}: no clock drew its figure, so it can be compared; not measured"


def _is_marked(call: ast.Call) -> bool:
    return any(
        word.arg == "measured" and getattr(word.value, "value", 0) for word in call.keywords
    )


@rule
def what_a_clock_says_is_only_drawn(notebook):
    """On a busy machine the time is another one, and what is printed or asserted of it fails."""
    speakers = _speakers(notebook)
    for where, statement, hangs, names, last in _clocked(notebook):
        shows = _calls(statement, "show")
        alts = [word.value for call in shows for word in call.keywords if word.arg == "alt"]
        result = last and isinstance(statement, ast.Expr) and not shows
        spoken = hangs and (result or _speaks(statement, speakers))
        if spoken or any(_hangs(alt, names) for alt in alts):
            yield (
                f"{where}: a clock has a say in what it prints, asserts or shows; draw times, "
                "with measured=True, and count what you print or assert, in a statement apart"
            )
    for where, cell in cells(notebook, "code"):
        if re.search(r"(?m)(^|=)[ \t]*%{1,2}time", cell.source):
            yield f"{where}: it prints a time; draw it, with measured=True"


def _speaks(statement: ast.AST, speakers: set[str]) -> bool:
    """Whether anything in it asserts, raises, prints or calls a function that does."""
    loud = any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(statement))
    return loud or bool(_calls(statement, *SPEAK, *speakers))


def _speakers(notebook: NotebookNode) -> set[str]:
    """Return the names of the functions of a page that assert, raise or print."""
    functions = [
        statement
        for _, statement, *_ in _clocked(notebook)
        if isinstance(statement, ast.FunctionDef)
    ]
    return {function.name for function in functions if _speaks(function, set())}


@rule
def no_svg_in_html(notebook):
    """JupyterLab strips <svg> from HTML in a notebook that is not trusted yet."""
    for where, output in outputs(notebook):
        if "<svg" in output.get("data", {}).get("text/html", "").lower():
            yield f"{where}: its HTML holds <svg>; store a plain figure with `make refresh`"


@rule
def valid_with_unique_ids(notebook):
    """Missing and doubled cell ids are only warned of, then changed at every save."""
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        yield "notebook format: older than 4.5, so cells have no ids; save it in JupyterLab"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            nbformat.validate(copy.deepcopy(notebook))  # it mends what it is given
        except (nbformat.ValidationError, Warning) as problem:
            yield f"notebook format: {str(problem).partition(chr(10))[0]}; save it in JupyterLab"


@rule
def one_title_at_the_top(notebook):
    """Screen readers and Binder's tab take the page's name from its only H1."""
    titles = [where for where, level, _ in headings(notebook) if level == 1]
    first = next(where for where, _ in cells(notebook))
    if first not in titles:
        yield f"{first}: no H1; open the notebook with a Markdown cell that begins with one"
    for where in titles[first in titles :]:
        yield f"{where}: another H1; one title a notebook, so begin this heading with ##"


@rule
def opening_names_time_and_goals(notebook):
    """A learner decides from the first cell whether to start now."""
    where, cell = next(cells(notebook))
    if not re.search(r"\d+ minutes", cell.source):
        yield f'{where}: it does not say how long this takes; write "20 minutes"'
    _, promise, rest = cell.source.partition("You will be able to")
    goals = 0
    for line in rest.splitlines()[1:]:
        if re.match(r"[-*+] |\d+[.)] ", line):
            goals += 1
        elif goals and line[:1].strip():  # the list is over
            break
    if not promise:
        yield f'{where}: no "You will be able to" with a list of goals'
    elif goals not in GOALS:
        yield f'{where}: {goals} goals under "You will be able to"; list 2 to 5'


@rule
def closing_names_gains_and_sources(notebook):
    """The question of the first cell is answered in the last ones, and by whom."""
    last_code = max(n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    closing = NotebookNode(cells=notebook.cells[last_code:])
    texts = [text for _, _, text in headings(closing)]
    for wanted in ["You can now", "Sources"]:
        if not any(text.startswith(wanted) for text in texts):
            yield f'end: no heading "{wanted}" after the last code cell; close with one'


@rule
def headings_go_down_one_level(notebook):
    """Readers who jump from heading to heading look for the level that is missing."""
    for (_, above, _), (where, level, text) in itertools.pairwise(headings(notebook)):
        if level > above + 1:
            yield f'{where}: "{text}" is H{level} below an H{above}; begin it with {"#" * above}#'


@rule
def sections_begin_their_cell(notebook):
    """Whoever enters at a heading, or projects it, lands at the top of a cell."""
    for where, cell in cells(notebook, "markdown"):
        for above, level, text in headings_of(cell.source):
            if level == 2 and above.strip():
                yield f'{where}: the section "{text}" begins inside of it; split the cell there'


@rule
def cells_are_short(notebook):
    """One idea a cell."""
    for where, cell in cells(notebook, "code"):
        if (lines := len(cell.source.splitlines())) > LONGEST_CELL:
            yield f"{where}: {lines} lines; cut at {LONGEST_CELL}, or move code into smlearn"


@rule
def lines_are_not_cut(notebook):
    """What is wider is hidden at 1024 pixels, and print cuts it within a word."""
    for where, cell in cells(notebook, "code"):
        for line in cell.source.splitlines():
            if len(line) > WIDEST_LINE:
                yield f'{where}: "{line[:20]}..." has {len(line)} characters; {WIDEST_LINE} fit'


@rule
def printed_lines_are_not_broken(notebook):
    """A line that does not fit is broken within a word, and a table is none any more."""
    for where, output in outputs(notebook):
        data = output.get("data", {})
        plain = data.get("text/plain", "") if set(data) <= {"text/plain"} else ""
        text = "\n".join([output.get("text", plain), *output.get("traceback", [])])
        for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines():
            if len(line) > WIDEST_PRINT:
                yield (
                    f'{where}: it prints "{line[:20]}...", {len(line)} characters; '
                    f"{WIDEST_PRINT} fit"
                )


@rule
def reading_is_broken_up(notebook):
    """A page of text is a lecture; let the reader do something before it ends."""
    numbers = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    places = [where for where, _ in cells(notebook)]
    for a, b in itertools.pairwise(numbers):
        words = sum(len(prose(cell.source).split()) for cell in notebook.cells[a + 1 : b])
        if words > LONGEST_READING:
            yield f"{places[a + 1]}: {words} words before the next code; {LONGEST_READING} do"


@rule
def code_stands_in_code_cells(notebook):
    """What was stored as text by mistake is not run, and nobody sees that it is missing."""
    for where, cell in cells(notebook, "markdown"):
        try:
            body = ast.parse(cell.source).body
        except (SyntaxError, ValueError):
            continue
        if any(not isinstance(s, ast.Expr) or isinstance(s.value, ast.Call) for s in body):
            yield f"{where}: it is Python, stored as text; make it a code cell"


def _beside_pointers(source: str) -> str:
    """Leave out the way from page to page, and paragraphs that begin with **Deeper."""
    source = WAY.sub("", source)
    return re.sub(r"(?ms)^\*\*Deeper.*?(?=\n\n|\Z)", "", source)


@rule
def a_core_needs_no_depth(notebook):
    """It may point at what goes deeper; whoever has not read that must not miss it."""
    if re.search(r"(?m)^\*Notebook \d\d[b-d] of the course", notebook.cells[0].source):
        return
    for where, cell in cells(notebook, "markdown"):
        if NARROW in cell.source:  # the map
            continue
        for name in re.findall(r"\b\d\d[b-d](?=\b|_)", _beside_pointers(cell.source)):
            yield f"{where}: it speaks of {name}; a core does so in a paragraph **Deeper.** only"


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _strings(child)


@rule
def no_machine_paths(notebook):
    """A path of the author's machine is wrong on every other, and tells who the author is."""
    # Colours split a path; a / in an address or in a picture is none of ours.
    noise = r"\x1b\[[0-9;]*m|https?://[^\s)>\"]+|base64,[\w+/=]+"
    for where, cell in cells(notebook):
        for text in [cell.source, *_strings(cell.get("outputs", []))]:
            if found := MACHINE.search(re.sub(noise, "", text)):
                yield f"{where}: it holds {found[0]}, a path of one machine; print less"


@rule
def no_trailing_semicolon(notebook):
    """It hides an output in JupyterLab, but not under nbval, which then fails."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.DEDENT, tokenize.ENDMARKER}
    for where, cell in cells(notebook, "code"):
        try:
            lines = io.StringIO(cell.source).readline
            words = [t.string for t in tokenize.generate_tokens(lines) if t.type not in layout]
        except (tokenize.TokenError, SyntaxError):  # a magic, or an error on purpose
            words = [cell.source.rstrip()[-1:]]
        if words[-1:] == [";"]:
            yield f"{where}: it ends in ;, end with a call that returns None instead"


@rule
def no_plt_show(notebook):
    """plt.show() leaves a picture without alt text."""
    for where, cell in cells(notebook, "code"):
        if "plt.show(" in cell.source:
            yield f"{where}: plt.show(); call smlearn.figures.show(fig, alt=...) instead"


@rule
def nothing_is_exempt(notebook):
    """A cell that nbval skips can print anything; the README says that none is."""
    for where, cell in cells(notebook, "code"):
        tagged = {"nbval-skip", "nbval-ignore-output"} & set(cell.metadata.get("tags", []))
        if tagged or "NBVAL_" in cell.source:
            yield f"{where}: exempt from comparison; print what does not vary instead"


@rule
def no_filler(notebook):
    """It costs a line, and "simply" costs the reader for whom it is not simple."""
    for where, cell in cells(notebook, "markdown"):
        for phrase in FILLER:
            pattern = rf"\b{phrase}\b(?!-)".replace(" ", r"\s+")
            if re.search(pattern, prose(cell.source), re.I):
                yield f'{where}: "{phrase}" says nothing; strike it'


@rule
def no_warning_on_the_page(notebook):
    """A warning distracts, and changes with every release of what gives it."""
    for where, cell in cells(notebook, "code"):
        if not announces_error(cell):
            for output in cell.outputs:
                if output.get("name") == "stderr":
                    start = output.text.strip().partition("\n")[0][:60]
                    yield f'{where}: it prints to stderr, "{start}"; cure the cause'


@rule
def normalised(notebook):
    """What depends on the machine and not on the course makes every diff longer."""
    clean = copy.deepcopy(notebook)
    normalise(clean)
    if clean.metadata != notebook.metadata:
        yield "notebook metadata: not as `make refresh` writes it; run that"
    for (where, cell), expected in zip(cells(notebook), clean.cells, strict=True):
        if cell != expected:
            yield f"{where}: metadata or traceback not as `make refresh` writes it; run that"


def _targets(source: str) -> list[str]:
    source = prose(source)
    links = re.findall(r"\]\(\s*<?([^)\s>]+)", source)
    links += re.findall(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)", source, re.M)
    return links + re.findall(r"""\b(?:href|src)=["']([^"']+)""", source)


def _anchors(notebook: NotebookNode) -> set[str]:
    return {re.sub(r"[*`]", "", text).replace(" ", "-") for _, _, text in headings(notebook)}


@rule
def links_resolve(notebook):
    """A link to a notebook that was renamed ends on a blank page."""
    for where, cell in cells(notebook, "markdown"):
        for target in _targets(cell.source):
            if re.match(r"[a-zA-Z][\w+.-]*:", target):  # https:, mailto:, attachment:
                continue
            name, _, anchor = unquote(target).partition("#")
            path = (NOTEBOOKS / name).resolve()
            if not path.exists() or not path.is_relative_to(ROOT):
                yield f"{where}: the link to {target} leads nowhere in this repository"
            elif anchor and (not name or path.suffix == ".ipynb"):
                if anchor not in _anchors(read(path) if name else notebook):
                    yield f"{where}: no heading for #{anchor} of the link {target}"


@rule
def markdown_pictures_have_alt(notebook):
    """The same holds for a picture in the text as for one that code makes."""
    for where, cell in cells(notebook, "markdown"):
        source = prose(cell.source)
        texts = re.findall(r"!\[([^\]]*)\]", source)
        for tag in re.findall(r"(?is)<img\b[^>]*>", source):
            found = re.search(r"""(?is)\balt=(["'])(.*?)\1""", tag)
            texts.append(found[2] if found else "")
        for alt in texts:
            if len(alt.split()) < FEWEST_ALT_WORDS:
                yield f'{where}: a picture has the alt text "{alt}"; say in words what it shows'


@rule
def predictions_come_before_code(notebook):
    """Whoever has committed to a guess reads the answer with other eyes."""
    asked = False
    for number, (where, cell) in enumerate(cells(notebook), 1):
        if cell.cell_type == "markdown" and re.search(r"(?m)^\*\*Predict", cell.source):
            asked = True
            rest = [later.cell_type for later in notebook.cells[number:]]
            if next((kind for kind in rest if kind != "markdown"), None) != "code":
                yield f"{where}: no code after this prediction; ask before the answer is run"
            elif rest[0] != "code":
                yield f"{where}: text between this prediction and its code; ask right above that"
    if not asked:
        yield "notebook: no line begins with **Predict; let the reader guess before a result"
