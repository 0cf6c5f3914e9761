"""`forestall record`: verify the history, sign for it, hand it to an outsider, remove content by decision of two."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from forestall.base.errors import Malformed, Refused
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home

if TYPE_CHECKING:
    from forestall.access.session import Session


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = below.add_parser("verify", help="prove that nothing in the history was changed")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    below.add_parser("checkpoint", help="sign openly where the log stands, as a line to print or hand over")
    _outside_arguments(below)
    _known_arguments(below)
    _key_arguments(below)
    expunge = below.add_parser("expunge", help="remove the content of one thing; the log still verifies")
    expunge.add_argument("kind", help="what it is, such as monitoring.item")
    expunge.add_argument("id", type=UUID, help="its public id")
    expunge.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    expunge.add_argument("--second", required=True, help="sign-in name of the second officer, who agrees here too")
    expunge.add_argument("--reason", required=True, help="why the content must go")
    for each in below.choices.values():
        home_argument(each)


def _outside_arguments(below: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verifier = below.add_parser("verifier", help="write the one file with which an outsider verifies")
    verifier.add_argument("file", type=Path, nargs="?", default=Path("forestall-verify"), help="where to")
    bundle = below.add_parser("bundle", help="write the record as one file for an outsider")
    bundle.add_argument("file", type=Path, help="where to; it must not exist yet")
    bundle.add_argument(
        "--holds", choices=("entries", "states", "content"), default="entries",
        help="entries alone; also labels, times and salts of every state; or the content of everything too",
    )  # fmt: skip
    bundle.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    bundle.add_argument("--second", help="sign-in name of a second officer, needed for more than the entries")
    statement = below.add_parser("statement", help="state, signed and proven, what was known of one thing on a day")
    statement.add_argument("kind", help="what it is, such as advising.warning")
    statement.add_argument("id", type=UUID, help="its public id")
    statement.add_argument("--on", type=_day, required=True, metavar="DAY", help="the day asked about, YYYY-MM-DD")
    statement.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    statement.add_argument("--second", help="sign-in name of a second officer, to read what a password does not open")
    statement.add_argument("--content", action="store_true", help="also the content of every state")
    statement.add_argument("--file", type=Path, help="where to write it (default: print it)")


def _known_arguments(below: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    known = below.add_parser("known", help="tell what was known, said and answered between two days, as one person may see it")
    about = known.add_mutually_exclusive_group()
    about.add_argument("--situation", type=UUID, metavar="ID", help="public id of a situation: it stands in the address of its page")
    about.add_argument("--state", default="", metavar="ISO3", help="a State, by its code")
    known.add_argument("--from", dest="since", type=_day, required=True, metavar="DAY", help="the first day, YYYY-MM-DD")
    known.add_argument("--to", dest="until", type=_day, required=True, metavar="DAY", help="the last day; the record is read as of it")
    known.add_argument("--language", choices=("en", "fr", "es", "ru", "ar", "zh"), default="en", help="language of its fixed words")
    known.add_argument("--as", dest="person", required=True, help="sign-in name of the reader")
    known.add_argument("--second", help="sign-in name of a second records officer: both then read what a password does not open")
    known.add_argument("--file", type=Path, required=True, help="where to write it; .pdf or .docx")


def _key_arguments(below: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rotate = below.add_parser("rotate-key", help="hand over to a new signing key; the old one signs no more")
    rotate.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    rotate.set_defaults(second="")
    lost = below.add_parser("state-key-lost", help="state that the signing key is lost; two officers do")
    lost.add_argument("--as", dest="person", required=True, help="sign-in name of the records officer")
    lost.add_argument("--second", required=True, help="sign-in name of the second officer, who states it here too")
    lost.add_argument("--reason", required=True, help="how it was lost; every verification tells it")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def run(given: Arguments) -> int:
    open_chosen_home(given)
    return ACTS[given.act](given)


def _verify(given: Arguments) -> int:
    from forestall.access.session import bound_to, system_reader
    from forestall.record.verification import verify

    with bound_to(system_reader("keeper", reason="verify the record")):
        found = verify()
    if given.json:
        told = {
            "entries": found.entries,
            "verified": found.holds,
            "faults": [str(fault) for fault in found.faults],
            "worries": [str(worry) for worry in found.worries],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        for fault in found.faults:
            sys.stdout.write(f"{fault}\n")
        for worry in found.worries:
            sys.stdout.write(f"To look after: {worry}\n")
        verdict = "holds" if found.holds else "DOES NOT HOLD"
        sys.stdout.write(f"{found.entries} entries; the record {verdict}.\n")
    return 0 if found.holds else 1


def _checkpoint(given: Arguments) -> int:
    from forestall.record.seals import checkpoint, line

    made = checkpoint()
    if made is None:
        raise Refused(say("The log is empty; there is nothing to sign."))
    sys.stdout.write(f"{line(made)}\n")
    return 0


def _verifier(given: Arguments) -> int:
    from forestall.record.bundle import verifier

    _write(given.file, [verifier()])
    sys.stdout.write(f"Written: {given.file}. An outsider runs: python3 {given.file.name} BUNDLE --witness FILE\n")
    return 0


def _officers(given: Arguments, *, verb: str) -> list[Session]:
    """Who asks, and the second officer where one is named; both type their passwords here, and both hold the verb."""
    from forestall.cli.person import session_with_password

    names = [given.person, given.second] if given.second else [given.person]
    if len(set(names)) != len(names):
        raise Refused(say("Two officers must be two people."))
    sessions = [session_with_password(name) for name in names]
    for session in sessions:
        session.check_may(verb)
    return sessions


def _bundle(given: Arguments) -> int:
    from forestall.access.actions import taken_out
    from forestall.record.bundle import ENTRIES, lines

    if given.holds != ENTRIES and not given.second:
        raise Refused(say("A bundle of more than the entries holds what is closed to most: name a --second officer."))
    for officer in _officers(given, verb="record.audit"):
        taken_out(what=f"bundle of the record, {given.holds}", by=officer)
    _write(given.file, lines(given.holds))
    warning = "" if given.holds == ENTRIES else " Keep it as you keep the home: it holds what is closed to most."
    sys.stdout.write(f"Written: {given.file}.{warning}\n")
    return 0


def _statement(given: Arguments) -> int:
    """One officer states what a password opens; two together, what the record holds."""
    from forestall.access.actions import taken_out
    from forestall.access.decisions import thing_of
    from forestall.access.session import bound_to, system_reader
    from forestall.record.statement import state

    officers = _officers(given, verb="record.audit")
    reader = system_reader("keeper", reason="a statement by two officers") if given.second else officers[0]
    with bound_to(reader):
        thing = thing_of(given.kind, object_id=given.id)
        if thing is None:
            raise Refused(say("There is nothing here with this id."))
        made = state(thing, on=given.on, by=officers[0].person_id, content=given.content)
    for officer in officers:
        taken_out(what="statement of the record", by=officer)
    if given.file:
        _write(given.file, [made])
        sys.stdout.write(f"Written: {given.file}. Anybody verifies it: python3 forestall-verify {given.file.name}\n")
    else:
        sys.stdout.write(made.decode())
    return 0


def _known(given: Arguments) -> int:
    """As one person may see it: a password opens what is internal. Two records officers together: what the record holds."""
    from forestall.access.actions import taken_out
    from forestall.access.session import bound_to, system_reader
    from forestall.advising.chronicle import Scope, compute
    from forestall.advising.sheet import translator
    from forestall.cli.person import session_with_password
    from forestall.documents import typst_pdf, word
    from forestall.documents.chronicle import sheet

    make = {".pdf": typst_pdf.pdf, ".docx": word.word}.get(given.file.suffix)
    if make is None:
        raise Refused(say("Choose PDF or Word."))
    officers = _officers(given, verb="record.audit") if given.second else [session_with_password(given.person)]
    reader = system_reader("keeper", reason="a chronicle by two officers") if given.second else officers[0]
    session = replace(reader, name=", ".join(one.name for one in officers))
    title = given.state or say("Everything that the reader may see")
    scope = Scope(title, situation_id=given.situation, iso3=given.state)
    with bound_to(session):
        content = compute(scope, since=given.since, until=given.until, by=session, language=given.language)
    _write(given.file, [make(sheet(content), translate=translator(given.language))])
    for officer in officers:
        taken_out(what="known, said, answered", by=officer)
    sys.stdout.write(f"Written: {given.file}. Digest: {content.digest}\n")
    return 0


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that did not exist, for its owner alone; what failed half-way does not stay."""
    try:
        file = open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: PTH123, SIM115
    except OSError as error:
        raise Malformed(say("%(path)s cannot be written: %(why)s", path=str(path), why=error.strerror)) from error
    try:
        with file:
            for piece in pieces:
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _rotate(given: Arguments) -> int:
    from forestall.record.keys import rotate

    (officer,) = _officers(given, verb="record.expunge")
    made = rotate(by=officer.person_id)
    sys.stdout.write(f"Key {made.number} signs from now on: {made.public}\n")
    return 0


def _state_lost(given: Arguments) -> int:
    from forestall.record.keys import state_lost

    first, second = _officers(given, verb="record.expunge")
    made = state_lost(by=first.person_id, second=second.person_id, reason=given.reason)
    sys.stdout.write(f"Key {made.number} signs from now on: {made.public}\n")
    return 0


def _expunge(given: Arguments) -> int:
    """Both officers type their passwords here: two people at one terminal."""
    from django.apps import apps

    from forestall.access.session import bound_to
    from forestall.record.actions import expunge
    from forestall.record.models import Recorded

    first, second = _officers(given, verb="record.expunge")
    try:
        model = apps.get_model(given.kind)
    except (LookupError, ValueError) as error:
        raise Refused(say("There is no kind of thing called %(kind)s.", kind=given.kind)) from error
    with bound_to(first):
        thing = model.objects.filter(pk=given.id).first() if issubclass(model, Recorded) else None
        if thing is None:
            raise Refused(say("There is nothing here with this id."))
        expunge(thing, by=first.person_id, second=second.person_id, reason=given.reason)
    sys.stdout.write("The content is gone; its place in the log remains.\n")
    return 0


ACTS: dict[str, Callable[[Arguments], int]] = {
    "verify": _verify,
    "checkpoint": _checkpoint,
    "verifier": _verifier,
    "bundle": _bundle,
    "statement": _statement,
    "known": _known,
    "rotate-key": _rotate,
    "state-key-lost": _state_lost,
    "expunge": _expunge,
}
COMMAND = Command("record", say("verify the history, sign it, or remove content by decision of two"), arguments, run, "keeper", 60)
