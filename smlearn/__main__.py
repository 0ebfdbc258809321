"""What the course does from a terminal: `smlearn`, or `python -m smlearn`, says what."""

import argparse
import sys
from pathlib import Path

from . import __version__
from .course.copies import copy_pages, default_folder, pages
from .course.doctor import tell
from .course.lab import PORT, free_port, open_lab

__all__ = ["main"]

CODES = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 2}


def _open(asked: argparse.Namespace) -> int:
    """Put the pages into a folder, and open JupyterLab on the first."""
    port = free_port(asked.port)
    return _copy(asked) or open_lab(asked.folder, port, not asked.no_browser)


def _copy(asked: argparse.Namespace) -> int:
    """Put the pages into a folder, and open nothing."""
    for sentence in copy_pages(asked.folder, pages()):
        print(sentence, flush=True)
    return 0


def _doctor(asked: argparse.Namespace) -> int:
    """Say what is wrong with this machine, and the line that mends it."""
    return min(tell(asked.folder, PORT), 1)


def _check(asked: argparse.Namespace) -> int:
    """Check a backward pass in a file of yours; it ends with 0 PASS, 1 FAIL, 2 no verdict."""
    from .course.check_file import check_file  # NumPy's random numbers, and the checker

    report = check_file(asked.file, asked.forward, asked.backward, x=asked.x,
                        shape=asked.shape, seed=asked.seed)
    print(report)
    return CODES[report.verdict]


def _shape(text: str) -> tuple[int, ...]:
    """Read a shape such as 4,3."""
    numbers = text.split(",")
    if not all(number.isdecimal() for number in numbers):
        raise argparse.ArgumentTypeError(f"a shape is wanted, as in 4,3, but got {text!r}")
    return tuple(map(int, numbers))


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number is wanted, as in 0, but got {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smlearn", description="Softmax, backwards: the course, from a terminal.",
        epilog="`smlearn COMMAND --help` says more of one.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(run, words: str, in_folder: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__[1:], help=words, description=run.__doc__)
        made.set_defaults(run=run)
        if in_folder:
            made.add_argument("folder", nargs="?", type=Path, default=default_folder(),
                              metavar="FOLDER", help="of your copies (%(default)s)")
        return made

    opening = command(_open, "begin, or go on: your own pages, in JupyterLab")
    opening.add_argument("--port", default=str(PORT), help="of the server (%(default)s)")
    opening.add_argument("--no-browser", action="store_true", help="only print the address")
    command(_copy, "your own pages in a folder, for another editor or a hub")
    command(_doctor, "what is wrong with this machine, and what mends it")
    checking = command(_check, "gradcheck on a backward pass in a file of yours", in_folder=False)
    checking.add_argument("file", type=Path, metavar="FILE", help="it is run")
    checking.add_argument("forward", metavar="FORWARD", help="f(x), or f(x) -> (y, cache)")
    checking.add_argument("backward", nargs="?", metavar="BACKWARD",
                          help="vjp(x, dp), or vjp(dp, cache); none if f(x) -> (loss, gradient)")
    checking.add_argument("--x", metavar="NAME", help="an array in FILE (default: normal draws)")
    checking.add_argument("--shape", type=_shape, default=(4, 3),
                          help="of the draws, as in 4,3 (the default)")
    checking.add_argument("--seed", type=_seed, default=0, help="of the draws (%(default)s)")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked on the command line; return the code to end with."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if "run" not in asked:
        parser.print_help()
        return 0
    try:
        return asked.run(asked)
    except (ValueError, TypeError, ImportError, OSError, MemoryError) as error:
        print(f"smlearn {asked.run.__name__[1:]}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
