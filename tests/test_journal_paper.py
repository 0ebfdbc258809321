"""The paper for the Journal of Open Source Education says what is so, and cites what it lists."""

import re
from pathlib import Path

import pytest
import yaml

from smlearn.exercises import exercises
from smlearn.mistakes import SOFTMAX_MISTAKES
from smlearn.second_opinions import torch_gradcheck

ROOT = Path(__file__).resolve().parent.parent
PAPER = (ROOT / "paper.md").read_text("utf-8")
BIB = (ROOT / "paper.bib").read_text("utf-8")


def head(text: str) -> dict:
    """Return what stands between the dashes at the top."""
    return yaml.safe_load(re.match(r"---\n(.*?)\n---\n", text, re.S)[1])


def complaints(text: str, bib: str) -> list[str]:
    """Name what is cited and not listed, listed and not cited, or shown and not there."""
    cited = set(re.findall(r"@([a-z]+\d*\w*)", re.sub(r"(?s)^---.*?\n---\n|`[^`]*`", "", text)))
    listed = set(re.findall(r"^@\w+\{(\w+),", bib, re.M))
    figures = re.findall(r"\]\(([^)]+\.png)\)", text)
    return (
        [f"{key} is not in paper.bib" for key in sorted(cited - listed)]
        + [f"{key} is not cited" for key in sorted(listed - cited)]
        + [f"{name} is not there" for name in figures if not (ROOT / name).exists()]
    )


def test_the_head_has_what_the_journal_reads():
    """Title, people and keywords are those of the citation; each person has an affiliation."""
    paper, citation = head(PAPER), yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert paper["title"] == citation["title"]
    assert paper["tags"] == citation["keywords"]
    assert [author["name"] for author in paper["authors"]] == [
        author["name"] for author in citation["authors"]
    ]
    places = {place["index"] for place in paper["affiliations"]}
    assert {author["affiliation"] for author in paper["authors"]} <= places
    assert (ROOT / paper["bibliography"]).exists()


def test_what_is_cited_is_listed_and_what_is_listed_is_cited():
    """And each figure is one that a notebook drew."""
    assert complaints(PAPER, BIB) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[@micrograd]", "[@macrograd]", "macrograd is not in paper.bib"),
        ("[@crouch2004]", "", "crouch2004 is not cited"),
        ("penguins.png", "puffins.png", ".github/puffins.png is not there"),
    ],
)
def test_a_wrong_citation_or_figure_is_named(old, new, complaint):
    """The check above can fail."""
    assert old in PAPER
    assert complaint in complaints(PAPER.replace(old, new), BIB)


@pytest.mark.parametrize(
    "title",
    [
        "Summary",
        "Statement of need",
        "The story of the module",
        "Learning objectives and content",
        "Design",
        "What others do",
        "How to adopt it",
        "Experience of use",
    ],
)
def test_the_sections_that_reviewers_ask_for_are_there(title):
    """The journal's checklist, section by section."""
    assert f"\n# {title}\n" in PAPER


def test_its_length_is_the_journals():
    """About a thousand words: the course is the work, not the paper."""
    assert 1000 < len(re.sub(r"(?s)^---.*?\n---\n", "", PAPER).split()) < 1500


def test_its_counts_are_those_of_the_course():
    """A page or an exercise more makes it wrong; draws are those that the README tells of."""
    pages = [path.stem for path in (ROOT / "notebooks").glob("*.ipynb")]
    counts = f"{len(pages)} Jupyter notebooks with {len(exercises())} exercises"
    assert counts in " ".join(PAPER.split()), f"paper.md must say: {counts}"
    assert "Thirteen core pages" in PAPER
    assert sum(page[2] == "_" for page in pages) == 13
    answers = "".join(p.read_text("utf-8") for p in ROOT.glob("tests/exercises/blind/*.txt"))
    assert f" {len(re.findall('^#### ', answers, re.M))} answers to its exercises" in PAPER
    readme = (ROOT / "README.md").read_text("utf-8")
    for count in re.findall(r"\d+,\d{3} (?:random right|wrong)", PAPER):
        assert count in readme


def test_its_count_of_wrong_implementations_is_that_of_the_first_page():
    """Counted once, and told there with a picture."""
    said = (ROOT / "notebooks" / "00_start_here.ipynb").read_text("utf-8")
    assert "Of 228 public softmax derivatives 41 are right for a batch and 109 wrong" in said
    words = " ".join(PAPER.split())
    assert "ran 228 public NumPy" in words
    assert (
        "41 are the right vector-Jacobian product for a batch, and 109 (48 %) are wrong" in words
    )
    assert round(100 * 109 / 228) == 48


def test_what_it_says_of_pytorch_is_what_was_recorded():
    """Asked anew by `make test-frameworks`."""
    words = " ".join(PAPER.split())
    assert "passes the diagonal, and in its fast mode also zeros and a factor of two" in words
    said = torch_gradcheck(["diagonal_only", "jacobian_summed_first", "factor_two"]).answers
    assert said["diagonal_only"] == {"slow": "passes", "fast": "passes"}
    assert said["jacobian_summed_first"]["fast"] == said["factor_two"]["fast"] == "passes"


def test_what_a_learner_is_told_is_quoted_as_it_is_told():
    """A quotation of the program is a claim as well."""
    quoted = re.findall(r'"(You [^"]*)"', " ".join(PAPER.split()))
    assert quoted
    for words in quoted:
        assert any(mistake.did.startswith(words) for mistake in SOFTMAX_MISTAKES.values())
