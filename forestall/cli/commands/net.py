"""`forestall net`: does the database itself hold who sees what, if the program forgets to?"""

from __future__ import annotations

import argparse
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home

ON = say("The second net stands: the database itself shows nobody a row that they may not see.")
OFF = say("The second net is off: who sees what is held by the program alone.")


def arguments(parser: argparse.ArgumentParser) -> None:
    home_argument(parser)


def run(given: Arguments) -> int:
    """Look, and say what was found. Returns 1 while it is off."""
    open_chosen_home(given)
    told = sentences()
    sys.stdout.write("\n".join(told) + "\n")
    return 0 if len(told) == 1 else 1


def sentences() -> list[str]:
    """Whether the second net stands, and what keeps it from standing."""
    from forestall.labels.rowsecurity import standing

    found = standing()
    return [ON.text()] if found.stands else [OFF.text(), *(fault.text() for fault in found.faults)]


COMMAND = Command("net", say("say whether the database itself holds who sees what"), arguments, run, "", 65)
