"""The course as a website, in build/site; `make site` calls this.

    python tools/site_build.py NODE_MODULES [OUT]

The notebooks as they are stored, with their outputs (nothing runs), the docstrings, and the pages
of site_lookup.py are written into a folder beside OUT, where Sphinx reads them as docs/conf.py
says. NODE_MODULES has MathJax. The site is whole: it works from a file, and asks no other host.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sphinx.cmd.build import build_main

import course_map
import site_lookup
import site_notebooks
from course_map import ROOT, Page
from smlearn.mistakes import PUBLIC_COUNT

ROOMS = "formulas mistakes training figures second_opinions checking exercises live"
FONT = "@mathjax/mathjax-newcm-font"
MATHJAX = {  # what the pages load, of each package: the rest is for other inputs and outputs
    "mathjax": ("tex-chtml.js", "a11y", "input", "output", "ui"),
    FONT: ("chtml.js", "chtml"),
}


def anchor(title: str) -> str:
    """Return a heading's anchor as JupyterLab makes it: the notebooks link to those."""
    return title.replace(" ", "-")


def repository() -> str:
    """Return owner/name on GitHub: what REPO says, else git's own remote, else nothing."""
    if "REPO" in os.environ:
        return os.environ["REPO"]
    asked = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    found = re.fullmatch(r".*github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?", told)
    return found[1] if found else ""


def modules(room: str) -> Iterator[str]:
    """Yield the modules of a room that have something to offer, by their full names."""
    for path in sorted((ROOT / "smlearn" / room).glob("*.py")):
        if not path.stem.startswith("_") and "\n__all__ = " in path.read_text("utf-8"):
            yield f"smlearn.{room}.{path.stem}" if room else f"smlearn.{path.stem}"


def api_page(room: str) -> str:
    """Return the reference of a room: what it says of itself, and each of its modules."""
    name = f"smlearn.{room}" if room else "smlearn"
    parts = [_heading(name, "="), f".. automodule:: {name}\n   :no-members:\n"]
    for module in modules(room):
        parts += [
            _heading(module.rpartition(".")[2], "-"),
            f".. automodule:: {module}\n   :members:\n",
        ]
    return "\n".join(parts)


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"


def front_page(course: list[Page], names: dict[str, list[str]], repo: str) -> str:
    """Return the first page: the map, and the order in which all pages stand."""
    trees = {
        "The course": [_entry(page) for page in course if page.core],
        "Going deeper": [_entry(page) for page in course if not page.core],
        **names,
    }
    toctrees = "\n\n".join(
        "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```"])
        for caption, pages in trees.items()
    )
    first = course[0].file
    told = {
        "TOTAL": str(sum(PUBLIC_COUNT.values())),
        "WRONG": str(PUBLIC_COUNT["wrong"]),
        "CORES": str(sum(page.core for page in course)),
        "DEPTHS": str(sum(not page.core for page in course)),
        "PICTURE": site_notebooks.first_picture(first),
        "ACTIONS": " · ".join(site_notebooks.away(first, repo)),
        "MAP": course_map.table(course, "notebooks/"),
    }
    words = (ROOT / "docs" / "front.md").read_text("utf-8")
    for name, text in told.items():
        words = re.sub(rf"\b{name}\b", lambda _, text=text: text, words)
    return f"{words}\n\n{toctrees}\n"


def _entry(page: Page) -> str:
    return f"{page.number} · {page.title} <notebooks/{page.file.removesuffix('.ipynb')}>"


def write_source(source: Path, repo: str) -> None:
    """Write everything that Sphinx reads."""
    for folder in ("notebooks", "downloads", "api", "mistakes"):
        (source / folder).mkdir(parents=True)
    course = course_map.pages()
    for page in course:
        site_notebooks.write(page, source, repo)
    rooms = ["", *ROOMS.split()]
    for room in rooms:
        (source / "api" / f"{room or 'smlearn'}.rst").write_text(api_page(room), "utf-8")
    look_up = site_lookup.pages(course)
    for name, text in look_up.items():
        (source / f"{name}.md").write_text(text, "utf-8")
    names = {
        "Look it up": [name for name in look_up if "/" not in name],
        "The package": [f"{room or 'smlearn'} <api/{room or 'smlearn'}>" for room in rooms],
    }
    (source / "index.md").write_text(front_page(course, names, repo), "utf-8")


def copy_mathjax(modules: Path, static: Path) -> None:
    """Copy what the pages load of MathJax, and its font, to where they look for it."""
    for package, parts in MATHJAX.items():
        to = static / ("mathjax" if package == "mathjax" else "mathjax/fonts/mathjax-newcm-font")
        for part in parts:
            copy = shutil.copytree if (modules / package / part).is_dir() else shutil.copy
            to.mkdir(parents=True, exist_ok=True)
            copy(modules / package / part, to / part)


def build(node_modules: Path, out: Path, repo: str) -> int:
    """Build the site from nothing; return 0 if there was no warning."""
    source = out.with_name(f"{out.name}-source")
    for old in (source, out):
        shutil.rmtree(old, ignore_errors=True)
    write_source(source, repo)
    copy_mathjax(node_modules, source / "_static")
    os.environ["SITE_STATIC"] = str(source / "_static")
    code = build_main(
        [
            "-q",
            "-W",
            "--keep-going",
            "-j",
            "2",
            "-b",
            "html",
            "-c",
            str(ROOT / "docs"),
            "-d",
            str(source / "doctrees"),
            str(source),
            str(out),
        ]
    )
    (out / ".nojekyll").touch()  # or GitHub leaves out the folders that begin with _
    return code


def main(node_modules: str = "", out: str = "build/site") -> None:
    """Build what is asked for on the command line."""
    if not (Path(node_modules) / "mathjax" / "tex-chtml.js").exists():
        sys.exit("site_build.py: say where npm has put MathJax, as in node_modules")
    code = build(Path(node_modules), ROOT / out, repository())
    print(f"The site is in {out}: open {out}/index.html")
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
