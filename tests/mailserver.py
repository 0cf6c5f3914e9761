"""A mail server that behaves as told: enough of IMAP4rev1 over TLS on loopback to be read, and to misbehave."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from forestall.outbound.imap import Box
from tests.producer import HOST, certificates

PASSWORD = 'the "mailbox" pass'
Misbehave = Callable[["Server", socket.socket, str, str], bool]
"""Asked before each command (its tag and the rest): whether it did something else instead of answering."""


@dataclass
class Server:
    """What lies in the folder, by number, and what was asked. Everything may be exchanged while it runs."""

    port: int = 0
    certificates: str = ""
    messages: dict[int, bytes] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    validity: int = 7
    offers: str = "IMAP4rev1"
    greeting: str = "* OK ready"
    starttls: bool = False
    user: str = "inbox"
    asked: list[str] = field(default_factory=list)
    misbehave: Misbehave = lambda server, line, tag, said: False

    def box(self, **changed: object) -> Box:
        """How it is reached."""
        given = {"host": HOST, "user": self.user, "port": self.port, "certificates": self.certificates, "inside": True}
        return Box(**{**given, "starttls": self.starttls, **changed})  # type: ignore[arg-type]

    def holds(self, *messages: bytes) -> None:
        """Put these after what is there."""
        for content in messages:
            self.messages[max(self.messages, default=0) + 1] = content


def mail(subject: str, text: str = "Said.", *, sender: str = "Field <field@office.example>", more: str = "") -> bytes:
    """A message as it lies on a server."""
    head = f"{more}From: {sender}\r\nSubject: {subject}\r\nDate: Fri, 20 Nov 2026 09:17:00 +0000\r\n"
    return f"{head}Message-ID: <{abs(hash(subject))}@office.example>\r\nContent-Type: text/plain\r\n\r\n{text}\r\n".encode()


def say(line: socket.socket, text: str) -> None:
    line.sendall(text.encode() + b"\r\n")


@contextmanager
def serving(folder: Path, *, name: str = HOST) -> Iterator[Server]:
    """A server on loopback whose certificate bears `name`, until the block ends."""
    certificate, key = certificates(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(port=listener.getsockname()[1], certificates=str(certificate))
    open_lines: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            open_lines.append(plain)
            threading.Thread(target=_talk, args=(server, plain, context, open_lines), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listener.close()
        for one in open_lines:
            with contextlib.suppress(OSError):
                one.close()


def _talk(server: Server, plain: socket.socket, context: ssl.SSLContext, lines: list[socket.socket]) -> None:
    with contextlib.suppress(OSError, ValueError):
        line = plain if server.starttls else context.wrap_socket(plain, server_side=True)
        lines.append(line)
        say(line, server.greeting)
        while (said := command(line)) is not None:
            server.asked.append(said)
            tag, _, rest = said.partition(" ")
            if server.misbehave(server, line, tag, rest):
                continue
            if rest == "STARTTLS":
                say(line, f"{tag} OK begin")
                line = context.wrap_socket(line, server_side=True)
                lines.append(line)
                continue
            if not _answer(server, line, tag, rest):
                line.close()
                return


def command(line: socket.socket) -> str | None:
    found = b""
    while not found.endswith(b"\r\n"):
        piece = line.recv(1)
        if not piece:
            return None
        found += piece
    return found[:-2].decode()


def _answer(server: Server, line: socket.socket, tag: str, rest: str) -> bool:
    if rest == "CAPABILITY":
        say(line, f"* CAPABILITY {server.offers}")
    elif rest.startswith("LOGIN"):
        quoted = PASSWORD.replace('"', '\\"')
        if rest != f'LOGIN {server.user} "{quoted}"':
            say(line, f"{tag} NO [AUTHENTICATIONFAILED] The account was closed on Friday")
            return True
    elif rest.startswith("EXAMINE"):
        say(line, f"* {len(server.messages)} EXISTS")
        say(line, f"* OK [UIDVALIDITY {server.validity}] holds")
    elif rest.startswith("UID SEARCH"):
        least = int(re.search(r"UID (\d+):", rest)[1])  # type: ignore[index]
        found = [one for one in server.messages if one >= least] or sorted(server.messages)[-1:]  # as RFC 3501 has it
        say(line, "* SEARCH " + " ".join(map(str, found)))
    elif rest.startswith("UID FETCH"):
        _fetch(server, line, rest)
    elif rest == "LOGOUT":
        say(line, "* BYE")
        say(line, f"{tag} OK gone")
        return False
    else:
        say(line, f"{tag} BAD I was not to be asked this")
        return True
    say(line, f"{tag} OK done")
    return True


def _fetch(server: Server, line: socket.socket, rest: str) -> None:
    numbers = [int(one) for one in rest.split()[2].split(",")]
    for number in numbers:
        content = server.messages.get(number)
        if content is None:
            continue
        if "RFC822.SIZE" in rest:
            say(line, f"* {number} FETCH (UID {number} RFC822.SIZE {server.sizes.get(number, len(content))})")
            continue
        if "HEADER" in rest:
            content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        line.sendall(f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}\r\n".encode() + content + b")\r\n")


def on(word: str, act: Callable[[Server, socket.socket, str], None]) -> Misbehave:
    """Do this instead of answering every command that begins with `word`."""

    def misbehave(server: Server, line: socket.socket, tag: str, rest: str) -> bool:
        if not rest.startswith(word):
            return False
        act(server, line, tag)
        return True

    return misbehave


def hang(server: Server, line: socket.socket, tag: str) -> None:
    time.sleep(20)


def drip(server: Server, line: socket.socket, tag: str) -> None:
    for _ in range(200):
        line.sendall(b"* 1 EXISTS\r\n")
        time.sleep(0.1)
