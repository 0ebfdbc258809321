"""The pages of the site about mistakes: one for each, and their list by what exposes them."""

import ast
import inspect
import re
from collections.abc import Iterable
from functools import cache

import numpy as np

from course_map import Page
from site_words import code, everything, exercise_links, index, link, plain, table
from smlearn import gradcheck, softmax
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS
from smlearn.exercises.registry import TASKS
from smlearn.mistakes import MISTAKES, Mistake, more_spellings
from smlearn.mistakes.exchange import code_of

# What other spellings are written with.
HELPERS = (more_spellings.mean, more_spellings.along_batch, more_spellings.one_column)
NOT_A_LAW = {"the numbers", "known mistakes"}
RIGHT = "p * (dp - (p * dp).sum(axis=-1, keepdims=True))"


LOOKS_RIGHT = re.compile(  # with any names, and in any precision; or a name alone
    r"\(?(\w+) \* \((\w+) - \(\1 \* \2\)\.sum\(axis=-1, keepdims=True\)\)(?:\)\.astype.*)?|\w+"
)
LONGEST = 64  # characters of code in a title


def title(mistake: Mistake) -> str:
    """Return a mistake's name, and the line that gives it away, if that is short."""
    name, line = mistake.key.replace("_", " ").capitalize(), gives_away(mistake)
    return f"{name}: `{line}`" if len(line) <= LONGEST else name


def as_shown(mistake: Mistake) -> str:
    """Return a mistake's code, with its mean written out: no reader has the package's helper."""
    mean = r"(\1 * \2).sum(axis=-1, keepdims=True)"
    return re.sub(r"\b_mean\((\w+), (\w+)\)", mean, code_of(mistake.vjp)).rstrip()


def needed(mistake: Mistake) -> str:
    """Return what a mistake's code reads beside NumPy and softmax: a matrix, a buffer, its f."""
    read = {n.id for n in ast.walk(ast.parse(as_shown(mistake))) if isinstance(n, ast.Name)}
    parts = [
        f"{name.id} = {ast.unparse(node.value)}"
        for node in ast.parse(inspect.getsource(inspect.getmodule(mistake.vjp))).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for name in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(name, ast.Name) and name.id in read
    ]
    if mistake.f is not softmax and mistake.f.__name__ in read:
        parts.append(re.sub(r"(: | -> )Array\b", "", code_of(mistake.f).rstrip()))
    return "".join(f"{part}\n\n" for part in parts)


def gives_away(mistake: Mistake) -> str:
    """Return what the last line of a mistake returns; if that looks right, what it is made of."""
    _, *body, last = (line.split("    #")[0].strip() for line in as_shown(mistake).splitlines())
    made = [line for line in body if line != "p = softmax(x)" and not line.startswith("with ")]
    returned = last.removeprefix("return ")
    in_place = [line for line in made if " -= " in line]
    hidden = in_place or (made if LOOKS_RIGHT.fullmatch(returned) else [])
    return hidden[0] if hidden else returned


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
    key, line = mistake.key, gives_away(mistake)
    about = "softmax" if mistake.f is softmax else "softmax(x W^T)"
    by_w = "" if about == "softmax" else "\\,W"
    said = f"A wrong backward pass of softmax in NumPy: {line}. {mistake.did}"
    return f"""---
myst:
  html_meta:
    description: {said!r}
---

# {title(mistake)}

{index(f"mistakes/{key}")}

```{{index}} ! single: {line}
```

A backward pass of `{about}` that is wrong. The check calls it `{key}`.

{code(f"{needed(mistake)}{as_shown(mistake)}")}

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
            "In brackets stands softmax's own, a row; W takes it from the logits to x. "
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
    helpers = [
        f for f in HELPERS if any(re.search(rf"(?<!\.)\b{f.__name__}\(", form) for form in forms)
    ]
    block = code("\n".join([*forms, *(f"\n{code_of(f)}" for f in helpers)]))
    letters = _letters(forms)
    return f"\nIt is also written like this{letters}:\n\n{block}\n" if forms else ""


def _letters(forms: Iterable[str]) -> str:
    """Say what p and J are, where a line is written with them."""
    read = {name for form in forms for name in re.findall(r"\w+", form)}
    told = {"p": "`p = softmax(x)`", "J": "the Jacobian `J` of each row"}
    said = [told[name] for name in told if name in read]
    return f", with {' and '.join(said)}" if said else ""


def _exposed(key: str) -> str:
    first = exposed_by(key)
    if MISTAKES[key].f is not softmax:
        return (
            "It keeps every law that is asked of any function: a measured derivative exposes it, "
            "and so does the adjoint test."
        )
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
            [f"[{key}](mistakes/{key}.md)", plain(MISTAKES[key].did) + _line(MISTAKES[key])]
            for key in MISTAKES
            if first[key] == law
        ]
        parts += [f"## {law[0].upper()}{law[1:]}", table(rows)]
    pages = "\n".join(f"mistakes/{key}" for key in MISTAKES)
    parts.append(f"```{{toctree}}\n:hidden:\n\n{pages}\n```")
    return "\n\n".join(parts)


def _line(mistake: Mistake) -> str:
    line = gives_away(mistake).replace("|", "\\|")
    return f" `{line}`" if len(line) <= LONGEST else ""
