"""What hub/ says holds together: each setting has its reason, and no two files disagree.

That a hub starts with them is the business of tests/hub, which `make test-hub` runs.
"""

import os
import re
import shlex
from pathlib import Path

import pytest
import yaml
from repo2docker.__main__ import make_r2d

ROOT = Path(__file__).resolve().parent.parent
CONFIG = (ROOT / "hub" / "jupyterhub_config.py").read_text("utf-8")
CLUSTER = (ROOT / "hub" / "values.yaml").read_text("utf-8")
WORDS = (ROOT / "hub" / "README.md").read_text("utf-8")


def without_reason(text: str, setting: str) -> list[str]:
    """Return the settings above which no comment stands, in their paragraph."""
    bare, reason = [], False
    for line in text.splitlines():
        if not line.strip():
            reason = False
        elif line.lstrip().startswith("#"):
            reason = True
        elif re.match(setting, line) and not reason and " # " not in line:
            bare.append(line.strip())
    return bare


def bare_leaves(text: str) -> list[str]:
    """Return the values in YAML with no comment at them, nor at what they are part of."""
    bare, reasons = [], []
    above = False
    for line in filter(str.strip, text.splitlines()):
        if line.lstrip().startswith("#"):
            above = True
            continue
        deep = len(line) - len(line.lstrip())
        reasons = [each for each in reasons if each < deep]
        if above:
            reasons.append(deep)
        elif not reasons and not line.rstrip().endswith(":"):
            bare.append(line.strip())
        above = False
    return bare


def test_each_setting_has_its_reason():
    """Who runs a hub has to decide whether it holds for them."""
    assert without_reason(CONFIG, r"c\.") == []
    assert bare_leaves(CLUSTER) == []


def test_a_setting_without_a_reason_is_noticed():
    """In both kinds of file."""
    assert without_reason(CONFIG + "\nc.Spawner.debug = True\n", r"c\.") == [
        "c.Spawner.debug = True"
    ]
    assert bare_leaves(CLUSTER + "\ndebug:\n  enabled: true\n") == ["enabled: true"]


def test_both_hubs_give_a_learner_the_same():
    """Memory, a core, the page, one thread, and an hour."""
    learner, values = yaml.safe_load(CLUSTER)["singleuser"], yaml.safe_load(CLUSTER)
    assert f'mem_limit = "{learner["memory"]["limit"]}"' in CONFIG
    assert f"cpu_limit = {learner['cpu']['limit']:.1f}" in CONFIG
    assert f'default_url = "{learner["defaultUrl"]}"' in CONFIG
    assert f"--timeout={values['cull']['timeout']}" in CONFIG
    assert all(f'"{key}": "{value}"' in CONFIG for key, value in learner["extraEnv"].items())


def command(start: str) -> list[str]:
    """Return the words of a command in hub/README.md."""
    found = re.search(rf"(?m)^{start}(?:.*\\\n)*.*$", WORDS)[0]
    return shlex.split(found.replace("\\\n", " "))


@pytest.mark.skipif(os.name == "nt", reason="repo2docker is for POSIX only")
def test_the_image_is_built_from_binder_and_pulls_the_course(monkeypatch):
    """The words of hub/README.md, given to repo2docker itself, without Docker."""
    _, *arguments = command("jupyter-repo2docker")
    monkeypatch.chdir(ROOT)
    app = make_r2d([each for each in arguments if each != "--push"])
    assert app.output_image_spec == "registry.example.org/softmax-backwards:2026-11-30"
    assert app.user_id == 1000
    assert "nbgitpuller" in app.appendix
    image = yaml.safe_load(CLUSTER)["singleuser"]["image"]
    assert app.output_image_spec == f"{image['name']}:{image['tag']}"


def test_versions_are_said_once():
    """The proxy that the test starts is the one that the words name, and so is nbgitpuller."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    proxy = re.findall(r"configurable-http-proxy@[\d.]+", WORDS + makefile)
    assert len(proxy) == 2
    assert len(set(proxy)) == 1
    locked = (ROOT / "constraints.txt").read_text("utf-8")
    assert re.search(r"nbgitpuller==[\d.]+", WORDS)[0] in locked.splitlines()
