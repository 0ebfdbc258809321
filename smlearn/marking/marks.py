"""What is found about a copy: a mark for each exercise, and what is odd."""

from dataclasses import asdict, dataclass, field

from ..exercises import RIGHT

__all__ = ["BROKEN", "MISSING", "OWN", "SAYS", "Copy", "Mark", "broken"]

MISSING, BROKEN, OWN = "MISSING", "BROKEN", "OWN"    # beside the four of a verdict

SAYS = {
    "process_ended": "The process of this copy came to an end: it left, or crashed, or was out of "
                     "memory.",
    "no_answer": "The process of this copy did not answer any more.",
    "out_of_time": "The time for this copy was over.",
    "garbled": "What came from the process of this copy could not be read.",
    "no_check": "The cell opens the exercise and checks nothing: its ex.check(...) is missing.",
    "became_text": "The cell of this exercise is no code cell any more, so it cannot be run.",
    "deleted": "No cell of this copy checks this exercise.",
    "page_missing": "Nothing that was handed in has an exercise of this notebook.",
    "not_a_notebook": "It is no notebook that Jupyter can open.",
    "no_notebook": "There is no notebook in the folder.",
    "a_link": "It is a link, and what it leads to was not handed in.",
    "too_large": "The file is too large.",
    "marking_broke": "The marking of this copy broke: mark it by hand, and tell the authors.",
    "cell_died": "The process ended in this cell: it left, or crashed, or took too long.",
}


@dataclass
class Mark:
    """What is found about one exercise of one copy."""

    key: str
    status: str              # those of a verdict, and MISSING, BROKEN, OWN
    mistake: str = ""        # the name of what was found
    lines: tuple[str, ...] = ()
    question: str = ""
    hint: str = ""
    code: str = ""
    numbers: tuple = ()      # where they are wrong: these and the right ones, packed
    printed: str = ""        # by the answer, when it was called
    flags: list[str] = field(default_factory=list)
    part: str = ""           # of several answers the one that is not right, if it is no function
    right: tuple[str, ...] = ()    # the names of its parts that are right

    @property
    def points(self) -> int:
        """One for what is right, and 0 for all else."""
        return int(self.status == RIGHT)

    @property
    def named(self) -> str:
        """The mistake; of several numbers to give, with the name of the one that is wrong."""
        return f"{self.part}: {self.mistake}" if self.part else self.mistake


@dataclass
class Copy:
    """What is found about one notebook."""

    marks: dict[str, Mark] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)     # which cells raised what
    trouble: str = ""                                   # why it could not be marked to its end
    walls: list[str] = field(default_factory=list)
    seconds: float = 0.0                                # of a processor
    wall_seconds: float = 0.0

    def plain(self) -> dict:
        """Return it as dictionaries, for another process."""
        return asdict(self)


def broken(key: str, why: str, code: str, said: str = "") -> Mark:
    """Return the mark of an exercise that could not be judged."""
    return Mark(key, BROKEN, why, (said or SAYS.get(why, why),), code=code)
