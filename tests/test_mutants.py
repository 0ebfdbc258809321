"""The mutant runner makes the changes it says it makes, and tells noticing from missing."""

import pytest

import mutants

SOURCE = '''
def mean(v):
    """Docstring - untouched."""
    total = -v.sum(axis=-1, keepdims=True) + np.exp(v)
    return answer(total - 1, v)
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
    ],
)
def test_each_kind_of_term_is_taken_out(change):
    """A sign, a sum, an axis, a keepdims, a function, a guard, a number."""
    assert change in changes(SOURCE)


def test_a_mutant_differs_from_the_original_in_one_place_and_still_compiles():
    """Docstrings stay; everything but the named text is as it was."""
    found = list(mutants.mutants(SOURCE))
    assert len(found) > 12
    for mutant in found:
        compile(mutant.source, "mutant", "exec")
        assert mutant.source != SOURCE
        assert "Docstring - untouched." in mutant.source


def test_what_is_noticed_and_what_is_missed_are_told_apart(tmp_path):
    """A course of one function whose unit test looks at its sign, and whose pages do not."""
    (tmp_path / "smlearn").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    module = tmp_path / "smlearn" / "twice.py"
    module.write_text("def twice(x):\n    '''Double.'''\n    return 0 + 2 * x\n")
    for folder, claim in [("tests", "> 0"), ("notebooks", "is not None")]:
        test = f"from smlearn.twice import twice\ndef test_it():\n    assert twice(3) {claim}\n"
        (tmp_path / folder / f"test_{folder}.py").write_text(test)
    (tmp_path / "smlearn" / "__init__.py").write_text("")
    verdicts = {}
    for mutant in list(mutants.mutants(module.read_text())):
        if mutant.now in ("0 - 2 * x", "x"):
            module.write_text(mutant.source)
            notice = [mutants.fails(tmp_path, where) for where in ("tests", "notebooks")]
            verdicts[mutant.now] = notice
    assert verdicts == {"0 - 2 * x": [True, False], "x": [False, False]}


def test_every_explanation_is_about_a_mutant_that_exists():
    """An excuse for something that is no longer there would hide something else."""
    real = set()
    for module in mutants.MODULES:
        source = (mutants.ROOT / "smlearn" / f"{module}.py").read_text("utf-8")
        real |= {(was, now) for _, was, now in changes(source)}
    assert set(mutants.EXPLAINED) <= real
