"""What a giver is told of what they gave: that it is here, and nothing of how it was weighed.

A giver has no sight at all, so this is read as the collector and for one account alone, by a keyed mark that names nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings

from forestall.access.session import Session, bound_to, system_reader
from forestall.base.words import Words, say
from forestall.labels.label import CONSENT_WORDS
from forestall.monitoring.models import Contribution, Item
from forestall.record.models import Evidence

STATES: Mapping[str, Words] = {
    "received": say("Received."),
    "taken_in": say("Received and taken in."),
    "unread": say("Received. It could not be read yet; somebody will look at it."),
    "taken_back": say("Taken back. Nobody reads it any more."),
}


@dataclass(frozen=True)
class Given:
    """One receipt as its giver reads it. `agreed` are the scopes that stand, by key."""

    number: str
    at: datetime
    pieces: tuple[Mapping[str, object], ...]
    state: str
    agreed: tuple[str, ...]
    taken_back_at: datetime | None

    @property
    def words(self) -> Words:
        """The state as one reads it."""
        return STATES[self.state]

    @property
    def words_name(self) -> str:
        """What the file of what they wrote is called."""
        return words_name(self.number)

    @property
    def scopes(self) -> list[tuple[str, Words]]:
        """What stands of the consent."""
        return [(scope, CONSENT_WORDS[scope]) for scope in CONSENT_WORDS if scope in self.agreed]


def words_name(number: str) -> str:
    """The name under which what a giver wrote is kept, by the number of the receipt."""
    return f"{number}.txt"


def mark(person_id: str) -> str:
    """How a contribution bears whose it is: found from the account, and from nothing else without the home's secret."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"who gave a contribution", "sha256")
    return hmac.new(key, person_id.encode(), sha256).hexdigest()


def of(person_id: str, *, number: str) -> Contribution | None:
    """A contribution of one account, as the bound reader sees it."""
    return Contribution.objects.filter(giver=mark(person_id), number=number).first()


def given(made: Contribution) -> Given:
    """A contribution as its giver reads it."""
    return Given(made.number, made.given_at, tuple(made.pieces), _state(made), tuple(made.agreed), made.taken_back_at)


def given_by(session: Session) -> list[Given]:
    """What somebody gave, newest first."""
    session.check_may("contribution.give")
    with bound_to(system_reader("collector", reason="what a partner gave")):
        return [given(one) for one in Contribution.objects.filter(giver=mark(session.person_id)).order_by("-given_at")]


def receipt(number: str, *, session: Session) -> Given | None:
    """One receipt of whoever asks; None for another's and for what never was."""
    session.check_may("contribution.give")
    with bound_to(system_reader("collector", reason="what a partner gave")):
        made = of(session.person_id, number=number)
        return None if made is None else given(made)


def _state(made: Contribution) -> str:
    """Over what the collector sees: of what nobody may read, no more than that it came."""
    if made.taken_back_at and not made.agreed:
        return "taken_back"
    with bound_to(system_reader("collector", reason="what became of what a partner gave")):
        pieces = [one for one in (made.file_id, made.note_id) if one]
        if Evidence.objects.filter(pk__in=pieces, quarantined=True).exists():
            return "unread"
        return "taken_in" if Item.objects.filter(evidence_id__in=pieces).exists() else "received"
