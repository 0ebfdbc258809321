"""The house: rooms stand in one order, and a file imports from lower rooms and in no circle."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import smlearn

PACKAGE = Path(smlearn.__file__).parent

# Ground first; a name is a folder, or a file that stands beside the folders.
ROOMS = [
    "_refusals",
    "_misfits _snapshot _html",
    "_inputs",
    "penguins words formulas",
    "mistakes training",
    "figures",
    "second_opinions",
    "checking",
    "live",
    "exercises",
    "marking",
    "course",
    "__main__",
]


def sources() -> dict[str, str]:
    """Return the source of each module, by its name below the package: "exercises.tasks"."""
    files = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text("utf-8")
        for path in files
    }


def imported(module: str, source: str) -> set[str]:
    """Return what a module imports of the package, by name below it; "" is the package itself."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            home = ["smlearn", *module.split(".")][: -node.level] if node.level else []
            base = ".".join([*home, *([node.module] if node.module else [])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return {name.removeprefix("smlearn").lstrip(".") for name in names if name[:7] == "smlearn"}


def complaints(sources: dict[str, str], rooms=ROOMS) -> list[str]:
    """Return a sentence for each import that climbs, and one for the first circle."""
    floor = {name: at for at, names in enumerate(rooms) for name in names.split()}
    graph, found = {}, []
    for module, source in sorted(sources.items()):
        room = module.partition(".")[0]
        if room not in floor:
            found.append(f"{module} has no room")
            continue
        wanted = {_module(name, sources) for name in imported(module, source)} - {module, ""}
        graph[module] = {name for name in wanted if name in sources}
        found += [
            f"{module} imports {name}, which is not below it"
            for name in sorted(wanted)
            if name.partition(".")[0] != room and floor[name.partition(".")[0]] >= floor[room]
        ]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found.append(f"a circle: {' -> '.join(error.args[1])}")
    return found


def _module(name: str, sources: dict[str, str]) -> str:
    """Return the module that an imported name is, or stands in."""
    while name and name not in sources and f"{name}.__init__" not in sources:
        name = name.rpartition(".")[0]
    return f"{name}.__init__" if f"{name}.__init__" in sources else name


def test_rooms_stand_in_one_order_and_no_import_goes_in_a_circle():
    """Each file can be read knowing only files that are below it."""
    assert complaints(sources()) == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("from ..exercises.task import c", "live.a imports exercises.task, which is not below it"),
        ("import smlearn.exercises.task", "live.a imports exercises.task, which is not below it"),
        ("def f():\n    from .b import c", "a circle: live."),
        ("from . import b", "a circle: live."),
    ],
)
def test_an_import_that_climbs_or_turns_is_found(source, complaint):
    """The checker checked: also inside a function, also by the package's full name."""
    files = {"live.a": source, "live.b": "from .a import f", "exercises.task": ""}
    (found,) = complaints(files)
    assert found.startswith(complaint)


def test_an_import_that_goes_down_is_none_of_its_business():
    """To the files below, to a folder inside of its own, and to other people's packages."""
    files = {"exercises.a": "from .._inputs import Array\nfrom .sandbox.b import c\nimport os"}
    assert complaints(files | {"exercises.sandbox.b": "", "_inputs": ""}) == []


def test_a_file_that_stands_in_no_room_is_found():
    """A new room must be given its place."""
    assert complaints({"novelty": "", "attic.a": ""}) == [
        "attic.a has no room",
        "novelty has no room",
    ]


def missing(source: str) -> list[str]:
    """Return the names of files that a text speaks of, as in "see scene.py", and that are none."""
    named = re.findall(r"(?<![\w*])[a-z_][\w/]*\.py\b", source)
    return [name for name in named if not any(PACKAGE.parent.glob(f"[ts]*/**/{Path(name).name}"))]


def test_what_a_text_sends_its_reader_to_is_there():
    """A file that got another name would leave its readers behind."""
    found = {module: names for module, source in sources().items() if (names := missing(source))}
    assert found == {}


def test_a_file_that_is_not_there_is_missed():
    """The checker checked."""
    assert missing("see scene.py and checking/laws.py, nb*.py, then scenery.py") == ["scenery.py"]
