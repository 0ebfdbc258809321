"""What the course does from a terminal: `smlearn`, or `python -m smlearn`, says what."""

import argparse
import sys
from pathlib import Path

from .course.copies import copy_pages, default_folder, pages
from .course.lab import PORT, free_port, open_lab

__all__ = ["main"]


def _open(asked: argparse.Namespace) -> int:
    """Put the pages into a folder, and open JupyterLab on the first."""
    port = free_port(asked.port)
    return _copy(asked) or open_lab(asked.folder, port, not asked.no_browser)


def _copy(asked: argparse.Namespace) -> int:
    """Put the pages into a folder, and open nothing."""
    for sentence in copy_pages(asked.folder, pages()):
        print(sentence, flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="smlearn", description=__doc__)
    commands = parser.add_subparsers(title="commands", metavar="")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("folder", nargs="?", type=Path, default=default_folder(),
                       metavar="FOLDER", help="where your copies of the pages are (%(default)s)")
    opening = commands.add_parser("open", parents=[where], description=_open.__doc__,
                                  help="begin, or go on: your pages, in JupyterLab")
    opening.add_argument("--port", default=str(PORT), help="of the server (%(default)s)")
    opening.add_argument("--no-browser", action="store_true", help="only print the address")
    opening.set_defaults(run=_open)
    copying = commands.add_parser("copy", parents=[where], description=_copy.__doc__,
                                  help="your pages in a folder, for another editor or a hub")
    copying.set_defaults(run=_copy)
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
    except (ValueError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
