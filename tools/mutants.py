"""Take one thing at a time out of the numerics, checker and judge, and see who notices.

    python tools/mutants.py [MODULE ...]                         `make mutants` calls this

A mutant has one change: a sign, a sum, a keepdims, a factor, a condition, a whole line. The tests
run on a copy of the course: the module's unit tests without the notebooks, and, for the modules
that the notebooks derive, the notebooks without the unit tests. A mutant that the unit tests miss
is a survivor, and must be explained in EXPLAINED. Only tests that enter the changed block are
run, the quickest first (touched.py), in forks of a pytest that has collected them (swapped.py).
What survives in the sandbox meets the hostile answers.
"""

import ast
import json
import multiprocessing
import os
import queue
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from swapped import Swapper, Trial, reaches, write
from touched import Chosen, Recorder, block_of, probed, who_enters

ROOT = Path(__file__).resolve().parent.parent
NUMERICS = ["formulas/forward", "formulas/jacobian", "formulas/backward", "inputs"]
CHECKER = [
    "checking/tolerance",
    "checking/compare",
    "checking/check",
    "mistakes/catalogue",
    "checking/check_door",
    "checking/check_others",
    "checking/adjoint_and_taylor",
    "checking/backward_pair",
    "checking/blind_spots",
    "checking/check_wide",
]  # 5,000 draws take too long
DOUBTS = ["checking/noise", "checking/compare", "checking/steps", *CHECKER]
READING = ["checking/reading", "checking/calling", "checking/masked_logits"]
NAMES = [
    "checking/here",
    "checking/from_columns",
    "checking/places",
    "checking/calling",
    "checking/stages",
    *CHECKER,
]
ENGINE = [
    "exercises/sandbox",
    "exercises/undisturbed",
    "exercises/page_variables",
    "exercises/wrong_kinds",
    "exercises/advice",
    "exercises/judging",
    "exercises/before_numbers",
    "exercises/values_and_names",
    "exercises/exercises_running",
    "exercises/exercises_words",
    "exercises/exercises_strangers",
    "exercises/ordinary_slips",
    "exercises/exercises",
    "exercises/exercises_laws",
    "exercises/exercises_stages",
]
SLIPS = ["mistakes/slips", "mistakes/ordinary", "exercises/exercises_slips", *ENGINE]
TESTS = {  # for each module the unit tests that should notice
    "formulas/forward": NUMERICS,
    "formulas/covariance": NUMERICS,
    "formulas/jacobian": NUMERICS,
    "formulas/backward": NUMERICS,
    "formulas/attention_inputs": ["formulas/attention"],
    "formulas/attention": ["formulas/attention"],
    "formulas/attention_streaming": ["formulas/attention", "formulas/attention_streaming"],
    "formulas/exact": ["formulas/exact", "second_opinions/judged_digits"],
    "formulas/exact_attention": ["formulas/exact_attention"],
    "formulas/blocked": ["formulas/blocked"],
    "formulas/_block_rows": ["formulas/blocked"],
    "checking/differences": ["checking/differences", "checking/check"],
    "checking/tolerance": CHECKER,
    "checking/backward_pair": [
        "checking/backward_pair",
        "checking/calling",
        "checking/masked_logits",
        *CHECKER,
    ],
    "checking/calling": READING,
    "checking/reading": READING,
    "checking/laws": ["checking/laws", *CHECKER],
    "checking/compare": ["checking/compare", "checking/noise", *CHECKER],
    "checking/noise": DOUBTS,
    "checking/doubts": ["checking/doubts", *DOUBTS],
    "checking/steps": DOUBTS,
    "checking/recognise": [
        "checking/recognise",
        "checking/any_axis",
        "checking/nearly",
        *CHECKER,
    ],
    "checking/turned": ["checking/any_axis", *CHECKER],
    "checking/nearly": ["checking/nearly"],
    "checking/blind_spots": ["checking/blind_spots", *CHECKER],
    "checking/adjoint_and_taylor": ["checking/adjoint_and_taylor", *CHECKER],
    "checking/report": ["checking/report", *CHECKER],
    "checking/report_curves": ["checking/report"],
    "checking/report_words": ["checking/report", "checking/report_picture"],
    "checking/report_picture": ["checking/report_picture", "checking/report"],
    "checking/check": [
        "checking/check_set_up",
        "checking/any_axis",
        *CHECKER,
        "checking/steps",
    ],
    "formulas/losses": ["formulas/losses"],
    "training/descent": ["training/descent"],
    "training/calibration": ["training/calibration"],
    "formulas/log_backward": ["formulas/log_backward"],
    "_snapshot": ["snapshot"],
    "_refusals": ["refusals"],
    "_misfits": ["misfits", "refusals", *CHECKER],
    "exercises/sandbox/function_behind": ENGINE,
    "exercises/sandbox/plain_data": ENGINE,
    "exercises/sandbox/page_variables": ENGINE,
    "exercises/sandbox/interpreter": ENGINE,
    "exercises/sandbox/held": ["exercises/process", *ENGINE],
    "exercises/sandbox/process": ["exercises/process", *ENGINE],
    "exercises/sandbox/exits": ENGINE,
    "exercises/sandbox/undisturbed": ENGINE,
    "exercises/sandbox/call": ENGINE,
    "exercises/sandbox/clock": ["exercises/clock", *ENGINE],
    "exercises/judge/judging": ENGINE,
    "exercises/judge/observed": ENGINE,
    "exercises/judge/unanswered": ENGINE,
    "exercises/judge/before_numbers": ENGINE,
    "exercises/judge/second_calls": ENGINE,
    "exercises/judge/numbers": ENGINE,
    "exercises/judge/factors": ENGINE,
    "exercises/judge/ordinary_slip": ENGINE,
    "exercises/judge/given": ENGINE,
    "exercises/judge/law_words": ENGINE,
    "exercises/judge/other_gradients": ENGINE,
    "exercises/judge/page_names": ENGINE,
    "exercises/judge/values_and_names": ENGINE,
    "exercises/judge/advice": ENGINE,
    "exercises/judge/wrong_kinds": ENGINE,
    "mistakes/trying": ["mistakes/trying", "mistakes/catalogue", *ENGINE],
    "mistakes/trial": ["mistakes/trial", *ENGINE],
    "mistakes/exchange": ["mistakes/ordinary", *ENGINE],
    "mistakes/ordinary_slips": SLIPS,
    "mistakes/slips_of_terms": SLIPS,
    "mistakes/slips_of_arrays": SLIPS,
    "_html": ["html"],
    "checking/here": NAMES,
    "checking/columns": ["checking/columns", *NAMES],
    "checking/from_columns": NAMES,
    "checking/column_questions": NAMES,
    "checking/other_calls": NAMES,
    "checking/questions": NAMES,
    "checking/shares": ["checking/nearly", *NAMES],
    "checking/leaks": ["checking/leaks", *NAMES],
    "checking/places": NAMES,
}
# What takes half a minute is asked last, and only of what survives in this room.
SLOW = {"exercises/sandbox/": "exercises/hostile"}
# The notebooks should notice, too.
DERIVED = {f"formulas/{name}" for name in ("forward", "covariance", "jacobian", "backward")}
# Where nothing can be forked a process is started anew, and loads everything itself.
FORKS = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else None)
# What the tests use, and no mutant changes: loading it takes longer than most tests.
LOADED = """
    IPython _hypothesis_pytestplugin hypothesis.extra.numpy ipywidgets matplotlib.pyplot nbclient
    nbval.plugin numpy scipy xdist.plugin
""".split()
PATIENCE = 300  # seconds; a mutant may loop for ever, and that is noticed
TWINS = {"max": "min", "argmax": "argmin", "log1p": "log"}

# What keeps precision and makes complaints, and what stands there once it is taken out.
GUARDS = {
    "answer": lambda arguments: arguments[0],
    "finite_rows": lambda arguments: arguments[-1],
    "within_range": lambda arguments: ast.parse("np.errstate()", mode="eval").body,
}

ALL_QUIET = 'np.errstate(over="ignore", under="ignore", invalid="ignore")'
SHORT_ROWS = "a short row is all rest and no pieces: the way round them only saves time"
NEAR_BY = "rng.random((2, *x.shape)).astype(x.dtype)"

# Mutants that change no result: module, what was there (for a bare number the whole line), what is
# there now, and why nobody can notice.
EXPLAINED = {
    ("checking/recognise", "x + 1", "x - 1"): "a class below is as good as one above",
    ("checking/recognise", "return []", "return None"): "at first it is asked for its truth alone",
    ("checking/doubts", "_error(measured) > room", "True"): "more room where there is enough",
    (
        "checking/noise",
        "case.x + (k * t).astype(case.x.dtype)",
        "case.x - (k * t).astype(case.x.dtype)",
    ): "the points lie on both sides of x alike",
    (
        "checking/noise",
        "1 + u * rng.choice([-1, 1], a.shape)",
        "1 - u * rng.choice([-1, 1], a.shape)",
    ): "up or down, each is drawn as often as the other",
    (
        "checking/steps",
        "for step in map(float, case.h / 8.0 ** np.arange(1, 5)):",
        "0",
    ): "the step that did not settle is taken once more, and settles no better",
    (
        "checking/steps",
        "case.h / 2",
        "case.h",
    ): "f is asked once more where it is known not to be defined",
    (
        "training/descent",
        "np.take_along_axis(logp, at[None], axis=-1)",
        "np.take_along_axis(logp, at[None])",
    ): "-1 is NumPy's own default from 2.3 on",
    (
        "exercises/judge/other_gradients",
        "names = [name for name in walks[0][2] if name not in (seen.entry, *part.parameters)]",
        "1",
    ): "every walk has the same names, and no exercise has one case alone",
    (
        "exercises/judge/ordinary_slip",
        "trial.on(cases) if trial.may_be(seen.runs, cases, room) else {}",
        "trial.on(cases)",
    ): "what is told apart in one case is so in all: it only saves time",
    (
        "formulas/exact",
        "return 2 * sum(y**n / n for n in range(1, 11, 2))    # y^11 is beyond 100 digits",
        "11000",
    ): "what is beyond those digits changes none of them",
    (
        "checking/shares",
        'return next((n for n in range(6, 17) if f"{a:.{n}g}" != f"{b:.{n}g}"), 17)',
        "17000",
    ): (
        "17 digits tell any two numbers apart"
    ),
    ("formulas/exact", "lost + SPARE", "lost"): "one round more, in which nothing further is lost",
    ("formulas/exact", "return 0    # no term, nothing lost", "1"): "there is room for 20",
    ("mistakes/trying", "type(run.live) is np.ndarray", "False"): "it only saves a call",
    (
        "exercises/sandbox/interpreter",
        "mask = os.umask(0o77)    # it can only be read by writing it",
        "63000",
    ): "the next line puts it back",
    (
        "exercises/sandbox/interpreter",
        "mask = os.umask(0o77)    # it can only be read by writing it",
        "0",
    ): "the next line puts it back",
    ("exercises/sandbox/interpreter", "read() != value", "True"): "what is written stands there",
    (
        "exercises/sandbox/process",
        "len(BUILTINS) != len(self.builtins)",
        "True",
    ): "it only saves time",
    ("exercises/sandbox/clock", "self.armed and sys.gettrace() is None", "self.armed"): (
        "it only saves time"
    ),
    ("exercises/sandbox/clock", "sys.gettrace() is None", "True"): "it only saves time",
    ("exercises/sandbox/clock", "frame.f_code.co_filename == __file__", "False"): (
        "from Python 3.12 on hostile answers notice; before, it raises all the same"
    ),
    ("training/descent", "-1", "1"): "an array of two axes, and the second is the last",
    ("checking/columns", "np.random.default_rng(0)", "np.random"): "any numbers will do",
    (
        "checking/columns",
        "more = np.random.default_rng(0).standard_normal(y.shape).astype(y.dtype)",
        "1",
    ): "any numbers will do",
    ("checking/other_calls", "c.case.h / 2", "c.case.h"): (
        "the tolerance is taken from how far these two steps are apart"
    ),
    (
        "checking/doubts",
        "case.x + case.x.dtype.type(s) * t",
        "case.x - case.x.dtype.type(s) * t",
    ): "ahead and behind change places, and the second difference stays",
    (
        "checking/nearly",
        "ndim, many = x.ndim, (1, *range(x.ndim, 1, -1))",
        "0",
    ): "each axis once more, after all else",
    ("checking/nearly", "1e-3", "1e-06"): "a constant gives 1e-13, and no temperature 1e-3",
    (
        "checking/differences",
        'method == "central"',
        "False",
    ): "the same numbers, in twice the time",
    (
        "checking/reading",
        "return np.where(masked, x.dtype.type(0), x), masked",
        "1",
    ): "whatever stands there is -inf again before f sees it",
    (
        "checking/backward_pair",
        "self.left_out is not None",
        "True",
    ): "to NumPy None is where nothing is",
    (
        "checking/backward_pair",
        "return np.where(self.left_out, 0, y)",
        "1",
    ): "what is left out is not looked at",
    (
        "checking/backward_pair",
        "self.value(x)",
        "pass",
    ): "a backward pass that fails is called again after f",
    (
        "checking/backward_pair",
        "self.value(x)",
        "self",
    ): "a backward pass that fails is called again after f",
    ("mistakes/trying", "20260101", "20260101000"): "any numbers will do",
    ("mistakes/trying", "20260101", "20260"): "any numbers will do",
    (
        "exercises/judge/given",
        "7",
        "7000",
    ): "beyond 15 digits they are 0, and nothing is a multiple of 0",
    ("exercises/judge/given", "1e-9", "1e-12"): "rounding is below both",
    ("checking/recognise", f"x + {NEAR_BY}", f"x - {NEAR_BY}"):
    "a point near by is as good as its mirror",
    (
        "checking/adjoint_and_taylor",
        "1 + np.finfo(a.dtype).eps * up_or_down",
        "1 - np.finfo(a.dtype).eps * up_or_down",
    ): "up or down, each is drawn as often as the other",
    (
        "formulas/losses",
        "rows = weight * np.where(kept, surprise, 0)                      # (..., 1)",
        "1",
    ): "the weight of a row that is not kept is 0",
    ("formulas/losses", "p.copy()", "p"):
    "nobody else holds that p, and still it is not written into",
    ("checking/laws", "dp + dp.dtype.type(c)", "dp - dp.dtype.type(c)"): "any constant will do",
    ("formulas/covariance", "n < 2", "False"): SHORT_ROWS,
    ("formulas/covariance", "if n < 2:", "0"): SHORT_ROWS,
    (
        "formulas/exact_attention",
        "np.vectorize(Decimal.exp, otypes=[object])",
        "np.vectorize(Decimal.exp)",
    ): "it then looks at the first result, an object as well",
    ("formulas/exact_attention", 'a * Decimal("inf")', "Decimal('inf')"):
    "any a that is not 0 is above it",
    (
        "checking/nearly",
        "digits_of_k = 1 if k < 1e5 * np.finfo(x.dtype).eps else 3",
        "0",
    ): "no digit is written as one: .0g is .1g",
    ("formulas/blocked", "kept is not p", "True"): "a p that is copied onto itself stays",
    ("formulas/blocked", "kept is not dx", "True"): "a dx that is copied onto itself stays",
    ("formulas/blocked", "-1", "1"): "a block has two axes, and the second is the last",
} | {
    (module, ALL_QUIET, "np.errstate(over='ignore', under='ignore')"):
    "whether a matrix product that makes a NaN raises NumPy's flag depends on its BLAS"
    for module in ("formulas/attention", "formulas/attention_streaming")
} | {
    ("checking/noise", was, now): "any numbers will do"
    for was, now in (
        ("rng = np.random.default_rng(4)", "4000"),
        ("rng = np.random.default_rng(4)", "0"),
        ("u, rng = np.finfo(case.x.dtype).eps, np.random.default_rng(5)", "5000"),
        ("u, rng = np.finfo(case.x.dtype).eps, np.random.default_rng(5)", "0"),
    )
} | {
    ("checking/reading", was, now): "f is called elsewhere, and it does not matter where"
    for was, now in (
        ("ramp = np.linspace(0.1, 0.7, x.size).reshape(x.shape)", "100.0"),
        ("ramp = np.linspace(0.1, 0.7, x.size).reshape(x.shape)", "0.0001"),
        ("ramp = np.linspace(0.1, 0.7, x.size).reshape(x.shape)", "700.0"),
        ("ramp = np.linspace(0.1, 0.7, x.size).reshape(x.shape)", "0.0007"),
        ("-x - ramp", "-x"),
        ("-x - ramp", "ramp"),
        ("-x - ramp", "-x + ramp"),
        ("0.875", "0.000875"),
        ("x + ramp / 16", "x"),
        ("x + ramp / 16", "ramp / 16"),
        ("x + ramp / 16", "x - ramp / 16"),
        ("ramp / 16", "ramp"),
    )
} | {
    ("checking/reading", was, now): "what fails once fails twice; any three of them will do"
    for was, now in (
        ("rng = np.random.default_rng(1)", "0"),
        ("3", "3000"),
        ("first is not None", "True"),
        ("doubled is not None", "True"),
        (
            "first is not None and doubled is not None and np.allclose(doubled, 2 * first)",
            "doubled is not None and np.allclose(doubled, 2 * first)",
        ),
        (
            "first is not None and doubled is not None and np.allclose(doubled, 2 * first)",
            "first is not None and np.allclose(doubled, 2 * first)",
        ),
    )
} | {
    (
        "exercises/sandbox/process",
        "self.close if self.doors else self.close + self.around",
        "self.close + self.around",
    ): "between calls that belong together, too: it only saves time",
    ("exercises/sandbox/process", "list(map(len, now)) == sizes", "False"): "it only saves time",
    ("exercises/sandbox/process", "len(values) == len(before)", "False"): "it only saves time",
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: its kind, its line, what was there, what is now, and the whole text after it."""

    kind: str
    line: int
    was: str
    now: str
    source: str
    text: str  # of the line, before


def explained(module: str, mutant: Mutant) -> str | None:
    """Return why nobody can notice a mutant, if that is known."""
    keys = [(module, was, mutant.now) for was in (mutant.was, mutant.text)]
    return next((EXPLAINED[key] for key in keys if key in EXPLAINED), None)


def alternatives(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Give (kind, text) for each way to take one thing out of `node`, or to turn it round."""
    match node:
        case ast.BinOp(left, op, right):
            if not isinstance(op, ast.Mod | ast.BitOr):  # neither formats text nor joins types
                yield "term", ast.unparse(left)
                yield "term", ast.unparse(right)
            other = {ast.Add: ast.Sub, ast.Sub: ast.Add}.get(type(op))
            if other:
                yield "sign", ast.unparse(ast.BinOp(left, other(), right))
        case ast.UnaryOp(ast.USub(), operand):
            yield "sign", ast.unparse(operand)
        case ast.UnaryOp(ast.Not(), operand):
            yield "condition", ast.unparse(operand)
        case ast.BoolOp(op, values):
            for value in values:
                rest = [v for v in values if v is not value]
                yield "term", ast.unparse(ast.BoolOp(op, rest) if len(rest) > 1 else rest[0])
        case ast.Compare():
            yield "condition", "True"
            yield "condition", "False"
        case ast.IfExp(_, body, otherwise):
            yield "condition", ast.unparse(body)
            yield "condition", ast.unparse(otherwise)
        case ast.Call(ast.Name(name), args, _) if name in GUARDS:
            yield "guard", ast.unparse(GUARDS[name](args))
        case ast.Call(ast.Attribute(value, name) as function, args, keywords):
            for keyword in keywords:
                if keyword.arg not in ("copy", "dtype"):  # copy=False only saves time
                    rest = [k for k in keywords if k is not keyword]
                    kind = "guard" if name == "errstate" else keyword.arg
                    yield kind, ast.unparse(ast.Call(function, args, rest))
            if not (isinstance(value, ast.Name) and value.id == "np"):
                yield name, ast.unparse(value)  # a.sum(...) to a
            elif len(args) == 1:
                yield name, ast.unparse(args[0])  # np.exp(a) to a
            if name in TWINS:
                twin = ast.Attribute(value, TWINS[name])
                yield name, ast.unparse(ast.Call(twin, args, keywords))
        case ast.AugAssign(target, op, value):
            other = {ast.Add: ast.Sub(), ast.Sub: ast.Add()}.get(type(op))
            if other:
                yield "sign", ast.unparse(ast.AugAssign(target, other, value))
            yield "line", "pass"
        case ast.Assign([ast.Attribute()], _):
            yield "guard", "pass"
        case ast.Assign([ast.Subscript()], _) | ast.Raise():
            yield "line", "pass"
        case ast.Expr(ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield "line", "pass"
        case ast.Return(value) if value and ast.unparse(value) not in ("''", "None", "False"):
            yield "line", "return None"  # in place of "" nobody could notice: both are false
        case ast.Dict(keys, values) if len(keys) > 1:
            for k in range(len(keys)):
                rest = ast.Dict(keys[:k] + keys[k + 1 :], values[:k] + values[k + 1 :])
                yield "entry", ast.unparse(rest)
        case ast.Constant(value) if type(value) is int and value in (0, 1):
            yield "number", str(1 - value)
        case ast.Constant(value) if type(value) in (int, float) and value:
            yield "number", repr(1000 * value)
            yield "number", repr(value / 1000 if type(value) is float else value // 1000)


def _parts(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what may be changed: bodies of functions and methods, and the module's tables."""
    for node in body:
        match node:
            case ast.FunctionDef():
                yield from [*node.decorator_list, *node.body]
            case ast.ClassDef():
                yield from _parts(node.body)
            case ast.Assign(_, ast.Dict()):
                yield node


def mutants(source: str) -> Iterator[Mutant]:
    """Change one thing at a time in a module's source text; docstrings and messages stay."""
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    text = source.encode()
    for node in (node for part in _parts(ast.parse(source).body) for node in _inside(part)):
        for kind, now in alternatives(node):
            a = starts[node.lineno - 1] + node.col_offset
            b = starts[node.end_lineno - 1] + node.end_col_offset
            simple = isinstance(node, ast.stmt) or now.isidentifier()
            new = text[:a] + (now if simple else f"({now})").encode() + text[b:]
            line = source.splitlines()[node.lineno - 1].strip()
            yield Mutant(kind, node.lineno, text[a:b].decode(), now, new.decode(), line)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into f-strings, annotations, and the messages of errors."""
    yield node
    if isinstance(node, ast.JoinedStr | ast.Raise):
        return
    for field, child in ast.iter_fields(node):
        if field != "annotation":
            for each in child if isinstance(child, list) else [child]:
                if isinstance(each, ast.AST):
                    yield from _inside(each)


def noticed_by(
    course: Path, *arguments: str, plugin=None, patience: float | None = PATIENCE
) -> str:
    """Return who finds anything wrong in a copy of the course: a test, or what else; "" is nobody.

    pytest runs in a fork of a process that has loaded all that is not the course.
    """
    FORKS.set_forkserver_preload(LOADED)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        run = FORKS.Process(target=_run_tests, args=(course, arguments, said, plugin))
        run.start()
        run.join(patience)
        if run.exitcode is None:
            os.killpg(run.pid, signal.SIGKILL) if hasattr(os, "killpg") else run.kill()
            run.join()
            return f"the clock, after {patience:.0f} s"
        words = said.read_text("utf-8")
    if run.exitcode in (4, 5):  # a wrong command; no tests
        raise RuntimeError(f"pytest could not run:\n{words}")
    if run.exitcode == 0 and " passed" in words:
        return ""
    test = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", words, re.MULTILINE)
    return test[1] if test else "the end of everything"  # a mutant may have ended all with 0


def _run_tests(course: Path, arguments: tuple[str, ...], said: Path, plugin) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # so that its kernels can be ended with it
    sys.stdout = sys.stderr = said.open("w", encoding="utf-8")
    for number in (1, 2):
        os.dup2(sys.stdout.fileno(), number)
    os.chdir(course)
    os.environ["PYTHONPATH"] = str(course)
    sys.path.insert(0, str(course))
    options = "-x -q -n0 -p no:cacheprovider -W ignore::pytest.PytestAssertRewriteWarning".split()
    code = pytest.main([*options, *arguments], [plugin] if plugin else [])
    sys.stdout.flush()
    os._exit(code)


def _tests(name: str) -> str:
    room, _, file = name.rpartition("/")
    return str(Path("tests", room, f"test_{file}.py"))


def record(course: Path, modules: list[str]) -> Path:
    """Run the tests of modules that have the same ones; write down which enters which block."""
    paths, found = [_path(course, module) for module in modules], course / "touched.json"
    originals = [path.read_text("utf-8") for path in paths]
    for module, path, original in zip(modules, paths, originals, strict=True):
        write(path, probed(original, module))
    files = [*(f"smlearn/{module}.py" for module in modules), *map(_tests, TESTS[modules[0]])]
    if wrong := noticed_by(course, *files, plugin=Recorder(found), patience=10 * PATIENCE):
        sys.exit(f"Before anything is changed, this fails: {wrong}; mend that first.")
    for path, original in zip(paths, originals, strict=True):
        write(path, original)
    return found


def judge(course: Path, module: str, mutant: Mutant, found: Path) -> str:
    """Return which unit test notices a mutant, in a process of its own."""
    path = _path(course, module)
    original = path.read_text("utf-8")
    tests, patience = _asked(found, module, original, mutant)
    files = dict.fromkeys(name.partition("::")[0] for name in tests)
    write(path, mutant.source)
    try:
        who = tests and noticed_by(course, *files, plugin=Chosen(list(tests)), patience=patience)
        if not who and (slow := _slow(module)):
            who = noticed_by(course, slow, patience=10 * PATIENCE)
        return who or ""
    finally:
        write(path, original)


def judge_pages(course: Path, module: str, mutant: Mutant) -> str:
    """Return which notebook notices a mutant, where the notebooks should."""
    path = _path(course, module)
    original = path.read_text("utf-8")
    write(path, mutant.source)
    try:
        return noticed_by(course, "notebooks") if module in DERIVED else ""
    finally:
        write(path, original)


def judge_many(course: Path, module: str, some: dict[int, Mutant], found: Path) -> dict[int, str]:
    """Return which unit test notices each of some mutants, in forks of one process."""
    path, said = _path(course, module), course / "said.jsonl"
    slow = [name] if (name := _slow(module)) else []
    original, trials = path.read_text("utf-8"), []
    for number, mutant in some.items():
        tests, patience = _asked(found, module, original, mutant)
        patience += 10 * PATIENCE * len(slow)
        trials.append(Trial(number, path, mutant.source, [*tests, *slow], patience))
    files = {name.partition("::")[0] for trial in trials for name in trial.tests}
    said.write_text("", "utf-8")
    if files:
        noticed_by(course, *sorted(files), plugin=Swapper(trials, said), patience=None)
    who = dict(map(json.loads, said.read_text("utf-8").splitlines()))
    return who if files else dict.fromkeys(some, "")


def _asked(found: Path, module: str, source: str, mutant: Mutant) -> tuple[dict, float]:
    tests = who_enters(found, f"{module}:{block_of(source, mutant.line)}")
    return tests, PATIENCE + 10 * sum(tests.values())  # the machine may be busy


def _slow(module: str) -> str | None:
    return next((_tests(name) for room, name in SLOW.items() if module.startswith(room)), None)


def _path(course: Path, module: str) -> Path:
    return course / "smlearn" / f"{module}.py"


def tried(modules: list[str]) -> Iterator[tuple[str, Mutant, str, str]]:
    """Try every mutant of the modules, each processor in a copy of the course."""
    many, copies, alike = os.cpu_count() or 1, queue.SimpleQueue(), {}
    for module in modules:
        alike.setdefault(tuple(TESTS[module]), []).append(module)

    def in_a_copy(work: Callable, *task):
        course = copies.get()
        try:
            return work(course, *task)
        finally:
            copies.put(course)

    made = "my offline student solutions submissions marks nbgrader otter build".split()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(many) as pool:
        ignore = shutil.ignore_patterns(
            ".venv*", ".git", "__pycache__", ".*_cache", ".hypothesis", *made
        )
        for k in range(many):
            copies.put(Path(shutil.copytree(ROOT, Path(folder) / str(k), ignore=ignore)))
        for group in alike.values():
            found = in_a_copy(record, group)
            for module in group:
                every = list(mutants(_path(ROOT, module).read_text("utf-8")))
                units = _in_forks(pool, many, in_a_copy, module, every, found)

                def told(k: int, module=module, every=every, units=units, found=found):
                    unit = units[k] if k in units else in_a_copy(judge, module, every[k], found)
                    return unit, in_a_copy(judge_pages, module, every[k])

                judged = pool.map(told, range(len(every)))
                yield from ((module, m, *who) for m, who in zip(every, judged, strict=True))


def _in_forks(pool, many: int, in_a_copy: Callable, module: str, every: list[Mutant], found: Path):
    source = _path(ROOT, module).read_text("utf-8")
    near = [k for k, mutant in enumerate(every) if reached(found, module, source, mutant)]
    parts = [{k: every[k] for k in near[i::many]} for i in range(many)]
    units = {}
    for part in pool.map(lambda some: in_a_copy(judge_many, module, some, found), parts):
        units |= part
    return units


def reached(found: Path, module: str, source: str, mutant: Mutant) -> bool:
    """Say whether a mutant can be tried in a fork of a process that has collected the tests."""
    return hasattr(os, "fork") and reaches(found, module, source, mutant.line)


def report(modules: list[str]) -> int:
    """Try every mutant of the modules, print a line each and a table; return the survivors."""
    survivors, counts = 0, {}
    for module, mutant, unit, pages in tried(modules):
        why = explained(module, mutant)
        survivors += not unit and why is None
        count = counts.setdefault(mutant.kind, [0, 0, 0])
        for k, hit in enumerate((True, bool(unit), bool(pages))):
            count[k] += hit
        who = " and ".join(filter(None, (unit, pages))) or f"NOBODY ({why or 'unexplained'})"
        change = f"{mutant.was!r} -> {mutant.now!r}"
        print(f"{module}:{mutant.line} {mutant.kind}: {change}: {who}", flush=True)
    print(f"{'kind':16s} tried  unit tests  notebooks")
    for kind, (tries, unit, pages) in sorted(counts.items()):
        print(f"{kind:16s} {tries:5d}  {unit:10d}  {pages:9d}")
    print(f"{survivors} missed by the unit tests and not explained")
    return survivors


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:] or list(TESTS)) > 0)
