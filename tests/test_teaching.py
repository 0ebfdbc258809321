"""TEACHING.md says what is so: its plans fit, its pages run as they are cut, its numbers stand."""

import re
import subprocess
import sys

import nbformat
import pytest
from hygiene import ROOT
from nbformat.v4 import new_code_cell

import course_map
import minutes
import plans
import try_plans
from plans import (
    Part,
    Plan,
    Session,
    Step,
    Taken,
    chosen,
    exercises,
    headings,
    in_a_hurry,
    parts,
    walked,
)
from right_and_wrong import right, slip
from smlearn.exercises import TASKS
from smlearn.exercises.task import Answer
from smlearn.mistakes import MISTAKES
from teaching import FILE, PLACE, blocks, session_table, with_blocks
from try_plans import complaints, cuts, longest, names_in, run

PLANS, SAID = plans.read()
HURRIED = [in_a_hurry(number, said["hurry"]) for number, said in SAID.items()]
CORES = [page for page in course_map.pages() if page.core]


def one_step(most=90, **step):
    """Return a plan of a single step."""
    return Plan("mine", "Mine", [Session("in class", most, [Step(**step)])])


def kept(**step):
    """Return the code cells that such a step leaves of its page."""
    ((page, cells),) = cuts([one_step(**step)])
    return page, cells


# What stands there.


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_a_plan_fits_its_minutes_and_names_what_there_is(plan):
    """The sum of counted minutes is below the limit; pages, headings, exercises exist."""
    assert complaints(plan) == []
    assert all(session.steps for session in plan.sessions)
    assert f"\n## {plan.title}\n" in FILE.read_text("utf-8")


@pytest.mark.parametrize("plan", HURRIED, ids=lambda plan: plan.sessions[0].steps[0].page)
def test_what_is_dropped_first_is_needed_by_nothing_that_stays(plan):
    """A teacher drops it in the middle of a lesson, and has no time for a NameError."""
    assert complaints(plan) == []


def test_every_page_runs_as_the_plans_cut_it():
    """From its top, in a memory of its own, with the left-out cells left out; each cut once."""
    tried = subprocess.run(
        [sys.executable, ROOT / "tools" / "try_plans.py"], capture_output=True, text=True
    )
    assert (tried.returncode, tried.stderr) == (0, ""), tried.stderr


def test_the_plans_do_cut():
    """Or running them would be running the notebooks, which other tests do."""
    found = cuts([*PLANS, *HURRIED])
    assert len(found) == len(set(found)) > 2 * len(CORES)
    for number in SAID:
        code = {at for at, part in enumerate(parts(number)) if part.cell.cell_type == "code"}
        assert {page for page, cells in found if cells < code} >= {number}


def test_only_what_another_cut_begins_with_is_not_run_by_itself():
    """One that leaves out a cell in the middle is."""
    whole = frozenset({1, 3, 5})
    found = [("00", whole), ("00", frozenset({1, 3})), ("00", frozenset({1, 5}))]
    found += [("01", frozenset({1, 3})), ("00", frozenset({3, 5}))]
    assert longest(found) == [found[0], *found[2:]]


def test_nothing_changes_when_the_file_is_written_again():
    """So its tables show the plans, minutes and mistakes of today."""
    text = FILE.read_text("utf-8")
    assert with_blocks(text, dict(blocks())) == text, (
        "run `make refresh NB=`, or tools/teaching.py"
    )


def lacking(text):
    """Yield complaints: a page without its entry, or an entry without what belongs into it."""
    for page in CORES:
        section = text.partition(f"\n### {page.number} {page.title}\n")[2].partition("\n### ")[0]
        own = PLACE.sub("", section)
        asked = re.findall(r"(?m)^- \*[^*]*\?[^*]*\* \S.+[.)]$", own)
        prompts = re.findall(r"(?m)^- \S.+$", own.partition("**Discuss.**")[2])
        deeper = set(re.findall(r"\[(\d\d[b-d])\]\(", own.partition("\nDeeper: ")[2]))
        depths = {path.name[:3] for path in minutes.NOTEBOOKS.glob(f"{page.number}[b-d]_*")}
        if not re.search(r"(?m)^\*\*The one thing\.\*\* \S.+\.$", own):
            yield f"{page.number}: write one paragraph that begins **The one thing.**"
        if len(asked) != 3:
            yield f"{page.number}: {len(asked)} questions have an answer, and three are wanted"
        if len(prompts) != 2:
            yield f"{page.number}: there are {len(prompts)} prompts to discuss, and two are wanted"
        if deeper != depths:
            yield f"{page.number}: its line Deeper: names {sorted(deeper)}, not {sorted(depths)}"


def test_each_core_has_its_entry_and_each_depth_its_line():
    """One thing to get across, three questions with answers, two prompts, what goes deeper."""
    found = list(lacking(FILE.read_text("utf-8")))
    assert not found, "in TEACHING.md, " + "; ".join(found)


def shown(number):
    """Return all that a page shows: its cells and their stored outputs."""
    said = []
    for cell in nbformat.read(plans.path_of(number), as_version=4).cells:
        said.append(cell.source)
        for output in cell.get("outputs", []):
            said += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    return "\n".join(said)


def unprinted(text, number):
    """Return the numbers that a text quotes of a page, and that the page does not show."""
    quoted = re.findall(r"\d+\.\d+(?:e-\d+)?|\d+e-\d+|\d+%|\d+,\d{3}", PLACE.sub("", text))
    page = shown(number)
    return [each for each in quoted if not re.search(rf"(?<![\d.]){re.escape(each)}(?!\d)", page)]


@pytest.mark.parametrize("number", SAID)
def test_a_number_that_is_quoted_of_a_page_stands_on_it(number):
    """A page that changes its numbers would leave its answers behind."""
    text = FILE.read_text("utf-8")
    section = re.split(rf"(?m)^### {number} .*$", text)[1].partition("\n### ")[0]
    assert unprinted(section, number) == []
    assert all(unprinted(each["say"], number) == [] for each in SAID[number]["hurry"])


def test_what_needs_no_machine_quotes_the_first_page():
    """Plan B and the projector's page speak of its bird and of its count."""
    front = FILE.read_text("utf-8").partition("\n## Page by page\n")[0]
    assert unprinted(front, "00") == []
    counted = re.findall(r"of (\d+) public versions that the authors ran, (\d+) are wrong", front)
    assert counted == [("228", "109")]
    assert "109 wrong" in shown("00")


def slug(heading):
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def lost(text, folder):
    """Return the links into a page, this one or another, that lead to no heading of it."""
    found = []
    for file, anchor in re.findall(r"\]\(([\w.]*)#([^)\s]+)\)", text):
        there = (folder / file).read_text("utf-8") if file else text
        if anchor not in map(slug, re.findall(r"(?m)^#+ (.+)$", there)):
            found.append(f"{file}#{anchor}")
    return found


def test_links_into_pages_lead_to_their_headings():
    """The first screen sends a teacher in a hurry on."""
    text = FILE.read_text("utf-8")
    assert lost(text, ROOT) == []
    assert len(re.findall(r"\]\([\w.]*#", text)) > 5


def unlisted(number, watch):
    """Return the numbers that a page asks for without a wrong one among those to watch for."""
    return [
        f"{key}/{part.name}"
        for key in exercises(number)
        for part in TASKS[key].parts
        if isinstance(part, Answer)
        and part.slips
        and not any(name.startswith(f"{key}/{part.name}=") for name in watch)
    ]


@pytest.mark.parametrize("number", SAID)
def test_each_number_that_is_asked_for_has_a_wrong_one_to_expect(number):
    """Or the teacher meets it for the first time in class."""
    assert unlisted(number, SAID[number]["watch"]) == []


# Each of them, on something wrong.


def test_a_number_without_a_wrong_one_is_found():
    """A function's mistakes, and another part's numbers, are none of its own."""
    known = ["diagonal_jacobian/plus_sign", "nearly_sure/largest=0.98"]
    assert unlisted("01", known) == ["diagonal_jacobian/row_sum"]
    assert unlisted("02", ["two_costs/dx0=5.0"]) == [
        "two_costs/dx0_dearer",
        "twice_the_costs/factor",
    ]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"page": "01", "stop_at": "Draw species"},
         "mine, 01: there is no heading 'Draw species'; the page has 'One bird, three logits', "),
        ({"page": "01", "leave_out": ["The end"]},
         "mine, 01: there is no heading 'The end'; the page has "),
        ({"page": "02", "exercises": ["diagonal_jacobian"]},
         "mine, 02: 'diagonal_jacobian' is no exercise of that page, which has two_costs, "),
        ({"page": "02", "spare": ["tea"]}, "mine, 02: 'tea' is no exercise of that page, which"),
        ({"page": "99"}, "mine, there is no page '99'; name one by its number, such as 01"),
        ({"talk": "Break"}, "mine, 'Break': a step is a page, or talk with its minutes; write"),
        ({"page": "01", "talk": "a", "minutes": 1}, "mine, '01': a step is a page, or talk with"),
        ({"page": "01", "leave_out": ["Derive it"], "stop_at": "Draw a species"},
         "mine, 01: 'Read the Jacobian' uses `J`, which 'Derive it' defines, and that is left "
         "out; keep it, or leave out both"),
        ({"page": "05", "stop_at": "A table that points", "exercises": ["two_bugs"]},
         "mine, 05: 'two_bugs' uses `judge`, which 'A table that points' defines"),
        ({"page": "03", "start_at": "Does one bird move another?"},
         "mine, 03: 'Does one bird move another?' uses `J`, which 'Four birds, three species' "),
    ],
)  # fmt: skip
def test_a_plan_that_names_or_needs_what_is_not_there_is_told(step, said):
    """In a sentence that says where, what, and what to do."""
    found = complaints(one_step(**step))
    assert any(each.startswith(said) for each in found), found


def test_a_plan_that_takes_too_long_is_told():
    """With what it takes, of the page as it is today."""
    taken = next(walked(one_step(page="01", exercises=exercises("01")))).minutes
    assert complaints(one_step(most=taken, page="01", exercises=exercises("01"))) == []
    (said,) = complaints(one_step(most=taken - 1, page="01", exercises=exercises("01")))
    assert said == (
        f"mine, 'in class': it takes {taken} minutes, and {taken - 1} is the most; stop earlier "
        "on a page, or leave an exercise for home"
    )


def test_a_cut_that_cannot_run_is_told():
    """Also where only running it shows that something is missing."""
    page, cells = kept(page="01", stop_at="Draw a species")
    assert run(page, cells) == ""
    (first,) = (
        at for at, part in enumerate(parts("01")) if part.cell.source.startswith("import numpy")
    )
    assert run(page, cells - {first}).startswith(
        "01, 'One bird, three logits': the cell that begins 'x = smlearn.one_bird()"
    )
    assert run(page, cells - {first}).endswith(
        "stops with NameError: name 'smlearn' is not defined; it needs a cell that is left out"
    )


def test_a_page_that_does_not_run_by_itself_is_not_laid_on_the_cut(monkeypatch):
    """Whoever looks for the cell that is left out looks in vain."""
    cells = [new_code_cell(source) for source in ("a = 1", "b = 2", "assert a == 2")]
    page = [Part("Here", cell, "") for cell in cells]
    monkeypatch.setattr("try_plans.parts", lambda number: page)
    said = "01, 'Here': the cell that begins 'assert a == 2' stops with AssertionError; "
    assert run("01", frozenset({0, 2})) == f"{said}so it does on the whole page"
    assert run("01", frozenset({0, 1, 2})) == f"{said}so it does on the whole page"
    page[1] = Part("Here", new_code_cell("a = 2"), "")
    assert run("01", frozenset({0, 2})) == f"{said}it needs a cell that is left out"
    assert run("01", frozenset({0, 1, 2})) == ""


def test_trying_the_plans_says_what_is_wrong(monkeypatch):
    """And stops with it, so that the test above cannot pass in silence."""
    bad = one_step(page="01", stop_at="Draw species")
    monkeypatch.setattr(try_plans, "read", lambda: ([bad], {}))
    for name in ("SMLEARN_STATIC", "TQDM_DISABLE", "MPLBACKEND"):
        monkeypatch.setenv(name, "")  # which main sets, and is put back
    with pytest.raises(SystemExit, match="there is no heading 'Draw species'"):
        try_plans.main()
    monkeypatch.setattr(try_plans, "read", lambda: ([one_step(page="01")], {}))
    monkeypatch.setattr(try_plans, "run", lambda page, cells: f"{page} stops")
    with pytest.raises(SystemExit, match="01 stops"):
        try_plans.main()


def test_what_is_dropped_first_must_be_there():
    """A section, a section to run only, an exercise."""
    hurry = [{"leave_out": "A"}, {"run_only": "B"}, {"at_home": "tea"}, {"run_only": "The case"}]
    said = complaints(in_a_hurry("07", hurry))
    assert len(said) == 3
    assert all(any(name in each for each in said) for name in ("'A'", "'B'", "'tea'"))


def test_names_are_those_of_the_page_and_not_of_a_function():
    """Parameters and locals come from nowhere; what a function reads from outside does."""
    source = "import a.b as c\ndef f(x):\n    y = x + z\n    return [w for w in y]\ng = c.d(f)"
    defined, used = names_in(source)
    assert defined == {"c", "f", "g"}
    assert used >= {"z", "c", "f"}
    assert not used & {"x", "y", "w", "a", "d"}


def test_a_step_has_no_other_names():
    """A slip in plans.toml would else be left out without a word."""
    table = {"title": "", "sessions": [{"name": "", "most": 1, "steps": [{"pages": "01"}]}]}
    with pytest.raises(ValueError, match="mine: a step has no 'pages'; it may have talk, minutes"):
        plans.plan("mine", table)


def test_what_was_read_in_class_counts_once_and_is_run_again_at_home():
    """The two halves have the cells of the whole; who was ready early does not count."""
    first, second = exercises("01")
    steps = [
        Step(page="01", stop_at="Derive it", exercises=[first], spare=[second]),
        Step(page="01", start_at="Derive it", stop_at="Sources", exercises=[second]),
    ]
    sessions = [Session("in class", 90, steps[:1]), Session("home", 90, steps[1:], True)]
    in_class, home = walked(Plan("halves", "", sessions))
    (whole,) = walked(one_step(page="01", stop_at="Sources", exercises=[first, second]))
    assert home.cells == whole.cells > in_class.cells
    assert abs(in_class.minutes + home.minutes - whole.minutes) <= 1  # each is rounded
    assert {parts("01")[at].exercise for at in in_class.cells} == {"", first, second}


def test_a_step_has_the_cells_of_its_sections():
    """Those of the title always; an exercise's where it is named, with the text above it."""
    step = Step(page="02", start_at="Costs that are all alike", stop_at="You can now",
                leave_out=["An arrow in the plane"], exercises=["plain_mean"])  # fmt: skip
    there = [parts("02")[at] for at in sorted(chosen(step, step.exercises))]
    assert list(dict.fromkeys(part.section for part in there)) == [
        headings("02")[0], "Costs that are all alike", "Three laws",
        "An upstream with a single 1", "Exercises",
    ]  # fmt: skip
    done = [part.cell.source for part in there if part.exercise]
    assert len(done) == 2
    assert done[0].startswith("**Exercise 3 (find the bug).**")


def test_a_table_shows_the_clock_in_class_and_what_is_left():
    """0:05 after five minutes; at home there is no clock."""
    steps = [Step(talk="Break", minutes=65), Step(talk="Tea", minutes=5)]
    taken = [Taken("in class", step, step.minutes, frozenset()) for step in steps]
    said = session_table(Session("in class", 90, steps), taken)
    assert "| 0:00 | 65 | Break | | |\n| 1:05 | 5 | Tea | | |" in said
    assert said.endswith("In all 70 of 90 minutes; 20 are left for questions.")
    said = session_table(Session("in class", 90, steps, at_home=True), taken)
    assert "| what |" in said
    assert "\n| 5 | Tea |" in said
    assert said.endswith("In all 70 of 90 minutes.")


def test_what_to_ask_is_in_the_words_of_the_package():
    """Of the wall, of a function, of a value, of a name; marked so that Markdown leaves it."""
    known = MISTAKES["factor_two"]
    assert slip("07", "wall/factor_two")[:2] == (known.did, known.ponder)
    assert slip("02", "plain_mean/sum_term_missing") == (
        "You dropped the sum term: p \\* dp, without the expected upstream.",
        "If every class has the same upstream, what should come back?",
        "`plain_mean`",
    )
    assert slip("01", "nearly_sure/largest=0.98")[0] == "answer `largest = 0.98`"
    assert slip("12", "two_forwards/taken_at=a")[0] == "answer `taken_at = a`"
    assert slip("04", "attention_bill/my_J=103.079215104")[0] == "answer `my_J = 103.079`"


def test_what_is_right_is_in_the_words_of_the_package():
    """A value, a name, an array that is one of many; of code that there is some."""
    assert right(TASKS["two_costs"]) == "`dx0 = 1.5`, `dx0_dearer = 1.5`"
    assert right(TASKS["softmax_vjp"]) == "the code"
    assert right(TASKS["plain_mean"]) == (
        "`exposing_dp = [4.0, 1.0, 0.0]` or others, `mistake = 'plain_mean'`, the code"
    )
    assert right(TASKS["attention_bill"]).startswith("`my_J = 412.317`, ")
    assert right(TASKS["failed_law"]).endswith("`unseen = 'factor_two'` or others")


@pytest.mark.parametrize(
    ("number", "name"), [("07", "wall/tea"), ("02", "tea/plain_mean"), ("02", "plain_mean/tea"),
                         ("03", "plain_mean/sum_term_missing"), ("02", "two_costs/dx0=5")]
)  # fmt: skip
def test_a_mistake_that_the_package_does_not_know_there_is_refused(number, name):
    """A mistake that got another key would leave its row behind."""
    with pytest.raises(ValueError, match=f"page {number}: '{name}' is no mistake of that page"):
        slip(number, name)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("<!-- made: a -->\n<!-- end -->\n" * 2, 2),
                        ("<!-- made: a -->\n<!-- end -->\n<!-- made: b -->\n<!-- end -->", 1)]
)  # fmt: skip
def test_what_is_made_has_one_place_and_no_other_has(text, count):
    """Or a table would be missing, or old, and nobody told."""
    with pytest.raises(ValueError, match=f"there are {count} places for '[ab]', and one is want"):
        with_blocks(text, {"a": "new"})


def test_what_is_written_by_hand_stays():
    """Between two places and around them."""
    text = "x\n<!-- made: a -->\nold\n\nold\n<!-- end -->\ny <!-- mark -->\n"
    assert with_blocks(text, {"a": "n\\1"}) == (
        "x\n<!-- made: a -->\nn\\1\n<!-- end -->\ny <!-- mark -->\n"
    )


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"\n### 03 ", "03: write one paragraph that begins **The one thing.**"),
        (
            r"(?m)^\*\*The one thing\.\*\* Give.*$",
            "03: write one paragraph that begins **The one thing.**",
        ),
        (r"(?m)^- \*Do I have to use.*\n", "03: 2 questions have an answer, and three are wanted"),
        (r"(?m)^- Which layers of.*\n", "03: there are 1 prompts to discuss, and two are wanted"),
        (r"\[03b\]\([^)]*\) for", "03: its line Deeper: names [], not ['03b']"),
    ],
)
def test_an_entry_that_lacks_something_is_found(pattern, said):
    """The checker checked."""
    text, times = re.subn(pattern, "", FILE.read_text("utf-8"))
    assert times == 1
    assert said in list(lacking(text))


def test_a_wrong_number_and_a_lost_link_are_found():
    """The checkers checked; a part of a longer number is not that number."""
    assert unprinted("0.2466, 0.246 and 99%, by 1e-3", "01") == ["0.246", "99%", "1e-3"]
    links = "# A b, c?\n[a](#a-b-c) [b](#gone) [c](README.md#start) [d](README.md#no)"
    assert lost(links, ROOT) == ["#gone", "README.md#no"]
