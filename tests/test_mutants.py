"""The mutant runner makes the changes it says it makes, and tells noticing from missing."""

import json

import pytest

import mutants

SOURCE = '''
def mean(v):
    """Docstring - untouched."""
    total = -v.sum(axis=-1, keepdims=True) + np.exp(v)
    if not v.any() and total > 640:
        raise ValueError("bad" + "news")
    tidy(v)
    return answer(total - 1, v)


class Pair:
    """Docstring - untouched."""

    kind: int = 7

    def sum(self):
        return self.a + self.b if self.b else 0.5


def parts(v):
    yield v.head
    yield from v.rest


TABLE = {"a": 1, "b": 2}
'''


def changes(source):
    """Return {(kind, was, now)} of all mutants of a source text."""
    return {(m.kind, m.was, m.now) for m in mutants.mutants(source)}


@pytest.mark.parametrize(
    "change",
    [
        ("sign", "-v.sum(axis=-1, keepdims=True)", "v.sum(axis=-1, keepdims=True)"),
        ("sign", "total - 1", "total + 1"),
        ("term", "total - 1", "total"),
        ("sum", "v.sum(axis=-1, keepdims=True)", "v"),
        ("axis", "v.sum(axis=-1, keepdims=True)", "v.sum(keepdims=True)"),
        ("keepdims", "v.sum(axis=-1, keepdims=True)", "v.sum(axis=-1)"),
        ("exp", "np.exp(v)", "v"),
        ("guard", "answer(total - 1, v)", "total - 1"),
        ("number", "1", "0"),
        ("number", "640", "640000"),
        ("number", "640", "0"),
        ("number", "0.5", "0.0005"),
        ("condition", "total > 640", "True"),
        ("condition", "total > 640", "False"),
        ("condition", "not v.any()", "v.any()"),
        ("term", "not v.any() and total > 640", "not v.any()"),
        ("condition", "self.a + self.b if self.b else 0.5", "0.5"),
        ("term", "self.a + self.b", "self.b"),
        ("line", 'raise ValueError("bad" + "news")', "pass"),
        ("line", "tidy(v)", "pass"),
        ("line", "return answer(total - 1, v)", "return None"),
        ("line", "yield v.head", "pass"),
        ("line", "yield from v.rest", "pass"),
        ("entry", '{"a": 1, "b": 2}', "{'b': 2}"),
    ],
)
def test_each_kind_of_thing_is_taken_out(change):
    """A sign, a sum, an axis, a keepdims, a function, a guard, a number, a condition, a line."""
    assert change in changes(SOURCE)


def test_messages_and_annotations_stay():
    """What an error says, and what a field is annotated with, no mutant changes."""
    changed = {was for _, was, _ in changes(SOURCE)}
    assert not changed & {'"bad" + "news"', "7", "int"}


def test_a_mutant_differs_from_the_original_in_one_place_and_still_compiles():
    """Docstrings stay; everything but the named text is as it was."""
    found = list(mutants.mutants(SOURCE))
    assert len(found) > 12
    for mutant in found:
        compile(mutant.source, "mutant", "exec")
        assert mutant.source != SOURCE
        assert "Docstring - untouched." in mutant.source


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder in which pytest starts at once: without the plugins that notebooks need."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p xdist.plugin\n")  # it knows -n0
    return tmp_path


def test_what_is_noticed_and_what_is_missed_are_told_apart(course):
    """A course of one function whose unit test looks at its sign, and whose pages do not."""
    (course / "smlearn").mkdir()
    (course / "tests").mkdir()
    (course / "notebooks").mkdir()
    module = course / "smlearn" / "twice.py"
    module.write_text("def twice(x):\n    '''Double.'''\n    return 0 + 2 * x\n")
    for folder, claim in [("tests", "> 0"), ("notebooks", "is not None")]:
        test = f"from smlearn.twice import twice\ndef test_it():\n    assert twice(3) {claim}\n"
        (course / folder / f"test_{folder}.py").write_text(test)
    (course / "smlearn" / "__init__.py").write_text("")
    verdicts = {}
    for mutant in list(mutants.mutants(module.read_text())):
        if mutant.now in ("0 - 2 * x", "x"):
            mutants.write(module, mutant.source)
            notice = [mutants.noticed_by(course, where) for where in ("tests", "notebooks")]
            verdicts[mutant.now] = notice
    assert verdicts == {"0 - 2 * x": ["tests/test_tests.py::test_it", ""], "x": ["", ""]}


def test_what_survives_in_a_room_meets_its_slow_tests(course, monkeypatch):
    """They alone see that a sum is one; what survives elsewhere does not meet them."""
    (course / "smlearn" / "inner").mkdir(parents=True)
    (course / "tests").mkdir()
    (course / "smlearn" / "__init__.py").write_text("")
    found, met = course / "touched.json", []
    for module in ("inner/double", "outer"):
        (course / "smlearn" / f"{module}.py").write_text("def double(x):\n    return x + x\n")
        met.append(f"{module}:2")
    found.write_text(json.dumps([[], {"tests/test_quick.py::test_it": [0.1, met]}]))
    for name, x in [("quick", 0), ("slow", 2)]:
        head = "from smlearn.inner.double import double\ndef test_it():\n"
        test = f"{head}    assert double({x}) == {2 * x}\n"
        (course / "tests" / f"test_{name}.py").write_text(test)
    monkeypatch.setattr(mutants, "SLOW", {"inner/": "slow"})
    mutant = next(m for m in mutants.mutants("def double(x):\n    return x + x\n") if m.now == "x")
    noticed = [
        mutants.judge(course, module, mutant, found) for module in ("inner/double", "outer")
    ]
    assert noticed == ["tests/test_slow.py::test_it", ""]


def test_every_explanation_is_about_a_mutant_that_exists():
    """An excuse for something that is no longer there would hide something else."""
    real = set()
    for module in mutants.TESTS:
        source = (mutants.ROOT / "smlearn" / f"{module}.py").read_text("utf-8")
        for m in mutants.mutants(source):
            real |= {(module, m.was, m.now), (module, m.text, m.now)}
    assert set(mutants.EXPLAINED) <= real


def test_an_explanation_of_a_line_is_about_no_other_line(monkeypatch):
    """A 0 that does not matter here matters there."""
    source = "def f(x):\n    y = x + 0\n    return y * 0\n"
    monkeypatch.setattr(mutants, "EXPLAINED", {("m", "y = x + 0", "1"): "because"})
    numbers = [m for m in mutants.mutants(source) if m.kind == "number"]
    assert [mutants.explained("m", m) for m in numbers] == ["because", None]
    assert mutants.explained("another", numbers[0]) is None


def test_a_mutant_that_never_ends_is_noticed(course):
    """It would keep the run, and whoever waits for it."""
    endless = "import time\ndef test_it():\n    while True:\n        time.sleep(1)\n"
    (course / "test_slow.py").write_text(endless)
    assert mutants.noticed_by(course, "test_slow.py", patience=2) == "the clock, after 2 s"


def test_a_mutant_that_ends_everything_is_noticed(course):
    """Nobody has said that the tests passed."""
    (course / "test_gone.py").write_text("import os\ndef test_it():\n    os._exit(0)\n")
    assert mutants.noticed_by(course, "test_gone.py") == "the end of everything"
