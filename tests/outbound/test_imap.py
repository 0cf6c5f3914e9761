"""The office's mailbox is looked into over TLS alone, changed in nothing, and no server keeps us longer than allowed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.outbound import imap
from forestall.outbound.imap import Box, TooLarge
from tests import mailserver
from tests.mailserver import PASSWORD, Server, drip, hang, mail, on, say, serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as here:
        yield here


def opened(server: Server, *, password: str = PASSWORD, seconds: float = 5.0, **changed: Any) -> Any:
    return imap.opened(server.box(**changed), password=password, seconds=seconds, resolve=lambda host, port: ["127.0.0.1"])


def test_messages_are_read_and_the_folder_is_changed_in_nothing(server: Server) -> None:
    server.holds(mail("First"), mail("Second", "Checkpoints."))
    with opened(server) as box:
        assert (box.validity, box.above(0), box.above(1), box.above(2)) == (7, [1, 2], [2], [])
        assert box.sizes([1, 2]) == {1: len(server.messages[1]), 2: len(server.messages[2])}
        assert box.message(2, most=10_000) == server.messages[2]
        assert b"Subject: First" in box.headers(1)
        assert box.message(9, most=10_000) is None, "what is gone is no error"

    words = {one.split(" ", 2)[1] for one in server.asked}
    assert words == {"CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT"}, "nothing that writes is ever said"
    assert all("PEEK" in one for one in server.asked if "BODY" in one)


def test_a_certificate_of_another_name_is_not_believed(tmp_path: Path) -> None:
    with serving(tmp_path, name="elsewhere.example") as server, pytest.raises(Unavailable, match="prove who it is"), opened(server):
        pass
    assert server.asked == [], "nothing was said to it, and no password"


def test_a_certificate_that_nobody_vouches_for_is_not_believed(server: Server) -> None:
    with pytest.raises(Unavailable, match="prove who it is"), opened(server, certificates=""):
        pass


def test_a_server_in_a_private_network_is_refused_unless_it_is_said_to_be_ours(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))])
    with pytest.raises(Refused, match="private network"), imap.opened(server.box(inside=False), password=PASSWORD):
        pass
    with imap.opened(server.box(inside=True), password=PASSWORD) as box:
        assert box.validity == 7


def test_a_password_that_is_refused_is_told_in_the_servers_own_words(server: Server) -> None:
    with pytest.raises(Refused, match="The account was closed on Friday"), opened(server, password="another"):
        pass


def test_a_password_with_letters_beyond_ascii_goes_by_plain_or_not_at_all(server: Server) -> None:
    with pytest.raises(Refused, match="no way to sign in"), opened(server, password="clé"):
        pass
    server.offers = "IMAP4rev1 AUTH=PLAIN"
    server.misbehave = on("AUTHENTICATE", lambda here, line, tag: (say(line, "+ "), mailserver.command(line), say(line, f"{tag} OK you are in")))
    with opened(server, password="clé") as box:
        assert box.validity == 7


def test_starttls_is_required_and_never_gone_without(server: Server) -> None:
    server.starttls, server.offers = True, "IMAP4rev1 STARTTLS"
    with opened(server) as box:
        assert box.validity == 7
    assert [one.split()[1] for one in server.asked][:3] == ["CAPABILITY", "STARTTLS", "CAPABILITY"]

    server.asked.clear()
    server.offers = "IMAP4rev1"
    with pytest.raises(Unavailable), opened(server):
        pass
    server.greeting = "* PREAUTH come in"
    server.offers = "IMAP4rev1 STARTTLS"
    with pytest.raises(Refused), opened(server):
        pass
    assert not any("LOGIN" in one for one in server.asked), "no password in clear"


@pytest.mark.parametrize("misbehaviour", [hang, drip])
def test_a_server_that_hangs_or_drips_is_left_when_the_time_is_over(server: Server, misbehaviour: Any) -> None:
    server.holds(mail("One"))
    server.misbehave = on("UID SEARCH", misbehaviour)
    with pytest.raises(Unavailable, match="took too long"), opened(server, seconds=0.7) as box:
        box.above(0)


def test_a_greeting_that_never_ends_is_left_when_the_time_is_over(server: Server) -> None:
    server.greeting = "* OK [" + "x" * 3_000_000
    server.misbehave = on("CAPABILITY", hang)
    with pytest.raises(Unavailable, match="took too long"), opened(server, seconds=0.7):
        pass


def test_half_a_message_is_no_message(server: Server) -> None:
    def half(here: Server, line: socket.socket, tag: str) -> None:
        line.sendall(b"* 1 FETCH (UID 1 BODY[] {5000}\r\nSubject: Ha")
        line.close()

    server.misbehave = on("UID FETCH", half)
    with pytest.raises(Unavailable, match="broke off"), opened(server) as box:
        box.message(1, most=10_000)


def test_a_message_larger_than_was_said_is_not_taken_into_memory(server: Server) -> None:
    server.misbehave = on("UID FETCH", lambda here, line, tag: line.sendall(b"* 1 FETCH (UID 1 BODY[] {99000000000}\r\nx"))
    with pytest.raises(TooLarge), opened(server) as box:
        box.message(1, most=10_000)


def test_several_messages_in_the_place_of_one_are_not_taken_into_memory(server: Server) -> None:
    piece = b"* 1 FETCH (UID 9 BODY[] {4000}\r\n" + b"x" * 4000 + b")\r\n"
    server.misbehave = on("UID FETCH", lambda here, line, tag: line.sendall(piece * 3))
    with pytest.raises(TooLarge), opened(server) as box:
        box.message(1, most=10_000)


def test_an_answer_without_end_is_not_taken_into_memory(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "LISTED", 50_000)
    server.misbehave = on("UID SEARCH", lambda here, line, tag: line.sendall(b"* SEARCH " + b"1 " * 200_000))
    with pytest.raises(Malformed, match="more than was asked"), opened(server) as box:
        box.above(0)


def test_another_message_than_the_one_asked_for_is_not_taken(server: Server) -> None:
    answer = b"* 2 FETCH (UID 2 BODY[] {3}\r\nTwo)\r\n"
    server.misbehave = on("UID FETCH", lambda here, line, tag: (line.sendall(answer), say(line, f"{tag} OK done")))
    with opened(server) as box:
        assert box.message(1, most=100) is None


def test_a_server_that_leaves_in_the_middle_says_why(server: Server) -> None:
    server.misbehave = on("UID FETCH", lambda here, line, tag: (say(line, "* BYE going down for the night"), line.close()))
    with pytest.raises(Unavailable, match="going down for the night"), opened(server) as box:
        box.message(1, most=100)


@pytest.mark.parametrize("greeting", ["* BYE full", "HTTP/1.1 400 Bad Request", "\x00\xff", "* OK"])
def test_whatever_is_no_mail_server_is_told_as_such(server: Server, greeting: str) -> None:
    server.greeting = greeting
    server.misbehave = on("CAPABILITY", lambda here, line, tag: (line.sendall(b"* CAPABILITY \xff\xfe\r\n"), say(line, f"{tag} OK done")))
    with pytest.raises((Refused, Unavailable, Malformed)), opened(server):
        pass


def test_a_folder_without_validity_is_refused(server: Server) -> None:
    server.misbehave = on("EXAMINE", lambda here, line, tag: say(line, f"{tag} OK done"))
    with pytest.raises(Malformed, match="UIDVALIDITY"), opened(server):
        pass


@pytest.mark.parametrize(
    ("name", "written"),
    [("INBOX", '"INBOX"'), ("Reports/Field", '"Reports/Field"'), ("A & B", '"A &- B"'), ("Boîte", '"Bo&AO4-te"'), ('a"b\\', '"a\\"b\\\\"')],
)
def test_a_folder_is_named_as_imap_writes_it(server: Server, name: str, written: str) -> None:
    with opened(server, folder=name):
        pass
    assert f"EXAMINE {written}" in " ".join(server.asked)


def test_a_box_shows_no_password() -> None:
    assert "pass" not in repr(Box("mail.example", "inbox"))
    assert mailserver.PASSWORD not in repr(Box("mail.example", "inbox"))
