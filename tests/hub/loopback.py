"""A hub that really runs, on this machine alone, and a class that uses it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from handout import student_pages

ROOT = Path(__file__).resolve().parents[2]
CLASS = [f"learner{k}" for k in range(20)]
PATIENCE = 60  # seconds, until a hub answers


class Hub(NamedTuple):
    """What a test needs to know of a hub."""

    url: str
    folder: Path
    course: Path  # the repository that learners pull
    log: Path

    @property
    def link(self) -> str:
        """The link that the README gives, with this hub and this repository in it."""
        words = (ROOT / "README.md").read_text("utf-8")
        link = next(line for line in words.splitlines() if "/hub/user-redirect/git-pull?" in line)
        here = f"file%3A%2F%2F{str(self.course).replace('/', '%2F')}"
        return (
            link.replace("https://HUB", self.url)
            .replace("https%3A%2F%2Fgithub.com%2FOWNER%2FPAGES", here)
            .replace("PAGES", self.course.name)
        )


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    """The hub of hub/, without root and systemd."""
    folder = tmp_path_factory.mktemp("hub")
    course, log = folder / "course", folder / "log.txt"
    (course / "notebooks").mkdir(parents=True)
    for name, text in student_pages().items():
        (course / "notebooks" / name).write_text(text, "utf-8")
    git(course, "init", "--quiet", "--initial-branch=main")
    commit(course, "the course")
    url = f"http://127.0.0.1:{free_port()}"
    here = {
        "HUB_CONFIG": str(ROOT / "hub" / "jupyterhub_config.py"),
        "HUB_FOLDER": str(folder),
        "HUB_URL": url,
        "HUB_PORT": str(free_port()),
        "PROXY_PORT": str(free_port()),
        "HUB_CLASS": " ".join(CLASS),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    config = Path(__file__).with_name("loopback_config.py")
    with log.open("w") as words:
        command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | here, stdout=words, stderr=words
        )
        try:
            wait_for(url, process, log)
            yield Hub(url, folder, course, log)
        finally:
            process.terminate()
            process.wait(30)


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    """Wait until the hub answers, or say what it said."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            if requests.get(f"{url}/hub/login", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.3)
    pytest.fail(f"The hub did not start:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as nobody in particular."""
    who = ["-c", "user.name=A teacher", "-c", "user.email=teacher@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def commit(folder: Path, message: str) -> None:
    """Commit all that is there."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message={message}")
