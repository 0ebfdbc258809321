"""The pages of the site in which one looks something up, in MyST's Markdown.

Made from the package and the notebooks: the laws, the exercises, the letters, the seed notes'
cells, the glossary, and the mistakes of site_mistakes.py.
"""

import re

from copies import task_of
from course_map import Page
from site_mistakes import exposed_by, mistake_page, mistakes_page
from site_words import (
    WORDS,
    exercise_links,
    link,
    notebook,
    plain,
    said_of,
    table,
    tables,
    text,
    to_exercise,
)
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS
from smlearn.exercises.registry import TASKS
from smlearn.exercises.task import Task
from smlearn.mistakes import MISTAKES

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
            f"**Why.** {said_of('laws', name)}",
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
        others = said_of("letters", row[0].split("`")[1])
        wide.append([*row, others["cs231n"], others["matrix"]])
    order = [0, 1, 2, 5, 3, 4, 6, 7]
    said = next(p for p in text("00_start_here.ipynb").split("\n\n") if p.startswith("`B` is the"))
    return "\n\n".join(
        [
            "# Notation",
            "The letters of the course, beside those of the seed notes, of PyTorch, of "
            "JAX, of CS231n's exercises, and of the matrix calculus in numerator layout: there "
            "`x` and `p` are columns, one sample each, and the derivative of a number is a row.",
            table([row[i] for i in order] for row in wide),
            said + " In the matrix calculus $\\mathrm{d}x$ is a differential, a direction, which "
            "is `t` here and not `dx`.",
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
            kept = [row for row in rows if row[0] != "---"]
            parts.append(table([_from_outside(cell, page) for cell in row] for row in kept))
    return "\n\n".join(parts)


def _from_outside(cell: str, page: Page) -> str:
    """Return a cell of a notebook's table as another page says it."""
    return link(page) if cell == "here" else re.sub(r"\]\((?=\w+\.ipynb)", "](notebooks/", cell)


def explains(file: str, term: str) -> bool:
    """Say whether a term stands in a notebook's text in italics or bold."""
    mark = rf"(?<![\w*])\*{{1,2}}{re.escape(term)}\*{{1,2}}(?![\w*])"
    return bool(re.search(mark, text(file), re.I))


def glossary_page(course: list[Page]) -> str:
    """Write the terms: what each means, and the page that explains it at length."""
    parts = ["# Glossary", "What each term means here, and the page that explains it at length."]
    for term, page, meaning in sorted(terms(course), key=lambda each: each[0].lower()):
        if not explains(page.file, term):
            raise ValueError(
                f"docs/words.toml: {term!r} stands nowhere in {page.file} in italics or bold; "
                "name the page that explains it"
            )
        parts.append(f"**{term}** ({link(page)})\n: {meaning}")
    return "\n\n".join(parts)


def terms(course: list[Page]) -> list[tuple[str, Page, str]]:
    """Return each term of the glossary, with its page and its meaning."""
    files = {page.number: page for page in course}
    return [
        (term, files[number], meaning)
        for number, meanings in WORDS["glossary"].items()
        for term, meaning in meanings.items()
    ]


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
