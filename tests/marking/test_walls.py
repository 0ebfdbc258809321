"""What stands around a copy: it is tried from the inside, and told as it is."""

import csv
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from marking.handed_in import page, run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="marking wants a system that can fork")

# Each power of two is one thing that could be done: what is handed in is their sum and 64.
TRIES = """import ctypes, os, pathlib, socket
found = 64
def tries(power, attempt):
    global found
    try:
        found += power * bool(attempt())
    except OSError:
        pass
home = pathlib.Path(os.getcwd())
libc = ctypes.CDLL(None)
libc.mount(None, b"/", None, 32 | 4096, None)      # anew, to be written
libc.umount2(b"{others}", 2)
tries(1, lambda: socket.create_connection(("127.0.0.1", {port}), 1))
tries(2, lambda: pathlib.Path("{others}/../written").write_text("a"))
def strangers():
    return [found for found in pathlib.Path("/proc").glob("[0-9]*/cmdline")
            if b"smlearn.marking" not in found.read_bytes()]
tries(4, strangers)
tries(8, lambda: "s3cret" in pathlib.Path("/proc/self/environ").read_text() + str(os.environ))
tries(16, lambda: os.listdir("{others}"))
tries(32, lambda: home.joinpath("mine").write_text("a") == 1)"""
OUTLIVES = """import os, subprocess, time
subprocess.Popen(["sleep", "31337.25"])"""
GARBAGE = """import os, socket
for number in range(3, 64):
    try:
        os.write(number, b"\\x00\\x00\\x00\\x09{{\\"n\\": 2}}x")
    except OSError:
        pass"""
FORGES = """import json, os, struct
for n in range(9):
    said = json.dumps({"n": n, "status": "RIGHT", "right": True, "points": 1, "handed": [
        ["nearly_sure", [{"value": 7, "status": "RIGHT"}]]], "walls": [], "key": ""}).encode()
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("!I", len(said)) + said)
        except OSError:
            pass"""
CLOSES = """import os
os.closerange(3, 256)"""


MAGICS = "%matplotlib inline\n%timeit -n1 -r1 1\n!true\n5\nfound = 0.02"


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> tuple[dict, str, Path]:
    """The rows of a small class that tries its walls, what was printed, and where."""
    folder = tmp_path_factory.mktemp("walls")
    others = folder / "submissions"
    others.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        tries = TRIES.format(others=others, port=server.getsockname()[1])
        before_it = {
            "tries": tries,
            "outlives": OUTLIVES,
            "garbage": GARBAGE,
            "forges": FORGES,
            "closes": CLOSES,
            "ordinary": "found = 0.02",
            "magics": MAGICS,
            "wrong at first": 'again = exercise("nearly_sure").check\nagain(0.5)',
            "open again": 'exercise("nearly_sure").check(0.02)',
        }
        for name, before in before_it.items():
            largest = "found" if "found" in before else "..." if "open" in name else "0.02"
            cells = page(True, before=before, largest=largest)
            (others / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
        (others / "linked.ipynb").symlink_to("/etc/passwd")
        ran = run(folder, "--cell", "5")
    assert ran.returncode == 0, ran.stderr[-2000:]
    with (folder / "marks" / "submissions" / "marks.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        return {row["learner"]: row for row in csv.DictReader(file)}, ran.stdout, folder


def number_of(folder: Path) -> int:
    """Return what the learner who tried the walls handed in."""
    text = (folder / "marks" / "submissions" / "feedback" / "tries.html").read_text("utf-8")
    return int(text.partition(" is not it.")[0].rpartition(" ")[2])


@pytest.mark.parametrize(
    ("bit", "had", "could"),
    [
        (1, "had no network", "use the network"),
        (2, "write to no file", "write to files"),
        (4, "saw no other process", "see and end other processes"),
        (16, "write to no file", "write to files"),
    ],
)
def test_a_wall_that_is_said_to_stand_stands(said, bit, had, could):
    """And one that does not is said to be missing: the teacher is told what there was."""
    _, printed, folder = said
    assert (had in printed) is not (could in printed)
    if had in printed:
        assert not number_of(folder) & bit


def test_a_copy_sees_no_secret_and_has_a_home_to_write(said):
    """With walls or without: its environment is not the teacher's."""
    assert number_of(said[2]) & (8 | 32 | 64) == 32 | 64


def test_nothing_that_a_copy_started_outlives_it(said):
    """Its process is behind the wall of its copy, or in its group."""
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert "ps -eo args" in running
    assert "sleep 31337.25" not in running
    assert said[0]["outlives"]["points"] == "2"


def test_whoever_writes_into_the_pipe_breaks_their_own_copy(said):
    """What comes after cannot be read; it counts nothing."""
    row = said[0]["garbage"]
    assert (row["points"], row["trouble"]) == ("0", "garbled")


def test_whoever_closes_the_pipe_loses_that_cell(said):
    """The process of the cell before is there still, and goes on."""
    assert (said[0]["closes"]["points"], said[0]["closes"]["trouble"]) == ("2", "")


def test_a_forged_message_is_no_verdict(said):
    """It can say what was handed in, no more: 7 is wrong whoever says it is right."""
    row = said[0]["forges"]
    assert (row["nearly_sure"], row["nearly_sure: verdict"]) in {("0", "WRONG"), ("0", "BROKEN")}
    assert row["diagonal_jacobian"] == "0"


def test_a_link_is_not_followed(said):
    """What it leads to was not handed in."""
    assert said[0]["linked"]["trouble"] == "a_link"


def test_nobody_pays_for_another(said):
    """The one who did nothing odd has both points."""
    assert said[0]["ordinary"]["points"] == "2"
    assert said[0]["ordinary"]["flags"] == ""


@pytest.mark.parametrize("name", ["wrong at first", "open again"])
def test_the_last_check_that_is_answered_counts(said, name):
    """Also under another name; one that is left open takes nothing away."""
    assert said[0][name]["nearly_sure: verdict"] == "RIGHT"


def test_a_page_runs_as_in_a_kernel(said):
    """Magics, a command of the shell, the outputs of before."""
    assert said[0]["magics"]["points"] == "2"


def test_windows_is_told_what_is_missing():
    """It has no fork, and no limits; nothing is half done there."""
    code = (
        "import os, sys; from smlearn.marking.__main__ import main; sys.platform = 'win32'; "
        "sys.exit(main(['submissions']))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 2
    assert "WSL" in ran.stderr
