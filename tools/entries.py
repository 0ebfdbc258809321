"""What is computed of a page for its entry in TEACHING.md; teaching.py puts it there."""

import re

import minutes
from course_map import Page
from minutes import Minutes
from plans import exercises, headings, parts, path_of
from right_and_wrong import right, safe, slip
from smlearn.exercises import TASKS


def facts(page: Page, course: list[Page]) -> str:
    """Return what is counted of a page: minutes by section, exercises, law, what goes deeper."""
    number, (reading, tasks) = page.number, page.minutes
    sections = [
        f"{name} {section_minutes(number, name).reading:.0f}" for name in headings(number)[1:-1]
    ]
    deeper = [
        f"{link(each.number)} {each.purpose}, {each.minutes.all}"
        for each in course
        if each.number[:2] == number and not each.core
    ]
    return (
        f"- {link(number, 'Open the page')} · {page.minutes.all} minutes: {reading:.0f} reading "
        f"and running, {tasks} exercises.\n- Sections: {' · '.join(sections)}.\n"
        f"- Law: {law(number)}\n"
        f"- Deeper, in minutes: {' · '.join(deeper)}."
    )


def answers(number: str) -> str:
    """Return the exercises of a page: what each takes, what is right, and why."""
    rows = ["| exercise | min | right is | because |", "|---|---|---|---|"]
    for task in (TASKS[key] for key in exercises(number)):
        name = f"{task_name(number, task.key)} ({task.kind})"
        rows.append(
            f"| {name} | {minutes.EXERCISE[task.kind]} | {right(task)} | {safe(task.why)} |"
        )
    return "\n".join(["**The exercises.**", "", *rows])


def advice(number: str, said: dict) -> str:
    """Return what goes wrong on a page and what to ask, and what to drop when time runs out."""
    rows = ["| what they did | ask, or point at | in |", "|---|---|---|"]
    rows += [f"| {' | '.join(slip(number, name))} |" for name in said["watch"]]
    drop = [f"- {dropped(number, **each)}" for each in said["hurry"]]
    first, last = "**What goes wrong, and what to ask.**", "**When time runs out.**"
    return "\n".join([first, "", *rows, "", last, "", *drop])


def dropped(number: str, say: str, leave_out="", run_only="", at_home="") -> str:
    """Return a line on a section, or an exercise, that is dropped first, and what that saves."""
    if at_home:
        spent = minutes.EXERCISE[TASKS[at_home].kind]
        return f"`{at_home}` at home ({spent} minutes). {say}"
    name = leave_out or run_only
    cells = [part.cell for part in parts(number) if part.section == name]
    if leave_out:
        return f"Leave out *{name}* ({minutes.of(cells).all} minutes). Say: {say}"
    text = [cell for cell in cells if cell.cell_type == "markdown"]
    return f"Run *{name}* and do not read it ({minutes.of(text).all} minutes). Say: {say}"


def section_minutes(page: str, section: str) -> Minutes:
    """Return what a section of a page takes."""
    return minutes.of([part.cell for part in parts(page) if part.section == section])


def task_name(page: str, key: str) -> str:
    """Return an exercise as the class sees it, by its number, and its key."""
    text = " ".join(part.cell.source for part in parts(page) if part.exercise == key)
    number = re.search(r"\*\*Exercise (\d+)", text)
    return f"{number[1]} `{key}`" if number else f"`{key}`"


def link(number: str, text: str = "") -> str:
    """Return a link to a page, from the root."""
    return f"[{text or number}](notebooks/{path_of(number).name})"


def law(number: str) -> str:
    """Return the law that a page leaves."""
    return found_on(number, r"(?<=\*\*The law to keep:\*\* )\*.+?\*(?=$|\s[A-Z0-9])")


def found_on(number: str, pattern: str) -> str:
    """Return the one place on a page that fits a pattern, its links leading from the root."""
    text = "\n".join(part.cell.source for part in parts(number))
    (found,) = re.finditer(pattern, text, re.M)
    return re.sub(r"\]\((?=\d\d)", "](notebooks/", found[0])
