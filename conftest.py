"""Give every test and every notebook's kernel the same quiet surroundings."""

import os
import tempfile

# The workers share the cores already: a second thread of the BLAS in NumPy would wait, at full
# speed, for a core. NumPy reads this when it is loaded, and kernels inherit it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import matplotlib

pytest_plugins = ["pages"]

# Kernels inherit these. A live view then stores itself as its plain figure, as in the
# notebooks in the repository, and nobody's own IPython start-up files take part.
os.environ["SMLEARN_STATIC"] = "1"
_ipython = tempfile.TemporaryDirectory()
os.environ["IPYTHONDIR"] = _ipython.name

matplotlib.use("Agg")  # tests open no window; kernels keep their own backend


def pytest_unconfigure():
    """Leave nothing behind."""
    _ipython.cleanup()
