"""`forestall replay NAME`: read every kept answer of a source once more with the reader of today. Nothing is asked for."""

from __future__ import annotations

import argparse
import json
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home
from forestall.cli.commands.collect import named


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the source")
    parser.add_argument("--dump", action="store_true", help="print what is held afterwards, a line of JSON for each fact")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    home_argument(parser)


def run(given: Arguments) -> int:
    from forestall.collecting.childprocess import AnsweringChild

    source = named(given.name)
    open_chosen_home(given)
    from forestall.access.session import bound_to, system_reader
    from forestall.cli.asking import as_set
    from forestall.monitoring.actions import rereading
    from forestall.monitoring.suggesting import office_readers

    source = as_set(source)
    with bound_to(system_reader("collector", reason="kept answers are read again")) as by, AnsweringChild() as reader:
        outcome = rereading.read_again(source, by=by, reader=reader, readers=office_readers())
        done = outcome.run
        if given.dump:
            _dump(source.id)
    found = {"answers": done.files, "rows": done.rows, "items": done.items, "changed": done.changed, "quarantined": done.quarantines}
    if given.json:
        sys.stdout.write(json.dumps(found) + "\n")
    elif not given.dump:
        sys.stdout.write(f"{done.files} answers read again: {done.rows} rows, {done.changed} facts and {done.items} items changed, {done.quarantines} set aside.\n")
    return 0


def _dump(collector: str) -> None:
    from forestall.monitoring import holdings
    from forestall.panel import factdump

    held = holdings.holding(collector)
    for line in factdump.dump(holdings.root(), holdings.manifest_of(held)) if held else ():
        sys.stdout.write(line + "\n")


COMMAND = Command("replay", say("read every kept answer of a source once more, without asking"), arguments, run, "collector", 35)
