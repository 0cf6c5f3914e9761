"""`forestall search`: hold the search index against what it was made of, or make it anew."""

from __future__ import annotations

import argparse
import json
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = below.add_parser("check", help="compare the index with the things, both ways")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    below.add_parser("rebuild", help="make the index anew from the things")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return {"check": _check, "rebuild": _rebuild}[given.act](given)


def _check(given: Arguments) -> int:
    """Says how many, never which: whoever runs the machine need not see what is in it."""
    from forestall.search.index import compare

    found = compare()
    if given.json:
        told = {name: getattr(found, name) for name in ("things", "missing", "different", "left_over", "broken", "holds")}
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        sys.stdout.write(
            f"{found.things} things; not in the index: {found.missing}; otherwise in the index: {found.different}; "
            f"in the index alone: {found.left_over}.\n"
        )
        verdict = "holds" if found.holds else "DOES NOT HOLD. Run `./go search rebuild`"
        sys.stdout.write(f"The index {verdict}.\n")
    return 0 if found.holds else 1


def _rebuild(given: Arguments) -> int:
    from forestall.search.index import rebuild

    sys.stdout.write(f"{rebuild()} things are in the index.\n")
    return 0


COMMAND = Command("search", say("hold the search index against what it was made of, or make it anew"), arguments, run, "keeper", 62)
