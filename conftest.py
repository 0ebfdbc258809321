"""Give every test and every notebook's kernel the same quiet surroundings."""

import gc
import os
import sys
import tempfile

# The workers share the cores already: a second thread of the BLAS in NumPy would wait, at full
# speed, for a core. NumPy reads this when it is loaded, and kernels inherit it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import fork_server
import matplotlib
import pytest

pytest_plugins = ["pages"]

# Kernels inherit these. A live view then stores itself as its plain figure, as in the
# notebooks in the repository, no progress bar tells the time, and nobody's own IPython start-up
# files take part.
os.environ["SMLEARN_STATIC"] = os.environ["TQDM_DISABLE"] = "1"
_ipython = tempfile.TemporaryDirectory()
os.environ["IPYTHONDIR"] = _ipython.name

# Some machines keep no bytecode. Then each kernel compiles all of Jupyter anew, which takes longer
# than most notebooks, and each worker all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

matplotlib.use("Agg")  # tests open no window; kernels keep their own backend


def pytest_configure(config):
    """Give kernels one thread each: they wait for each other where two share two cores.

    Nine tenths of what notebook 11 took was such waiting. NumPy is loaded in this process by now,
    so the tests keep their threads; and pytest-xdist's controller, whose workers have yet to load
    it, leaves it to them. Whoever sets a number keeps it.
    """
    controls = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not controls:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        config.add_cleanup(fork_server.install())


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for garbage after the collection, and never in it: what it makes stays to the end.

    And seldom: little of what tests make is garbage, and each search takes its time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure():
    """Leave nothing behind."""
    _ipython.cleanup()
