"""The command: it says what it can do, and does it in the folder and at the port it is given."""

import socket

import pytest
from hygiene import NOTEBOOKS

import smlearn
import smlearn.__main__ as command
from smlearn.course import copies, lab
from smlearn.course.copies import START


@pytest.fixture
def started(monkeypatch):
    """Note with which arguments JupyterLab would be started."""
    from jupyterlab import labapp

    calls = []
    monkeypatch.setattr(labapp, "main", lambda arguments: calls.append(arguments))
    monkeypatch.setenv("DISPLAY", ":0")
    return calls


@pytest.fixture
def port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_alone_it_says_what_it_can_do(capsys):
    """The first question: what is there?"""
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert all(f"    {name} " in said for name in ("open", "copy", "doctor", "check"))


def test_open_puts_the_pages_into_the_folder_and_opens_the_first(tmp_path, capsys, started, port):
    """JupyterLab sees that folder and nothing else of the machine."""
    folder = tmp_path / "a course"
    assert command.main(["open", str(folder), "--port", str(port)]) == 0
    assert (
        f"Put into {folder}: {len([*NOTEBOOKS.glob('*.ipynb')])} pages." in capsys.readouterr().out
    )
    (arguments,) = started
    assert f"--LabApp.default_url=/lab/tree/{START}" in arguments
    assert f"--ServerApp.root_dir={folder}" in arguments
    assert f"--port={port}" in arguments
    assert "--no-browser" not in arguments
    assert (folder / START).is_file()


def test_in_a_clone_jupyterlab_sees_all_of_it(tmp_path, monkeypatch, started, port):
    """Since a page may link to a file of the package."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks").symlink_to(copies.ROOT / "notebooks")
    monkeypatch.setattr(copies, "ROOT", tmp_path)
    assert command.main(["open", "--port", str(port), "--no-browser"]) == 0
    assert f"--LabApp.default_url=/lab/tree/my/{START}" in started[0]
    assert f"--ServerApp.root_dir={tmp_path}" in started[0]
    assert "--no-browser" in started[0]


def test_outside_of_a_clone_the_folder_is_made_where_one_stands(tmp_path, monkeypatch):
    """It has the course's name, and nobody has to think of one."""
    monkeypatch.setattr(copies, "ROOT", tmp_path)
    assert str(copies.default_folder()) == "softmax-backwards"


def test_a_clone_that_belongs_to_somebody_else_is_left_alone(monkeypatch):
    """An administrator has installed it for all: each has a folder of their own."""
    assert copies.default_folder() == copies.ROOT / "my"
    monkeypatch.setattr(copies.os, "access", lambda path, mode: False)
    assert str(copies.default_folder()) == "softmax-backwards"


def test_it_says_which_version_it_is(capsys):
    """The first question to whoever asks for help."""
    with pytest.raises(SystemExit, match="0"):
        command.main(["--version"])
    assert capsys.readouterr().out == f"smlearn {smlearn.__version__}\n"


def test_copy_opens_nothing(tmp_path, capsys, started):
    """Binder, a hub and other editors bring their own server."""
    assert command.main(["copy", str(tmp_path / "pages")]) == 0
    assert started == []
    assert (tmp_path / "pages" / START).is_file()


def test_without_a_screen_the_address_is_printed_only(
    monkeypatch, capsys, started, port, tmp_path
):
    """A browser that cannot show itself would hide the address behind its own complaints."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(lab.sys, "platform", "linux")
    assert command.main(["open", str(tmp_path), "--port", str(port)]) == 0
    assert "--no-browser" in started[0]
    assert "No display here" in capsys.readouterr().out


def test_what_jupyterlab_ends_with_is_passed_on(tmp_path, monkeypatch, started, port):
    """A start that failed is not called a success."""
    from jupyterlab import labapp

    monkeypatch.setattr(labapp, "main", lambda arguments: 1)
    assert command.main(["open", str(tmp_path), "--port", str(port)]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["open", "{file}"], "a folder that can be written is wanted"),
        (["copy", "{file}"], "a folder that can be written is wanted"),
        (["open", "--port", "http"], "PORT=http is not a port"),
        (
            ["open", "{file}.ipynb", "--no-browser"],
            "for your copies is wanted, but got a page",
        ),
        (["copy", "{own}"], "copies is wanted, but the course's own pages stand in"),
        (["copy", "{own}/../notebooks"], "copies is wanted, but the course's own pages stand in"),
    ],
)
def test_a_refusal_is_a_sentence_and_a_code(tmp_path, capsys, words, said):
    """No traceback, and 2, as for a command that cannot be read."""
    (tmp_path / "file").touch()
    own = copies.ROOT / "notebooks"
    before = sorted(own.iterdir())
    assert command.main([word.format(file=tmp_path / "file", own=own) for word in words]) == 2
    assert said in capsys.readouterr().err
    assert sorted(own.iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_taken_port_comes_before_the_folder(tmp_path, capsys, monkeypatch):
    """What cannot be opened is not begun; and the advice is in the words that were used."""
    monkeypatch.delenv("MAKELEVEL", raising=False)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        for again in ("smlearn open --port", "make lab PORT="):
            assert command.main(["open", str(tmp_path / "new"), "--port", str(taken)]) == 2
            said = capsys.readouterr().err
            assert f"Port {taken} is taken" in said
            assert again in said
            monkeypatch.setenv("MAKELEVEL", "1")
    assert not (tmp_path / "new").exists()
