"""Install the course into .venv beside this file, and open it; the next time it only opens.

With a folder wheels/ here nothing is asked of the network. Another Python than the one that is
needed reads this file as well, so it is written for all of them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
DONE = VENV / "installed.whl"  # a copy of what was installed, written last
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def check_python():
    """Leave with a word of advice where this Python will not do."""
    if sys.version_info < (3, 11):  # noqa: UP036 (it is read by older ones)
        sys.exit(
            "The course needs Python 3.11 or newer, but this is {}.{}. Install a newer one from "
            "https://www.python.org/downloads/".format(*sys.version_info)
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            "This Python cannot make virtual environments: a part of it called venv is missing. "
            "Install it (Debian, Ubuntu: apt install python3-venv) and start again."
        )


def check_wheels():
    """Go on with a Python that the wheels are for, if this is another; or say what is needed."""
    here = "{}.{}".format(*sys.version_info)
    systems = Path("wheels.txt").read_text("utf-8").partition("\n\n")[0].split()
    wanted = sorted({system.rpartition("-")[2] for system in systems})
    if here in wanted:
        return
    for version in wanted:
        if shutil.which("python" + version):
            sys.exit(subprocess.call(["python" + version, "start.py", *sys.argv[1:]]))
    sys.exit(
        f"The wheels here are for Python {' and '.join(wanted)}, but this is {here}. Install one "
        "of those, or ask who gave you this folder for yours."
    )


def named_wheel():
    """Return the wheel that is to be installed; an older one may lie beside it."""
    lines = Path("requirements.txt").read_text("utf-8").split()
    return HERE / next(line for line in lines if ".whl" in line).partition("[")[0]


def find_uv():
    """Return the command of a uv that runs, fetched if need be, or nothing: pip does it as well.

    Whoever gave pip another index, or none, means pip: uv would not know of it.
    """
    pip = [str(PYTHON), "-m", "pip"]
    told = subprocess.run([*pip, "config", "list"], capture_output=True, text=True).stdout
    if ".index-url=" in told or ".no-index=" in told:
        return []
    if shutil.which("uv"):
        return ["uv"]
    fetch = "--quiet --retries 1 --timeout 15 --only-binary :all: -c constraints.txt uv"
    done = subprocess.run([*pip, "install", *fetch.split()], capture_output=True)
    return [] if done.returncode else [str(PYTHON), "-m", "uv"]


def install(wheel):
    """Make a fresh .venv and install the wheel, and what it needs, into it."""
    packed = Path("wheels").is_dir()
    here = "from wheels/, without the network" if packed else "with uv, or else with pip"
    print(f"Installing the course into {VENV}, {here}: a minute or more, once.", flush=True)
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    uv = [] if packed else find_uv()
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    pip += ["--no-index", "--find-links", "wheels"] if packed else []
    ways = [[*uv, "pip", "install", "--python", str(PYTHON)]] if uv else []
    for way in [*ways, pip]:
        if subprocess.call([*way, "--quiet", "-r", "requirements.txt"]) == 0:
            shutil.copy(wheel, DONE)
            return
    sys.exit(
        "The installation stopped; the reason stands above. If the network is away, start "
        "again when it is back."
    )


def main():
    """Install what is not installed, then hand over to `smlearn open`."""
    check_python()
    os.chdir(str(HERE))
    wheel = named_wheel()
    # A Python that went away takes its virtual environments with it.
    if not PYTHON.exists() or not DONE.is_file() or DONE.read_bytes() != wheel.read_bytes():
        if Path("wheels.txt").is_file():
            check_wheels()
        install(wheel)
    if "--only-install" in sys.argv:
        return
    command = [str(PYTHON), "-m", "smlearn", "open", "notebooks", *sys.argv[1:]]
    if os.name == "posix":  # then Ctrl-C is JupyterLab's alone
        os.execv(command[0], command)
    sys.exit(subprocess.call(command))


if __name__ == "__main__":
    main()
