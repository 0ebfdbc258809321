"""Write into TEACHING.md what is computed there; `make refresh` calls this at its end.

    python tools/teaching.py

The file is written by hand, but for what stands between <!-- made: NAME --> and <!-- end -->. That
comes from plans.toml, from the pages (minutes, sections, laws) and from the package (mistakes, and
what to ask about them), so none of it is retyped, and the next `make refresh` writes it over.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import course_map
import minutes
from course_map import Page
from minutes import Minutes
from plans import Plan, Session, Taken, exercises, headings, parts, path_of, read, walked
from slips import slip
from smlearn.exercises import TASKS

FILE = minutes.NOTEBOOKS.parent / "TEACHING.md"
PLACE = re.compile(r"(?s)(<!-- made: (?P<name>[^>]+) -->\n).*?(?=<!-- end -->)")


def blocks() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of everything that is made."""
    plans, pages = read()
    course = course_map.pages()
    cores = [page for page in course if page.core]
    for plan in plans:
        yield f"plan {plan.name}", plan_table(plan)
    yield "minutes", rates()
    yield "letters", found_on("00", r"\| here \| .*(?:\n\|.*)+")
    yield "laws", "\n".join(f"- {link(page.number)} {law(page.number)}" for page in cores)
    yield (
        "wall",
        found_on("12", r"\| \| ask \| .*(?:\n\|.*)+").replace("| here |", f"| {link('12')} |"),
    )
    for page in cores:
        yield f"page {page.number}", facts(page, course)
        yield f"watch {page.number}", advice(page.number, pages[page.number])


def rates() -> str:
    """Return how minutes are counted."""
    kinds = ", ".join(f"{spent} to {kind}" for kind, spent in minutes.EXERCISE.items())
    return (
        f"- {minutes.WORDS} words of text a minute, {minutes.LINES} lines of code a minute;\n"
        f"- {minutes.PREDICTION} minute a prediction, {minutes.EQUATION} a display equation;\n"
        f"- an exercise: {kinds}."
    )


def plan_table(plan: Plan) -> str:
    """Return a plan as tables, one a session."""
    return "\n\n".join(session_table(each, list(walked(plan))) for each in plan.sessions)


def session_table(session: Session, steps: list[Taken]) -> str:
    """Return a session with its sum and what is left; in class with the clock."""
    rows, clock = ["| min | what | stop at | exercises |", "|---|---|---|---|"], 0
    if not session.at_home:
        rows = ["| at " + rows[0], "|---" + rows[1]]
    for taken in steps:
        if taken.session == session.name:
            at = "" if session.at_home else f"| {clock // 60}:{clock % 60:02} "
            rows.append(f"{at}| {taken.minutes} | {row(taken)} |")
            clock += taken.minutes
    left = "" if session.at_home else f"; {session.most - clock} are left for questions"
    total = f"In all {clock} of {session.most} minutes{left}."
    return "\n".join([f"**{session.name}**", "", *rows, "", total])


def row(taken: Taken) -> str:
    """Return what stands in a plan's table beside the minutes."""
    step = taken.step
    if not step.page:
        return f"{step.talk} | |"
    title = headings(step.page)[0]
    start = f"from *{step.start_at}*" if step.start_at else title
    less = f", less *{'*, *'.join(step.leave_out)}*" if step.leave_out else ""
    done, spare = (
        ", ".join(task_name(step.page, key) for key in keys)
        for keys in (step.exercises, step.spare)
    )
    early = f"{'; ' if done else ''}ready early: {spare}" if spare else ""
    return f"{link(step.page)} {start}{less} | *{step.stop_at}* | {done}{early}"


def facts(page: Page, course: list[Page]) -> str:
    """Return what is counted of a page: minutes by section, exercises, law, what goes deeper."""
    number, (reading, tasks) = page.number, page.minutes
    sections = [
        f"{name} {section_minutes(number, name).reading:.0f}" for name in headings(number)[1:-1]
    ]
    asked = [
        f"{task_name(number, key)} ({TASKS[key].kind}, {minutes.EXERCISE[TASKS[key].kind]})"
        for key in exercises(number)
    ]
    deeper = [
        f"{link(each.number)} {each.purpose}, {each.minutes.all}"
        for each in course
        if each.number[:2] == number and not each.core
    ]
    return (
        f"- {link(number, 'Open the page')} · {page.minutes.all} minutes: {reading:.0f} reading "
        f"and running, {tasks} exercises.\n- Sections: {' · '.join(sections)}.\n"
        f"- Exercises: {' · '.join(asked)}.\n- Law: {law(number)}\n"
        f"- Deeper, in minutes: {' · '.join(deeper)}."
    )


def task_name(page: str, key: str) -> str:
    """Return an exercise as the class sees it, by its number, and its key."""
    text = " ".join(part.cell.source for part in parts(page) if part.exercise == key)
    number = re.search(r"\*\*Exercise (\d+)", text)
    return f"{number[1]} `{key}`" if number else f"`{key}`"


def section_minutes(page: str, section: str) -> Minutes:
    """Return what a section of a page takes."""
    return minutes.of([part.cell for part in parts(page) if part.section == section])


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


def with_blocks(text: str, made: dict[str, str]) -> str:
    """Put everything that is made in its place in a text.

    Raises
    ------
    ValueError
        If something has no place or two, or if a place is for something that is not made.
    """
    places = [place["name"] for place in PLACE.finditer(text)]
    for name in [*made, *places]:
        if places.count(name) != 1 or name not in made:
            raise ValueError(
                f"TEACHING.md: there are {places.count(name)} places for {name!r}, and one is "
                f"wanted for each of {', '.join(made)}: <!-- made: {name} -->, <!-- end -->"
            )
    return PLACE.sub(lambda place: place[1] + made[place["name"]] + "\n", text)


def write(file: Path = FILE) -> None:
    """Write everything that is made into the file."""
    file.write_text(with_blocks(file.read_text("utf-8"), dict(blocks())), "utf-8")


if __name__ == "__main__":
    write()
