"""How long each notebook of the series takes, and how much memory its kernel holds at the end.

python benchmarks/series.py
"""

import os
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

# Linux says what is held now; elsewhere the most that was ever held has to do.
HELD = """
try:
    with open("/proc/self/status") as file:
        print(next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmRSS")))
except OSError:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def run(path: Path) -> tuple[float, int]:
    """Run a notebook in a fresh kernel; return seconds, start included, and megabytes."""
    book = nbformat.read(path, as_version=4)
    book.cells.append(new_code_cell(HELD))
    started = time.perf_counter()
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    return time.perf_counter() - started, int(book.cells[-1].outputs[0].text)


def series(folder: Path) -> str:
    """Write a line for each notebook, and the sum."""
    os.environ["SMLEARN_STATIC"] = "1"
    lines, total = ["each notebook in a fresh kernel: time, and memory at the end"], 0.0
    for path in sorted(folder.glob("*.ipynb")):
        taken, megabytes = run(path)
        total += taken
        lines.append(f"  {path.stem:36s}{taken:6.1f} s{megabytes:6d} MB")
    return "\n".join([*lines, f"  {'the series':36s}{total:6.1f} s"])


if __name__ == "__main__":
    print(series(Path(__file__).resolve().parent.parent / "notebooks"))
