"""How long each notebook of the series takes, and how much memory its kernel holds at the end.

python benchmarks/series.py [notebooks/01_one_row_jacobian.ipynb ...]

The seconds by the clock grow with whatever else the machine does; those of the processor, which
the kernel counts from its start, hardly do, and so compare two versions on a busy machine too.
"""

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

# Linux says what is held now; elsewhere the most that was ever held has to do.
USED = """
import time
try:
    with open("/proc/self/status") as file:
        held = next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmRSS"))
except OSError:
    import resource
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"{time.process_time()} {held}")
"""


def run(path: Path) -> tuple[float, float, int]:
    """Run a notebook in a fresh kernel; return seconds by clock and processor, and megabytes."""
    book = nbformat.read(path, as_version=4)
    book.cells.append(new_code_cell(USED))
    started = time.perf_counter()
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    taken = time.perf_counter() - started
    busy, megabytes = book.cells[-1].outputs[0].text.split()
    return taken, float(busy), int(megabytes)


def series(pages: list[Path]) -> str:
    """Write a line for each notebook, and the sums."""
    os.environ["SMLEARN_STATIC"] = "1"
    lines = ["each notebook in a fresh kernel: time, processor time, and memory at the end"]
    total, total_busy = 0.0, 0.0
    for path in pages:
        taken, busy, megabytes = run(path)
        total, total_busy = total + taken, total_busy + busy
        lines.append(f"  {path.stem:36s}{taken:6.1f} s{busy:6.1f} s{megabytes:6d} MB")
    return "\n".join([*lines, f"  {'the series':36s}{total:6.1f} s{total_busy:6.1f} s"])


def notebooks() -> list[Path]:
    """Return the series, in order."""
    return sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


if __name__ == "__main__":
    print(series([Path(name).resolve() for name in sys.argv[1:]] or notebooks()))
