"""`forestall replay NAME`: read every kept answer of a source once more with the reader of today. Nothing is asked for."""

from __future__ import annotations

import argparse
import json
import sys

from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home
from forestall.cli.commands.collect import named
from forestall.cli.previews import as_json, in_words
from forestall.collecting.contract import Redistribution, Source
from forestall.collecting.terms import RULE_WORDS, Use, credits_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the source")
    parser.add_argument("--dump", action="store_true", help="print what is held afterwards, a line of JSON for each fact")
    parser.add_argument("--inside", action="store_true", help="the dump stays in the office: whole, but for what must not leave at all")
    parser.add_argument("--dry-run", action="store_true", help="tell what would change, and store nothing")
    parser.add_argument("--diff", action="store_true", help="with --dry-run: row by row and field by field")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    home_argument(parser)


def run(given: Arguments) -> int:
    from forestall.collecting.childprocess import AnsweringChild

    source = named(given.name)
    open_chosen_home(given)
    if given.dry_run or given.diff:
        return _tried(given, source)
    from forestall.access.session import bound_to, system_reader
    from forestall.cli.asking import as_set
    from forestall.monitoring.actions import rereading
    from forestall.monitoring.suggesting import office_readers

    source = as_set(source)
    with bound_to(system_reader("collector", reason="kept answers are read again")) as by, AnsweringChild() as reader:
        outcome = rereading.read_again(source, by=by, reader=reader, readers=office_readers())
        done = outcome.run
        if given.dump:
            _dump(source, use=Use.INSIDE if given.inside else Use.PASSING_ON)
    found = {"answers": done.files, "rows": done.rows, "items": done.items, "changed": done.changed, "quarantined": done.quarantines}
    if given.json:
        sys.stdout.write(json.dumps(found) + "\n")
    elif not given.dump:
        sys.stdout.write(f"{done.files} answers read again: {done.rows} rows, {done.changed} facts and {done.items} items changed, {done.quarantines} set aside.\n")
    return 0


def _tried(given: Arguments, source: Source) -> int:
    """What would change; returns 3 when some of it cannot be read."""
    from forestall.access.session import bound_to, system_reader
    from forestall.collecting.childprocess import AnsweringChild
    from forestall.monitoring import previewing

    with bound_to(system_reader("collector", reason="what reading kept answers again would change")) as by, AnsweringChild() as reader:
        preview = previewing.of_kept(source, by=by, reader=reader)
    if not given.diff:
        preview.changing, preview.arriving, preview.going = [], [], []
    told = json.dumps(as_json(preview), ensure_ascii=False) + "\n" if given.json else f"{preview.answers} answers: {in_words(preview)}"
    sys.stdout.write(told)
    return 3 if preview.bad else 0


def _dump(source: Source, *, use: Use) -> None:
    """The facts on the output, as far as their terms let them leave; on the other, whom to name, and what is kept back."""
    from forestall.monitoring import holdings
    from forestall.monitoring.terms import fact_telling, terms_of_source
    from forestall.panel import factdump

    held = holdings.holding(source.id)
    if held is None:
        return
    sys.stderr.write("".join(f"{one.text()}\n" for one in credits_of([terms_of_source(source.id)])))
    for line in factdump.dump(holdings.root(), holdings.manifest_of(held), telling=fact_telling(source.id, use=use)):
        sys.stdout.write(line + "\n")
    if source.redistribution in KEPT_BACK:
        sys.stderr.write(f"{source.title}: {RULE_WORDS[source.redistribution].text()}. Where a row is not told whole, its hash stands for it.\n")


KEPT_BACK = (Redistribution.INTERNAL_ONLY, Redistribution.FORBID)

COMMAND = Command("replay", say("read every kept answer of a source once more, without asking"), arguments, run, "collector", 35)
