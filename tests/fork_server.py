"""Fork the kernels of the tests from a process that has Jupyter, NumPy and Matplotlib loaded.

Half of what a page takes here would be these imports, the same ones forty times. So a process that
runs tests starts this file as a server, at its first kernel, and asks it for forks. A fork is a
process of its own: nothing that another kernel did is in it, and nothing of the course, which it
imports itself. What differs from start to start is made anew: arguments, environment, folder,
streams, session, random numbers; but for the seed of hashes, which differs from server to server.
test_fork_server.py looks at one beside a kernel that was started by itself.

A kernel that is started in another way, or with other settings of Python, NumPy or Matplotlib, is
started by itself; so is each one on another system than Linux: Windows has no fork, and on a Mac
libraries of the system do not survive one.
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

__all__ = ["Forked", "Server", "install"]

LOADED = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger",
          "matplotlib.pyplot")  # fmt: skip
KERNEL = "ipykernel_launcher"
KNOWN = {"env", "cwd", "stdout", "stderr"}  # of how a kernel is started
READ_AT_START = ("PYTHON", "MPL", "OPENBLAS", "OMP", "NPY", "LC_", "LANG", "TZ", "HOME", "XDG")


# In the server.


def serve(connection: socket.socket) -> None:
    """Load what all kernels load, then fork one for each request, until nobody asks any more."""
    del sys.path[0]  # the folder of this file
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # which ipykernel reads when it is loaded
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as it does
    before = dict(os.environ)
    for name in LOADED:
        importlib.import_module(name)
    left = {name: value for name, value in os.environ.items() if name not in before}
    signal.signal(signal.SIGCHLD, _reap)
    while request := _read(connection):
        how, streams = request
        if os.fork() == 0:
            how["env"] = left | how["env"]
            _become(how, streams, connection)
            return
        for stream in streams:
            os.close(stream)


def _reap(*_) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _read(connection: socket.socket) -> tuple[dict, list[int]] | None:
    """Return the next request, a line of JSON, and the streams that came with it."""
    text, streams, *_ = socket.recv_fds(connection, 2**16, 3)
    while text and not text.endswith(b"\n"):
        text += connection.recv(2**16)
    return (json.loads(text), streams) if text else None


def _become(how: dict, streams: list[int], connection: socket.socket) -> None:
    """Be the kernel that is asked for, until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(how["cwd"])
    os.environ.clear()
    os.environ.update(how["env"], JPY_PARENT_PID=str(os.getppid()))
    sys.argv[1:], sys.path[:0] = how["arguments"], [os.getcwd()]
    with connection:
        connection.sendall(f"{os.getpid()}\n".encode())
    runpy.run_module(KERNEL, run_name="__main__", alter_sys=True)


# In the process that runs tests.


class Forked:
    """A kernel that was forked, with what jupyter_client asks of a Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while it runs, and then 0: how it ended only its parent knows."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    wait = poll  # asked when it has ended

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it is there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Server:
    """Starts kernels; `alone` is jupyter_client's own way to, for those that it cannot fork."""

    def __init__(self, alone: Callable):
        self.alone, self.process = alone, None

    def launch(self, cmd: list[str], **how):
        """Start a kernel, as jupyter_client's launch_kernel does, and return what it returns."""
        env = dict(how.get("env") or os.environ)
        if cmd[:3] != [sys.executable, "-m", KERNEL] or set(how) - KNOWN or not self._serves(env):
            return self.alone(cmd, **how)
        ask = {"arguments": cmd[3:], "env": env, "cwd": str(how.get("cwd") or os.getcwd())}
        with open(os.devnull) as nothing:
            streams = [nothing, how.get("stdout") or 1, how.get("stderr") or 2]
            numbers = [each if isinstance(each, int) else each.fileno() for each in streams]
            socket.send_fds(self.connection, [f"{json.dumps(ask)}\n".encode()], numbers)
            return Forked(int(self.answers.readline()))

    def _serves(self, env: dict) -> bool:
        """Say whether it can fork a kernel with this environment; start it first, if need be."""
        settings = {name: env[name] for name in env if name.startswith(READ_AT_START)}
        if self.process is None:
            self.settings = settings
            self.connection, other = socket.socketpair()
            self.answers = self.connection.makefile()
            with other:
                command = [sys.executable, __file__, str(other.fileno())]
                self.process = subprocess.Popen(command, env=env, pass_fds=[other.fileno()],
                                                start_new_session=True)  # fmt: skip
        return settings == self.settings

    def end(self) -> None:
        """Hang up, and wait until it is gone."""
        if self.process is not None:
            self.connection.shutdown(socket.SHUT_RDWR)  # for whoever was forked from here, too
            self.answers.close()
            self.connection.close()
            self.process.wait()
            self.process = None


def install() -> Callable[[], None]:
    """Let all kernels that this process starts be forks, where it can; return what ends that."""
    from jupyter_client.provisioning import local_provisioner

    alone = local_provisioner.launch_kernel
    if sys.platform != "linux":
        return lambda: None
    server = Server(alone)
    local_provisioner.launch_kernel = server.launch

    def end():
        local_provisioner.launch_kernel = alone
        server.end()

    return end


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
