"""What comes by itself is named in `home.toml`, read strictly, and looked at before it is turned on."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed
from forestall.cli import receiving
from forestall.cli.commands import collect
from forestall.collecting.credentials import keep_credential
from forestall.config.inbound import Inbound, read_inbound
from forestall.monitoring.models import Cursor, Item, Run
from forestall.monitoring.states import RunState
from forestall.outbound import imap
from forestall.outbound.imap import Box
from forestall.sources import all_sources
from tests.mailserver import PASSWORD, Server, mail, serving

MAIL = all_sources()["mail"]


def test_without_a_word_there_is_no_mailbox_and_no_folder() -> None:
    assert read_inbound(None, None) == Inbound(None, "", None)


def test_a_mailbox_is_read_as_it_is_named() -> None:
    found = read_inbound({"host": "mail.office.example", "user": "inbox", "authenticated_by": "mx"}, "/srv/drop")
    assert found == Inbound(Box("mail.office.example", "inbox", 993, "INBOX"), "mx", Path("/srv/drop"))
    assert read_inbound({"host": "h", "user": "u", "starttls": True}, None).box == Box("h", "u", 143, starttls=True)


@pytest.mark.parametrize(
    ("mailbox", "folder", "told"),
    [
        ({"host": "h"}, None, "needs"),
        ({"host": "h", "user": "u", "port": "993"}, None, "port"),
        ({"host": "h", "user": "u", "port": True}, None, "port"),
        ({"host": "h", "user": "u", "starttls": "yes"}, None, "true or false"),
        ({"host": "h", "user": "u\r\nA1 DELETE INBOX"}, None, "mailbox.user"),
        ({"host": "h", "user": "u", "password": "p"}, None, "password"),
        ("mail.office.example", None, "table"),
        (None, "drop", "full path"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start(mailbox: Any, folder: Any, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        read_inbound(mailbox, folder)


@pytest.fixture
def server(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mailbox that the office has named, and whose password it has."""
    with serving(tmp_path) as here:
        settings.OFFICE = Namespace(inbound=Inbound(here.box(), "mx.office.example"))
        monkeypatch.setattr(imap, "any_addresses", lambda host, port: ["127.0.0.1"])
        keep_credential(settings.HOME.credentials, MAIL, name="password", value=PASSWORD)
        monkeypatch.setattr(collect, "open_chosen_home", lambda given: settings.HOME)
        yield here
        keep_credential(settings.HOME.credentials, MAIL, name="password", value="")


def asked(*, dry: bool) -> Namespace:
    return Namespace(name="mail", file=None, live=True, dry_run=dry, json=True, home=None)


@pytest.mark.django_db
def test_a_look_tells_what_would_come_and_stores_nothing(server: Server, keeper: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.holds(*(mail(f"Message {number}", "Checkpoints.") for number in range(5)))
    assert collect.run(asked(dry=True)) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["waiting"], len(found["messages"])) == (5, receiving.SHOWN)
    assert found["messages"][0]["records"] == 1
    assert not Run.objects.exists() and not Item.objects.exists() and not Cursor.objects.exists()


@pytest.mark.django_db
def test_a_turn_by_hand_takes_what_lies_there(server: Server, keeper: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.holds(mail("Sitrep"))
    assert collect.run(asked(dry=False)) == 0
    assert json.loads(capsys.readouterr().out)["items"] == 1
    assert Item.objects.get().title == "Sitrep"


@pytest.mark.django_db
def test_a_mailbox_that_nobody_named_or_whose_password_is_missing_is_said_to_be_so(server: Server, settings: Any) -> None:
    keep_credential(settings.HOME.credentials, MAIL, name="password", value="")

    assert receiving.one_turn(MAIL, memory=receiving.Memory()).state == RunState.CREDENTIAL_MISSING
    settings.OFFICE.inbound = Inbound()
    outcome = receiving.one_turn(MAIL, memory=receiving.Memory())
    assert outcome.state == RunState.NOT_CONFIGURED
    assert "home.toml" in outcome.why.text()
