"""The one door to the office's own mailbox: looked into, never changed. TLS alone, one address, everything bounded.

Five commands of IMAP4rev1 (RFC 3501) are spoken, by the standard library's `imaplib`: IMAPClient is built on it and would
add nothing here. The mailbox is opened with EXAMINE and read with BODY.PEEK, so nothing is deleted and nothing marked.
"""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.base.words import say

from .address import public_addresses
from .fetching import CONNECT_SECONDS

SECONDS = 120.0
"""For one answer, whatever the server does meanwhile."""
LISTED = 8 << 20
"""Bytes of an answer beside the message itself: a million numbers of messages are fewer."""
HEADERS = 64 * 1024
_SAID = 300
_SIZE = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)")


@dataclass(frozen=True)
class Box:
    """Where a mailbox is. `starttls`: the connection begins in clear and is refused unless it becomes TLS at once.

    `inside`: the server may stand in the office's own network. `certificates` (a PEM file) are believed instead of the
    system's.
    """

    host: str
    user: str
    port: int = 993
    folder: str = "INBOX"
    starttls: bool = False
    inside: bool = False
    certificates: str = ""


class TooLarge(Malformed):
    """A message that is larger than may be taken; the connection ends with it."""


def any_addresses(host: str, port: int) -> list[str]:
    """Every address of `host`, those inside the office's own network too. Raises `Unavailable` when there is none."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(say("%(host)s cannot be found in the network.", host=host)) from error
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class _Line(imaplib.IMAP4):
    """A connection to one pinned address, under the name that its certificate must bear, that takes in no more than asked."""

    def __init__(self, box: Box, address: str, context: ssl.SSLContext) -> None:
        """Nothing is connected yet: the watch over the time must know the line before it is."""
        self._box, self._address, self._context = box, address, context
        self.left = LISTED
        self.most = 0
        self.ended = False

    def greet(self) -> None:
        """Connect, and read what the server says first."""
        super().__init__(self._box.host, self._box.port, CONNECT_SECONDS)

    def end(self) -> None:
        """End the connection from another thread, whatever it waits for."""
        self.ended = True
        if self.connected is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.connected, socket.SHUT_RDWR)

    @property
    def connected(self) -> socket.socket | None:
        """The connection as it is now: in clear, or within TLS; None before there is one."""
        return getattr(self, "sock", None)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        self.sock = socket.create_connection((self._address, self._box.port), timeout)
        return self.sock if self._box.starttls else self._context.wrap_socket(self.sock, server_hostname=self._box.host)

    def read(self, size: int) -> bytes:
        self.most -= size
        if self.most < 0:
            raise TooLarge(say("%(host)s sends more than was asked for; nothing of it was kept.", host=self._box.host))
        found = bytes(self.file.read(size))  # type: ignore[arg-type]  # it is opened for bytes
        if len(found) < size:
            raise self.abort("broke off in the middle of its answer")
        return found

    def readline(self) -> bytes:
        line = bytes(self.file.readline(self.left + 1))  # type: ignore[arg-type]  # it is opened for bytes
        self.left -= len(line)
        if self.left < 0:
            raise Malformed(say("%(host)s sends more than was asked for; nothing of it was kept.", host=self._box.host))
        return line


class Mailbox:
    """A mailbox that is open for reading. `validity`: the numbers of its messages hold while this stays the same."""

    def __init__(self, box: Box, line: _Line, *, seconds: float) -> None:
        self.box, self._line, self._seconds = box, line, seconds
        self.validity = 0
        self.requests = 0

    def above(self, number: int) -> list[int]:
        """The numbers (UID) of all messages above `number`, in the order in which they arrived."""
        told = self._asked(lambda line: line.uid("SEARCH", f"UID {number + 1}:*"))
        words = b" ".join(one for one in told if isinstance(one, bytes)).split()
        return sorted({int(word) for word in words if word.isdigit() and int(word) > number})

    def sizes(self, numbers: Iterable[int]) -> dict[int, int]:
        """How large the server says these messages are, in bytes; what it does not say is not there."""
        told = self._asked(lambda line: line.uid("FETCH", ",".join(map(str, numbers)), "(UID RFC822.SIZE)"))
        found = [_SIZE.search(one) for one in told if isinstance(one, bytes)]
        return {int(one[1] or one[4]): int(one[2] or one[3]) for one in found if one}

    def message(self, number: int, *, most: int) -> bytes | None:
        """One message as it lies there, or None when it is gone. Raises `TooLarge` beyond `most` bytes, whatever was said."""
        return self._part(number, "BODY.PEEK[]", most=most)

    def headers(self, number: int) -> bytes:
        """The beginning of a message's headers: what names one that is not taken."""
        return self._part(number, f"BODY.PEEK[HEADER]<0.{HEADERS}>", most=HEADERS) or b""

    def _part(self, number: int, what: str, *, most: int) -> bytes | None:
        told = self._asked(lambda line: line.uid("FETCH", str(number), f"(UID {what})"), most=most)
        parts = [one for one in told if isinstance(one, tuple) and len(one) == 2]
        mine = [content for head, content in parts if re.search(rb"\bUID %d\b" % number, head)]
        if not mine and len(parts) == 1 and not re.search(rb"\bUID \d", parts[0][0]):
            mine = [parts[0][1]]  # a server may tell the number after the content
        return mine[0] if mine else None

    def _asked(self, act: Callable[[_Line], Any], *, most: int = 0) -> list[Any]:
        self.requests += 1
        self._line.left, self._line.most = LISTED, most
        with _bounded(self._line, self._seconds):
            status, told = act(self._line)
        if status != "OK":
            raise Refused(say("%(host)s refused: %(said)s", host=self.box.host, said=_said(told)))
        return list(told or [])


@contextlib.contextmanager
def opened(
    box: Box, *, password: str, seconds: float = SECONDS, resolve: Callable[[str, int], list[str]] | None = None
) -> Iterator[Mailbox]:
    """The mailbox, open for reading inside the block. `seconds` bound every single answer.

    Raises `Refused` with the server's own words when it lets us in or into the folder not, and for an address inside a
    private network; `Unavailable` when nothing answers in time or no certificate holds; `Malformed` for what is no IMAP.
    """
    find = resolve or (any_addresses if box.inside else public_addresses)
    line = _Line(box, find(box.host, box.port)[0], _context(box))
    try:
        with _bounded(line, seconds):
            line.greet()
            if box.starttls:
                line.starttls(line._context)
            _sign_in(line, box, password)
        line.sock.settimeout(seconds)
        mailbox = Mailbox(box, line, seconds=seconds)
        mailbox._asked(lambda one: one.select(_folder(box.folder), readonly=True))
        mailbox.validity = _validity(line)
        yield mailbox
    finally:
        _leave(line)


def _context(box: Box) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=box.certificates or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _sign_in(line: _Line, box: Box, password: str) -> None:
    """LOGIN, or PLAIN (RFC 4616) where the server offers it: LOGIN knows ASCII alone."""
    if "AUTH=PLAIN" in line.capabilities:
        line.authenticate("PLAIN", lambda _: f"\0{box.user}\0{password}".encode())
    elif "LOGINDISABLED" in line.capabilities or not (box.user + password).isascii():
        raise Refused(say("%(host)s offers no way to sign in with a password that is known here.", host=box.host))
    else:
        line.login(box.user, password)


def _validity(line: _Line) -> int:
    told = line.untagged_responses.get("UIDVALIDITY", [b""])[-1]
    if not isinstance(told, bytes) or not told.isdigit():
        raise Malformed(say("%(host)s does not say whether its numbers still hold (UIDVALIDITY).", host=line.host))
    return int(told)


def _leave(line: _Line) -> None:
    """Say good-bye where somebody still listens, and close."""
    if line.connected is None:
        return
    with contextlib.suppress(Exception):
        line.connected.settimeout(2.0)
        line.left = LISTED
        line.logout()
    with contextlib.suppress(Exception):
        line.shutdown()


@contextlib.contextmanager
def _bounded(line: _Line, seconds: float) -> Iterator[None]:
    """End the connection when the time is over; tell what went wrong as the office tells it."""
    host = line._box.host
    timer = threading.Timer(seconds, line.end)
    timer.start()
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unavailable(say("%(host)s did not prove who it is: %(why)s", host=host, why=error.verify_message)) from error
    except (imaplib.IMAP4.abort, OSError) as error:
        raise _without_answer(error, host, late=line.ended) from error
    except imaplib.IMAP4.error as error:
        raise Refused(say("%(host)s refused: %(said)s", host=host, said=_told(error))) from error
    except ValueError as error:  # what no server says that speaks IMAP: letters where numbers belong, and worse
        raise Malformed(say("%(host)s says what is no IMAP.", host=host)) from error
    finally:
        timer.cancel()


def _without_answer(error: Exception, host: str, *, late: bool) -> Unavailable:
    if late or isinstance(error, TimeoutError):
        return Unavailable(say("%(host)s took too long to answer.", host=host))
    said = type(error).__name__ if isinstance(error, OSError) else _told(error)
    return Unavailable(say("%(host)s broke off: %(said)s", host=host, said=said))


def _told(error: Exception) -> str:
    """What the server said: `imaplib` hands it on as bytes inside an error."""
    given = error.args[0] if error.args else ""
    return _said([given] if isinstance(given, bytes) else [str(given).encode()])


def _said(told: Iterable[Any]) -> str:
    words = b" ".join(one for one in told if isinstance(one, bytes)).decode("utf-8", "replace")
    return " ".join(words.split())[:_SAID] or "–"


def _folder(name: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    written = [_shifted(one) if number % 2 else one.replace("&", "&-") for number, one in enumerate(pieces)]
    return '"' + "".join(written).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(text: str) -> str:
    return "&" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
