"""A kernel that is forked is as one started by itself, and shares nothing with another."""

import ast
import inspect
import os
import socket
import subprocess
import sys
import time

import fork_server
import pytest
from jupyter_client.launcher import launch_kernel
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import local_provisioner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels start by themselves")


def seen(page):
    """Return what a page could see of how its kernel was started; this runs in the kernel."""
    import gc
    import locale
    import os
    import signal
    import sys
    import threading
    import warnings

    course = [
        name for name in sys.modules if name.startswith(("smlearn", "pytest", "numpy.random"))
    ]

    import matplotlib.pyplot as plt
    import numpy as np

    hooks = page["get_ipython"]().events.callbacks["post_execute"]
    return {
        "arguments": (sys.argv[0], len(sys.argv), sys.executable, tuple(sys.flags), sys.path),
        "environment": {name: os.environ[name] for name in {*os.environ} - {"JPY_PARENT_PID"}},
        "parent": os.environ["JPY_PARENT_PID"] == str(os.getppid()),
        "its own group and session": (os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()),
        "folder and mask": (os.getcwd(), os.umask(os.umask(0))),
        "page": (sorted(page), vars(sys.modules["__main__"]) is page),
        "signals": {n: repr(signal.getsignal(n)).partition(" at ")[0]
                    for n in map(int, signal.valid_signals())},
        "garbage": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "limits": (sys.getrecursionlimit(), sys.getswitchinterval(), sys.gettrace()),
        "threads": sorted(type(thread).__name__ for thread in threading.enumerate()),
        "streams": [repr(type(each)) for each in (sys.stdin, sys.stdout, sys.__stderr__)],
        "filters": sorted(map(str, warnings.filters)),
        "locale": locale.setlocale(locale.LC_ALL),
        "course": course,
        "figures": (plt.get_backend(), plt.get_fignums(), plt.isinteractive()),
        "how figures look": {name: str(value) for name, value in plt.rcParams.items()},
        "numbers": (np.geterr(), str(np.get_printoptions())),
        "hooks": sorted(f.__qualname__ for f in hooks),
    }  # fmt: skip


DICE = """
import random, secrets, tempfile, uuid
import numpy as np
print([random.random(), np.random.rand(), np.random.default_rng().random(), secrets.randbits(64),
       str(uuid.uuid4()), next(tempfile._get_candidate_names()), get_ipython().kernel.ident])
"""


def told(code, **how):
    """Return what code prints in a new kernel, as a value; and how the kernel was started."""
    manager, client = start_new_kernel(**how)
    printed = []

    def hear(message):
        printed.append(message["content"].get("text", message["content"].get("evalue", "")))

    try:
        client.execute_interactive(code, output_hook=hear, timeout=60)
        return ast.literal_eval("".join(printed)), type(manager.provisioner.process)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def server():
    """Return a server of this test's own, by which kernels are started meanwhile."""
    before = local_provisioner.launch_kernel
    local_provisioner.launch_kernel = launch_kernel
    end = fork_server.install()
    yield local_provisioner.launch_kernel.__self__
    end()
    local_provisioner.launch_kernel = before


def test_a_forked_kernel_sees_what_one_that_was_started_by_itself_sees(server, tmp_path):
    """Arguments, environment, folder, signals, threads, settings."""
    code = f"{inspect.getsource(seen)}\nprint(seen(globals()))"
    how = {"cwd": str(tmp_path), "env": {**os.environ, "SMLEARN_SURPRISE": "1"}}
    there, kind = told(code, **how)
    assert kind is fork_server.Forked
    local_provisioner.launch_kernel = server.alone
    alone, kind = told(code, **how)
    assert kind is subprocess.Popen
    assert [name for name in alone if there[name] != alone[name]] == []
    assert alone["environment"]["SMLEARN_SURPRISE"] == "1"
    assert alone["course"] == []


def test_two_forks_of_one_server_throw_other_dice(server):
    """Python's, NumPy's, the system's, and those of names and sessions."""
    (one, _), (other, _) = told(DICE), told(DICE)
    assert not [a for a, b in zip(one, other, strict=True) if a == b]


def test_what_one_kernel_does_to_its_process_no_other_sees(server):
    """It patches NumPy, and the next one has NumPy's own."""
    told("import numpy; numpy.exp = sum; import os; os.environ['MINE'] = '1'; print(1)")
    code = "import numpy, os; print([numpy.exp is sum, 'MINE' in os.environ])"
    assert told(code)[0] == [False, False]


def test_a_kernel_that_ends_is_seen(server):
    """Killed, or by its own hand."""
    manager, client = start_new_kernel()
    assert manager.is_alive()
    client.execute("import os; os._exit(3)")
    until = time.monotonic() + 30
    while manager.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    assert not manager.is_alive()
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_other_settings_or_another_way_start_a_kernel_by_itself(server):
    """What Python, NumPy and Matplotlib read when they are loaded, the server has read already."""
    asked = []
    server.alone = lambda cmd, **how: asked.append((cmd, how))
    cmd, env = [sys.executable, "-m", fork_server.KERNEL, "-f", "a"], dict(os.environ)
    kernel = server.launch([*cmd, "--version"], env=env)
    assert isinstance(kernel, fork_server.Forked)
    others = [{"env": {**env, "PYTHONHASHSEED": "7"}}, {"env": {**env, "MPLBACKEND": "Agg"}},
              {"env": {**env, "OPENBLAS_NUM_THREADS": "9"}}, {"env": env, "umask": 0}]  # fmt: skip
    for how in others:
        assert server.launch(cmd, **how) is None
    server.launch([sys.executable, "-I", *cmd[1:]], env=env)
    assert [how for _, how in asked] == [*others, {"env": env}]
    until = time.monotonic() + 30
    while kernel.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert kernel.poll() == 0


def test_nothing_is_left_when_it_ends(server):
    """The server is gone, though a child of this process still holds the line."""
    told("print(1)")
    process = server.process
    with socket.socket(fileno=os.dup(server.connection.fileno())):
        server.end()
    assert process.returncode == 0


def test_the_tests_have_their_kernels_forked():
    """As conftest.py has set it up."""
    assert isinstance(local_provisioner.launch_kernel.__self__, fork_server.Server)
