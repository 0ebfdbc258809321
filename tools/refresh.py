"""Run notebooks and store their outputs, without noise; `make refresh` calls this.

course_map.py then writes minutes, ways and maps.

Refreshing twice gives the same bytes, and so does another patch release of Python; but for the
figures that a clock drew, show(..., measured=True).
"""

import base64
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ("02_upstream_gradient.ipynb", ".github/penguins.png")  # the README shows it
START = "00_start_here.ipynb"  # its first cell holds a picture, too
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def normalise(notebook: nbformat.NotebookNode, root: Path = ROOT) -> None:
    """Drop from `notebook` what depends on the machine and not on the course."""
    notebook.metadata = nbformat.from_dict(METADATA)  # no widget state, no Python version
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # timings
        for output in cell.get("outputs", []):
            if output.output_type == "error":  # paths, also as IPython shortens them with ~
                output.traceback = [_without(line, root) for line in output.traceback]


def _without(text: str, root: Path) -> str:
    paths = [str(root)]
    if root.is_relative_to(Path.home()):
        paths.append("~" + os.sep + str(root.relative_to(Path.home())))
    for path in paths:
        text = text.replace(path + os.sep, "")
    return text


def figures(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the stored figures of `notebook`, top to bottom, as base64 text."""
    pages = [
        output.get("data", {}).get("text/html", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]
    return re.findall(r"base64,([A-Za-z0-9+/=]+)", "".join(pages))


def refresh(path: Path) -> None:
    """Run the notebook at `path` from its own folder, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,  # how a print is cut into pieces is a matter of timing
        extra_arguments=["--log-level=ERROR"],  # no word about the transport of a local kernel
    ).execute()
    normalise(notebook)
    if path.resolve() == ROOT / "notebooks" / START:
        import first_picture  # loads what draws

        first_picture.attach(notebook)
    nbformat.write(notebook, path)
    if path.resolve() == ROOT / "notebooks" / PICTURE[0]:
        (ROOT / PICTURE[1]).write_bytes(base64.b64decode(figures(notebook)[-1]))


def main() -> None:
    """Refresh the notebooks named on the command line."""
    # A live view then stores itself as its plain figure, which every viewer can show, and no
    # progress bar tells the time.
    os.environ["SMLEARN_STATIC"] = os.environ["TQDM_DISABLE"] = "1"
    for name in sys.argv[1:]:
        if not Path(name).is_file():
            sys.exit(f"There is no notebook {name}.")
        print(f"running {name}", flush=True)
        refresh(Path(name))


if __name__ == "__main__":
    main()
