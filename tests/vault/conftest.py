"""Hana and Hugo are source handlers of the Karvania desk, Sid of the South desk; Dan the Director sees sources too."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

NAME, ADDRESS = "Ilse Varnholm", "ilse.varnholm@post.example"
REPORTER = f"{NAME} <{ADDRESS}>"


@pytest.fixture(autouse=True)
def key(tmp_path: Path, settings: Any) -> Path:
    """A key of each test's own."""
    from forestall.vault import keys

    settings.VAULT_KEY = tmp_path / "vault"
    return keys.make()


@pytest.fixture
def carers(people: SimpleNamespace, keeper: Any) -> SimpleNamespace:
    from forestall.access import actions

    for name, desks in (("hana", ("karvania",)), ("hugo", ("karvania",)), ("sid", ("south",))):
        person = actions.add_person(
            username=name, name=name.capitalize(), clearance=3, email=f"{name}@office.example", by=keeper,
            compartments=frozenset({"SRC", *(f"desk:{desk}" for desk in desks)}),
        )  # fmt: skip
        actions.give_role(person, role="source_handler", since=date(2025, 1, 1), by=keeper)
        setattr(people, name, person)
    actions.let_into(people.dan, compartments=frozenset({"SRC"}), by="system:keeper")
    return people


@pytest.fixture
def as_(carers: SimpleNamespace, session_of: Callable[..., Any]) -> Callable[[str], Any]:
    """`with as_("hana") as hana:` reads and acts as her."""
    from contextlib import contextmanager

    from forestall.access.session import bound_to

    @contextmanager
    def bound(name: str) -> Iterator[Any]:
        with bound_to(session_of(name)) as session:
            yield session

    return bound


@pytest.fixture
def known() -> Any:
    from forestall.vault.identities import Known

    return Known(name=NAME, contact=ADDRESS, location="Senneth, third street", reach="Only by the cousin", never="Call by day",
                 words=(REPORTER, NAME, ADDRESS, "Varnholm"))  # fmt: skip


@pytest.fixture
def protected(as_: Any, known: Any) -> Any:
    """A source of the Karvania desk, protected by Hana."""
    from forestall.vault import actions

    with as_("hana") as hana:
        return actions.protect(known, desk="karvania", scopes=["analyse"], by=hana)


@pytest.fixture
def mail(make_item: Callable[..., Any], carers: Any) -> Any:
    """A mail from Ilse, with her name wherever a mail has it."""
    from forestall.monitoring.models import Source
    from forestall.record.actions import write

    item = make_item(f"From {NAME}: the lists", f"{NAME} here. They wrote lists.\n\n{NAME.upper()}\n{ADDRESS}", source=NAME)
    item.reporter, item.native = REPORTER, {"from": REPORTER, "message-id": secrets.token_hex(8)}
    source = Source.objects.get(pk=item.source_id)
    source.key = ADDRESS
    write(source, by="system:collector", verb="source kept")
    return write(item, by="system:collector", verb="item received")


@pytest.fixture
def agreed(as_: Any, django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """`agreed("hugo", decision)`: the second person agrees, and what follows a commit follows."""
    from forestall.access import decisions

    def agree(name: str, decision: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True), as_(name) as second:
            return decisions.agree(decisions.decision(decision.id), by=second)

    return agree


@pytest.fixture
def every_byte(db: None) -> Callable[[str], bytes]:
    """Every byte that a database holds, freed pages included; of PostgreSQL every row of every table that may be read."""
    from django.db import connections

    from forestall.labels.rowsecurity import KEY_TABLE
    from forestall.labels.telling import Elevation, elevated
    from forestall.search.models import Document

    def dumped(alias: str) -> bytes:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            return bytes(connection.connection.serialize())
        with elevated(Elevation.WHOLE), connection.cursor() as cursor:
            rows = []
            for table in set(connection.introspection.table_names(cursor)) - {KEY_TABLE, *Document.tables_behind}:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                rows += [row[0] for row in cursor.fetchall()]
        return "\n".join(rows).encode()

    return dumped
