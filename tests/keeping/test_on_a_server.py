"""An office whose tables are on a server is backed up like any other, and comes back as a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import pytest

from . import test_backup as backup
from .test_backup import BEGIN, FILL, LOOK, SINCE, forestall, script

SERVER, OWNER, APPLICATION = (os.environ.get(f"FORESTALL_{name}", "") for name in ("TEST_POSTGRES", "DATABASE_OWNER", "DATABASE"))
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not (SERVER and OWNER), reason="a backup of a server needs PostgreSQL with two roles"),
]


def named(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


@contextmanager
def new_database() -> Iterator[str]:
    """The name of an empty database of the owner's, while the block lasts."""
    import psycopg

    name = f"forestall_backup_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(named(OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield name
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def empty() -> Iterator[str]:
    """The name of an empty database."""
    with new_database() as name:
        yield name


def _name_server(home: Path, database: str) -> None:
    settings = home / "home.toml"
    lines = f'database = "{named(APPLICATION, database)}"\ndatabase_owner = "{named(OWNER, database)}"\n'
    settings.write_text(lines + settings.read_text())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """An office on a server, backed up before and after much was removed, closed and taken away."""
    place = tmp_path_factory.mktemp("office")
    home, folder, identity = place / "home", place / "backups", place / "identity"
    folder.mkdir()
    with new_database() as database:
        told = {"FORESTALL_DATABASE": named(APPLICATION, database), "FORESTALL_DATABASE_OWNER": named(OWNER, database)}
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(backup, "environment", lambda: _without() | told)
            forestall("init", "--home", home, "--name", "Ada Ring", "--username", "ada")
        _name_server(home, database)
        forestall("backup", "keygen", "--file", identity)
        recipient = identity.read_text().splitlines()[0].removeprefix("# public key: ")
        script(home, FILL)
        first = _backed_up(home, folder, recipient=recipient)
        script(home, SINCE)
        second = _backed_up(home, folder, recipient=recipient)
        yield SimpleNamespace(home=home, folder=folder, identity=identity, recipient=recipient, first=first, second=second)


def _without() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_")}


def _backed_up(home: Path, folder: Path, *, recipient: str) -> Path:
    before = set(folder.glob("forestall-*.age"))
    forestall("backup", "create", "--home", home, "--to", folder, "--recipient", recipient)
    (made,) = set(folder.glob("forestall-*.age")) - before
    return made


def test_R09_an_office_on_a_server_comes_back_in_a_file_of_its_own(office: SimpleNamespace, tmp_path: Path) -> None:
    assert not (office.home / "forestall.sqlite3").exists(), "its tables are on the server"
    target = tmp_path / "home"
    forestall("backup", "verify", office.second, "--identity", office.identity, "--scratch", tmp_path)
    forestall("backup", "restore", office.second, "--identity", office.identity, "--home", target)

    assert (target / "forestall.sqlite3").is_file() and "database" not in (target / "home.toml").read_text()
    files, people, verbs, _, vault = script(target, LOOK)  # type: ignore[misc]
    assert vault == [[["B-22C", "kept"], ["K-47R", "erased"], ["M-60D", "kept"]], None, True]
    assert files["kept"][2] == "what kept tells" and set(people) >= {"ada", "alice", "gus"} and "restored from a backup" in verbs
    assert json.loads(forestall("record", "verify", "--json", "--home", target).stdout)["verified"] is True
    assert json.loads(forestall("search", "check", "--json", "--home", target).stdout)["holds"] is True


def test_R12_what_happened_on_the_server_since_is_done_again(office: SimpleNamespace, tmp_path: Path) -> None:
    target = tmp_path / "home"
    shutil.copytree(office.home, target)
    forestall("backup", "restore", office.first, "--identity", office.identity, "--home", target, "--move-aside",
              "--vault-key", office.home / "keys" / "vault")  # fmt: skip

    files, people, _, stones, vault = script(target, LOOK)  # type: ignore[misc]
    assert vault == [[["B-22C", "kept"], ["K-47R", "erased"]], ["Somebody B-22C"], False]
    assert files[""][1] is True and files[""][2].startswith("unreadable") and stones == 1
    assert files["raised"] == [3, False, "what raised tells"] and files["lowered"] == [2, False, "what lowered tells"]
    assert people["bob"][5] == 0 and people["carol"][0] is False and people["dora"][2] == [] and people["gus"][1] == 1


def test_the_tables_of_a_home_are_brought_to_a_server_and_verified_there(office: SimpleNamespace, empty: str, tmp_path: Path) -> None:
    """What came back in a file goes to a server again, under both nets; nothing is begun there while they lie in the file."""
    target = tmp_path / "home"
    forestall("backup", "restore", office.second, "--identity", office.identity, "--home", target)
    before = script(target, LOOK)
    assert "names no server" in forestall("database", "move", "--home", target, code=2).stderr
    _name_server(target, empty)
    assert "./go database move" in forestall("serve", "--home", target, code=2).stderr
    done = forestall("database", "move", "--home", target)

    (aside,) = (target / "backups").glob("moved-*.sqlite3")
    assert f"kept at {aside}" in done.stdout and not (target / "forestall.sqlite3").exists()
    assert script(target, LOOK) == before
    assert "second net stands" in forestall("net", "--home", target).stdout
    assert json.loads(forestall("record", "verify", "--json", "--home", target).stdout)["verified"] is True
    assert json.loads(forestall("search", "check", "--json", "--home", target).stdout)["holds"] is True
    script(target, "    evidence.keep(b'more', name='more', media_type='text', label=CLOSED, by='system:collector')\n")
    assert "no file of tables" in forestall("database", "move", "--home", target, code=2).stderr
    shutil.copy(aside, target / "forestall.sqlite3")
    assert "tables in this database already" in forestall("database", "move", "--home", target, code=2).stderr


WRITES = """
    stop, number = Path(sys.argv[1]).with_name("stop"), 0
    while not stop.exists():
        number += 1
        evidence.keep(b"written " + str(number).encode(), name=f"written {number}", media_type="text", label=CLOSED, by="system:collector")
        with transaction.atomic():
            protect(f"W-{number}")
        print(number, flush=True)
"""


def test_R10_a_server_is_backed_up_at_one_moment_while_others_write(office: SimpleNamespace, tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", BEGIN + WRITES, str(office.home)], stdout=subprocess.PIPE, text=True, env=_without())
    assert writer.stdout is not None
    try:
        before = int(writer.stdout.readline())
        made = _backed_up(office.home, office.folder, recipient=office.recipient)
    finally:
        office.home.with_name("stop").touch()
        told, _ = writer.communicate(timeout=60)
    assert writer.returncode == 0 and int(told.split()[-1]) > before + 3, "they wrote all the while"
    done = forestall("backup", "verify", made, "--identity", office.identity, "--scratch", tmp_path, "--vault-key", office.home / "keys" / "vault")

    assert "This backup can be restored." in done.stdout, "each source of the record is in the vault, and none more"


def test_nothing_of_the_server_lies_in_clear_after_a_backup(office: SimpleNamespace) -> None:
    assert {path.suffix for path in (office.home / "backups").iterdir()} <= {"", ".json"}, "no copy of the tables"
    assert all(path.stat().st_mode & 0o077 == 0 for path in office.folder.iterdir())
