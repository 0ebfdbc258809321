"""The bar counts what goes through it, changes nothing, and is silent where pages are kept."""

import pytest

from smlearn.live.progress_bar import progress


@pytest.mark.parametrize("static", ["0", "1"])
def test_the_items_come_through_in_order(static, monkeypatch, capsys):
    """Shown or not, a loop over progress(items) is a loop over items."""
    monkeypatch.setenv("SMLEARN_STATIC", static)
    assert list(progress("abc", "letters")) == ["a", "b", "c"]
    assert list(progress([])) == []


def test_it_is_silent_where_outputs_are_stored_or_compared(monkeypatch, capsys):
    """Its times differ every run, and nbval compares every character."""
    monkeypatch.setenv("SMLEARN_STATIC", "1")
    list(progress(range(3), "birds"))
    assert capsys.readouterr() == ("", "")


def test_elsewhere_it_says_how_far_it_is(monkeypatch, capsys):
    """And clears its line when it is done."""
    monkeypatch.setenv("SMLEARN_STATIC", "0")
    list(progress(range(3), "birds"))
    written, complaints = capsys.readouterr()
    assert "birds" in written
    assert "/3" in written
    assert complaints == ""  # JupyterLab paints stderr red
    assert written.rstrip("\r").rpartition("\r")[2].strip() == ""
