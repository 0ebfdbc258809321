"""Say in sentences what is wrong with the plans of lessons, and run every page as they cut it.

    python tools/try_plans.py    silent if nothing is wrong

First what can be read off a plan: pages, headings and exercises that there are not, minutes above
the limit, names that only a left-out section defines. Then each page is run with the left-out
cells left out, each cut once, in a memory of its own.
"""

import ast
import contextlib
import decimal
import io
import os
import re
import symtable
import sys
from collections.abc import Iterator

from plans import Part, Plan, Step, exercises, headings, in_a_hurry, parts, read, walked


def complaints(plan: Plan) -> list[str]:
    """Return a sentence for each thing that is wrong with a plan, of what can be read off it."""
    steps = [step for session in plan.sessions for step in session.steps]
    if found := [f"{plan.name}, {said}" for step in steps for said in misnamed(step)]:
        return found  # nothing can be counted yet
    spent = {session.name: 0 for session in plan.sessions}
    for taken in walked(plan):
        spent[taken.session] += taken.minutes
        if taken.step.page:
            found += [f"{plan.name}, {said}" for said in missing(taken.step.page, taken.cells)]
    return found + [
        f"{plan.name}, {each.name!r}: it takes {spent[each.name]} minutes, and {each.most} is the "
        "most; stop earlier on a page, or leave an exercise for home"
        for each in plan.sessions
        if spent[each.name] > each.most
    ]


def misnamed(step: Step) -> Iterator[str]:
    """Yield a sentence for each name in a step that its page does not have."""
    if bool(step.page) == bool(step.talk) or bool(step.talk) != bool(step.minutes):
        said = step.page or step.talk
        yield f"{said!r}: a step is a page, or talk with its minutes; write one of the two"
        return
    if not step.page:
        return
    try:
        there, keys = headings(step.page), exercises(step.page)
    except ValueError as error:
        yield str(error)
        return
    listed = ", ".join(map(repr, there[1:]))
    for name in filter(None, [step.start_at, step.stop_at, *step.leave_out]):
        if name not in there:
            yield f"{step.page}: there is no heading {name!r}; the page has {listed}"
    for key in [*step.exercises, *step.spare]:
        if key not in keys:
            yield f"{step.page}: {key!r} is no exercise of that page, which has {', '.join(keys)}"


def missing(page: str, kept: frozenset[int]) -> Iterator[str]:
    """Yield a sentence for each name that a kept cell uses and only a left-out one defines."""
    there, gone = set(), {}
    for at, part in enumerate(parts(page)):
        defined, used = names(part)
        if at not in kept:
            gone |= dict.fromkeys(defined, part.exercise or part.section)
            continue
        there |= defined
        who = part.exercise or part.section
        for name in sorted((used & set(gone)) - there):
            yield (
                f"{page}: {who!r} uses `{name}`, which {gone[name]!r} defines, and that is left "
                "out; keep it, or leave out both"
            )


def names(part: Part) -> tuple[set[str], set[str]]:
    """Return the names that a cell defines and uses; an exercise's text, what it says to call."""
    if part.cell.cell_type == "code":
        return names_in(part.cell.source)
    calls = re.findall(r"`([^`\n]+\([^`\n]*\))`", part.cell.source) if part.exercise else []
    return set(), set().union(*(names_in(call)[1] for call in calls if is_code(call)))


def is_code(text: str) -> bool:
    """Whether Python can read it."""
    with contextlib.suppress(SyntaxError):
        return bool(ast.parse(text))
    return False


def names_in(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a piece of code defines, and the global ones that it uses."""
    tables = [symtable.symtable(source, "a cell", "exec")]
    own = tables[0].get_symbols()
    defined = {name.get_name() for name in own if name.is_assigned() or name.is_imported()}
    used = set()
    for table in tables:  # which grows
        tables += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    return defined, used


def cuts(plans: list[Plan]) -> list[tuple[str, frozenset[int]]]:
    """Return each page as it is cut, with its code cells, once, in the order of the plans."""
    found = {}
    for each in plans:
        for taken in walked(each):
            if page := taken.step.page:
                code = [at for at in taken.cells if is_run(page, at)]
                found[page, frozenset(code)] = None
    return list(found)


def longest(found: list[tuple[str, frozenset[int]]]) -> list[tuple[str, frozenset[int]]]:
    """Return the cuts without those that are the beginning of another, and run with it."""
    return [
        (page, kept)
        for page, kept in found
        if not any(
            page == other and kept < cells and max(kept) < min(cells - kept)
            for other, cells in found
        )
    ]


def run(page: str, kept: frozenset[int]) -> str:
    """Run some cells of a page, in a memory of its own; return where it stops, or ""."""
    import numpy as np

    memory = {"__name__": "__main__"}
    quiet = contextlib.redirect_stdout(io.StringIO())
    with quiet, np.printoptions(), decimal.localcontext(decimal.Context()):
        for at in sorted(kept):
            section, cell, _ = parts(page)[at]
            try:
                exec(compile(cell.source, f"{page}, {section}", "exec"), memory)
            except Exception as error:
                first = cell.source.partition("\n")[0]
                whole = frozenset(each for each in range(at + 1) if is_run(page, each))
                todo = "it needs a cell that is left out"
                if kept >= whole or run(page, whole):
                    todo = "so it does on the whole page"
                return (
                    f"{page}, {section!r}: the cell that begins {first!r} stops with "
                    f"{type(error).__name__}{f': {error}' if str(error) else ''}; {todo}"
                )
    return ""


def is_run(page: str, at: int) -> bool:
    """Whether a cell holds code."""
    return parts(page)[at].cell.cell_type == "code"


def main() -> None:
    """Say what is wrong with the plans, and with each page as they cut it."""
    os.environ["SMLEARN_STATIC"] = os.environ["TQDM_DISABLE"] = "1"
    os.environ["MPLBACKEND"] = "Agg"
    plans, pages = read()
    plans += [in_a_hurry(number, page["hurry"]) for number, page in pages.items()]
    found = [said for each in plans for said in complaints(each)]
    if not found:
        found = [said for cut in longest(cuts(plans)) if (said := run(*cut))]
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
