"""Ask the frameworks again and write down what they say; `make record` calls this.

    python tools/record.py                 every question
    python tools/record.py NAME ...        those named

The frameworks are in an environment of their own, which `make record` makes; all questions
together take minutes. A record names this script, the versions that were asked, and the day.
"""

import json
import sys
import time
from datetime import date

from smlearn.second_opinions import QUESTIONS, Question


def written(asked: Question) -> dict:
    """Ask a question live, write its record and return it."""
    today = date.today().isoformat()
    record = {"versions": asked.versions(), "date": today, "script": "tools/record.py"}
    record["answers"] = asked().answers
    asked.path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return record


def main(names: list[str]) -> None:
    """Write the records of the questions named, or of all."""
    unknown = [name for name in names if name not in QUESTIONS]
    if unknown:
        sys.exit(f"record: {', '.join(unknown)} must be among {', '.join(QUESTIONS)}")
    asked = [QUESTIONS[name] for name in names or QUESTIONS]
    for one in asked:
        if not one.live:
            sys.exit(
                f"record: {' and '.join(one.needs)} must be installed, not too old; run "
                "`make record`"
            )
    for one in asked:
        began = time.perf_counter()
        print(f"{one.name} ... ", end="", flush=True)
        written(one)
        print(f"{one.asked()}, {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
