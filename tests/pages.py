"""A pytest plugin: after the cells of a notebook, which nbval compares, the pictures they drew.

nbval takes the bytes of pictures out before it compares. It has drawn them, though, so nobody has
to run the notebook a second time to look at them.
"""

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbFile


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put a Page where nbval puts its own collector."""
    return [
        Page.from_parent(parent, path=file_path) if isinstance(found, IPyNbFile) else found
        for found in (yield)
    ]


class Page(IPyNbFile):
    """A notebook: a test for each of its cells, by nbval, and one for its pictures."""

    def collect(self):
        self.cells = list(super().collect())
        yield from self.cells
        yield Pictures.from_parent(self, name="Pictures")


class Pictures(pytest.Item):
    """The run draws the figures that are stored."""

    def runtest(self):
        # Here, because the process that hands the tests out to workers needs none of it.
        import matplotlib
        from pixels import differences, drawn_by, is_drawing, pictures

        stored = self.parent.nb
        found = [picture for _, those in pictures(stored) for picture in those]
        versions = {drawn_by(picture) for picture in found if not is_drawing(picture)}
        if versions - {matplotlib.__version__}:
            pytest.skip("another Matplotlib sets text otherwise; `make test` has the pinned one")
        complaints = differences(stored, another_run(stored, self.parent.cells))
        if complaints:
            look = f"{self.path.name}: look, then `make refresh`"
            pytest.fail("\n".join([look, *complaints]), pytrace=False)

    def reportinfo(self):
        return self.path, None, f"{self.parent.name}: pictures"


def another_run(notebook: NotebookNode, cells: list) -> NotebookNode:
    """Return the code cells with what nbval saw them put out; those it did not run are run now.

    All of them then, top to bottom: somebody has asked for this test alone.
    """
    if any(cell.test_outputs is None for cell in cells):
        for cell in cells:
            cell.runtest()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [cell.test_outputs for cell in cells]
    pairs = zip(code, outputs, strict=True)
    return NotebookNode(cells=[NotebookNode(cell, outputs=out) for cell, out in pairs])
