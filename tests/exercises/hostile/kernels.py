"""The same attempts as cells of a notebook, one after the other in one kernel.

Each attempt has two cells: the answer and its check, whose verdict is shown, and then a check of
a right and of a wrong answer. Where a kernel dies, that is noted, and the rest gets a new one.
"""

import ast
import contextlib
import inspect
import itertools
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from . import common, trying
from .table import TABLE, Attempt

__all__ = ["dies", "run", "try_all"]

LATER = 0.3  # seconds until what a kernel was told to do "soon" is done
FINE = "RIGHT WRONG []"  # what the cell behind an attempt prints
PATIENCE = 60  # seconds for one cell
OWN = {  # a right and a wrong answer to the exercises that are tried in kernels
    "expected_upstream": ("lambda p, dp: (p * dp).sum(axis=-1)", "lambda p, dp: p"),
    "bias_backward": ("lambda dy: dy.sum(axis=0)", "lambda dy: dy"),
}


# Cells.

TOOLS = f"""
import contextlib, importlib, sys
sys.path.append({str(Path(__file__).parent.parent)!r})
from hostile import probes
from smlearn.exercises.sandbox import clock
"""
CHECK = """
changed, before = [], probes.look({})
verdict = ex.check(answer)
changed = probes.differences(before, probes.look({}))
verdict
"""


def setup(family: str) -> str:
    """Return the cell that puts on the page what stands on the page of a family."""
    module = sys.modules[f"{__package__}.{family}"]
    own = (trying.set_seconds, common.right)
    return "\n".join([TOOLS, *map(inspect.getsource, own), _page(module)])


def _page(module) -> str:
    """Return the source of a family as a page has it: without what notes the attempts."""
    tree = ast.parse(inspect.getsource(module))
    body = [node for node in tree.body if not _notes(node)]
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in TABLE:
            node.decorator_list = []
    return ast.unparse(ast.Module(body, []))


def _notes(node: ast.stmt) -> bool:
    """Whether a statement is about the table, and not about the page."""
    match node:
        case ast.ImportFrom(level=1) | ast.For():
            return True
        case ast.Expr(ast.Call(ast.Name("said" | "each"))):
            return True
        case ast.Assign(value=ast.Call(args=[ast.Name("attempt" | "endless" | "leaves"), *_])):
            return True
    return False


def cells_of(attempt: Attempt) -> tuple[str, str]:
    """Return the cell of an attempt, and the one behind it."""
    opened = f'from smlearn.exercises import exercise\nex = exercise("{attempt.key}")\n'
    right, wrong = OWN[attempt.key]
    after = f"print(ex.check({right}).status, ex.check({wrong}).status, changed)"
    limit = f"set_seconds({trying.SHORT})" if attempt.short else ""
    return f"{opened}{attempt.write()}\n{limit}{CHECK}", f"{opened}set_seconds(10.0)\n{after}"


# Kernels.


def run(sources: Iterable[str]) -> Iterator:
    """Run cells in a new kernel and yield each that comes back; end where the kernel does."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    client = NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3", allow_errors=True)
    with client.setup_kernel():
        group = getattr(client.km.provisioner, "pgid", None)
        try:
            for i, cell in enumerate(notebook.cells):
                yield client.execute_cell(cell, i)
        except (DeadKernelError, CellTimeoutError):
            return
        finally:
            _end(group)


def _end(group: int | None) -> None:
    """End a kernel and all that it started; a process that it forked may outlive it."""
    if group and hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def dies(source: str) -> bool:
    """Whether a kernel does not survive a cell, so that the next one does not run."""
    return len(list(run([source, "1 + 1"]))) < 2


def try_all(attempts: list[Attempt]) -> dict[str, list[str]]:
    """Try them in as few kernels as can be; return what went wrong with each."""
    found = {}
    while left := [attempt for attempt in attempts if attempt.name not in found]:
        found |= _try_some(left)
    return found


def _try_some(attempts: list[Attempt]) -> dict[str, list[str]]:
    """Try them in one kernel, up to the first that it does not survive unchanged."""
    found, families = {}, dict.fromkeys(attempt.family for attempt in attempts)
    ordered = [attempt for family in families for attempt in attempts if attempt.family == family]
    back = run(_notebook(ordered))
    for i, attempt in enumerate(ordered):
        if i == 0 or attempt.family != ordered[i - 1].family:
            assert not _error(next(back)), attempt.family
        pair = list(itertools.islice(back, 1))
        time.sleep(LATER if attempt.only else 0)
        pair += itertools.islice(back, len(pair))
        ended = [f"the kernel ended at its cell {len(pair) + 1} of 2"]
        found[attempt.name] = complaints(attempt, *pair) if len(pair) == 2 else ended
        if len(pair) < 2 or _printed(pair[1]) != FINE:
            break
    back.close()
    return found


def _notebook(attempts: list[Attempt]) -> Iterator[str]:
    """Return the cells of all attempts, with a page for each family."""
    for family, members in itertools.groupby(attempts, lambda attempt: attempt.family):
        yield setup(family)
        for attempt in members:
            yield from cells_of(attempt)


def complaints(attempt: Attempt, cell, after) -> list[str]:
    """Say what is wrong with the outputs of the two cells."""
    shown, printed = _shown(cell), _printed(after)
    found = []
    if not shown.startswith(attempt.wanted):
        found.append(f"{' or '.join(attempt.wanted)} is wanted, not {shown[:300]}")
    if printed != FINE:
        found.append(f"{FINE} is wanted behind it, not {printed[:300]}")
    return found


def _shown(cell) -> str:
    """Return what a cell showed last, or its error."""
    for output in reversed(cell.outputs):
        if output.output_type in ("execute_result", "error"):
            return output.get("data", {}).get("text/plain") or f"{output.get('ename')}"
    return "nothing"


def _error(cell) -> str:
    """Return the error that a cell ended with, if it did."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"{errors[0].ename}: {errors[0].evalue}" if errors else ""


def _printed(cell) -> str:
    """Return the last line that a cell printed, or its error."""
    if error := _error(cell):
        return error
    printed = [output.text for output in cell.outputs if output.get("name") == "stdout"]
    return ("".join(printed).splitlines() or ["nothing"])[-1]
