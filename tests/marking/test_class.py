"""What was handed in, what its cells say, and what comes out: the parts without a process."""

import csv
import html
import os
from pathlib import Path

import pytest

from smlearn.exercises import exercise, exercises
from smlearn.marking.cells import asked, plan
from smlearn.marking.classroom import class_page, mistakes
from smlearn.marking.feedback import feedback
from smlearn.marking.gather import Learner, columns, gather, keys_of, tally
from smlearn.marking.marks import BROKEN, MISSING, OWN, Copy, Mark
from smlearn.marking.sheet import write_sheet
from smlearn.marking.submissions import Submission, file_names, hideable, submissions

KEYS = exercises("01")
NASTY = "</pre><script>alert(1)</script>"


# ---- what was handed in


def handed_in(folder: Path, *names: str) -> list[tuple[str, str]]:
    """Return learners and troubles for files of these names; a folder's ends with a slash."""
    for name in names:
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}")
    return [(each.learner, each.trouble) for each in submissions(folder)]


def test_a_file_or_a_folder_is_a_learner(tmp_path):
    """Folders may hold several notebooks, deeper down as well; nobody vanishes without a word."""
    assert handed_in(tmp_path, "b.ipynb", "A b/x.ipynb", "A b/deep/y.ipynb", "c.pdf", "d/") == [
        ("A b", ""),
        ("A b", ""),
        ("b", ""),
        ("c", "not_a_notebook"),
        ("d", "no_notebook"),
    ]


def test_what_no_learner_has_made_is_left_aside(tmp_path):
    """Jupyter's checkpoints, and what systems put into folders; a name of dots is a name."""
    names = [".DS_Store", "a/.ipynb_checkpoints/a.ipynb", "a/a.ipynb", "__MACOSX/a.ipynb"]
    assert handed_in(tmp_path, *names, "..b.ipynb") == [("..b", ""), ("a", "")]


def test_an_umlaut_of_two_letters_is_one_name(tmp_path):
    """macOS writes it so; the two notebooks are of one learner."""
    assert handed_in(tmp_path, "Zoe\u0308.ipynb", "Zo\u00eb/1.ipynb") == [("Zo\u00eb", "")] * 2


@pytest.mark.skipif(os.name == "nt", reason="links want rights there")
def test_links_are_not_followed(tmp_path):
    """Neither a file's nor a folder's."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.ipynb").symlink_to(__file__)
    (tmp_path / "b").symlink_to(tmp_path / "real")
    assert handed_in(tmp_path) == [("b", "a_link"), ("real", "a_link")]


@pytest.mark.parametrize("name", ["../../x", "..", "a/b", "CON\0", ".", "", "a" * 500, "\u202ex"])
def test_a_file_name_leads_nowhere(name):
    """It has no folder in it, and is never empty or too long."""
    made = file_names([name])[name]
    assert made.strip(".")
    assert not set(made) & set("/\\\0:")
    assert len(made) < 90


def test_no_two_learners_share_a_file():
    """Some systems take capitals for small letters."""
    made = file_names(["Ada", "ada", "ADA", "Ada-2"])
    assert len({name.casefold() for name in made.values()}) == 4


def test_what_copies_run_by_is_not_hidden(tmp_path):
    """A folder that holds Python itself, or the temporary files, stays in sight."""
    assert hideable(tmp_path / "submissions") == str((tmp_path / "submissions").resolve())
    assert hideable(Path("/")) == ""


# ---- what cells say


def test_checks_are_found_where_they_stand():
    """In the cell of the exercise, in a later one, without a name, beside a magic."""
    steps = plan([("code", '%time 1\nex = exercise("a")\nex.check(1)'), ("code", "x = 1"),
                  ("markdown", 'exercise("t")'), ("code", 'ex2 = exercise("b")'),
                  ("code", 'ex2.check(1); exercise("c").check(f)\nother.check(2)')])  # fmt: skip
    assert [step.checks for step in steps] == [["a"], [], [], ["b", "c"]]
    assert [step.number for step in steps] == [1, 2, 4, 5]
    assert asked([("markdown", 'ex = exercise("t")'), ("code", 'exercise("u")')]) == {
        "t": "markdown"
    }


def test_a_cell_that_is_no_python_says_so():
    """The cells beside it are read all the same."""
    steps = plan([("code", 'ex = exercise("a")\nif'), ("code", 'exercise("b").check(1)')])
    assert steps[0].error.startswith("SyntaxError")
    assert steps[0].opened == ["a"]
    assert steps[1].checks == ["b"]


@pytest.mark.parametrize("source", ["(" * 5000, "-" * 100_000 + "1", "a" + ".a" * 20_000, "\0"])
def test_a_cell_that_is_hard_to_read_harms_nobody(source):
    """What no parser likes is no Python."""
    steps = plan([("code", source), ("code", 'exercise("b").check(1)')])
    assert [step.checks for step in steps] == [[], ["b"]]
    assert steps[0].error


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("ex.task.parts", [".task"]),
        ("from smlearn.exercises import TASKS", ["TASKS"]),
        ("import smlearn.exercises.registry", ["smlearn.exercises.registry"]),
        ("reference, task = 1, 2", []),
        ("from smlearn.exercises import exercise", []),
    ],
)
def test_who_looks_into_the_checker_is_seen(source, found):
    """A variable of that name is none of its business."""
    assert plan([("code", source)])[0].inside == found


def test_an_opened_solution_is_seen():
    """It is never locked: a teacher may want to know, no more."""
    (step,) = plan([("code", 'ex = exercise("a")\nex.solution()\nbox.solution()')])
    assert step.solved == ["a"]


# ---- what comes out


def learners(*statuses: str, mistake: str = "m") -> list[Learner]:
    """Return one learner for each status of the first exercise; the second is right."""
    found = [Submission(f"learner {i}", Path("x")) for i in range(len(statuses))]
    copies = [
        Copy({KEYS[0]: Mark(KEYS[0], status, mistake, ("You did.",), "Why?", "Hint.", "code"),
              KEYS[1]: Mark(KEYS[1], "RIGHT")})
        for status in statuses
    ]  # fmt: skip
    return gather(found, copies)


def test_columns_are_all_exercises_of_the_notebooks():
    """Whoever deleted a cell has not answered it."""
    copies = [Copy({"equal_logits": Mark("equal_logits", "RIGHT")})]
    assert columns(copies) == exercises("01c")
    (learner,) = gather([Submission("a", Path("x"))], copies)
    assert learner.marks["stable_softmax"].status == MISSING
    assert learner.points == 1


def test_of_several_copies_the_better_counts():
    """In any order; and the teacher is told."""
    wrong, right = (Copy({KEYS[0]: Mark(KEYS[0], status)}) for status in ("WRONG", "RIGHT"))
    for copies in ([wrong, right], [right, wrong]):
        (learner,) = gather([Submission("a", Path("x"))] * 2, copies)
        assert learner.marks[KEYS[0]].status == "RIGHT"
        assert learner.flags == [f"{KEYS[0]} was handed in more than once; the better counts"]


def handed(*files: tuple[str, Copy], asked=()) -> Learner:
    """Return one learner, who handed in these files."""
    found = [Submission("a", Path(name)) for name, _ in files]
    return gather(found, [copy for _, copy in files], asked)[0]


FIRST_PAGE = Copy({KEYS[0]: Mark(KEYS[0], "RIGHT")}, raised=["Cell 3: No."], flags=["odd"])
SECOND_PAGE = Copy({"two_costs": Mark("two_costs", "RIGHT")})


def test_a_page_that_did_not_come_is_told_from_a_cell_that_is_gone():
    """A learner who has deleted nothing need not look for it."""
    learner = handed(("a.ipynb", FIRST_PAGE), asked=[*KEYS, "two_costs"])
    assert [learner.marks[key].mistake for key in (KEYS[1], "two_costs")] == [
        "deleted", "page_missing"]  # fmt: skip
    assert "Nothing that was handed in has an exercise of this notebook." in feedback(learner)


def test_a_page_under_the_name_of_another_is_told():
    """The learner sees a 01 in the folder; the teacher is told what is in it."""
    learner = handed(("01_one_row_jacobian.ipynb", SECOND_PAGE), asked=KEYS)
    assert learner.flags == ["01_one_row_jacobian.ipynb holds notebook 02"]
    assert "Handed in: 01_one_row_jacobian.ipynb (notebook 02)." in feedback(learner)
    for name in ("02_upstream_gradient.ipynb", "02_upstream_gradient (1).ipynb", "Ada.ipynb"):
        assert handed((name, SECOND_PAGE)).flags == []
    assert handed(("01_one_row_jacobian.ipynb", Copy(trouble="not_a_notebook"))).flags == []


def test_of_several_files_each_is_named():
    """Cell 3 of which? Of one file there is no question."""
    alone = handed(("a.ipynb", FIRST_PAGE))
    assert (alone.raised, alone.flags) == (["Cell 3: No."], ["odd"])
    both = handed(("a.ipynb", FIRST_PAGE), ("b.ipynb", Copy(trouble="not_a_notebook")))
    assert (both.raised, both.flags) == (["a.ipynb: Cell 3: No."], ["a.ipynb: odd"])
    assert "<p>b.ipynb: It is no notebook that Jupyter can open.</p>" in feedback(both)
    assert "Handed in: a.ipynb (notebook 01), b.ipynb (no exercise found)." in feedback(both)


def test_files_of_one_name_are_told_together():
    """Of two folders, as a mail program makes them; and a name has letters that print."""
    learner = handed(("x/a.ipynb", FIRST_PAGE), ("y/a.ipynb", SECOND_PAGE))
    assert "Handed in: a.ipynb (notebook 01, 02)." in feedback(learner)
    assert list(handed(("a\u202e\udcff.ipynb", FIRST_PAGE)).files) == ["a??.ipynb"]


def test_what_was_not_asked_for_counts_for_nobody():
    """One who hands in a page too many would take points from all others."""
    copies = [FIRST_PAGE, SECOND_PAGE]
    found = [Submission(name, Path("x")) for name in "ab"]
    asked = gather(found, copies, keys_of(["01"]))
    assert [(each.points, len(each.marks)) for each in asked] == [(1, 2), (0, 2)]
    assert [len(each.marks) for each in gather(found, copies)] == [5, 5]
    assert tally(asked) == "Of 2 learners handed in: 01 by 1, 02 by 1."
    assert keys_of(["nearly_sure", "01"]) == KEYS[::-1]  # once, in the order of who asks


def test_two_copies_of_a_page_are_of_one_learner():
    """So the teacher counts heads, and each file is named."""
    learner = handed(("a.ipynb", FIRST_PAGE), ("b.ipynb", FIRST_PAGE))
    assert tally([learner]) == "Of 1 learners handed in: 01 by 1."
    assert "Handed in: a.ipynb (notebook 01), b.ipynb (notebook 01)." in feedback(learner)


@pytest.mark.parametrize("word", ["99", "1", "", "two_cost", "01_one_row_jacobian"])
def test_what_the_course_does_not_have_cannot_be_asked_for(word):
    """Before a class is marked, not after."""
    with pytest.raises(ValueError, match=f"but got '{word}'; write ASKED=\"01 02\""):
        keys_of(["01", word])


def test_points_are_for_what_is_right_alone():
    """Open is 0, and so is the course's own."""
    statuses = ["RIGHT", "WRONG", "CRASHED", "TODO", MISSING, BROKEN, OWN]
    assert [learner.points - 1 for learner in learners(*statuses)] == [1, 0, 0, 0, 0, 0, 0]


def test_a_spreadsheet_calculates_nothing(tmp_path):
    """A learner's name may look like a formula."""
    found = [Submission('=HYPERLINK("x")', Path("x"))]
    made = gather(found, [Copy({KEYS[0]: Mark(KEYS[0], "WRONG", "-1")})])
    write_sheet(made, tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert row[0] == '\'=HYPERLINK("x")'
    assert row[head.index(f"{KEYS[0]}: mistake")] == "'-1"


def test_mistakes_are_counted_worst_first():
    """Right and open answers hold none."""
    made = learners("WRONG", "RIGHT", "TODO", mistake="a") + learners("WRONG", "CRASHED")
    counts = [(each.many, each.mistake) for each in mistakes(made, KEYS[0])]
    assert counts == [(2, "m"), (1, "a")]


def test_the_bar_of_an_exercise_holds_everyone():
    """Right, wrong, open, not marked, in words and in the picture's label."""
    page = class_page(learners("RIGHT", "WRONG", "CRASHED", "TODO", MISSING, BROKEN, OWN), "")
    words = "1 right, 2 wrong, 2 open, 2 not marked."
    assert f'aria-label="Of 7: {words}"' in page
    assert f"<p>{words}</p>" in page


def test_a_known_mistake_comes_with_what_to_ask():
    """The teacher stands before the class with it; of an unknown one there is an example."""
    known = Mark(KEYS[0], "WRONG", "plus", ("You added.",), question="Do all gain?")
    other = Mark(KEYS[0], "WRONG", "other", ("It is off.",))
    found = [Submission(str(k), Path("x")) for k in range(3)]
    page = class_page(gather(found, [Copy({KEYS[0]: each}) for each in (known, known, other)]), "")
    assert page.count("<p><strong>Ask: </strong>Do all gain?</p>") == 2  # first, and at its own
    assert "<p>For example: it is off.</p>" in page


def test_what_a_finding_says_already_is_not_asked_again():
    """Of a wrong number the reason is the finding."""
    mark = Mark(KEYS[0], "WRONG", "0.0", ("row_sum: So it should be.",), "So it should be.")
    made = gather([Submission("a", Path("x"))], [Copy({KEYS[0]: mark})])
    assert "Ask:" not in class_page(made, "")
    assert "To think about" not in feedback(made[0])


def test_a_question_that_is_the_finding_is_said_once():
    """Of a wrong number in an exercise of one: without it the page would not say what is wrong."""
    seen = exercise("nearly_sure").check(0.98)
    mark = Mark("nearly_sure", seen.status, seen.key, seen.lines, seen.question)
    page = feedback(gather([Submission("a", Path("x"))], [Copy({"nearly_sure": mark})])[0])
    assert page.count("An entry of the diagonal is p (1 - p): what is 1 - 0.98?") == 1
    assert "<strong>WRONG</strong> An entry of the diagonal" in page


def test_all_that_are_tied_are_among_the_first():
    """Nine mistakes, made once each: none is more worth a word than another."""
    found = [Submission(str(k), Path("x")) for k in range(9)]
    marks = [Copy({KEYS[0]: Mark(KEYS[0], "WRONG", f"m{k}", ("It is off.",))}) for k in range(9)]
    first = class_page(gather(found, marks), "").partition("</ol>")[0]
    assert [first.count(f"<strong>m{k}</strong>") for k in range(9)] == [1] * 9


def test_the_exercise_with_fewest_right_stands_first():
    """It is there that the class needs help."""
    marks = {key: Mark(key, "RIGHT" if key == KEYS[0] else "WRONG", "m", ("No.",)) for key in KEYS}
    page = class_page(gather([Submission("a", Path("x"))], [Copy(marks)]), "")
    heads = [page.index(f"<h2>{key}</h2>") for key in (*KEYS[1:], KEYS[0])]
    assert heads == sorted(heads)


def test_what_could_not_be_marked_has_its_kinds():
    """The most frequent first; of an error its kind, for a class has other names in it."""
    lines = {"syntax_error": "SyntaxError: no", "no_check": "It checks nothing."}
    marks = [Mark(KEYS[0], BROKEN, why, (line,)) for why, line in lines.items()]
    marks += [Mark(KEYS[0], BROKEN, "cell_raises", ("NameError: Ada",))] * 2
    marks += [Mark(KEYS[0], BROKEN, "cell_raises", ("It was stopped after 20 seconds.",)),
              Mark(KEYS[0], BROKEN, "cell_raises", ("MemoryError",)),
              Mark(KEYS[0], OWN, "courses_own", ("It is.",))]  # fmt: skip
    found = [Submission(str(k), Path("x")) for k in range(len(marks))]
    page = class_page(gather(found, [Copy({KEYS[0]: mark}) for mark in marks]), "")
    assert (
        "Not marked: 1 with the course's own answer; 6 could not be run or read (2 NameError, "
        "1 syntax error, 1 no check, 1 out of time, 1 MemoryError)."
    ) in html.unescape(page)
    assert "Ada" not in page
    assert "Not marked" not in class_page(learners("RIGHT", "WRONG", "TODO"), "")


def test_who_has_not_handed_in_a_page_is_told_from_who_left_it_open():
    """An empty bar says: look into the mailbox, or: look into the lesson."""
    copies = [Copy({KEYS[0]: Mark(KEYS[0], "TODO")}), SECOND_PAGE]
    made = gather([Submission(name, Path("x")) for name in "ab"], copies, KEYS[:1])
    assert "Of the open ones, 1 handed in no page with this exercise." in class_page(made, "")
    assert "Of the open ones" not in class_page(made[:1], "")


@pytest.mark.parametrize("many", [1, 2])
def test_a_class_without_mistakes_has_a_page(many):
    """Of one learner as well."""
    assert "No answer is wrong." in class_page(learners(*["RIGHT"] * many), "")


def test_nothing_of_a_learner_is_markup():
    """Names, code, findings, questions, what was printed: all of it is words."""
    mark = Mark(KEYS[0], "WRONG", NASTY, (NASTY,), NASTY, NASTY, NASTY, printed=NASTY)
    made = gather([Submission(NASTY, Path("x"))], [Copy({KEYS[0]: mark}, trouble="garbled")])
    assert "<script>" not in feedback(made[0]) + class_page(made, NASTY)
