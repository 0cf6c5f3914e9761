"""The office's mailbox: what comes is kept once and whole, what cannot be taken holds up nothing, nothing there is changed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from forestall.access.session import bound_to, system_reader
from forestall.base.errors import Refused
from forestall.collecting.childprocess import InProcess
from forestall.collecting.enquiry import CredentialMissing
from forestall.collecting.limits import LIMITS
from forestall.monitoring.actions import answers, collecting, collection, leasing, mailbox
from forestall.monitoring.actions.mailbox import NotConfigured, Way
from forestall.monitoring.models import Cursor, Item, Quarantine, Run
from forestall.monitoring.suggesting import Readers
from forestall.outbound import imap
from forestall.record import evidence
from forestall.record.models import Evidence
from forestall.sources import all_sources
from tests.mailserver import PASSWORD, Server, hang, mail, on, serving

pytestmark = pytest.mark.django_db
MAIL = all_sources()["mail"]
TRUSTED = "mx.office.example"
VERIFIED = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=office.example; spf=pass\r\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as here:
        yield here


@pytest.fixture
def by() -> Any:
    with bound_to(system_reader("collector", reason="the tests")) as session:
        yield session


@pytest.fixture
def turn(by: Any, server: Server) -> Callable[..., collecting.Outcome]:
    def run(*, password: str = PASSWORD, seconds: float = 5.0, place: str = "inbox", enter: Any = None, **more: Any) -> Any:
        def entered() -> AbstractContextManager[Any]:
            return imap.opened(server.box(), password=password, seconds=seconds, resolve=lambda host, port: ["127.0.0.1"])

        way = Way(place, enter or entered, trusted=TRUSTED)
        return mailbox.collect(MAIL, by=by, way=way, child=InProcess(), readers=Readers(), **more)

    return run


def titles() -> list[str]:
    return sorted(Item.objects.values_list("title", flat=True))


def test_what_lies_in_the_mailbox_is_taken_once(server: Server, turn: Any) -> None:
    server.holds(mail("Sitrep 46", "Checkpoints in the north."), mail("Sitrep 47"))
    first, second = turn(), turn()

    assert (first.state, first.run.items, first.run.files) == ("healthy", 2, 2)
    assert (second.state, second.run.items, second.run.files) == ("empty", 0, 0)
    item = Item.objects.get(title="Sitrep 46")
    assert (item.level, item.collector, item.reporter) == (2, "mail", "Field <field@office.example>")
    assert evidence.content(item.evidence) == server.messages[1], "the bytes as they lay there"
    assert sum("BODY" in one for one in server.asked) == 2, "the second turn fetched nothing"


def test_what_came_later_is_taken_later(server: Server, turn: Any) -> None:
    server.holds(mail("One"))
    turn()
    server.holds(mail("Two"))

    assert (turn().run.items, titles()) == (1, ["One", "Two"])


def test_a_mailbox_that_was_numbered_anew_is_read_again_and_nothing_comes_twice(server: Server, turn: Any) -> None:
    server.holds(mail("One"), mail("Two"))
    turn()
    server.validity, server.messages = 8, {5: server.messages[2], 9: server.messages[1], 11: mail("Three")}
    outcome = turn()

    assert (outcome.run.files, outcome.run.duplicates, outcome.run.items) == (3, 2, 1)
    assert titles() == ["One", "Three", "Two"]


def test_another_mailbox_is_read_from_its_beginning(server: Server, turn: Any) -> None:
    server.holds(mail("One"))
    turn()
    server.messages = {1: mail("Elsewhere")}

    assert turn(place="another").run.items == 1
    assert "another" not in str(list(Cursor.objects.values_list("value", flat=True))), "whose mailbox it is, is not told"


def test_a_message_that_cannot_be_read_waits_in_quarantine_and_the_rest_is_taken(server: Server, turn: Any) -> None:
    server.holds(b"\x00\x01\x02 no mail at all", mail("After it"))
    outcome = turn()

    assert (outcome.state, titles()) == ("partly", ["After it"])
    aside = Quarantine.objects.get()
    assert evidence.content(aside.evidence) == server.messages[1]
    assert aside.label.quarantined and aside.level >= 2


def test_a_message_too_large_is_named_stays_where_it_is_and_holds_up_nothing(server: Server, turn: Any) -> None:
    server.holds(mail("A film of the square"), mail("After it"))
    server.sizes[1] = LIMITS.file + 1
    outcome = turn()

    aside = Quarantine.objects.get()
    assert (outcome.state, titles()) == ("partly", ["After it"])
    assert "stays in the mailbox" in aside.message
    assert b"A film of the square" in evidence.content(aside.evidence), "who sent it and what it is called is kept"
    assert turn().run.files == 0


def test_a_server_that_lies_about_a_size_loses_that_message_alone(server: Server, turn: Any) -> None:
    server.holds(mail("One"), mail("Two"), mail("Three"))

    def lie(here: Server, line: socket.socket, tag: str) -> None:
        line.sendall(b"* 2 FETCH (UID 2 BODY[] {99000000000}\r\nx")

    server.misbehave = on("UID FETCH 2 ", lie)
    first, second = turn(), turn()

    assert (first.state, second.state) == ("malformed", "healthy")
    assert titles() == ["One", "Three"]
    assert Quarantine.objects.count() == 1


def test_a_server_that_breaks_off_over_one_message_is_let_past_it_the_third_time(server: Server, turn: Any) -> None:
    server.holds(mail("One"), mail("Two"), mail("Three"))
    server.misbehave = on("UID FETCH 2 ", lambda here, line, tag: line.close())
    states = [turn().state for _ in range(3)]
    server.misbehave = lambda *_: False
    last = turn()

    assert states == ["unreachable"] * 3
    assert (last.state, titles()) == ("healthy", ["One", "Three"])
    assert "stays in the mailbox" in Quarantine.objects.get().message


def test_one_slow_day_loses_nothing(server: Server, turn: Any) -> None:
    server.holds(mail("One"), mail("Two"))
    server.misbehave = on("UID FETCH 2 ", hang)
    assert turn(seconds=0.5).state == "unreachable"
    server.misbehave = lambda *_: False
    turn()

    assert (titles(), Quarantine.objects.count()) == (["One", "Two"], 0)


def test_ten_thousand_messages_are_taken_over_turns(server: Server, turn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "AT_ONCE", 3)
    server.messages = {number * 7: mail(f"Message {number}") for number in range(1, 10_001)}
    outcomes = [turn() for _ in range(3)]

    assert [one.run.items for one in outcomes] == [3, 3, 3]
    assert "9991" in outcomes[-1].notice.text()
    assert titles() == sorted(f"Message {number}" for number in range(1, 10))


def test_how_far_it_was_read_stands_or_falls_with_the_item(server: Server, turn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server.holds(mail("One"), mail("Two"))
    kept, calls = answers.move, []

    def fail(*given: Any, **named: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the machine stops")
        kept(*given, **named)

    monkeypatch.setattr(answers, "move", fail)
    with pytest.raises(RuntimeError):
        turn()
    assert titles() == ["One"], "what was kept with it is undone with it"
    assert Run.objects.get().state == "failed"
    monkeypatch.undo()

    assert (turn().run.items, titles()) == (1, ["One", "Two"])


def test_two_processes_do_not_read_it_at_once(turn: Any) -> None:
    leasing.take("mail")
    with pytest.raises(Refused, match="just now"):
        turn()


@pytest.mark.parametrize(
    ("state", "how"),
    [
        ("refused", {"password": "wrong"}),
        ("not_configured", {"enter": NotConfigured}),
        ("credential_missing", {"enter": lambda: CredentialMissing(MAIL, "password")}),
    ],
)
def test_each_way_to_fail_is_a_state_to_act_on(turn: Any, state: str, how: dict[str, Any]) -> None:
    if "enter" in how:
        made = how["enter"]

        def enter() -> Any:
            raise made()

        how = {"enter": enter}
    outcome = turn(**how)

    assert outcome.state == state == Run.objects.get().state
    assert outcome.why.text()


def test_words_of_a_server_that_refuses_stand_with_the_turn(turn: Any) -> None:
    assert "The account was closed on Friday" in turn(password="wrong").why.text()
    assert collection.holdings.collection("mail").failures == 1, "it is left alone for a while"


@pytest.mark.parametrize(
    ("headers", "verified"),
    [
        (VERIFIED, True),
        ("", False),
        ("Authentication-Results: mx.elsewhere.example; dmarc=pass\r\n", False),
        (f"Authentication-Results: {TRUSTED}; dmarc=fail; spf=pass\r\n{VERIFIED}", False),
        (f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass\r\n", False),
        (f"Authentication-Results: {TRUSTED}; none (dmarc=pass)\r\n", False),
        (f'Authentication-Results: {TRUSTED}; spf=fail smtp.mailfrom="; dmarc=pass"\r\n', False),
        (f"Authentication-Results: {TRUSTED.upper()} 1; dmarc=pass (p=reject; x) header.from=office.example\r\n", True),
    ],
)
def test_a_sender_is_verified_by_our_own_server_or_not_at_all(server: Server, turn: Any, headers: str, verified: bool) -> None:
    server.holds(mail("Sitrep", more=headers))
    turn()

    item = Item.objects.get()
    assert any("Sender not verified" in flag["message"] for flag in item.flags) is not verified
    assert ("dmarc=pass" in item.native["authentication"]) is verified


def test_a_message_within_a_message_is_vouched_for_by_nobody(server: Server, turn: Any) -> None:
    inner = mail("Inner", more=VERIFIED).decode()
    body = f"--x\r\nContent-Type: text/plain\r\n\r\nSee.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--x--\r\n"
    head = "Content-Type: multipart/mixed; boundary=x\r\nMIME-Version: 1.0\r\nFrom: A <a@b.example>\r\nSubject: Outer\r\n\r\n"
    server.holds((head + body).encode())
    turn()

    assert {one.title: one.native.get("authentication") for one in Item.objects.all()} == {"Outer": "", "Inner": None}


def test_the_bytes_are_sealed_and_seen_by_the_cleared_alone(server: Server, turn: Any, session_of: Any) -> None:
    server.holds(mail("Sitrep"))
    turn()

    assert Evidence.objects.get().address.startswith("sealed/")
    for name, seen in (("alice", 1), ("dora", 0)):
        with bound_to(session_of(name)):
            assert Item.objects.count() == seen


def test_the_worker_reads_it_once_somebody_turned_it_on(by: Any) -> None:
    assert not collection.due(MAIL, at=collecting.now())
    collection.ask_for(MAIL, asked=True, by=by)
    assert collection.due(MAIL, at=collecting.now())
