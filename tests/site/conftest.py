"""One site, built from nothing, and one Chromium, for all tests here."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from chromium import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(Path(__file__).parent))
NODE_MODULES = Path(os.environ.get("NODE_MODULES", ROOT / "build/npm/node_modules"))


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> dict:
    """Build the site as `make site` does: where it is, what it said, the seconds it worked."""
    out = tmp_path_factory.mktemp("site") / "site"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, ROOT / "tools" / "site_build.py", NODE_MODULES, out]
    environment = os.environ | {"REPO": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"site": out, "said": done.stderr, "code": done.returncode, "seconds": seconds}


@pytest.fixture(scope="session")
def site(built) -> Path:
    return built["site"]


@pytest.fixture(scope="session")
def address(site):
    from visiting import served

    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def chrome():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def context(chrome):
    context = chrome.new_context()
    context.set_default_timeout(60_000)
    yield context
    context.close()
