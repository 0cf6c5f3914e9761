"""`forestall backup`: make one, prove that one can be restored, restore one."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from forestall.base.errors import Malformed
from forestall.base.home import check_open, chosen_path, open_home
from forestall.base.words import say
from forestall.cli.command import Arguments, Command, home_argument, migrate, open_chosen_home, set_up

if TYPE_CHECKING:
    from forestall.keeping.restoring import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    create = below.add_parser("create", help="write an encrypted backup of the home while it is served")
    create.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a folder that is there, on another disk")
    create.add_argument("--recipient", action="append", required=True, metavar="AGE_KEY", help="the public age key of whoever may open it; as often as there are")
    verify = below.add_parser("verify", help="prove that a backup can be restored, and change nothing")
    create.add_argument("--with-vault-key", action="store_true", help="put the source vault's key ring in too; otherwise keep a copy of it apart")
    restore = below.add_parser("restore", help="make a home from a backup; nothing is overwritten")
    restore.add_argument("--move-aside", action="store_true", help="keep the home that is there under another name")
    for each in (verify, restore):
        each.add_argument("archive", type=Path, metavar="ARCHIVE", help="the archive with the data")
        each.add_argument("--identity", type=Path, required=True, metavar="FILE", help="the file with the age identity")
        each.add_argument("--keys", type=Path, metavar="FILE", help="the archive with the keys (default: keys.age beside the data)")
        each.add_argument("--ledger", type=Path, action="append", default=[], metavar="FILE", help="a newer ledger from elsewhere, such as the old home's")
        each.add_argument("--vault-key", type=Path, metavar="FILE", help="the copy of the source vault's key ring that is kept apart")
    for each in (create, restore):
        home_argument(each)
    verify.add_argument("--scratch", type=Path, metavar="DIR", help="an encrypted place with room for all of it (default: beside the archive)")
    keygen = below.add_parser("keygen", help="make a new identity for opening backups; keep it elsewhere")
    keygen.add_argument("--file", type=Path, help="where to, for its owner alone; it must not exist yet (default: print it)")


def run(given: Arguments) -> int:
    return {"create": _create, "verify": _verify, "restore": _restore, "keygen": _keygen}[given.act](given)


def _keygen(given: Arguments) -> int:
    """The identity goes to standard output alone, or to the file alone: never to a log of what was said."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    text = f"# public key: {identity.to_public()}\n{identity}\n"
    if given.file is None:
        sys.stdout.write(text)
    else:
        try:
            descriptor = os.open(given.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise Malformed(say("%(path)s cannot be written: %(why)s", path=str(given.file), why=str(error.strerror))) from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
    sys.stderr.write(
        "Keep this identity away from the home and its backups: on paper, or on a stick in a safe. Without it no backup\n"
        f"opens; with it every one does. The public key, for --recipient and home.toml: {identity.to_public()}\n"
    )
    return 0


def _create(given: Arguments) -> int:
    from forestall.keeping import archive

    recipients = archive.recipients_of(given.recipient)
    open_chosen_home(given)
    from forestall.keeping.backing import create

    made = create(given.to.expanduser().resolve(), recipients=recipients, with_vault_key=given.with_vault_key)
    out = sys.stdout.write
    out(f"Written: {made.path}, {made.entries} entries. The newest keys are in {made.path.with_name(archive.KEYS)}.\n")
    if made.missing:
        out(f"{made.missing} files that the record names were not there. `forestall record verify` tells which.\n")
    return 1 if made.missing else 0


def _ledgers(given: Arguments, *others: Path) -> list[Path]:
    from forestall.keeping.archive import LEDGER

    beside = [given.archive.with_name(LEDGER), *(other / LEDGER for other in others)]
    return [*given.ledger, *(path for path in beside if path.is_file())]


def _verify(given: Arguments) -> int:
    """Restores it to a scratch place, migration and all, and takes that away."""
    from forestall.keeping import restoring

    folder = (given.scratch or given.archive.parent).expanduser().resolve()
    place = restoring.staging(folder / "verified")
    try:
        outcome = _bring_back(given, place, ledgers=_ledgers(given))
    finally:
        restoring.discard(place)
    _tell(outcome)
    sound = not outcome.faults and not outcome.undone
    sys.stdout.write("This backup can be restored.\n" if sound else "This backup does NOT restore to a whole home.\n")
    return 0 if sound else 1


def _bring_back(given: Arguments, place: Path, *, ledgers: list[Path], target: Path | None = None) -> Outcome:
    from forestall.keeping import archive, restoring

    identities = archive.identities_of(given.identity)
    keys = given.keys or given.archive.with_name(archive.KEYS)
    home, told = restoring.unpack(given.archive, keys=keys, identities=identities, into=place, vault_key=given.vault_key)
    if target is not None:
        restoring.check_same(target, place)
    set_up(home)
    from django.db import connections

    from forestall.keeping.witnessed import folders_of

    known = folders_of(target) if target is not None else []
    restoring.check_schema(told)
    migrate(copy=False)
    try:
        return restoring.do_again(ledgers=ledgers, identities=identities, known=known)
    finally:
        connections.close_all()


def _restore(given: Arguments) -> int:
    """What fails leaves the target as it was; what was unpacked is taken away again."""
    from forestall.keeping import restoring

    target = (given.home or chosen_path()).expanduser().resolve()
    restoring.check_target(target, aside=given.move_aside)
    place = restoring.staging(target)
    ledgers = _ledgers(given, target)
    try:
        outcome = _bring_back(given, place, ledgers=ledgers, target=target)
        aside = restoring.settle(place, target=target)
    except BaseException:
        restoring.discard(place)
        raise
    check_open(open_home(target))
    _tell(outcome)
    out = sys.stdout.write
    if not ledgers:
        out("No ledger was at hand: what was removed or revoked since the backup may be back. Look before you serve it.\n")
    if aside is not None:
        out(f"The home from before is kept at {aside}. Remove it when you are sure: what was removed may still be in it.\n")
    out(f"The home is at {target}. Everybody signs in anew. Witnesses outside know seals from after the backup: tell them.\n")
    return 0 if not outcome.faults and not outcome.undone else 1


def _tell(outcome: Outcome) -> None:
    out = sys.stdout.write
    out(f"{outcome.entries} entries; removed, raised or revoked since the backup and done again: {outcome.done}.\n")
    for words in outcome.undone:
        out(f"Could not be done again: {words}\n")
    for words in outcome.faults:
        out(f"Does not hold: {words}\n")
    for words in outcome.told:
        out(f"{words}\n")


COMMAND = Command("backup", say("make, verify and restore encrypted backups"), arguments, run, "keeper", 62)
