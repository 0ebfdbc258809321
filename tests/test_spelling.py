"""The words of the course are spelt right, says codespell; some that it mistakes are listed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def misspelt(folder: Path, *names: str) -> list[str]:
    """Return what codespell says of files and folders, with the settings of pyproject.toml."""
    settings = ["--toml", str(ROOT / "pyproject.toml"), "--quiet-level", "3"]
    command = [sys.executable, "-m", "codespell_lib", *settings, *names]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return run.stdout.replace("\\", "/").splitlines()


def test_every_text_is_spelt_right():
    """Code, pages, texts and forms: a slip of the pen costs a learner's trust in the numbers."""
    texts = [
        path.name for path in ROOT.iterdir() if path.suffix in (".md", ".cff", ".toml", ".bib")
    ]
    folders = "smlearn tests tools benchmarks hub notebooks docs binder .github .devcontainer"
    assert misspelt(ROOT, *texts, *folders.split(), "Makefile", ".zenodo.json") == []


def test_a_misspelt_word_is_named_with_its_line(tmp_path):
    """The check above can fail, in each kind of file."""
    names = ["code.py", "page.ipynb", "page.md"]
    for name in names:
        (tmp_path / name).write_text('"all is well"\n"what we ' + "rec" + 'ieve"\n')
    word = "rec" + "ieve"
    assert sorted(misspelt(tmp_path, ".")) == [f"./{name}:2: {word} ==> receive" for name in names]


def test_words_of_the_subject_and_pictures_are_left_alone(tmp_path):
    """`dout` is the seeds' name of an upstream; a picture is letters without sense."""
    (tmp_path / "page.md").write_text("dout\n" + "A" * 90 + "/t" + "eh/" + "B" * 90 + "\n")
    assert misspelt(tmp_path, ".") == []
