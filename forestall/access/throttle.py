"""How often somebody may be wrong at the door, and for how long a door is then held.

Three counts, each within 15 minutes: of a name from a network, of a network, of a name from everywhere. A guess is
counted before it is looked at, so that many at once cannot slip by, and taken back when it was right. An unknown name is
counted like a known one.

Nobody is locked out by others: a browser in which a name signed in before carries a mark (`KNOWN`), and its guesses are
counted apart from everybody else's. From a browser that is new, a name held for everybody is let in again once that
network has waited 15 minutes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say

from . import tally
from .network import network_of

WINDOW = timedelta(minutes=15)
WRONG_HERE = 5
WRONG_OF_NETWORK = 100
WRONG_OF_NAME = 50
WAITED = timedelta(hours=2)
"""For how long a network that has waited out a hold may try again, within its own counts."""
KNOWN = "forestall-known"
KNOWN_FOR = timedelta(days=30)
HELD = say("Too many attempts. Wait 15 minutes, then try again.")


@dataclass(frozen=True)
class Guess:
    """One attempt: at which name (as typed), from which network, in a browser marked as known to it or not."""

    name: str
    network: str
    device: str = ""

    @property
    def counts(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        """What it is counted under, each with how many may be wrong."""
        if self.device:
            return ((("device", self.name, self.device), WRONG_HERE),)
        return ((("here", self.name, self.network), WRONG_HERE), (("network", self.network), WRONG_OF_NETWORK))


def guess_of(request: HttpRequest, name: str, *, owner: str = "") -> Guess:
    """The attempt that a request makes at a name; for codes and keys `owner` is the name they belong to."""
    folded = name.strip().casefold()
    return Guess(folded, network_of(request), device=_device(request, owner.strip().casefold() or folded))


@transaction.atomic
def counted(guess: Guess) -> bool:
    """Count an attempt. False when it must not be looked at: too many before it were wrong."""
    within = [tally.add(*parts, window=WINDOW) <= most for parts, most in guess.counts]  # each is counted
    if not all(within):
        return False
    if guess.device or tally.add("name", guess.name, window=WINDOW) <= WRONG_OF_NAME:
        return True
    return _waited(guess)


def check(guess: Guess) -> None:
    """Count an attempt. Raises `Refused` when too many before it were wrong."""
    if not counted(guess):
        raise Refused(HELD)


@transaction.atomic
def was_right(guess: Guess) -> None:
    """Take the attempt back, and only it: a right password in between does not buy wrong ones."""
    for parts, _ in guess.counts:
        tally.take_back(*parts)
    if not guess.device:
        tally.take_back("name", guess.name)


def _waited(guess: Guess) -> bool:
    """Whether this network first met the hold 15 minutes ago or more; its first try begins the waiting."""
    first, at = tally.since("waits", guess.name, guess.network), now()
    if first is None or not at - WAITED < first <= at:
        tally.add("waits", guess.name, guess.network, window=WAITED)
        return False
    return at - first >= WINDOW


def _device(request: HttpRequest, name: str) -> str:
    """The mark of this browser, if it was made for this name; another's mark counts for nothing."""
    try:
        mark = signing.loads(request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=KNOWN, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""
    return str(mark["device"]) if mark.get("name") == tally.named("device", name) else ""


def mark_known(response: HttpResponse, *, name: str, secure: bool) -> None:
    """Mark the browser as one in which this name signed in. The mark is keyed: it tells nobody who."""
    mark = {"name": tally.named("device", name.strip().casefold()), "device": secrets.token_hex(8)}
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME, signing.dumps(mark, salt=KNOWN), max_age=KNOWN_FOR,
        secure=secure or settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )
