"""The console script: finds the command, runs it, says an outcome in one sentence."""

from __future__ import annotations

import argparse
import sys

from forestall import __version__
from forestall.base.errors import Malformed, Refused, Spoken, Unavailable

from .command import Command, commands

EXIT = {Refused: 2, Malformed: 3, Unavailable: 4}
INTRODUCTION = """Forestall: from an item in the inbox to a warning that somebody must answer.

Begin with an exercise:      ./go demo
Begin an office of your own: ./go init --home DIR, then ./go serve --home DIR
Every command explains itself: ./go COMMAND --help
"""


def parser_of(known: list[Command]) -> argparse.ArgumentParser:
    """The parser over all commands."""
    parser = argparse.ArgumentParser(
        prog="forestall",
        description=INTRODUCTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"forestall {__version__}")
    chosen = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in known:
        sentence = command.help.text()
        below = chosen.add_parser(command.name, help=sentence, description=sentence)
        command.arguments(below)
        below.set_defaults(run=command.run)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns 0, or 2 refused, 3 malformed, 4 unavailable, with the sentence on standard error."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["help"]:
        given = [*given[1:], "--help"]
    known = commands()
    parser = parser_of(known)
    arguments = parser.parse_args(given)
    if not hasattr(arguments, "run"):
        parser.print_help()
        return 0
    try:
        return int(arguments.run(arguments))
    except Spoken as outcome:
        print(outcome.words.text(), file=sys.stderr)
        return next(code for kind, code in EXIT.items() if isinstance(outcome, kind))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
