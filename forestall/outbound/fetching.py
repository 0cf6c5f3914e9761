"""The one fetcher: named hosts only, addresses checked and pinned, no redirects, everything bounded.

A source's credentials never leave for another host, because no other host is ever asked.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.base.words import say

from .address import public_addresses

AGENT = "Forestall (atrocity prevention workbench)"
CHUNK = 64 * 1024
CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Fetched:
    """An answer: its status, the headers worth keeping, and the body as received."""

    status: int
    headers: Mapping[str, str]
    body: bytes


KEPT = ("content-type", "etag", "last-modified", "date", "retry-after")


def fetch(
    url: str,
    *,
    hosts: Collection[str],
    most: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    sent: bytes | None = None,
) -> Fetched:
    """GET `url` over HTTPS from one of `hosts`: at most `most` bytes (decoded) within `seconds` in all.

    With `sent`, the bytes are POSTed instead.

    Raises `Refused` for an address outside the list or inside a private network, `Unavailable` when nothing answers
    in time, `Malformed` when the answer is too large or points elsewhere.
    """
    host, port, path = checked(url, hosts=hosts)
    deadline = time.monotonic() + seconds
    pinned = public_addresses(host, port)[0]
    pool = urllib3.HTTPSConnectionPool(
        pinned, port=port, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED", retries=False
    )
    told = {"Host": host, "User-Agent": AGENT, "Accept-Encoding": "gzip", **(headers or {})}
    method = "GET" if sent is None else "POST"
    timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, seconds), read=min(CONNECT_SECONDS, seconds))
    try:
        answer = pool.request(
            method, path, body=sent, headers=told, timeout=timeout, preload_content=False, redirect=False
        )
        body = _body(answer, host=host, most=most, deadline=deadline)
    except urllib3.exceptions.HTTPError as error:
        raise Unavailable(say("%(host)s did not answer as it should: %(why)s", host=host, why=type(error).__name__)) from error
    finally:
        pool.close()
    if 300 <= answer.status < 400 and answer.status != 304:
        raise Malformed(say("%(host)s points to another address; it is not followed.", host=host))
    kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    return Fetched(answer.status, kept, body)


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


def _body(answer: urllib3.BaseHTTPResponse, *, host: str, most: int, deadline: float) -> bytes:
    """The decoded body, read piece by piece, so that neither a slow drip nor a bomb is waited for."""
    pieces, size = [], 0
    for piece in answer.stream(CHUNK, decode_content=True):
        size += len(piece)
        if size > most:
            raise Malformed(say("%(host)s sent more than %(most)s bytes; nothing was kept.", host=host, most=most))
        if time.monotonic() > deadline:
            raise Unavailable(say("%(host)s took too long to answer.", host=host))
        pieces.append(piece)
    return b"".join(pieces)
