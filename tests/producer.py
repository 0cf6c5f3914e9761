"""A producer that behaves as told: a TLS server on loopback whose answers are plain bytes, so that none is too bad to send."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from forestall.base.clock import now
from forestall.outbound.fetching import Network

HOST = "producer.example"
Answer = Callable[["Asked", ssl.SSLSocket], None]


@dataclass(frozen=True)
class Asked:
    """One request as it came: its first line, its headers in small letters, its body, and which one it was."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    number: int


@dataclass
class Producer:
    """What was asked of it, and where it is found. `answer` may be exchanged while it runs."""

    network: Network
    answer: Answer
    asked: list[Asked] = field(default_factory=list)

    def answers(self, *answers: Answer) -> None:
        """Give these one after the other, the last for ever."""
        waiting = list(answers)
        self.answer = lambda asked, line: (waiting.pop(0) if len(waiting) > 1 else waiting[0])(asked, line)


def reply(body: bytes | str = b"", *, status: int = 200, **headers: str) -> Answer:
    """An ordinary answer."""
    content = body.encode() if isinstance(body, str) else body
    lines = {"Content-Length": str(len(content)), "Content-Type": "application/json"}
    lines |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)

    def give(asked: Asked, line: ssl.SSLSocket) -> None:
        line.sendall(f"HTTP/1.1 {status} Said\r\n{head}Connection: close\r\n\r\n".encode() + content)

    return give


def raw(*pieces: bytes, pause: float = 0.0) -> Answer:
    """Bytes as they are, with a pause after each."""

    def give(asked: Asked, line: ssl.SSLSocket) -> None:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)

    return give


def hang(seconds: float = 30.0) -> Answer:
    """Nothing at all."""
    return lambda asked, line: time.sleep(seconds)


def certificates(folder: Path, *hosts: str, days: int = 30) -> tuple[Path, Path]:
    """A certificate for `hosts` and its key, signed by itself, so that it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A fictional producer")])
    at = now()
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - datetime.timedelta(days=60)).not_valid_after(at + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, secret = folder / "producer.pem", folder / "producer.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


@contextmanager
def producer(folder: Path, *, hosts: tuple[str, ...] = (HOST,), days: int = 30) -> Iterator[Producer]:
    """A producer that answers until the block ends. Its network finds every host at its own door."""
    certificate, secret = certificates(folder, *hosts, days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    network = Network(resolve=lambda host, port: ["127.0.0.1"], port=port, certificates=str(certificate))
    here = Producer(network, reply("{}"))
    threading.Thread(target=_serve, args=(here, listening, context), daemon=True).start()
    try:
        yield here
    finally:
        listening.close()


def _serve(here: Producer, listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_one, args=(here, line, context), daemon=True).start()


def _one(here: Producer, line: socket.socket, context: ssl.SSLContext) -> None:
    try:
        with context.wrap_socket(line, server_side=True) as secure:
            asked = _read(secure, len(here.asked))
            here.asked.append(asked)
            here.answer(asked, secure)
    except (OSError, ValueError):
        line.close()


def _read(line: ssl.SSLSocket, number: int) -> Asked:
    content = b""
    while b"\r\n\r\n" not in content:
        piece = line.recv(65536)
        if not piece:
            raise OSError("gone")
        content += piece
    head, _, body = content.partition(b"\r\n\r\n")
    first, *others = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in others)}
    while len(body) < int(headers.get("content-length", "0")):
        body += line.recv(65536)
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, body, number)
