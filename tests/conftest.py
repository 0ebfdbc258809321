"""Shared by all tests: seeded randomness, and no stopwatch on the property tests."""

import signal

import numpy as np
import pytest
from hypothesis import settings

# A busy machine is not a bug; and a failure prints what reproduces it.
settings.register_profile("course", deadline=None, print_blob=True)
settings.load_profile("course")

# A shell that starts the tests in the background lets them ignore the stop button.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def rng():
    return np.random.default_rng(0)
