"""`forestall quarantine`: what was set aside and waits, what would come of it, and reading one of it again."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any
from uuid import UUID

from forestall.base.errors import Refused
from forestall.base.words import say, told
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home
from forestall.cli.previews import as_json, in_words


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = below.add_parser("list", help="what waits for a decision, and why it was set aside")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    again = below.add_parser("again", help="read one file again with the readers of today")
    again.add_argument("id", metavar="ID", help="which, as `list` names it")
    again.add_argument("--name", default="", help="the name that the file should have had")
    again.add_argument("--encoding", default="", help="how its letters are encoded")
    again.add_argument("--dry-run", action="store_true", help="tell what would come of it beside what is held, and store nothing")
    again.add_argument("--json", action="store_true", help="with --dry-run: print one JSON object")
    show = below.add_parser("show", help="one file: why it was set aside, and how it stands")
    show.add_argument("id", metavar="ID", help="which, as `list` names it")
    for each in below.choices.values():
        each.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who looks: a reviewer")
        home_argument(each)


def run(given: Arguments) -> int:

    open_chosen_home(given)
    from forestall.access.session import bound_to
    from forestall.cli.person import session_with_password

    session = session_with_password(given.username)
    session.check_may("item.review")
    with bound_to(session):
        return {"list": _list, "again": _again, "show": _show}[given.act](given, session)


def _list(given: Arguments, session: Any) -> int:
    from forestall.monitoring import setaside

    found = [
        {"id": str(one.id), "name": one.name, "collector": one.collector, "why": told(one.message, one.parameters).text(), "hostile": one.hostile}
        for one in setaside.undecided()
    ]
    if given.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{one['id']}  {one['name']} ({one['collector']})\n    {one['why']}\n" for one in found) or "Nothing waits.\n")
    return 0


def _found(given: Arguments) -> Any:
    from forestall.monitoring import setaside

    try:
        one = setaside.set_aside(UUID(given.id))
    except ValueError:
        one = None
    if one is None:
        raise Refused(say("There is nothing of that name in the quarantine."))
    return one


def _show(given: Arguments, session: Any) -> int:
    from forestall.monitoring.states import QUARANTINE

    one = _found(given)
    lines = [one.name, f"Brought by {one.collector}; {QUARANTINE.words[one.state].text()}.", told(one.message, one.parameters).text()]
    lines += [f"Last read again {one.read_at:%Y-%m-%d %H:%M} UTC."] if one.read_at else []
    lines += [f"Refused: {one.why}"] if one.why else []
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _again(given: Arguments, session: Any) -> int:
    from forestall.monitoring import previewing
    from forestall.monitoring.actions import quarantine
    from forestall.monitoring.suggesting import office_readers

    one = _found(given)
    correction = quarantine.Correction(name=given.name, encoding=given.encoding)
    if given.dry_run:
        preview = previewing.of_set_aside(one, by=session, readers=office_readers(), correction=correction)
        sys.stdout.write(json.dumps(as_json(preview), ensure_ascii=False) + "\n" if given.json else in_words(preview))
        return 0 if preview.takes else 3
    taken = quarantine.read_again(one, by=session, readers=office_readers(), correction=correction)
    reason = taken.reason.text() if taken.reason else ""
    sys.stdout.write(f"{taken.file}: {taken.outcome}, {len(taken.items)} items, {taken.rows} rows. {reason}\n")
    return 0 if taken.items or taken.rows else 3


COMMAND = Command("quarantine", say("what was set aside and waits, what would come of it, and reading one of it again"), arguments, run, "person", 34)
