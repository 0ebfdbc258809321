"""The pages of the site in which one looks something up, in MyST's Markdown.

Made from the package and the notebooks: a page for each mistake, the laws, the exercises, the
letters, the seed notes' cells, the glossary. What neither has, such as a line of proof, is in
docs/words.toml.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache

import nbformat
import numpy as np

import course_map
from copies import task_of
from course_map import ROOT, Page
from smlearn import gradcheck
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS
from smlearn.exercises.registry import TASKS
from smlearn.exercises.task import Task
from smlearn.mistakes import MISTAKES, Mistake, more_spellings
from smlearn.mistakes.exchange import code_of

WORDS = tomllib.loads((ROOT / "docs" / "words.toml").read_text("utf-8"))
# What other spellings are written with.
HELPERS = (more_spellings.mean, more_spellings.along_batch, more_spellings.one_column)
NOT_A_LAW = {"the numbers", "known mistakes"}
RIGHT = "p * (dp - (p * dp).sum(axis=-1, keepdims=True))"


# ---- reading


@cache
def notebook(file: str) -> nbformat.NotebookNode:
    """Read a notebook, once."""
    return nbformat.read(course_map.minutes.NOTEBOOKS / file, as_version=4)


def text(file: str) -> str:
    """Return all the Markdown of a notebook."""
    return "\n\n".join(c.source for c in notebook(file).cells if c.cell_type == "markdown")


def everything(file: str) -> str:
    """Return all that stands on a page in words: Markdown, code, and what it printed."""
    parts = []
    for cell in notebook(file).cells:
        parts.append(cell.source)
        for output in cell.get("outputs", ()):
            parts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def tables(source: str, head: str) -> list[list[list[str]]]:
    """Return the tables whose first line begins with `head`, as rows of cells, the head first."""
    found = re.findall(rf"(?m)^{re.escape(head)}.*(?:\n\|.*)+", source)
    return [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        for table in found
    ]


# ---- writing


def plain(words: str) -> str:
    """Let Markdown show words as they stand; what is in backticks is code."""
    parts = re.split(r"(`[^`]+`)", words)
    return "".join(p if p[:1] == "`" else re.sub(r"([*_<>$|\\\[\]])", r"\\\1", p) for p in parts)


def code(source: str, language: str = "python") -> str:
    """Return a block of code."""
    return f"```{language}\n{source}\n```"


def index(name: str) -> str:
    """Return the entries by which a search for these words finds the page `name` first."""
    words = [*WORDS["search"].get(name, ()), *WORDS["glossary"].get(name, ())]
    return "\n".join(f"```{{index}} ! {word}\n```" for word in words)


def table(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as a table, the first one its head."""
    head, *rest = [list(row) for row in rows]
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(page: Page, folder: str = "notebooks/") -> str:
    """Return a short link to a notebook."""
    return f"[{page.number}]({folder}{page.file})"


def to_exercise(task: Task) -> str:
    """Return a link to an exercise, in whatever notebook it is; site_build.py sets the mark."""
    return f"[{task.key}](#exercise-{task.key})"


def exercise_links(tasks: Iterable[Task]) -> str:
    """Return links to exercises, with the notebook's number before each."""
    return ", ".join(f"{task.notebook} {to_exercise(task)}" for task in tasks)


# ---- mistakes


def title(mistake: Mistake) -> str:
    """Return a mistake's name, and the line that gives it away, if that is short."""
    name = mistake.key.replace("_", " ").capitalize()
    line = gives_back(mistake)
    return f"{name}: `{line}`" if len(line) <= 56 and re.search(r"\W", line) else name


def gives_back(mistake: Mistake) -> str:
    """Return what the last line of a mistake returns, as it is written."""
    return code_of(mistake.vjp).rstrip().rpartition("return ")[2].partition("    #")[0]


@cache
def report(key: str):
    """Ask the gradient check about a mistake, at four rows of three logits."""
    rng = np.random.default_rng(0)
    mistake = MISTAKES[key]
    return gradcheck(mistake.f, mistake.vjp, rng.standard_normal((4, 3)), rng=rng)


def exposed_by(key: str) -> str:
    """Return the first check that a mistake fails."""
    return report(key).checks[-1].name


def mistake_page(mistake: Mistake, course: list[Page]) -> str:
    """Write what is known of a mistake."""
    key, line = mistake.key, gives_back(mistake)
    about = "softmax" if mistake.f.__name__ == "softmax" else "softmax(x W^T)"
    by_w = "" if about == "softmax" else "\\,W"
    said = f"A wrong backward pass of softmax in NumPy: {line}. {mistake.did}"
    return f"""---
myst:
  html_meta:
    description: {said!r}
---

# {title(mistake)}

{index(f"mistakes/{key}")}

A backward pass of `{about}` that is wrong. The check calls it `{key}`.

{code(code_of(mistake.vjp))}

**What was done.** {plain(mistake.did)}

**Ask yourself.** {plain(mistake.ponder)}
{_other_ways(key)}
## Why it survives

{plain(mistake.survives)}

## What exposes it

{_exposed(key)} This is what the course's check says of it, at four rows of three logits:

{code(str(report(key)).rstrip(), "text")}

## The right one

$$dx = p\\,(dp - \\langle p, dp\\rangle){by_w}$$

{_right(about)}

## Where it was seen

{_seen(mistake, course)}
"""


def _right(about: str) -> str:
    if about != "softmax":
        return (
            "That is, with the row vector of softmax taken through W once more. "
            "[02b](../notebooks/02b_jvp_and_adjoint.ipynb) tests a transpose where it makes "
            "a difference."
        )
    return (
        code(f"p = softmax(x)\nreturn {RIGHT}")
        + "\n\nDerived in [02](../notebooks/02_upstream_gradient.ipynb), for batches in "
        "[03](../notebooks/03_batches_and_einsum.ipynb)."
    )


def _other_ways(key: str) -> str:
    forms = more_spellings.FORMS.get(key, ())
    helpers = [f for f in HELPERS if any(f"{f.__name__}(" in form for form in forms)]
    block = code("\n".join([*forms, *(f"\n{code_of(f)}" for f in helpers)]))
    return f"\nIt is also written like this:\n\n{block}\n" if forms else ""


def _exposed(key: str) -> str:
    first = exposed_by(key)
    if first == "known mistakes":
        return "It is right at ordinary numbers: only inputs that look for it expose it."
    if first in NOT_A_LAW:
        return "It keeps every law: only a measured derivative, of a random upstream, exposes it."
    return f"The law *[{first}](../laws.md#{_slug(first)})* does, before any number is measured."


def _slug(law: str) -> str:
    return law.replace(" ", "-")


def _seen(mistake: Mistake, course: list[Page]) -> str:
    key, lines = mistake.key, []
    if mistake.source:
        repo, _, number = mistake.source.partition("#")
        lines.append(f"- In public: [{mistake.source}](https://github.com/{repo}/issues/{number})")
    named = re.compile(rf"\b{key}\b")
    pages = [link(p, "../notebooks/") for p in course if named.search(everything(p.file))]
    if pages:
        lines.append(f"- In the course, by its name: {', '.join(pages)}")
    tasks = [task for task in TASKS.values() if key in task.wrong_keys]
    if tasks:
        lines.append(f"- In exercises that know it: {exercise_links(tasks)}")
    lines.append(
        "- [How 228 public implementations were found and sorted]"
        "(../notebooks/07b_past_the_wall.ipynb)"
    )
    return "\n".join(lines)


def mistakes_page() -> str:
    """Write the list of all mistakes, by what exposes them."""
    first = {key: exposed_by(key) for key in MISTAKES}
    asked = [
        name
        for name in (*LAWS, *SOFTMAX_LAWS, *sorted(NOT_A_LAW, reverse=True))
        if name in first.values()
    ]
    parts = [
        "# Mistakes",
        f"The {len(MISTAKES)} wrong backward passes that the course knows, "
        "each with a page of its own; by what is the first to expose them.",
    ]
    for law in asked:
        rows = [["mistake", "what was done"]]
        rows += [
            [f"[{key}](mistakes/{key}.md)", plain(MISTAKES[key].did)]
            for key in MISTAKES
            if first[key] == law
        ]
        parts += [f"## {law[0].upper()}{law[1:]}", table(rows)]
    pages = "\n".join(f"mistakes/{key}" for key in MISTAKES)
    parts.append(f"```{{toctree}}\n:hidden:\n\n{pages}\n```")
    return "\n\n".join(parts)


# ---- laws


def laws() -> dict[str, list[Task]]:
    """Return every law that a check or an exercise asks, with the exercises that ask it."""
    found = {name: [] for name in (*LAWS, *SOFTMAX_LAWS)}
    for task in TASKS.values():
        for name in task.function.laws if task.function else ():
            found.setdefault(name, []).append(task)
    return found


def laws_page(course: list[Page]) -> str:
    """Write the laws: why each holds, who asks it, what it exposes; and what each page keeps."""
    parts = [
        "# Laws",
        "What a right softmax, its Jacobian and its backward pass must keep to, "
        "before a number of it is measured. None of them needs the right answer; and all "
        "together do not replace it.",
    ]
    for name, tasks in laws().items():
        checks = name in LAWS or name in SOFTMAX_LAWS
        used = ["the gradient check, of " + ("any function" if name in LAWS else "a softmax")]
        used = (used if checks else []) + ([f"exercises {exercise_links(tasks)}"] if tasks else [])
        caught = [f"[{key}](mistakes/{key}.md)" for key in MISTAKES if exposed_by(key) == name]
        parts += [
            f"## {name}",
            f"**Why.** {WORDS['laws'][name]}",
            f"**Asked by** {'; '.join(used)}.",
        ]
        if caught:
            parts.append(f"**The first to expose** {', '.join(caught)}.")
    rows = [["page", "the law to keep"]]
    rows += [
        [link(page), law]
        for page in course
        for law in re.findall(r"\*\*The law to keep:\*\* (.+)", text(page.file))
    ]
    return "\n\n".join([*parts, "## The law of each page", table(rows)])


# ---- exercises


def exercises_page(course: list[Page]) -> str:
    """Write what is asked, and where."""
    parts = [
        "# Exercises",
        f"All {len(TASKS)} of them, page by page. They are answered in the "
        "notebooks, which name your mistake; here you see what is asked.",
    ]
    for page in course:
        mine = [TASKS[key] for key in keys_of(page)]
        if mine:
            parts += [f"## {page.number} · {page.title}", f"On the page: {link(page)}"]
            parts.append("\n".join(asked(task, text(page.file)) for task in mine))
    return "\n\n".join(parts)


def asked(task: Task, page: str) -> str:
    """Return what an exercise asks, and which line of the page's objectives it is for."""
    line = next(line for line in page.splitlines() if task.objective in line)
    return (
        f"- {to_exercise(task)} ({task.kind}). {plain(task.statement)}\n"
        f"  *So that you can {line.strip(' -.;')}.*"
    )


def keys_of(page: Page) -> list[str]:
    """Return the exercises of a notebook, top to bottom."""
    return [task.key for cell in notebook(page.file).cells if (task := task_of(cell))]


# ---- letters, seeds, terms


def notation_page(course: list[Page]) -> str:
    """Write the letters of the course beside those of others."""
    seeds = next(page for page in course if page.number == "00c")
    [[head, _, *rows]] = tables(text(seeds.file), "| here |")
    wide = [[*head, "CS231n", "matrix calculus"]]
    for row in rows:
        others = WORDS["letters"][row[0].split("`")[1]]
        wide.append([*row, others["cs231n"], others["matrix"]])
    order = [0, 1, 2, 5, 3, 4, 6, 7]
    said = next(p for p in text("00_start_here.ipynb").split("\n\n") if p.startswith("`B` is the"))
    return "\n\n".join(
        [
            "# Notation",
            "The letters of the course, beside those of the seed notes, of PyTorch, of "
            "JAX, of CS231n's exercises, and of the matrix calculus, where a gradient is a row.",
            table([row[i] for i in order] for row in wide),
            said,
            f"More on the seed notes' names: {link(seeds)}.",
        ]
    )


def seeds_page(course: list[Page]) -> str:
    """Write the ledger: every cell of the seed notes, and where the course has it."""
    page = next(page for page in course if page.number == "00c")
    parts = [
        "# The seeds",
        "The course grew from two sets of working notes. Each of their cells: "
        "what it printed, which pages have it, and what was wrong with it. All numbers are "
        f"computed again in {link(page)}.",
    ]
    for section in re.split(r"(?m)^(?=## )", text(page.file)):
        for rows in tables(section, "| cell |"):
            heading = section.partition("\n")[0]
            parts += [heading] if heading not in parts else []
            rows = [
                [re.sub(r"\]\((\w+\.ipynb)", r"](notebooks/\1", cell) for cell in row]
                for row in rows
                if row[0] != "---"
            ]
            parts.append(table(rows))
    return "\n\n".join(parts)


def explained(term: str, file: str) -> str:
    """Return the sentence of a notebook in which a term is explained."""
    mark = re.compile(rf"(?<!\w)\*{{1,2}}{re.escape(term)}\*{{1,2}}(?!\w)", re.I)
    for paragraph in text(file).split("\n\n"):
        for sentence in re.split(r"(?<=[.!?:])\s+(?=[A-Z$\[*`])", paragraph):
            if mark.search(sentence):
                return re.sub(r"^(?:[-*] |[(])", "", sentence.strip())
    raise ValueError(
        f"glossary: {term!r} stands in no sentence of {file} in italics or bold; "
        "mend docs/words.toml"
    )


def glossary_page(course: list[Page]) -> str:
    """Write the terms, each in the words of the page that explains it."""
    files = {page.number: page for page in course}
    terms = [(term, files[n]) for n, terms in WORDS["glossary"].items() for term in terms]
    lines = [
        f"**{term}** ({link(page)})\n: {explained(term, page.file)}"
        for term, page in sorted(terms, key=lambda pair: pair[0].lower())
    ]
    return "\n\n".join(["# Glossary", "Each in the words of the page that explains it.", *lines])


def pages(course: list[Page]) -> dict[str, str]:
    """Return all pages by their names, those of the mistakes last."""
    return {
        "notation": notation_page(course),
        "laws": laws_page(course),
        "mistakes": mistakes_page(),
        "exercises": exercises_page(course),
        "seeds": seeds_page(course),
        "glossary": glossary_page(course),
    } | {f"mistakes/{key}": mistake_page(each, course) for key, each in MISTAKES.items()}
