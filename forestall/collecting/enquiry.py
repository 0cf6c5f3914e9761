"""Asking a producer, politely: credentials filled in at the last moment, spaced, tried again when it makes sense.

What a producer says when it refuses is kept in its own words. A wait that it asks for is honoured; one that is longer
than a turn may last ends the turn, and is remembered.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import stamina
import stamina.instrumentation

from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.base.words import say
from forestall.outbound.fetching import INTERNET, Fetched, Network, fetch

from .asking import Request
from .contract import Source

ATTEMPTS = 5
LONGEST_WAIT = 60.0
"""Seconds a turn waits because a producer asks for it; what is longer ends the turn."""
LONGEST_PAUSE = timedelta(days=1)
"""The longest that a producer is left alone because it asked for it: a Retry-After of ten years is a mistake."""
AGAIN = frozenset({429, 500, 502, 503, 504})
SAID = 300
stamina.instrumentation.set_on_retry_hooks([])  # a log carries ids, and never what an error holds
_PLACE = re.compile(r"\{([a-z_]+)\}")
_REDIRECTS = 3


@dataclass(frozen=True)
class Reply:
    """What a producer answered to one request, and when (UTC)."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: datetime


class Later(Unavailable):
    """The producer asks to be left alone until `until` (UTC)."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(say("%(host)s asks to be left alone until %(until)s UTC.", host=host, until=f"{until:%Y-%m-%d %H:%M}"))
        self.until = until


class CredentialMissing(Refused):
    """A credential that the source cannot do without is not here."""

    def __init__(self, source: Source, name: str) -> None:
        super().__init__(
            say("The credential %(name)s of %(source)s is not here: `forestall sources credential %(id)s %(name)s`.",
                name=name, source=source.title, id=source.id)
        )  # fmt: skip


class NoToken(Refused):
    """The producer gave no token for the credentials: `status` and its own words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(say("The producer gave no token for our credentials: %(said)s", said=words or status))
        self.status = status


class _TryAgain(Exception):
    def __init__(self, wait: float | None, outcome: Reply | Unavailable) -> None:
        super().__init__()
        self.wait, self.outcome = wait, outcome


class Enquirer:
    """Asks for one source. `credentials` by name; `sleep` waits (seconds) and is the caller's in tests."""

    def __init__(
        self,
        source: Source,
        *,
        credentials: Mapping[str, str],
        network: Network = INTERNET,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        assert source.asks is not None
        self.source, self.asks = source, source.asks
        self._credentials, self._network, self._sleep = credentials, network, sleep
        self._last = 0.0
        self._token_until = 0.0
        self.requests = 0

    def check(self, request: Request) -> None:
        """Raise `CredentialMissing` when a credential that the request needs is not here."""
        named = set(_PLACE.findall(f"{request.url} {request.sent} {' '.join(request.headers.values())}"))
        for name in self.asks.credentials:
            if (name in named or "access_token" in named) and not self._credentials.get(name):
                raise CredentialMissing(self.source, name)

    def ask(self, request: Request) -> Reply:
        """The producer's answer, whatever its status but those that are tried again.

        Raises `Unavailable` when it does not answer, `Later` when it asks to wait long, `Refused` for an address that may
        not be asked, `Malformed` for an answer that is too large or other than announced.
        """
        self.check(request)
        caller = stamina.retry_context(
            on=_wait_of, attempts=ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=LONGEST_WAIT, wait_jitter=1.0
        )
        try:
            for attempt in caller:
                with attempt:
                    return self._once(request)
        except _TryAgain as last:
            if isinstance(last.outcome, Unavailable):
                raise last.outcome from None
            return last.outcome
        raise AssertionError("a retry ends with an answer or an error")

    def _once(self, request: Request) -> Reply:
        self._space()
        self.requests += 1
        try:
            found = self._fetch(request)
        except Later:
            raise
        except Unavailable as error:
            raise _TryAgain(None, error) from error
        reply = Reply(found.status, found.headers, found.body, now())
        if reply.status in AGAIN:
            raise self._again(request, reply)
        if reply.status == 200:
            _check_digest(request, reply.body)
        return reply

    def _space(self) -> None:
        wait = self._last + self.asks.seconds_between - time.monotonic()
        if self._last and wait > 0:
            self._sleep(wait)
        self._last = time.monotonic()

    def _renew_token(self) -> None:
        """Exchange the credentials for a token where the source asks for one (OAuth 2, password grant), and keep it."""
        grant = self.asks.token
        if grant is None or time.monotonic() < self._token_until:
            return
        form = {name: _filled(value, self._credentials) for name, value in grant.form.items()}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        found = fetch(
            grant.url, hosts=self.asks.hosts, most=1 << 20, seconds=self.asks.seconds, headers=headers,
            sent=urlencode(form).encode(), network=self._network,
        )  # fmt: skip
        try:
            token = json.loads(found.body)["access_token"] if found.status == 200 else ""
        except (ValueError, KeyError, TypeError):
            token = ""
        if not token or not isinstance(token, str):
            raise NoToken(found.status, said(found.body))
        self._credentials = {**self._credentials, "access_token": token}
        self._token_until = time.monotonic() + grant.seconds / 2

    def _fetch(self, request: Request) -> Fetched:
        if "{access_token}" in f"{request.url}{request.sent}{''.join(request.headers.values())}":
            self._renew_token()
        return fetch(
            _filled(request.url, self._credentials, quoted=True),
            hosts=self.asks.hosts,
            most=self.asks.most_megabytes << 20,
            seconds=self.asks.seconds,
            headers={name: _filled(value, self._credentials) for name, value in request.headers.items()},
            sent=_filled(request.sent, self._credentials).encode() if request.sent else None,
            follow=_REDIRECTS,
            network=self._network,
        )

    def _again(self, request: Request, reply: Reply) -> Exception:
        wait = retry_after(reply.headers.get("retry-after", ""), at=reply.at)
        if wait is not None and wait.total_seconds() > LONGEST_WAIT:
            return Later(urlsplit(request.url).hostname or "", reply.at + min(wait, LONGEST_PAUSE))
        return _TryAgain(wait.total_seconds() if wait is not None else None, reply)


def _wait_of(error: Exception) -> bool | float:
    """Whether to try again, and after how many seconds when the producer says so."""
    if not isinstance(error, _TryAgain):
        return False
    return True if error.wait is None else max(error.wait, 0.01)


def _filled(text: str, credentials: Mapping[str, str], *, quoted: bool = False) -> str:
    def value(found: re.Match[str]) -> str:
        secret = credentials.get(found[1])
        if secret is None:
            return found[0]
        return quote(secret, safe="") if quoted else secret

    return _PLACE.sub(value, text)


def _check_digest(request: Request, body: bytes) -> None:
    kind, _, digest = request.expects.partition(":")
    if digest and hashlib.new(kind, body, usedforsecurity=False).hexdigest() != digest:
        raise Malformed(say("%(name)s is not what was announced: its digest is another.", name=request.name))


def retry_after(text: str, *, at: datetime) -> timedelta | None:
    """How long a Retry-After header asks to wait (seconds, or a date), never less than nothing; None when it says nothing."""
    if text.strip().lstrip("-").isdigit():
        return max(timedelta(), min(timedelta(seconds=int(text.strip()[:12])), timedelta(days=36_500)))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return max(timedelta(), until - at)


def said(body: bytes) -> str:
    """What a producer says when it refuses, in its own words: a message in JSON, the text of a page, or the beginning."""
    text = body[:200_000].decode("utf-8", "replace").strip()
    if text.startswith(("{", "[")):
        try:
            return " ".join(_messages(json.loads(text)))[:SAID] or text[:SAID]
        except ValueError:
            return text[:SAID]
    if text.startswith("<"):
        from .formats import webpage

        return " ".join(webpage.read(text).text.split())[:SAID]
    return " ".join(text.split())[:SAID]


def _messages(value: Any) -> list[str]:
    """The texts under the names that producers give to what went wrong, wherever they lie."""
    if isinstance(value, Mapping):
        named = [
            one for name, one in value.items()
            if str(name).lower() in {"message", "error", "detail", "error_description", "title", "errors", "errormessages"}
        ]  # fmt: skip
        return [text for one in named for text in ([one] if isinstance(one, str) else _messages(one))]
    if isinstance(value, list):
        return [text for one in value for text in ([one] if isinstance(one, str) else _messages(one))]
    return []


def conditional(request: Request, *, etag: str, modified: str) -> Request:
    """The same request, to be answered only if something changed since these marks were given."""
    marks = {"If-None-Match": etag, "If-Modified-Since": modified}
    return replace(request, headers={**request.headers, **{name: value for name, value in marks.items() if value}})


