"""From an archive to a home again: unpacked beside, brought to today's tables, what happened since done again, then moved.

Nothing that exists is overwritten, at any step. Until the end the folder is marked closed, and nothing serves it.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forestall.base import durable
from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused, Spoken, Unavailable
from forestall.base.home import Home, check_not_shut, exists, open_home
from forestall.base.words import Words, say

from . import archive, manifest, snapshot
from .archive import Identity
from .manifest import Manifest


def unpack(
    path: Path, *, keys: Path, identities: list[Identity], into: Path, vault_key: Path | None = None
) -> tuple[Home, Manifest]:
    """Open both archives into a new folder, a closed home. Raises `Malformed` with what is wrong with them.

    `vault_key` is the copy of the vault's key ring that is kept apart; without it the vault stays sealed.

    Checked before anything else is done: that they open, are whole, are of one home, and hold what they say.
    """
    into.mkdir(parents=True, mode=0o700)
    (into / "closed").write_text("restoring\n", encoding="ascii")
    found, told = archive.read(path, identities=identities, into=into)
    if not (into / snapshot.NAME).is_file() or not (into / "home.toml").is_file():
        raise Malformed(say("This archive holds something else: name the data archive first and the keys with --keys."))
    found_keys, told_keys = archive.read(keys, identities=identities, into=into)
    try:
        secret = (into / "keys" / "secret").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Malformed(say("%(path)s holds no keys of a home.", path=keys.name)) from error
    manifest.checked(told_keys, what="keys", found=found_keys, secret=secret)
    checked = manifest.checked(told, what="data", found=found, secret=secret)
    facts = snapshot.facts_of(into / snapshot.NAME)
    if (facts.entries, facts.root) != (checked.entries, checked.root):
        raise Malformed(say("What the backup holds is not what its manifest tells. Use another backup."))
    for folder in ("files", "facts", "witness"):
        (into / folder).mkdir(exist_ok=True, mode=0o700)
    _alone(into / "home.toml")
    if vault_key is not None:
        _bring(vault_key, into / "keys" / "vault")
    return open_home(into), checked


def _bring(ring: Path, place: Path) -> None:
    try:
        content = ring.read_bytes()
    except OSError as error:
        raise Malformed(say("%(path)s cannot be read: %(why)s", path=str(ring), why=str(error.strerror))) from error
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _alone(settings: Path) -> None:
    """Tables and keys lie in the home again, wherever they were kept: a token is made anew from here.

    So does the vault's key ring: what is done again in a restored home must not reach the one in use elsewhere.
    """
    text = settings.read_text(encoding="utf-8")
    lines, named = text.splitlines(keepends=True), {"keys", "vault_key", "database", "database_owner"} & set(tomllib.loads(text))
    above = next((number for number, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    kept = [line for number, line in enumerate(lines) if number >= above or line.partition("=")[0].strip() not in named]
    settings.write_text("".join(kept), encoding="utf-8")


def check_schema(told: Manifest) -> None:
    """Raise `Malformed` when the tables were made by a newer version than this. Older ones are brought to today's."""
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).disk_migrations)
    newer = sorted(f"{app} {name}" for app, name in told.applied if (app, name) not in known)
    if newer:
        raise Malformed(
            say("This backup was made by version %(version)s, whose tables are newer (%(what)s). Restore it with that version.",
                version=told.version, what=newer[0])
        )  # fmt: skip


@dataclass
class Outcome:
    """What a restored home is: entries, what was done again, what could not be, what verification found, what to know."""

    entries: int = 0
    done: int = 0
    undone: list[Words] = field(default_factory=list)
    faults: list[Words] = field(default_factory=list)
    told: list[Words] = field(default_factory=list)


def do_again(*, ledgers: Iterable[Path], identities: list[Identity], known: Iterable[str] = ()) -> Outcome:
    """Do again what happened since, from every ledger at hand, and verify. Runs inside the restored home.

    Each act by the actions that did it first, so that the record tells; the restore is an entry too. `known` are folders
    of witnesses to hold the backup against, besides those that the settings name.
    """
    from django.conf import settings

    from forestall.access import signins
    from forestall.access.session import bound_to, system_reader
    from forestall.base.identifiers import new_id
    from forestall.record.actions import note
    from forestall.record.verification import verify

    from . import ledger, revocation, witnessed

    outcome = Outcome()
    outcome.faults, outcome.told = witnessed.held_against([*settings.WITNESSES, *known])
    found = ledger.read(ledgers, identities=identities, secret=settings.SECRET_KEY)
    if found.unread:
        outcome.undone.append(say("Lines of the ledger that cannot be read or are another home's: %(count)s", count=found.unread))
    with bound_to(system_reader("keeper", reason="a restore")) as keeper:
        note(by=keeper.person_id, verb=witnessed.RESTORED, kind="record.head", object_id=new_id())
        for act in found.acts:
            _again(act, by=keeper, outcome=outcome)
        signins.end_everything(by=keeper)
        note(by=keeper.person_id, verb="sign-ins ended", kind=revocation.PERSON, object_id=new_id())
        outcome.faults += _vault_faults(outcome)
        settings.WITNESSES = [str(settings.HOME.witness)]  # those outside know seals that are not in the backup
        verified = verify()
    outcome.entries = verified.entries
    outcome.faults += verified.faults
    return outcome


def _vault_faults(outcome: Outcome) -> list[Words]:
    """What does not hold of the vault: all of it where its key ring is at hand, else what shows without."""
    from forestall.vault import identities, keys, verification

    if identities.is_empty():
        return verification.without_key()
    if keys.is_sealed():
        outcome.told.append(
            say("The source vault is sealed: put the copy of its key ring that is kept apart at keys/vault in the home.")
        )
        return verification.without_key()
    verification.mend()
    found = verification.verify()
    return [*found.faults, *found.left_over]


def _again(act: dict[str, Any], *, by: Any, outcome: Outcome) -> None:
    from forestall.record import replaying

    from . import revocation

    if replaying.holds(act["seq"], root=act["root"]):
        return
    try:
        done = _room_of(act)(act, by)
        outcome.done += done
        if done and act["verb"] == revocation.CARD:
            outcome.told.append(say("The cards of the lock-down are from before. Prepare it again: ./go lockdown prepare."))
    except (Spoken, KeyError, ValueError, TypeError) as error:
        why = str(error) if isinstance(error, Spoken) else type(error).__name__
        outcome.undone.append(
            say("%(verb)s, %(kind)s %(id)s: %(why)s", verb=act["verb"], kind=act["kind"], id=act["id"], why=why)
        )


def _room_of(act: dict[str, Any]) -> Callable[[dict[str, Any], Any], bool]:
    from forestall.record import replaying

    from . import pseudonyms, revocation

    if revocation.concerns(act):
        return lambda act, by: revocation.carry_out(act, by=by)
    if act["verb"] in pseudonyms.VERBS:
        return lambda act, by: pseudonyms.carry_out(act, by=by)
    return lambda act, by: replaying.do_again(act, by=by.person_id)


def staging(target: Path) -> Path:
    """A new folder beside `target`, on the same disk, where a home is put together."""
    return target.with_name(f"{target.name}.unfinished-{now():%Y%m%dT%H%M%S-%f}")


def check_target(target: Path, *, aside: bool) -> None:
    """Raise `Refused` when something stands at `target` that may not be moved aside, such as a home that is shut."""
    if target.is_symlink() or target.is_file():
        raise Refused(say("%(path)s is no folder.", path=str(target)))
    if not target.exists() or not any(target.iterdir()):
        return
    if not exists(target):
        raise Refused(say("%(path)s is not empty and is no home. Choose a folder that does not exist yet.", path=str(target)))
    check_not_shut(open_home(target))
    if not aside:
        raise Refused(
            say("There is a home at %(path)s. Stop its server, then say --move-aside: it is kept beside the restored one.", path=str(target))
        )


def check_same(target: Path, restored: Path) -> None:
    """Raise `Refused` when the home at `target` is another than the one restored."""
    if not exists(target):
        return
    before, after = (
        (place / "keys" / "secret").read_text(encoding="utf-8").strip() if (place / "keys" / "secret").is_file() else ""
        for place in (target, restored)
    )
    if before and before != after:
        raise Refused(say("%(path)s is another home than the one in the backup. Choose another folder.", path=str(target)))


def settle(restored: Path, *, target: Path) -> Path | None:
    """Open the restored home at `target`; where the one before was moved, if there was one."""
    (restored / "closed").unlink()
    aside = None
    if target.exists() and any(target.iterdir()):
        aside = target.with_name(f"{target.name}.before-{now():%Y%m%dT%H%M%S}")
        target.rename(aside)
    elif target.exists():
        target.rmdir()
    try:
        restored.rename(target)
    except OSError as error:
        raise Unavailable(say("%(path)s cannot be written: %(why)s", path=str(target), why=str(error.strerror))) from error
    durable.flush(target.parent)
    return aside


def discard(folder: Path) -> None:
    """Take away what was unpacked to look at. Its keys are overwritten first."""
    for path in (folder / "keys").rglob("*"):
        if path.is_file():
            archive.overwrite(path)()
    shutil.rmtree(folder, ignore_errors=True)
