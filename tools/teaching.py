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
from entries import advice, answers, facts, found_on, law, link, task_name
from plans import Plan, Session, Taken, headings, read, walked

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
        yield f"answers {page.number}", answers(page.number)
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
    title = course_map.question(headings(step.page)[0])
    start = f"from *{step.start_at}*" if step.start_at else title
    less = f", less *{'*, *'.join(step.leave_out)}*" if step.leave_out else ""
    done, spare = (
        ", ".join(task_name(step.page, key) for key in keys)
        for keys in (step.exercises, step.spare)
    )
    early = f"{'; ' if done else ''}ready early: {spare}" if spare else ""
    return f"{link(step.page)} {start}{less} | *{step.stop_at}* | {done}{early}"


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
