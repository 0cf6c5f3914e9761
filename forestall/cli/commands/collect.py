"""`forestall collect NAME`: ask a source; or read one of its recorded answers by hand, without storing it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the source, such as ucdp_ged; `forestall sources` lists them")
    parser.add_argument("--from", dest="file", type=Path, metavar="FILE", required=True, help="read this recorded answer instead of asking")
    parser.add_argument("--dry-run", action="store_true", required=True, help="tell what it would bring, and store nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(given: Arguments) -> int:
    """Tell what the source finds in the file. Returns 3 when nothing of it could be read."""
    found = _told(given.name, given.file)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n" if given.json else _sentences(found))
    return 0 if found["records"] or not found["quarantined"] else 3


def _told(name: str, file: Path) -> dict[str, Any]:
    from forestall.collecting.byhand import told
    from forestall.collecting.childprocess import AnsweringChild, Child
    from forestall.collecting.received import Received
    from forestall.sources import all_sources

    sources = all_sources()
    source = sources.get(name.replace("_", "-"))
    if source is None:
        raise Refused(say("There is no source %(name)s. There are: %(names)s.", name=name, names=", ".join(sources)))
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refused(say("%(path)s cannot be read: %(why)s.", path=str(file), why=error.strerror or "")) from error
    beside = file.with_name(file.name + ".mapping.toml")
    mapping = beside.read_bytes() if beside.is_file() else None
    received = Received(file.name, content, now(), mapping=mapping)
    with AnsweringChild() as reader, Child() as files:
        return told(received, source=source, sources=sources, reader=reader, files=files)


def _sentences(found: dict[str, Any]) -> str:
    lines = [f"{found['records']} records: " + ", ".join(f"{n} {kind}" for kind, n in found["kinds"].items()) + "."]
    lines += [found["notice"]] if found["notice"] else []
    lines += [f"{found['withdrawn']} taken back."] if found["withdrawn"] else []
    lines += [f"{found['quarantined_count']} set aside."]
    lines += [f"  {one['where']}: {one['reason']}" for one in found["quarantined"][:10]]
    if found["fields_ignored"]:
        lines.append("Given and not kept: " + ", ".join(found["fields_ignored"]) + ".")
    if found["first"]:
        lines.append("The first: " + json.dumps(found["first"], ensure_ascii=False, indent=2))
    return "\n".join(lines) + "\n"


COMMAND = Command("collect", say("ask a source, or read one of its recorded answers by hand"), arguments, run, "", 32)
