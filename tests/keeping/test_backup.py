"""A backup brings back what was confirmed, and nothing that was removed, closed or taken away since."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.base.errors import Malformed, Refused
from forestall.keeping import archive, backing, restoring
from forestall.keeping.archive import KEYS, LEDGER

BEGIN = """
import json, sys
from pathlib import Path
from forestall.base.home import open_home
from forestall.cli.command import set_up
home = set_up(open_home(Path(sys.argv[1])))
from django.db import connection
from forestall.access import actions as access
from forestall.access.models import Person
from forestall.access.session import bound_to, system_reader
from forestall.labels.label import Label, Level
from forestall.record import actions, evidence, resting
from forestall.record.models import Evidence, Tombstone
from forestall.keeping import lockdown, shutting
from django.db import transaction
from forestall.base.identifiers import new_id
from forestall.vault import identities, queries as sources
from forestall.vault.models import Pseudonym
from datetime import date
from forestall.access.models import EntryLink, SignIn
from forestall.base.clock import now
def protect(code):
    one = Pseudonym(id=new_id(), code=code, desk="karvania", keeper="x", review_due=date(2030, 1, 1))
    with transaction.atomic():
        identities.write(identities.Known(name="Somebody " + code, contact=code, desk="karvania"), entry=one.id)
        actions.write(one.labelled(sources.label_on("karvania")), by="system:keeper", verb="source protected")
def erase(code):
    one = Pseudonym.objects.get(code=code)
    one.state = "erased"
    actions.write(one, by="system:keeper", verb="source erased")
    actions.note(by=str(new_id()), verb="erasure agreed", kind=one.kind(), object_id=one.id)
    identities.erase(one.id)
DESK = frozenset({"desk:karvania"})
CLOSED = Label(Level.STRICTLY_CONFIDENTIAL, DESK)
def person(name):
    return Person.objects.get(username=name)
def file(name):
    return Evidence.objects.get(name=name)
with bound_to(system_reader("keeper", reason="a test")) as keeper:
"""
FILL = """
    for name in ("alice", "bob", "carol", "dora", "erin", "fay", "gus"):
        access.add_person(username=name, name=name, clearance=2, compartments=DESK, password="the password of " + name, by=keeper)
    access.give_role(person("bob"), role="analyst", by=keeper)
    for name, label in (("removed", CLOSED), ("raised", Label(Level.CONFIDENTIAL)), ("lowered", CLOSED), ("kept", CLOSED), ("open", Label(Level.INTERNAL))):
        evidence.keep(b"what " + name.encode() + b" tells", name=name, media_type="text", label=label, by="system:collector")
    protect("K-47R")
    protect("B-22C")
    SignIn.objects.create(person=person("alice"), since=now(), seen_at=now())
    access.make_link(purpose="invitation", minutes=600, person=person("alice"))
    shutting.prepare([person("alice"), person("bob")], by=keeper)
"""
SINCE = """
    alice, bob = str(person("alice").id), str(person("bob").id)
    gone = file("removed")
    actions.expunge(gone, by=alice, second=bob, reason="a name that may not stay")
    resting.raise_label(file("raised"), label=CLOSED, by=alice)
    resting.raise_label(file("open"), label=CLOSED, by=alice)
    resting.lower_label(file("lowered"), label=Label(Level.CONFIDENTIAL), by=alice)
    access.end_role(person("bob").grants.get(), by=keeper)
    access.set_active(person("carol"), active=False, by=keeper)
    access.take_compartment(person("dora"), compartment="desk:karvania", by=keeper)
    access.recuse(person("erin"), compartment="desk:karvania", by=keeper)
    access.set_password(person("fay"), password="a password that is another one")
    access.change_clearance(person("gus"), level=1, by=keeper)
    erase("K-47R")
    protect("M-60D")
    shutting.prepare([person("bob"), person("gus")], by=keeper)
    print(json.dumps(str(gone.id)))
"""
LOOK = """
    from forestall.labels.models import everything
    from forestall.base.clock import today
    from forestall.base.errors import Malformed
    def told(one):
        try:
            return evidence.content(one).decode()
        except Malformed as error:
            return "unreadable: " + str(error)
    files = {one.name: [one.label.level, one.expunged, told(one)] for one in everything(Evidence)}
    people = {p.username: [p.is_active, p.clearance, sorted(p.granted), p.has_usable_password(), p.recusals.count(),
              sum(1 for g in p.grants.all() if g.until is None or g.until >= today())] for p in Person.objects.all()}
    verbs = list(__import__("forestall.record.models", fromlist=["Entry"]).Entry.objects.values_list("verb", flat=True))
    from forestall.vault import keys
    told_of = sorted(one.name for _, one in identities.everybody()) if not keys.is_sealed() else None
    vault = [sorted(Pseudonym.objects.values_list("code", "state")), told_of, lockdown.prepared(home) is not None]
    open_still = SignIn.objects.filter(ended_at=None).count() + EntryLink.objects.filter(used_at=None).count()
    assert not open_still, "everybody signs in anew"
    print(json.dumps([files, people, verbs, Tombstone.objects.count(), vault]))
"""


def forestall(*arguments: object, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    told = [str(one) for one in arguments]
    done = subprocess.run([sys.executable, "-m", "forestall.cli.main", *told], capture_output=True, text=True, check=False,
                          env=environment(), timeout=240)  # fmt: skip
    assert code is None or done.returncode == code, done.stdout + done.stderr[-3000:]
    return done


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_")}


def script(home: Path, text: str) -> object:
    done = subprocess.run([sys.executable, "-c", BEGIN + text, str(home)], capture_output=True, text=True, check=False,
                          env=environment(), timeout=240)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """An office backed up twice: in between, much was removed, closed and taken away. Nobody changes it."""
    place = tmp_path_factory.mktemp("office")
    home, folder, before, identity = place / "home", place / "backups", place / "before", place / "identity"
    folder.mkdir()
    forestall("init", "--home", home, "--name", "Ada Ring", "--username", "ada")
    forestall("backup", "keygen", "--file", identity)
    forestall("backup", "keygen", "--file", identity, code=3)
    recipient = identity.read_text().splitlines()[0].removeprefix("# public key: ")
    script(home, FILL)
    forestall("backup", "create", "--home", home, "--to", folder, "--recipient", recipient)
    shutil.copytree(folder, before)
    removed = script(home, SINCE)
    forestall("backup", "create", "--home", home, "--to", folder, "--recipient", recipient)
    first, second = sorted(folder.glob("forestall-*.age"))
    return SimpleNamespace(
        place=place, home=home, folder=folder, before=before, identity=identity, recipient=recipient, first=first,
        second=second, removed=removed,
    )  # fmt: skip


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory, office: SimpleNamespace) -> SimpleNamespace:
    """Another home: the same tables under another secret. Its vault's key ring lies elsewhere, and goes along."""
    home, folder = tmp_path_factory.mktemp("foreign") / "home", tmp_path_factory.mktemp("folder")
    shutil.copytree(office.home, home)
    (home / "keys" / "secret").write_text("1" * 64)
    (home / "keys" / "vault").rename(home / "keys" / "elsewhere")
    with (home / "home.toml").open("a") as file:
        file.write(f'vault_key = "{home / "keys" / "elsewhere"}"\n')
    forestall("backup", "create", "--home", home, "--to", folder, "--recipient", office.recipient, "--with-vault-key")
    return SimpleNamespace(home=home, keys=folder / KEYS)


def opened(office: SimpleNamespace, tmp_path: Path, *, data: Path | None = None, keys: Path | None = None, identity: Path | None = None) -> object:
    """Unpack, as verify and restore both do before anything else."""
    return restoring.unpack(
        data or office.second, keys=keys or office.folder / KEYS,
        identities=archive.identities_of(identity or office.identity), into=tmp_path / "unpacked",
    )  # fmt: skip


def test_R09_what_the_page_says_brings_a_home_back_on_an_empty_machine(office: SimpleNamespace, tmp_path: Path) -> None:
    target = tmp_path / "home"
    done = forestall("backup", "restore", office.second, "--identity", office.identity, "--home", target)

    files, people, verbs, _, vault = script(target, LOOK)  # type: ignore[misc]
    assert vault == [[["B-22C", "kept"], ["K-47R", "erased"], ["M-60D", "kept"]], None, True]
    assert "vault is sealed" in done.stdout and "Prepare it again" not in done.stdout
    assert files["kept"][2] == "what kept tells"
    assert set(people) >= {"ada", "alice", "gus"}
    assert "restored from a backup" in verbs
    assert json.loads(forestall("record", "verify", "--json", "--home", target).stdout)["verified"] is True
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_R12_T30_what_happened_since_the_backup_holds_again_before_anybody_signs_in(office: SimpleNamespace, tmp_path: Path) -> None:
    """On the machine of the old home, which is kept beside: its key ring is brought, and the vault is as it was."""
    target = tmp_path / "home"
    with pytest.raises(Refused, match="move-aside"):
        restoring.check_target(office.home, aside=False)
    shutil.copytree(office.home, target)
    done = forestall("backup", "restore", office.first, "--identity", office.identity, "--home", target, "--move-aside",
                     "--vault-key", office.home / "keys" / "vault")  # fmt: skip

    (aside,) = tmp_path.glob("home.before-*")
    assert (aside / "forestall.sqlite3").is_file()
    assert "Prepare it again" in done.stdout
    files, people, _, stones, vault = script(target, LOOK)  # type: ignore[misc]
    assert vault == [[["B-22C", "kept"], ["K-47R", "erased"]], ["Somebody B-22C"], False]
    assert files[""][1] is True and files[""][2].startswith("unreadable") and stones == 1
    assert files["raised"] == [3, False, "what raised tells"]
    assert files["open"] == [3, False, "what open tells"]
    assert files["lowered"] == [2, False, "what lowered tells"]
    active, clearance, granted, password, recusals, roles = range(6)
    assert people["bob"][roles] == 0
    assert people["carol"][active] is False
    assert people["dora"][granted] == []
    assert people["erin"][recusals] == 1
    assert people["fay"][password] is False
    assert people["gus"][clearance] == 1
    assert people["alice"] == [True, 2, ["desk:karvania"], True, 0, 0]


def test_K05_content_removed_stays_unreadable_in_an_older_backup_beside_the_newest_keys(office: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for path in (office.first, office.folder / KEYS):
        shutil.copy(path, tmp_path / "b")  # and no ledger: the keys alone must do
    done = forestall("backup", "restore", tmp_path / "b" / office.first.name, "--identity", office.identity,
                     "--home", tmp_path / "home", code=1)  # fmt: skip

    assert office.removed in done.stdout and "No ledger was at hand" in done.stdout
    files = script(tmp_path / "home", LOOK)[0]  # type: ignore[index]
    assert files["removed"][2].startswith("unreadable: The key of this evidence is gone")
    assert files["kept"][2] == "what kept tells"


def test_K05_until_the_next_backup_the_earlier_keys_still_open_it(office: SimpleNamespace, tmp_path: Path) -> None:
    opened(office, tmp_path, data=office.first, keys=office.before / KEYS)

    assert list((tmp_path / "unpacked" / "keys" / "files").rglob(f"{office.removed.replace('-', '')}.json"))


def test_no_archive_of_data_holds_a_key(office: SimpleNamespace, tmp_path: Path) -> None:
    tmp_path.joinpath("x").mkdir()
    found, _ = archive.read(office.second, identities=archive.identities_of(office.identity), into=tmp_path / "x")

    assert {one.name.split("/")[0] for one in found} == {
        "forestall.sqlite3", "vault.sqlite3", "home.toml", "lockdown.json", "files",
    }  # fmt: skip
    secret = (office.home / "keys" / "secret").read_bytes()
    assert not [one.name for one in found if secret in (tmp_path / "x" / one.name).read_bytes()]


def test_K05_the_vaults_key_ring_is_in_no_archive_unless_it_is_asked_for(office: SimpleNamespace, foreign: SimpleNamespace, tmp_path: Path) -> None:
    """Wherever it lies, and under whatever name; the foreign home asked for it."""
    held = [archive.read(keys, identities=archive.identities_of(office.identity), into=tmp_path / place)[0]
            for place, keys in (("without", office.folder / KEYS), ("with", foreign.keys))]  # fmt: skip
    names = [{one.name for one in members} for members in held]

    assert not [name for name in names[0] if "vault" in name]
    assert {name for name in names[1] if "vault" in name} == {"keys/vault"}
    assert (tmp_path / "with" / "keys" / "vault").read_bytes() == (foreign.home / "keys" / "elsewhere").read_bytes()


def test_names_tell_only_the_time_and_lines_of_the_ledger_only_that_there_are_some(office: SimpleNamespace) -> None:
    names = {path.name for path in office.folder.iterdir()} - {KEYS, LEDGER}

    assert names and all(backing.NAMED.fullmatch(name) for name in names)
    assert all(path.stat().st_mode & 0o077 == 0 for path in office.folder.iterdir())
    assert b"removed" not in (office.folder / LEDGER).read_bytes()


def spoil(kind: str, office: SimpleNamespace, folder: Path) -> dict[str, Path]:
    """A backup spoilt in one way, in a folder of its own."""
    data = shutil.copy(office.second, folder / office.second.name)
    keys = shutil.copy(office.folder / KEYS, folder / KEYS)
    whole = data.read_bytes()
    if kind == "truncated":
        data.write_bytes(whole[: len(whole) // 2])
    elif kind == "truncated at a chunk":
        data.write_bytes(whole[: len(whole) - len(whole) % 65536])
    elif kind == "bit-flipped":
        data.write_bytes(whole[:70_000] + bytes([whole[70_000] ^ 1]) + whole[70_001:])
    elif kind == "bit-flipped keys":
        small = keys.read_bytes()
        keys.write_bytes(small[:-30] + bytes([small[-30] ^ 1]) + small[-29:])
    elif kind == "no keys":
        keys.unlink()
    elif kind == "exchanged":
        return {"data": keys, "keys": data}
    elif kind == "empty":
        data.write_bytes(b"")
    elif kind == "wrong key":
        (folder / "other").write_text(forestall("backup", "keygen").stdout)
        return {"data": data, "keys": keys, "identity": folder / "other"}
    return {"data": data, "keys": keys}


SENTENCES = {
    "truncated": "is damaged", "truncated at a chunk": "is damaged", "bit-flipped": "is damaged",
    "bit-flipped keys": "keys.age is damaged", "no keys": "keys.age cannot be read", "exchanged": "something else",
    "empty": "is damaged", "wrong key": "does not open with this identity",
}  # fmt: skip


@pytest.mark.parametrize("kind", SENTENCES)
def test_R11_a_spoilt_backup_is_told_before_anything_is_done(kind: str, office: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(Malformed) as told:
        opened(office, tmp_path, **spoil(kind, office, tmp_path / "b"))

    assert SENTENCES[kind] in str(told.value)


def test_R11_the_keys_of_a_foreign_home_are_told(office: SimpleNamespace, foreign: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="of two homes"):
        opened(office, tmp_path, keys=foreign.keys)


def test_R11_a_foreign_home_is_not_moved_away(office: SimpleNamespace, foreign: SimpleNamespace) -> None:
    before = sorted(foreign.home.rglob("*"))
    done = forestall("backup", "restore", office.second, "--identity", office.identity, "--home", foreign.home, "--move-aside", code=2)

    assert "another home" in done.stderr
    assert sorted(foreign.home.rglob("*")) == before
    assert [path.name for path in foreign.home.parent.iterdir() if "unfinished" in path.name] == []


def test_R11_a_home_that_is_shut_is_neither_backed_up_nor_replaced(office: SimpleNamespace, tmp_path: Path, settings: Any) -> None:
    from forestall.base.home import open_home
    from forestall.cli.command import open_chosen_home

    home = open_home(office.home)
    home.locked.touch()
    try:
        settings.HOME = home
        for refused in (
            lambda: restoring.check_target(office.home, aside=True),
            lambda: backing.create(office.folder, recipients=[]),
            lambda: open_chosen_home(SimpleNamespace(home=office.home)),  # type: ignore[arg-type]
        ):
            with pytest.raises(Refused, match="is shut"):
                refused()
    finally:
        home.locked.unlink()


def test_R11_a_forged_manifest_is_told(office: SimpleNamespace, tmp_path: Path) -> None:
    """Whoever knows the public key alone can make an archive, and cannot make one of this home."""
    (tmp_path / "x").mkdir()
    archive.read(office.second, identities=archive.identities_of(office.identity), into=tmp_path / "x")
    sources = [(path.relative_to(tmp_path / "x").as_posix(), path) for path in sorted((tmp_path / "x").rglob("*")) if path.is_file()]
    from forestall.keeping import manifest, snapshot

    facts = snapshot.facts_of(tmp_path / "x" / "forestall.sqlite3")
    archive.write(
        tmp_path / "forged.age", sources, recipients=archive.recipients_of([office.recipient]),
        manifest=lambda members: manifest.made("data", members, secret="guessed", entries=facts.entries, root=facts.root),
    )  # fmt: skip
    with pytest.raises(Malformed, match="forged"):
        opened(office, tmp_path, data=tmp_path / "forged.age")


def test_R11_tables_of_a_newer_version_are_told(office: SimpleNamespace, tmp_path: Path) -> None:
    from dataclasses import replace

    _, told = opened(office, tmp_path)  # type: ignore[misc]
    restoring.check_schema(told)
    with pytest.raises(Malformed, match="newer"):
        restoring.check_schema(replace(told, applied=[*told.applied, ("record", "9999_to_come")]))


def test_R12_a_home_whose_restore_did_not_finish_is_not_served(office: SimpleNamespace, tmp_path: Path) -> None:
    opened(office, tmp_path)
    done = forestall("record", "verify", "--home", tmp_path / "unpacked", code=2)

    assert "is closed" in done.stderr


def test_R12_a_forged_line_of_the_ledger_takes_nothing_away(office: SimpleNamespace, tmp_path: Path) -> None:
    import base64

    import pyrage

    from forestall.keeping import ledger

    said = json.dumps([{"seq": 9, "root": "x", "at": "2026-01-01", "verb": "expunged"}])
    forged = pyrage.encrypt(json.dumps({"acts": said, "code": "00"}).encode(), archive.recipients_of([office.recipient]))
    path = tmp_path / "ledger"
    path.write_bytes((office.folder / LEDGER).read_bytes() + base64.b64encode(forged) + b"\n")
    secret = (office.home / "keys" / "secret").read_text()

    found = ledger.read([path], identities=archive.identities_of(office.identity), secret=secret)
    assert found.unread == 1 and len(found.acts) >= 10 and not [act for act in found.acts if act["seq"] == 9 and act["root"] == "x"]


def test_verify_proves_a_backup_and_leaves_nothing(office: SimpleNamespace) -> None:
    before = sorted(path.name for path in office.folder.iterdir())
    done = forestall("backup", "verify", office.first, "--identity", office.identity)

    assert "can be restored" in done.stdout
    assert sorted(path.name for path in office.folder.iterdir()) == before
