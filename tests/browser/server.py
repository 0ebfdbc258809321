"""A real JupyterLab on loopback with a real Chromium before it, both started and stopped here.

Everything the server writes goes into a temporary folder, where the notebooks are copies; nothing
of the user's own Jupyter takes part. The browser can reach the server and nobody else.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    # Every cell is in the page, also those that are out of sight: the tests look at them all.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
HOMES = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


@contextmanager
def jupyterlab(home: Path) -> Iterator[str]:
    """Serve home/notebooks, and yield the address of JupyterLab."""
    settings = home / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS), "utf-8")
    environment = os.environ | {name: str(home / folder) for name, folder in HOMES.items()}
    environment.pop("SMLEARN_STATIC", None)  # a learner's kernel has no such variable
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tools")])
    port, log = _free_port(), home / "server.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            _command(port, home / "notebooks"), env=environment, stdout=file, stderr=file
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api?token=t", process, log)
        yield f"http://127.0.0.1:{port}/lab"
    finally:
        process.terminate()  # the kernels go with it
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _command(port: int, folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=t", f"--ServerApp.root_dir={folder}"),
        *("--expose-app-in-browser", "--LabApp.extension_manager=readonly"),
        # as smlearn open
        "--ServerApp.kernel_websocket_connection_class=smlearn.course.no_delay.PromptConnection",
    ]


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start:\n" + log.read_text("utf-8"))
