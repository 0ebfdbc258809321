"""Open JupyterLab on the first notebook; `make lab` calls this. `python tools/lab.py [PORT]`."""

import os
import socket
import sys

START = "/lab/tree/notebooks/00_start_here.ipynb"


def check_port(text: str) -> int:
    """Return the port that `text` names, or leave with a word of advice."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT={text} is not a port: give a number, as in `make lab PORT=8889`.")
    port = int(text)
    with socket.socket() as probe:
        if os.name == "posix":  # a port that was left a moment ago is free; Windows knows anyway
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(f"Port {port} is not yours to use. Take one above 1023: `make lab PORT=8889`")
        except OSError:
            other = port + 1 if port < 65535 else 8888
            sys.exit(
                f"Port {port} is taken, perhaps by a JupyterLab that still runs. "
                f"Stop that one, or take another port: `make lab PORT={other}`"
            )
    return port


def main() -> None:
    """Start the server with what this machine needs, and nothing else."""
    port = check_port(sys.argv[1] if len(sys.argv) > 1 else "8888")
    arguments = [
        # Not the notebook's path: then Jupyter would print an address without it.
        f"--LabApp.default_url={START}",
        "--ServerApp.root_dir=.",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.kernel_websocket_connection_class=no_delay.PromptConnection",
        "--log-level=WARN",  # leaves the address, which is what a learner looks for
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # Jupyter refuses root, as in a container
        arguments.append("--allow-root")
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not screen:
        arguments.append("--no-browser")
        print("No display here, so no browser: open the address below in yours.", flush=True)

    from jupyterlab.labapp import main as jupyterlab  # slow to import: the port comes first

    print("Starting JupyterLab. Ctrl-C stops it.", flush=True)
    sys.exit(jupyterlab(arguments))


if __name__ == "__main__":
    main()
