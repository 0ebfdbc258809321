"""JupyterLab on the first page: `smlearn open` and `make lab` end here."""

import os
import socket
import sys
from pathlib import Path

from .._refusals import refusal
from .copies import START, clone

__all__ = ["PORT", "free_port", "open_lab"]

PORT = 8888


def open_lab(folder: Path, port: int, browser: bool = True) -> int:
    """Start JupyterLab on the first page in a folder; come back when it has stopped.

    Parameters
    ----------
    folder : Path
        Where the pages are. Inside a clone JupyterLab sees all of it: pages link to its files.
    port : int
        A free one; JupyterLab does not look for another.
    browser : bool
        Whether a browser is opened, where there is a screen.

    Returns
    -------
    code : int
        What JupyterLab ends with; 0 if all was well.
    """
    folder, root = folder.resolve(), clone()
    top = root if root and folder.is_relative_to(root) else folder
    if browser and _is_blind():
        browser = False
        print("No display here, so no browser: open the address below in yours.", flush=True)
    page = (folder / START).relative_to(top).as_posix()

    from jupyterlab.labapp import main as jupyterlab  # slow to import: all else comes first

    print("Starting JupyterLab. Ctrl-C stops it.", flush=True)
    return jupyterlab(_arguments(top, page, port, browser)) or 0


def _arguments(top: Path, page: str, port: int, browser: bool) -> list[str]:
    """Return what this machine needs, and nothing else."""
    # A kernel of this Python, even where somebody's own list of kernels comes first.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    return [
        # Not the notebook's path: then Jupyter would print an address without it.
        f"--LabApp.default_url=/lab/tree/{page}",
        f"--ServerApp.root_dir={top}",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.kernel_websocket_connection_class=smlearn.course.no_delay.PromptConnection",
        "--log-level=WARN",    # leaves the address, which is what a learner looks for
        *([] if browser else ["--no-browser"]),
        # Jupyter refuses root, as in a container.
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def _is_blind() -> bool:
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and not screen


def free_port(text: str) -> int:
    """Return the port that a text names, if it is free; else say what to do."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise refusal(ValueError, f"PORT={text} is not a port: give a number, "
                      f"as in `{_again(8889)}`.")
    port = int(text)
    with socket.socket() as probe:
        if os.name == "posix":    # a port that was left a moment ago is free; Windows knows anyway
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise refusal(PermissionError, f"Port {port} is not yours to use. "
                          f"Take one above 1023: `{_again(8889)}`") from None
        except OSError:
            raise refusal(OSError, f"Port {port} is taken, perhaps by a JupyterLab that still "
                          "runs. Stop that one, or take another port: "
                          f"`{_again(port + 1 if port < 65535 else PORT)}`") from None
    return port


def _again(port: int) -> str:
    """Return the command to repeat, in the words it was given in."""
    made = "MAKELEVEL" in os.environ    # make says so to what it starts
    return f"make lab PORT={port}" if made else f"smlearn open --port {port}"
