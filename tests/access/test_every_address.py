"""What holds for every address there is: forms need their token, opening changes nothing, nobody writes what is not asked."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.signals import request_finished
from django.db import close_old_connections, connection, connections, router
from django.test import Client
from django.urls import URLPattern, get_resolver

from forestall.access import actions, decisions, labelling
from forestall.access.declared import Openness
from forestall.access.session import bound_to
from forestall.monitoring.models import Item, Source

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

NOTED = {"access_signin", "access_tally", "django_session", "record_entry", "record_head", "record_custody"}
"""Tables in which opening a page leaves its trace on purpose: who is signed in, who opened what."""
OPENS = {"item", "item_opened", "inbox", "note_observation", "observe"}
"""Pages that open an unread item: its state then says so, by the person who opened it."""
LEAVES = {"account_logout", "enter"}


@pytest.fixture
def world(observe: Callable[..., Any], make_item: Callable[..., Any], people: SimpleNamespace, session_of: Any) -> dict[str, list[str]]:
    """Something of many kinds, by the name of the part of an address that takes its id."""
    observation = observe("7.5", sources=("Mission", "Wire"))
    item = make_item("To be removed", level=2)
    rita = session_of("rita")
    with bound_to(rita):
        proposed = decisions.propose(labelling.EXPUNGE, about=item, reason="It names a child.", by=rita)
        ids = [str(one.id) for one in (Item.objects.first(), observation, Source.objects.first())]
    return {"uuid": [*ids, str(proposed.id), str(people.alice.id), str(uuid.uuid4())], "int": ["1"], "str": ["karvania", "ZZK"], "slug": ["a"]}


def patterns() -> list[URLPattern]:
    return [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]


def addresses(pattern: URLPattern, world: dict[str, list[str]]) -> list[str]:
    """The addresses of a page: for each id there is, and one that never was."""
    route = f"/{pattern.pattern}"
    kinds = re.findall(r"<(?:(\w+):)?\w+>", route)
    if not kinds:
        return [route]
    filled = []
    for value in world["uuid"] if "uuid" in kinds else [""]:
        text = re.sub(r"<uuid:\w+>", value, route)
        text = re.sub(r"<int:\w+>", "1", text)
        filled.append(re.sub(r"<(?:str:|slug:|path:)?\w+>", "karvania", text))
    return filled


def everything() -> dict[str, list[Any]]:
    """Every row of every table but those that note who opened what, of the vault's too."""
    found = {}
    for table, alias in sorted({(model._meta.db_table, router.db_for_read(model)) for model in apps.get_models()}):
        if table not in NOTED:
            with connections[alias].cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def test_A06_every_form_needs_its_token(people: SimpleNamespace, world: dict[str, list[str]]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.rolf, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent = 0
    for pattern in patterns():
        for address in addresses(pattern, world)[:2]:
            for method, status in (("post", 403), ("put", 405), ("patch", 405), ("delete", 405), ("trace", 405)):
                assert getattr(client, method)(address).status_code == status, (method, address)
                sent += 1
    assert sent > 300


@pytest.mark.parametrize("name", ["rolf", "alice", "ada"])
def test_A06_opening_a_page_changes_nothing(
    people: SimpleNamespace, world: dict[str, list[str]], signed_in: Callable[[str], Client], name: str
) -> None:
    client = signed_in(name)
    before = everything()
    for pattern in patterns():
        if pattern.name not in LEAVES | OPENS:
            for address in addresses(pattern, world):
                client.get(address)
    assert differing(before, everything()) == set()
    for pattern in patterns():
        if pattern.name in OPENS:
            for address in addresses(pattern, world):
                client.get(address)
    assert differing(before, everything()) <= {"monitoring_item", "record_revision", "record_payload"}


def differing(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """The tables whose rows differ."""
    return {table for table in after if after[table] != before[table]}


FORBIDDEN = {
    "level": "0", "compartments": "", "audience": "", "expunged": "1", "quarantined": "", "hold": "", "is_active": "",
    "active": "0", "is_staff": "1", "is_superuser": "1", "owner": "x", "author": "x", "by": "x", "id": str(uuid.uuid4()),
    "pk": "1", "verified": "1", "created_at": "2001-01-01", "recorded_at": "2001-01-01", "password": "a planted password",
    "subject": "planted", "proven_at": "2099-01-01", "how": "key", "embargo_until": "", "consent": "", "state": "cleared",
    "username": "planted",
}  # fmt: skip
WATCHED = ("level", "compartments", "audience", "expunged", "hold", "embargo_until", "consent")


def put_away(answer: Any) -> None:
    """Close what an answer holds open, and not the database of the test with it."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def guarded() -> dict[str, Any]:
    """What no form may set: of people everything, of labelled things their label, of the record its revisions."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            columns = {field.column for field in model._meta.concrete_fields}
            if model._meta.db_table == "access_person":
                wanted = sorted(columns - {"last_login"})
            elif {"level", "compartments"} <= columns and "id" in columns:
                wanted = ["id", *(name for name in WATCHED if name in columns)]
            else:
                continue
            cursor.execute(f'SELECT {", ".join(wanted)} FROM "{model._meta.db_table}"')
            found |= {f"{model._meta.db_table} {row[wanted.index('id')]}": row for row in cursor.fetchall()}
    return found


@pytest.mark.parametrize("name", ["rolf", "ada", pytest.param("alice", marks=pytest.mark.full)])
def test_A17_nobody_sets_what_no_form_asks(
    people: SimpleNamespace, world: dict[str, list[str]], signed_in: Callable[[str], Client], keeper: Any, name: str
) -> None:
    client = signed_in(name)
    before = guarded()
    for pattern in patterns():
        if pattern.callback.declaration.openness is Openness.ANYONE:
            continue
        for address in addresses(pattern, world):
            put_away(client.post(address, FORBIDDEN))
    after = guarded()

    assert {key: (row, after.get(key)) for key, row in before.items() if after.get(key) != row} == {}
    assert not [row for key, row in after.items() if "planted" in repr(row)]


def test_A17_a_real_form_with_more_in_it_sets_only_what_it_asks(
    people: SimpleNamespace, signed_in: Callable[[str], Client], keeper: Any
) -> None:
    ada = signed_in("ada")
    more = {name: value for name, value in FORBIDDEN.items() if name not in ("username", "level")}
    ada.post("/people/add/", {**more, "username": "eve", "name": "Eve", "clearance": "1"})
    made = actions.Person.objects.get(username="eve")

    assert (made.clearance, made.compartments, made.is_active, made.subject) == (1, "", True, "")
    assert str(made.id) != FORBIDDEN["id"]
    assert not made.check_password("a planted password")


def test_A09_an_invitation_is_for_the_offices_own_host(
    people: SimpleNamespace, signed_in: Callable[[str], Client], settings: Any
) -> None:
    settings.OFFICE_ADDRESS = "https://forestall.office.example"
    ada = signed_in("ada")
    ada.post(f"/people/{people.dora.id}/invite/")
    forged = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example"}
    page = ada.get(f"/people/{people.dora.id}/", **forged).content.decode()

    assert "https://forestall.office.example/invited/" in page
    assert "evil.example" not in page
