"""Put the pages into the wheel, cleared: a learner needs no clone. hatchling calls this."""

import runpy
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["Pages"]


class Pages(BuildHookInterface):
    """What pyproject.toml names as the wheel's own hook."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Write the pages into a folder, and name each with its place in the wheel."""
        self.folder = tempfile.TemporaryDirectory()
        if version == "editable":  # of a clone, which has them in notebooks/
            return
        root = Path(self.root)
        # By its path: `import smlearn` wants NumPy, and a wheel is built where there is none.
        clearing = runpy.run_path(str(root / "smlearn" / "course" / "clearing.py"))
        for name, page in clearing["cleared_pages"](root / "notebooks").items():
            path = Path(self.folder.name) / name
            path.write_text(clearing["written"](clearing["alone"](page)), "utf-8", newline="\n")
            build_data["force_include"][str(path)] = f"smlearn/course/notebooks/{name}"

    def finalize(self, version: str, build_data: dict, artifact_path: str) -> None:
        """Leave nothing behind."""
        self.folder.cleanup()
