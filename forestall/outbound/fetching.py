"""The one fetcher: named hosts only, addresses checked and pinned, everything bounded.

A redirect is followed only when asked for, only among the same named hosts, and without what was meant for the first of
them: a source's credentials never reach another host.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.base.words import say

from .address import public_addresses

AGENT = "Forestall (atrocity prevention workbench)"
CHUNK = 64 * 1024
CONNECT_SECONDS = 10.0
KEPT = ("content-type", "etag", "last-modified", "date", "retry-after", "content-length")
_OPEN_HEADERS = ("accept", "if-none-match", "if-modified-since")
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Fetched:
    """An answer: its status, the headers worth keeping, and the body as received."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Network:
    """How hosts are found and believed. `resolve` gives the addresses that may be connected to, or refuses.

    `port` is where every host is asked; `certificates` (a PEM file) are believed instead of the system's.
    """

    resolve: Callable[[str, int], list[str]] = public_addresses
    port: int = 443
    certificates: str | None = None


INTERNET = Network()


def fetch(
    url: str,
    *,
    hosts: Collection[str],
    most: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    sent: bytes | None = None,
    follow: int = 0,
    network: Network = INTERNET,
) -> Fetched:
    """GET `url` over HTTPS from one of `hosts`: at most `most` bytes (decoded) within `seconds` in all.

    With `sent`, the bytes are POSTed instead. Up to `follow` redirects among `hosts` are followed, none of a POST.

    Raises `Refused` for an address outside the list or inside a private network, `Unavailable` when nothing answers
    in time, `Malformed` when the answer is too large or points elsewhere.
    """
    deadline = time.monotonic() + seconds
    told = dict(headers or {})
    first = checked(url, hosts=hosts)[0]
    for _ in range(follow + 1):
        host = checked(url, hosts=hosts)[0]
        if host != first:
            told = {name: value for name, value in told.items() if name.lower() in _OPEN_HEADERS}
        found, target = _once(url, host, told, sent, most=most, deadline=deadline, network=network)
        if target is None:
            return found
        if sent is not None:
            break
        url = urljoin(url, target)
    raise Malformed(say("%(host)s points to another address; it is not followed.", host=host))


def _once(
    url: str, host: str, told: Mapping[str, str], sent: bytes | None, *, most: int, deadline: float, network: Network
) -> tuple[Fetched, str | None]:
    """One request, and where it points to when it points elsewhere."""
    path = checked(url, hosts=[host])[2]
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow(host)
    pinned = network.resolve(host, 443)[0]
    pool = urllib3.HTTPSConnectionPool(
        pinned, port=network.port, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED",
        ca_certs=network.certificates, retries=False,
    )  # fmt: skip
    timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=min(CONNECT_SECONDS, left))
    headers = {"Host": host, "User-Agent": AGENT, "Accept-Encoding": "gzip", **told}
    with _watched(pool, left) as late:
        try:
            answer = pool.request(
                "GET" if sent is None else "POST", path, body=sent, headers=headers, timeout=timeout,
                preload_content=False, redirect=False,
            )  # fmt: skip
            with contextlib.closing(answer):
                body = _body(answer, host=host, most=most, deadline=deadline)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if late.is_set():
                raise _too_slow(host) from error
            raise Unavailable(say("%(host)s did not answer as it should: %(why)s", host=host, why=type(error).__name__)) from error
    if late.is_set():  # a connection that was ended looks like one that came to its end
        raise _too_slow(host)
    kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    target = answer.headers.get("location") if answer.status in _REDIRECTS else None
    if answer.status in _REDIRECTS and target is None:
        raise Malformed(say("%(host)s points to another address; it is not followed.", host=host))
    return Fetched(answer.status, kept, body), target


@contextlib.contextmanager
def _watched(pool: urllib3.HTTPSConnectionPool, seconds: float) -> Iterator[threading.Event]:
    """End the connection when the time is over, whatever it waits for: headers can drip as well as bodies.

    The event says that it came to that.
    """
    sockets: list[socket.socket] = []
    late = threading.Event()

    class Watched(urllib3.connection.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            if self.sock is not None:
                sockets.append(self.sock)

    def end() -> None:
        late.set()
        for one in sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    pool.ConnectionCls = Watched
    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        pool.close()
        for one in sockets:
            one.close()


def _too_slow(host: str) -> Unavailable:
    return Unavailable(say("%(host)s took too long to answer.", host=host))


def checked(url: str, *, hosts: Collection[str]) -> tuple[str, int, str]:
    """Host, port and path of an address that may be asked. Raises `Refused` for any other."""
    refusal = Refused(say("This address is not among those that may be asked."))
    if "\\" in url or any(ord(character) <= 32 for character in url):
        raise refusal
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise refusal from error
    if parts.scheme != "https" or parts.username is not None or parts.hostname not in hosts or port != 443:
        raise refusal
    return str(parts.hostname), port, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _body(answer: Any, *, host: str, most: int, deadline: float) -> bytes:
    """The decoded body, read piece by piece, so that neither a slow drip nor a bomb is waited for."""
    pieces, size = [], 0
    while piece := answer.read1(CHUNK, decode_content=True):
        size += len(piece)
        if size > most:
            raise Malformed(say("%(host)s sent more than %(most)s bytes; nothing was kept.", host=host, most=most))
        if time.monotonic() > deadline:
            raise _too_slow(host)
        pieces.append(piece)
    promised = answer.headers.get("content-length", "")
    if promised.isdigit() and "content-encoding" not in answer.headers and size < int(promised) and answer.status == 200:
        raise Unavailable(say("%(host)s broke off in the middle of its answer.", host=host))
    return b"".join(pieces)
