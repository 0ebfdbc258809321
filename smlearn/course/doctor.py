"""What is wrong with this machine, and the line that mends it: `smlearn doctor`.

    python smlearn/course/doctor.py    the same in a clone, where nothing is installed yet

So this file imports nothing of the course, and an old Python can read it, too. The first cell of
notebook 00 asks `ready`: what to do differs in a clone, on Binder, a hub, Colab, in VS Code.
"""

import os
import socket
import sys
import tempfile
from pathlib import Path

__all__ = ["NEEDED", "OLDEST", "SERVER", "another_port", "can_write", "look", "packages", "place",
           "port_trouble", "prefer_this_python", "ready", "tell"]

OLDEST = (3, 11)
NEEDED = {"numpy": "2.0", "matplotlib": "3.9", "ipywidgets": "8.1", "tqdm": "4.66"}
SERVER = {"jupyterlab": "4.4"}    # opens the pages; Colab and VS Code do so themselves
ROOT = Path(__file__).resolve().parent.parent.parent

# Where a notebook runs, by what only that place puts into the environment; the first that fits.
PLACES = {
    "Colab": ("COLAB_RELEASE_TAG", "COLAB_GPU"),
    "Binder": ("BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST"),
    "Codespaces": ("CODESPACES",),
    "a hub": ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_USER"),
    "VS Code": ("VSCODE_PID",),
}
MEND = {
    "Colab": "put the course's smlearn-*.whl among the Files, run %pip install smlearn-*.whl, "
             "then Runtime, Restart session",
    "Binder": "open the Binder link again; if it says the same, tell who gave it to you",
    "Codespaces": "sh tools/install.sh lab, in the terminal; then Select Kernel: .venv",
    "a hub": "tell who runs this hub: its servers lack the course (README, Launch it for a class)",
    "VS Code": "Select Kernel, at the top right: the .venv of the course",
    "a clone": "make lab" if os.name == "posix" else
               '.venv\\Scripts\\python -m pip install -c constraints.txt -e ".[lab]"',
}


def place():
    """Return where this runs: one of PLACES, "a clone" or "a folder"."""
    if "__vsc_ipynb_file__" in vars(sys.modules["__main__"]):    # VS Code tells its kernels
        return "VS Code"
    for name, signs in PLACES.items():
        if any(sign in os.environ for sign in signs):
            return name
    return "a clone" if (ROOT / "pyproject.toml").is_file() else "a folder"


def _numbers(version):
    """Return the numbers that a version begins with: (2, 0) of 2.0rc1."""
    found = []
    for part in version.split("."):
        digits = part[:len(part) - len(part.lstrip("0123456789"))]
        found += [int(digits)] if digits else []
        if digits != part:
            break
    return tuple(found)


def _python():
    """Return what is wrong with this Python, and what mends it."""
    if sys.version_info[:2] >= OLDEST:
        return "", ""
    makes = place() == "a clone" and os.name == "posix"
    return ("Python is {}.{}, too old: {}.{} or newer is needed".format(
        *sys.version_info[:2], *OLDEST), "make lab PYTHON=python3.12, or the name of yours"
        if makes else "install one from https://www.python.org/downloads/ and begin with it")


def packages(needed):
    """Return what is missing or too old, and what mends it."""
    from importlib import metadata  # Python 3.7 has none

    lacking, names = [], []
    for name, oldest in needed.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            lacking.append(name + " is missing")
        else:
            if _numbers(version) >= _numbers(oldest):
                continue
            lacking.append(f"{name} {version} is too old, {oldest} is needed")
        names.append(f'"{name}>={oldest}"')
    if not lacking:
        return "", ""
    pip = '"{}" -m pip install --upgrade {}'.format(sys.executable, " ".join(names))
    return "; ".join(lacking), MEND.get(place(), pip)


def ready():
    """Return "ready", or what the kernel that asks lacks, and what mends it where it runs."""
    for wrong, todo in (_python(), packages(NEEDED)):
        if wrong:
            return f"{wrong}.\nHere, in {place()}: {todo}."
    return "ready"


def can_write(folder):
    """Return what is wrong with a folder for the copies, and what mends it."""
    there = next(each for each in [folder, *folder.resolve().parents] if each.exists())
    try:
        tempfile.TemporaryFile(dir=str(there)).close()
    except OSError as error:
        return (f"{there} cannot be written: {error.strerror}",
                "smlearn open FOLDER, with one that is yours")
    return "", ""


def prefer_this_python():
    """Let Jupyter start the kernels of this Python before those of the user's own list."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")


def _kernel():
    """Return whether "python3" would be started with another Python, and what mends it."""
    prefer_this_python()
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception:    # no Jupyter, or no kernel: that is the package's trouble
        command = "python"
    at = Path(command)
    if not at.is_absolute() or at.parent == Path(sys.executable).parent:
        return "", ""
    return (f"the kernel python3 is that of another Python, {command}",
            f'"{sys.executable}" -m ipykernel install --sys-prefix')


def port_trouble(port):
    """Return what is wrong with a port, in a sentence; "" if it is free."""
    with socket.socket() as probe:
        if os.name == "posix":    # a port that was left a moment ago is free; Windows knows anyway
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return f"Port {port} is not yours to use: take one above 1023"
        except OSError:
            return (f"Port {port} is taken, perhaps by a JupyterLab that still runs: stop that "
                    "one, or take another")
    return ""


def another_port(port):
    """Return the command that opens the course at another port, in the words it was given in."""
    other = 8889 if port < 1024 else port + 1 if port < 65535 else 8888
    made = "MAKELEVEL" in os.environ    # make says so to what it starts
    return f"make lab PORT={other}" if made else f"smlearn open --port {other}"


def look(folder, port):
    """Return what was looked at, what is wrong with it, and what mends it: three texts each."""
    python = ("Python", *_python())
    if python[1]:    # all else is another Python's
        return [python]
    return [
        python,
        ("packages", *packages(dict(NEEDED, **SERVER))),
        ("kernel", *_kernel()),
        ("folder", *can_write(folder)),
        ("port", port_trouble(port), another_port(port)),
    ]


def tell(folder, port):
    """Print what `look` finds; return how much is wrong."""
    found = look(folder, port)
    print("Python {}.{}.{}, {}, in {}".format(*sys.version_info[:3], sys.executable, place()))
    for what, wrong, todo in found:
        print("  {:9s} {}".format(what, wrong + "\n    mend it: " + todo if wrong else "fine"))
    return sum(bool(wrong) for _, wrong, _ in found)


if __name__ == "__main__":
    sys.exit(min(tell(Path.cwd(), 8888), 1))
