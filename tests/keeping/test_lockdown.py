"""K08: a home is shut in seconds; nobody is in, no key is left, and it takes the cards of two to open it again."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forestall.base.errors import Malformed, Refused
from forestall.base.home import Home, Kind, create
from forestall.keeping import lockdown, shutting
from forestall.record.models import Entry
from forestall.vault import keys

HOLDERS = ("one", "two", "three")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own with its keys, as `init` makes it."""
    made = create(tmp_path / "home", kind=Kind.REAL)
    (made.keys / "log.key").write_text("ab" * 32)
    return made


@pytest.fixture
def own_home(home: Home, settings: Any) -> Iterator[Home]:
    """The product runs on `home` for a test, so that what is shut is not the home of all the others."""
    settings.HOME = home
    settings.VAULT_KEY = home.path / "medium" / "vault"
    yield home


def _keys(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.keys.iterdir() if path.is_file()}


def _left(home: Home, *, secrets: dict[str, bytes]) -> list[str]:
    """Names of secrets whose bytes stand in any file of the home."""
    found = []
    for path in home.path.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            found += [name for name, secret in secrets.items() if secret.strip() and secret.strip() in held]
    return found


def test_K08_no_key_is_left_in_any_file_and_any_two_cards_bring_all_back(home: Home) -> None:
    before = _keys(home)
    secrets = {name: held for name, held in before.items() if name != "files.mark"}
    assert set(_left(home, secrets=secrets)) == {"secret", "files.key", "log.key"}
    for pair in ((0, 1), (2, 0), (1, 2)):
        cards = lockdown.prepare(home, HOLDERS)
        lockdown.shut(home)
        assert home.is_locked
        assert _left(home, secrets=secrets) == []
        whose = lockdown.open_again(home, [cards[HOLDERS[one]] for one in pair])
        assert set(whose) == {HOLDERS[one] for one in pair}
        assert not home.is_locked
        assert _keys(home) == before


def test_K08_one_card_an_old_card_and_no_card_open_nothing(home: Home) -> None:
    old = lockdown.prepare(home, HOLDERS)
    cards = lockdown.prepare(home, HOLDERS)
    lockdown.shut(home)
    for given in ([cards["one"]], [cards["one"], cards["one"]], [old["one"], old["two"]], [cards["one"], old["two"]]):
        with pytest.raises(Refused):
            lockdown.open_again(home, given)
    with pytest.raises(Malformed):
        lockdown.open_again(home, [cards["one"], "a word"])
    assert home.is_locked
    assert [path.name for path in home.keys.iterdir()] == ["files.mark"]


def test_K08_no_card_is_kept_in_the_home(home: Home) -> None:
    cards = lockdown.prepare(home, HOLDERS)
    lockdown.shut(home)
    assert _left(home, secrets={name: card.encode() for name, card in cards.items()}) == []


def test_K08_what_was_not_prepared_is_not_shut_for_nobody_could_open_it(home: Home) -> None:
    before = _keys(home)
    with pytest.raises(Refused, match="Nobody could open the home again"):
        lockdown.shut(home)
    assert _keys(home) == before


@pytest.mark.parametrize("holders", [("one",), ("one", "one"), tuple("abcdefgh")])
def test_K08_two_to_seven_different_people_hold_cards(home: Home, holders: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="different people"):
        lockdown.prepare(home, holders)


def test_K08_shutting_goes_on_where_a_crash_left_off(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _keys(home)
    cards = lockdown.prepare(home, HOLDERS)

    def crash(path: Path) -> None:
        raise OSError("the machine stops here")

    with monkeypatch.context() as broken:
        broken.setattr(lockdown, "remove", crash)
        with pytest.raises(OSError, match="stops"):
            lockdown.shut(home)
    (home.keys / "log.key").unlink()
    lockdown.shut(home)
    lockdown.open_again(home, [cards["two"], cards["three"]])
    assert _keys(home) == before


def test_K08_a_key_that_lies_elsewhere_goes_and_comes_back_too(home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / "medium" / "vault"
    elsewhere.parent.mkdir()
    elsewhere.write_text("the key of the vault")
    cards = lockdown.prepare(home, HOLDERS)
    lockdown.shut(home, also=[elsewhere, tmp_path / "never was"])
    assert not elsewhere.exists()
    lockdown.open_again(home, [cards["one"], cards["two"]])
    assert elsewhere.read_text() == "the key of the vault"
    assert _keys(home)["log.key"]


def test_K08_a_damaged_preparation_is_told(home: Home) -> None:
    lockdown.prepare(home, HOLDERS)
    (home.path / "lockdown.json").write_text("{")
    with pytest.raises(Malformed, match="damaged"):
        lockdown.shut(home)


@pytest.mark.django_db
def test_K08_nobody_is_signed_in_any_more_and_every_page_says_that_all_is_shut(
    own_home: Home, people: SimpleNamespace, signed_in: Callable[[str], Client], session_of: Callable[[str], Any]
) -> None:
    from forestall.access import actions, signins
    from forestall.access.session import bound_to

    with bound_to(session_of("ada")) as ada:
        cards = shutting.prepare([people.alice, people.bob, people.dan], by=ada)
    alice, bob = signed_in("alice"), signed_in("bob")
    vault = keys.path()
    vault.parent.mkdir(exist_ok=True)
    vault.write_text("the key of the vault")
    link = actions.make_link(purpose="invitation", minutes=60, person=people.dora)
    assert alice.get("/").status_code == 200
    page = bob.get("/lockdown/").content.decode()
    assert all(one.name in page for one in (people.alice, people.bob, people.dan))
    assert bob.post("/lockdown/").status_code != 200
    assert not own_home.is_locked
    assert "Everything is shut" in bob.post("/lockdown/", {"meant": "yes"}).content.decode()
    told = [browser.get(address) for browser in (alice, bob, Client()) for address in ("/", "/inbox/", "/accounts/login/", "/none/")]
    assert {(one.status_code, one.content) for one in told} == {(503, told[0].content)}
    assert not vault.exists()
    assert "Everything is shut" in told[0].content.decode()
    assert Entry.objects.filter(verb="shut everything", by=str(people.bob.id)).count() == 1

    lockdown.open_again(own_home, [cards[str(people.dan.id)], cards[str(people.alice.id)]])
    assert alice.get("/").status_code == bob.get("/").status_code == 302
    assert actions.use_link(link, purpose="invitation") is None
    assert not any(signins.lasting(one) for one in (people.alice, people.bob))


@pytest.mark.django_db
def test_K08_it_takes_the_verb_to_shut_and_to_prepare(
    own_home: Home, people: SimpleNamespace, session_of: Callable[[str], Any], signed_in: Callable[[str], Client]
) -> None:
    with pytest.raises(Refused):
        shutting.prepare([people.alice, people.bob], by=session_of("bob"))
    shutting.prepare([people.alice, people.bob], by=session_of("ada"))
    with pytest.raises(Refused):
        shutting.shut(by=session_of("alice"))
    signed_in("alice").post("/lockdown/", {"meant": "yes"})
    assert not own_home.is_locked
    people.bob.is_active = False
    people.bob.save()
    with pytest.raises(Refused, match="account is open"):
        shutting.prepare([people.alice, people.bob], by=session_of("ada"))


@pytest.mark.django_db
def test_K08_the_page_says_when_it_is_not_prepared(own_home: Home, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("dan").get("/lockdown/").content.decode()
    assert "It is not prepared" in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]


def _go(home: Home, *words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "forestall.cli.main", *words, "--home", str(home.path)]
    around = {name: value for name, value in os.environ.items() if not name.startswith(("FORESTALL_", "DJANGO_"))}
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, env={**around, **environment}, timeout=120)


def _seconds_worked() -> float:
    """What the commands run so far took of the processor: the clock alone would measure what else this machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_K08_at_the_machine_within_ten_seconds(tmp_path: Path) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    made = (
        "from forestall.cli.command import set_up, migrate; from forestall.base.home import open_home; from pathlib import Path;"
        "import sys; set_up(open_home(Path(sys.argv[1]))); migrate();"
        "from forestall.access import actions; from forestall.access.session import bound_to, system_reader\n"
        "with bound_to(system_reader('keeper', reason='a test')) as keeper:\n"
        "    people = [actions.add_person(username=name, name=name.capitalize(), clearance=1, compartments=frozenset(),"
        " password='the password of '+name, by=keeper) for name in ('ada', 'bea', 'cem')]\n"
        "    actions.give_role(people[0], role='administrator', by=keeper)\n"
    )
    around = {name: value for name, value in os.environ.items() if not name.startswith(("FORESTALL_", "DJANGO_"))}
    subprocess.run([sys.executable, "-c", made, str(home.path)], check=True, env=around, timeout=120)
    told = _go(home, "lockdown", "prepare", "ada", "bea", "cem", "--as", "ada", FORESTALL_PASSWORD_ADA="the password of ada")
    assert told.returncode == 0, told.stderr
    cards = [line.strip() for line in told.stdout.splitlines() if "AGE-SECRET-KEY-1" in line]
    assert len(cards) == 3

    began = _seconds_worked()
    assert _go(home, "lockdown", "now").returncode == 0
    assert _seconds_worked() - began < 10
    for command in (("record", "verify"), ("work", "--once"), ("people", "list")):
        refused = _go(home, *command)
        assert refused.returncode != 0
        assert "This home is shut" in refused.stderr + refused.stdout
    assert _go(home, "lockdown", "now").returncode == 0

    assert "do not open" in _go(home, "lockdown", "open", typed=f"{cards[0]}\n{cards[0]}\n").stderr
    opened = _go(home, "lockdown", "open", typed=f"{cards[2]}\n{cards[0]}\n")
    assert opened.returncode == 0, opened.stderr
    assert _go(home, "record", "verify").returncode == 0
    assert "not shut" in _go(home, "lockdown", "open").stderr


def test_K08_the_preparation_holds_no_key_in_clear(home: Home) -> None:
    lockdown.prepare(home, HOLDERS)
    held = json.loads((home.path / "lockdown.json").read_text())
    assert "SECRET" not in json.dumps(held)
    assert settings.HOME.path != home.path
