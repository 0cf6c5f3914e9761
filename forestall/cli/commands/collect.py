"""`forestall collect NAME`: ask a source, or read one of its recorded answers; with `--dry-run` nothing is stored."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home
from forestall.collecting.contract import Source
from forestall.collecting.quality import in_words


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the source, such as ucdp_ged; `forestall sources list` names them")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--from", dest="file", type=Path, metavar="FILE", help="read this recorded answer instead of asking")
    way.add_argument("--live", action="store_true", help="ask the producer, over the network, now")
    parser.add_argument("--dry-run", action="store_true", help="tell what it would bring, and store nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    home_argument(parser)


def run(given: Arguments) -> int:
    """Returns 3 when nothing of it could be read, 4 when the producer did not answer as it should."""
    source = named(given.name)
    if given.file:
        return _dry(given, source) if given.dry_run else _taken(given, source)
    return _asked_dry(given, source) if given.dry_run else _asked(given, source)


def named(name: str) -> Source:
    """The source of this name, with hyphens or underscores. Raises `Refused` when there is none."""
    from forestall.sources import all_sources

    sources = all_sources()
    source = sources.get(name.replace("_", "-"))
    if source is None:
        raise Refused(say("There is no source %(name)s. There are: %(names)s.", name=name, names=", ".join(sources)))
    return source


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(say("%(path)s cannot be read: %(why)s.", path=str(file), why=error.strerror or "")) from error


def _dry(given: Arguments, source: Source) -> int:
    from forestall.collecting.byhand import told
    from forestall.collecting.childprocess import AnsweringChild, Child
    from forestall.collecting.received import Received
    from forestall.sources import all_sources

    beside = given.file.with_name(given.file.name + ".mapping.toml")
    mapping = beside.read_bytes() if beside.is_file() else None
    received = Received(given.file.name, _read(given.file), now(), mapping=mapping)
    with AnsweringChild() as reader, Child() as files:
        found = told(received, source=source, sources=all_sources(), reader=reader, files=files)
    _print(given, found, _sentences(found))
    return 0 if found["records"] or not found["quarantined"] else 3


def _taken(given: Arguments, source: Source) -> int:
    """Store a recorded answer in the home."""
    from forestall.collecting.childprocess import AnsweringChild
    from forestall.collecting.received import Received

    open_chosen_home(given)
    from forestall.access.session import bound_to, system_reader
    from forestall.cli.asking import as_set
    from forestall.monitoring.actions import rereading
    from forestall.monitoring.suggesting import office_readers

    source = as_set(source)
    received = Received(given.file.name, _read(given.file), now())
    with bound_to(system_reader("collector", reason="a recorded answer")) as by, AnsweringChild() as reader:
        outcome = rereading.take_file(source, received, by=by, reader=reader, readers=office_readers())
    return _ended(given, outcome)


def _asked(given: Arguments, source: Source) -> int:
    from forestall.cli.asking import one_turn

    open_chosen_home(given)
    return _ended(given, one_turn(source))


def _asked_dry(given: Arguments, source: Source) -> int:
    from forestall.cli.asking import as_set, first_answers, home_credentials, home_is_there

    if source.mailbox:
        return _looked_into(given, source)
    if source.office and home_is_there(given):
        open_chosen_home(given)
        source = as_set(source)
    answers = list(first_answers(source, credentials=home_credentials(given, source)))
    found = {"source": source.id, "answers": answers}
    _print(given, found, "".join(f"{one['request']}: {one['status']}\n{_sentences(one)}" for one in answers))
    return 0 if any(one["records"] for one in answers) else 4


def _looked_into(given: Arguments, source: Source) -> int:
    """What the next turn would take from the office's mailbox: it can be told of an office that has one alone."""
    open_chosen_home(given)
    from forestall.cli.receiving import first_messages

    found = first_messages(source)
    said = f"{found['waiting']} messages would be taken.\n"
    _print(given, found, said + "".join(f"{one['name']}: {one['bytes']} bytes\n{_sentences(one)}" for one in found["messages"]))
    return 0


def _ended(given: Arguments, outcome: Any) -> int:
    from forestall.monitoring.states import RUN_STATES, WITHOUT_ANSWER

    run = outcome.run
    found = {
        "state": outcome.state.value, "why": outcome.why.text() if outcome.why else "",
        "notice": outcome.notice.text() if outcome.notice else "", "requests": run.requests, "answers": run.files,
        "rows": run.rows, "items": run.items, "changed": run.changed, "withdrawn": run.withdrawn, "withheld": run.withheld,
        "quarantined": run.quarantines,
    }  # fmt: skip
    said = [f"{RUN_STATES[outcome.state].text()}: {found['rows']} rows, {found['items']} items, {found['changed']} facts new or changed."]
    said += [text for text in (found["why"], found["notice"]) if text]
    _print(given, found, "\n".join(said) + "\n")
    return 4 if outcome.state in WITHOUT_ANSWER else 0


def _print(given: Arguments, found: dict[str, Any], sentences: str) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n" if given.json else sentences)


def _sentences(found: dict[str, Any]) -> str:
    kinds = ", ".join(f"{number} {kind}" for kind, number in found["kinds"].items())
    lines = [f"{found['records']} records{': ' if kinds else ''}{kinds}; {found['quarantined_count']} set aside."]
    lines += [f"  {one['where']}: {one['reason']}" for one in found["quarantined"][:10]]
    if found.get("withdrawn"):
        lines.append(f"{found['withdrawn']} taken back by the source.")
    if found.get("notice"):
        lines.append(found["notice"])
    if found["fields_ignored"]:
        lines.append("Given and not kept: " + ", ".join(found["fields_ignored"]) + ".")
    lines += in_words(found.get("quality", {}))
    if found["first"]:
        lines.append("The first: " + json.dumps(found["first"], ensure_ascii=False, indent=2))
    return "\n".join(lines) + "\n"


COMMAND = Command("collect", say("ask a source, or read one of its recorded answers by hand"), arguments, run, "collector", 32)
