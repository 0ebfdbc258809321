"""The picture of a report: gates in the order of the laws, closed at the one that stopped it."""

import dataclasses
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking.check import gradcheck
from smlearn.checking.laws import LAWS, SOFTMAX_LAWS
from smlearn.checking.report import Check, GradcheckReport
from smlearn.checking.report_picture import BARS, SIGNS, STOPS
from smlearn.checking.report_words import BLIND
from smlearn.mistakes import MISTAKES
from smlearn.mistakes.finding import Finding

X = np.random.default_rng(7).standard_normal((4, 3))
NAMES = [*LAWS, *SOFTMAX_LAWS, "the numbers"]

# What JupyterLab 4.6 keeps of a page that is not trusted, as far as it is used here.
ELEMENTS = "figure figcaption ol ul li dl dt dd div p strong".split()
PROPERTIES = """
background background-size border border-left border-radius box-sizing color display flex-wrap
float font-family font-size font-style font-weight gap grid-column grid-template-columns height
line-height list-style margin max-width min-width overflow-wrap padding page-break-inside
text-align width
""".split()


def rooted(x):
    return np.sqrt(x**2 + 1)


def rooted_vjp(x, dp):
    return dp * x / rooted(x)


def one_row_twice(x, dp):
    return rooted_vjp(x, dp) * np.array([[1.0], [2.0], [1.0], [1.0]])


def nothing(x, dp):
    """Forget the return."""


def raising(x, dp):
    raise ValueError("too long\nto be read twice")


def turned(f):
    return lambda *arrays: f(*(a.T for a in arrays)).T


REPORTS = {
    "right": lambda: gradcheck(softmax, softmax_vjp, X),
    "not looked up": lambda: gradcheck(softmax, softmax_vjp, X, diagnose=False),
    "upstream of ones": lambda: gradcheck(softmax, softmax_vjp, X, dp=np.ones((4, 3))),
    "no return": lambda: gradcheck(softmax, nothing, X),
    "an error": lambda: gradcheck(softmax, raising, X),
    "a law": lambda: gradcheck(softmax, MISTAKES["seed_sum_backward"].vjp, X),
    "a name": lambda: gradcheck(softmax, MISTAKES["factor_two"].vjp, X),
    "a place": lambda: gradcheck(rooted, one_row_twice, X),
    "a kink": lambda: gradcheck(np.abs, lambda x, dp: np.sign(x) * dp, X * 0 + 1e-6),
    "no softmax": lambda: gradcheck(rooted, rooted_vjp, X),
    "elsewhere": lambda: gradcheck(softmax, MISTAKES["batch_maximum"].vjp, X),
    "columns": lambda: gradcheck(turned(softmax), turned(softmax_vjp), X),
    "one row": lambda: gradcheck(softmax, softmax_vjp, X[:1]),
    "a straight f": lambda: gradcheck(lambda x: 3 * x, lambda x, dp: 3 * dp, X),
}


@pytest.fixture(scope="module")
def reports():
    """Make each of them once."""
    return {name: make() for name, make in REPORTS.items()}


class Seen:
    """What stands in a picture, part by part, as a screen reader comes by it."""

    def __init__(self, report):
        self.page = ElementTree.fromstring(report._repr_html_())
        self.parts = [part.tag for part in self.page]
        assert not any(part.tail for part in self.page)  # no words between them
        self.head = said(self.page[0])
        self.gates = list(self.page[1])
        self.said = [said(gate) for gate in self.gates]
        lists = [part for part in self.page[2:] if part.tag == "ul"]
        self.chips = [said(chip) for part in lists for chip in part if chip.get("style")]
        self.remarks = [said(line) for part in lists for line in part if not chip_like(line)]
        self.paragraphs = [said(part) for part in self.page[2:] if part.tag == "p"]
        self.strip = {said(pair[0]): said(pair[1]) for pair in self.page.iterfind(".//dl/div")}

    def bars(self) -> list[str]:
        """Return of each gate the state that its bar is drawn for."""
        return [next(state for state, style in BARS.items() if gate[0].get("style").startswith(
            style)) for gate in self.gates]  # fmt: skip


def chip_like(line) -> bool:
    return bool(line.get("style"))


def said(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_a_pass_has_gone_through_every_gate(reports):
    """Verdict first, then the gates in the order of the laws, then what could not be seen."""
    seen = Seen(reports["right"])
    assert seen.head == "gradcheck: PASS (43 evaluations of f)"
    assert seen.said == [f"✓ PASS {name}" for name in [*NAMES, "known mistakes"]]
    assert set(seen.bars()) == {"PASS"}
    assert seen.chips == list(reports["right"].blind_to) != []
    assert seen.parts == ["figcaption", "ol", "dl", "p", "ul", "ul"]
    assert seen.remarks == [
        f"Resolution: an error above {reports['right'].resolution:.1e} was sure to be seen",
        "Taylor: the remainder falls like e^2.00",
    ]


def test_known_mistakes_have_a_gate_only_where_they_were_tried(reports):
    """Not where nobody asked for a diagnosis, and not where it named what failed before."""
    assert Seen(reports["not looked up"]).said[-1] == "✓ PASS the numbers"
    assert Seen(reports["a name"]).said[-1].startswith("✗ FAIL: the numbers")
    assert Seen(reports["elsewhere"]).said[-1] == (
        "✗ FAIL: known mistakes right here, but it behaves like batch_maximum elsewhere"
    )


def test_a_check_that_ends_at_once_measured_nothing(reports):
    """The first gate is closed, with what was found; those behind it are hollow; no numbers."""
    seen = Seen(reports["no return"])
    assert seen.head == "gradcheck: FAIL at 'shape and dtype' (7 evaluations of f)"
    assert seen.said[0] == "✗ FAIL: shape and dtype vjp returned None; is there a return?"
    assert seen.said[1:] == [f"○ not reached {name}" for name in NAMES[1:]]
    assert seen.bars() == ["FAIL", *["not reached"] * (len(NAMES) - 1)]
    assert not seen.strip
    assert not seen.remarks
    assert not any("Diagnosis" in text for text in seen.paragraphs)  # said at the gate


def test_an_error_is_quoted_once(reports):
    """At its gate; below it stands what to do about it. The text has both."""
    report = reports["an error"]
    seen = Seen(report)
    assert seen.said[0].endswith("vjp raised ValueError: too long to be read twice")
    assert seen.paragraphs[0].startswith("Diagnosis: Call it on an x and dp like that, and read")
    assert said(seen.page).count("too long to be read twice") == 1
    assert " ".join(str(report).split()).count("too long to be read twice") == 2


def test_an_error_that_is_explained_keeps_its_explanation(reports):
    """Where the diagnosis says something else, as of swapped arguments; at a later gate, too."""
    report = reports["an error"]
    what = Finding("arguments_swapped", "You took x for dp.", todo="Which comes first?")
    swapped = dataclasses.replace(report, diagnosis=what)
    assert Seen(swapped).paragraphs[0] == "Diagnosis: You took x for dp. Which comes first?"
    later = dataclasses.replace(report, checks=(Check("finite", "PASS", ""), *report.checks))
    assert Seen(later).paragraphs[0] == Seen(report).paragraphs[0]


def test_gates_before_the_closed_one_are_passed_and_those_behind_are_not_reached(reports):
    """As at the sum of rows: five behind it, four ahead."""
    seen = Seen(reports["a law"])
    at = NAMES.index("rows of dx add up to 0")
    assert seen.bars() == [*["PASS"] * at, "FAIL", *["not reached"] * (len(NAMES) - at - 1)]
    assert re.fullmatch(r"✗ FAIL: rows of dx add up to 0 the entries of .*, not 0", seen.said[at])
    assert seen.paragraphs[0] == f"Diagnosis: {reports['a law'].diagnosis}"


@pytest.mark.parametrize("name", ["a name", "a place", "a kink"])
def test_the_worst_entry_stands_at_the_gate_that_it_closed(reports, name):
    """Analytic, numeric, their ratio, the tolerance, and how many of them they are apart."""
    report, seen = reports[name], Seen(reports[name])
    found = ["div"] if report.checks[-1].detail else []
    assert [part.tag for part in seen.gates[-1]] == ["div", "strong", *found, "dl"]
    assert "dl" not in seen.parts
    assert seen.strip == {
        "worst entry": str(report.worst_index),
        "analytic": f"{report.analytic_at:.6g}",
        "numeric": f"{report.numeric_at:.6g}",
        "ratio": f"{report.ratio:.4g}",
        "tolerance": f"{report.measured.tol[report.worst_index]:.{report.is_softmax:d}e}",
        "tolerances off": f"{float(f'{report.max_error_over_tol:.0e}'):g}",
    }


@pytest.mark.parametrize("name", ["right", "not looked up", "no softmax", "elsewhere", "columns"])
def test_the_worst_entry_of_numbers_that_passed_stands_below_the_gates(reports, name):
    """Once, also where the numbers are the last gate, and where a later one is closed."""
    seen = Seen(reports[name])
    assert seen.parts.count("dl") == 1
    assert len(seen.page.findall(".//dl")) == 1


def test_a_mistake_is_named_and_a_place_is_told(reports):
    """One sentence of what it is, and a question."""
    (named,) = (p for p in Seen(reports["a name"]).paragraphs if p.startswith("Diagnosis"))
    assert named.startswith("Diagnosis: The result is twice too large. Is something counted")
    (place,) = Seen(reports["a place"]).paragraphs
    assert place.startswith("Diagnosis: Your dx is wrong in all of row 1, and right elsewhere.")


def test_what_cannot_be_decided_says_why(reports):
    """Its bar is hatched the other way round, and it is no FAIL."""
    seen = Seen(reports["a kink"])
    assert seen.head.startswith("gradcheck: INCONCLUSIVE at 'the numbers'")
    assert seen.said[-1].startswith("? INCONCLUSIVE: the numbers f has a kink near entry (")
    assert seen.bars()[-1] == "INCONCLUSIVE"
    assert "FAIL" not in said(seen.page)


def test_laws_that_say_nothing_of_f_keep_their_place(reports):
    """Between those that were asked; why is told once, below."""
    seen = Seen(reports["no softmax"])
    assert seen.bars() == [*["PASS"] * len(LAWS), *["not asked"] * len(SOFTMAX_LAWS), "PASS"]
    assert seen.said[len(LAWS)] == "– not asked rows of dx add up to 0"
    assert seen.remarks[0] == "Not asked, since f is no softmax"
    seen = Seen(reports["one row"])
    assert seen.said[NAMES.index("rows are strangers")] == "– not asked rows are strangers"
    assert seen.remarks[0] == "Not asked, since there is one row"
    assert seen.remarks[-1] == "There is one row: use at least two, of different logits."


def test_what_this_x_and_dp_could_not_show_are_chips(reports):
    """Each with the name by which it is looked up; the advice is below them."""
    seen = Seen(reports["upstream of ones"])
    assert "This x and dp alone could not have exposed:" in seen.paragraphs
    assert len(seen.chips) == len(reports["upstream of ones"].blind_to) > 10
    assert set(seen.chips) <= set(MISTAKES)
    assert seen.remarks[-1] == reports["upstream of ones"].advice[0]
    assert not Seen(reports["no softmax"]).chips


def test_a_straight_f_has_no_rate(reports):
    """What would be fitted is rounding."""
    straight = "Taylor: nothing is left to fit a rate to, f is nearly straight here"
    assert Seen(reports["a straight f"]).remarks[-1] == straight


def test_of_a_softmax_down_the_columns_no_row_is_told(reports):
    """Along another axis the gates have other names."""
    seen = Seen(reports["columns"])
    assert "✓ PASS columns of dx add up to 0" in seen.said
    assert "✓ PASS columns are strangers" in seen.said
    assert "row" not in said(seen.page)
    assert seen.remarks[0] == "f is the softmax of each column, along axis 0"


def test_words_stay_words():
    """An error, a note or a name may hold markup; the picture has no element more by it."""
    nasty = "</li></ol></figure><script>alert(1)</script><b onclick='x'>&amp;\"<img src=x>"
    tame, hostile = (
        GradcheckReport(
            "FAIL",
            (Check("finite", "PASS", ""), Check(words, "FAIL", words)),
            (words,), (words,), words, SimpleNamespace(is_softmax=False), None, None, 7,
            (words,), ("rows are strangers",),
        )
        for words in ("tame", nasty)
    )  # fmt: skip
    shape = [(e.tag, e.attrib) for e in Seen(tame).page.iter()]
    assert [(e.tag, e.attrib) for e in Seen(hostile).page.iter()] == shape
    seen = Seen(hostile)
    assert seen.said[-1] == f"✗ FAIL: {nasty} {nasty}"
    assert seen.paragraphs[0] == f"Diagnosis: {nasty}"
    assert seen.chips == [nasty]
    assert seen.remarks[1:] == [nasty, nasty]  # a note, and advice


@pytest.mark.parametrize("name", REPORTS)
def test_a_picture_is_the_same_in_every_run(reports, name):
    """A run of the notebooks compares it to the letter."""
    assert REPORTS[name]()._repr_html_() == reports[name]._repr_html_()


@pytest.mark.parametrize("name", REPORTS)
def test_a_picture_is_made_of_what_an_untrusted_notebook_keeps(reports, name):
    """No style sheet, drawing, role or label: elements and their styles alone."""
    for element in Seen(reports[name]).page.iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= {"style"}
        styles = [style.partition(":")[0] for style in element.get("style", "").split("; ")]
        assert {style for style in styles if style} <= set(PROPERTIES), element.attrib


@pytest.mark.parametrize("name", REPORTS)
def test_the_picture_says_what_the_text_says(reports, name):
    """But for the strip, the gates and the chips, which are compared above."""
    elsewhere = ("worst entry", "largest entry", "not asked", BLIND)
    words = said(Seen(reports[name]).page).casefold()
    for check in reports[name].checks:
        assert " ".join(check.detail.split()).casefold() in words
    for remark in str(reports[name]).splitlines()[len(reports[name].checks) + 1 :]:
        if not remark.strip().startswith(elsewhere) and name != "an error":
            assert remark.strip().casefold() in words


def test_states_differ_without_colour():
    """By sign and word, and the bars by how high their line is and how it is drawn."""
    assert BARS.keys() == SIGNS.keys()
    assert len(set(SIGNS.values())) == len(SIGNS)
    drawn = {s: re.search(r"height: \w+; border: \w+ \w+", style)[0] for s, style in BARS.items()}
    assert len(set(drawn.values())) == len(BARS) - 1  # both that stop it are broken
    leaning = {re.search(r"linear-gradient\(\w+", BARS[state])[0] for state in STOPS}
    assert len(leaning) == len(STOPS)


def test_a_law_that_nobody_knows_has_its_gate_at_the_end(reports):
    """As the known mistakes have: behind the numbers."""
    more = (*reports["right"].checks, Check("a new law", "FAIL", "why"))
    seen = Seen(dataclasses.replace(reports["right"], checks=more, verdict="FAIL"))
    assert seen.said[-1] == "✗ FAIL: a new law why"
