"""JupyterLab on the first page: `smlearn open` and `make lab` end here."""

import os
import sys
from pathlib import Path

from .._refusals import refusal
from .copies import START, clone
from .doctor import SERVER, another_port, packages, port_trouble, prefer_this_python

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
    lacking, todo = packages(SERVER)
    if lacking:
        raise refusal(ImportError, f"JupyterLab opens the pages, but {lacking}; {todo}")

    from jupyterlab.labapp import main as jupyterlab  # slow to import: all else comes first

    print("Starting JupyterLab. Ctrl-C stops it.", flush=True)
    return jupyterlab(_arguments(top, page, port, browser)) or 0


def _arguments(top: Path, page: str, port: int, browser: bool) -> list[str]:
    """Return what this machine needs, and nothing else."""
    prefer_this_python()
    return [
        # Not the notebook's path: then Jupyter would print an address without it.
        f"--LabApp.default_url=/lab/tree/{page}",
        f"--ServerApp.root_dir={top}",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.kernel_websocket_connection_class=smlearn.course.no_delay.PromptConnection",
        # What is left is the address, which is what a learner looks for.
        "--log-level=ERROR", "--LabApp.log_level=ERROR",
        # On a machine of many nobody else reads along; and a kernel does not warn of that.
        "--KernelManager.transport_encryption=auto",
        "--LabApp.extension_manager=readonly",    # asks no index what could be installed
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
                      f"as in `{another_port(PORT)}`")
    if trouble := port_trouble(int(text)):
        raise refusal(OSError, f"{trouble}: `{another_port(int(text))}`")
    return int(text)
