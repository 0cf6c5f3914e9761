"""The writers of presences and mandates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from forestall.access.session import Session
from forestall.labels.label import Label, Level, join

from .. import policies
from ..models import Counterpart, Mandate, Presence
from .said import Said, by_person

QUIET_DAYS = 30
"""After so many days without a word an entity counts as not reporting, unless somebody says otherwise."""


@transaction.atomic
def keep_presence(
    counterpart: Counterpart,
    *,
    iso3: str,
    said: Said,
    by: Session,
    since: date | None = None,
    until: date | None = None,
    quiet_days: int = QUIET_DAYS,
    correcting: Presence | None = None,
) -> Presence:
    """Note that an entity is present in a State, or correct what was noted. Raises `Refused` for what cannot be."""
    by.check_may("mandate.keep")
    policies.check_of_the_united_nations(counterpart.kind_of_body)
    policies.check_countries([iso3])
    policies.check_span(since, until)
    policies.check_quiet(quiet_days)
    values = {"iso3": iso3, "since": since, "until": until, "quiet_days": quiet_days}
    entry = correcting or Presence(counterpart=counterpart)
    return by_person(entry, said=said, values=values, by=by, label=_label(counterpart), what="presence")


@transaction.atomic
def keep_mandate(
    counterpart: Counterpart,
    *,
    countries: Sequence[str],
    said: Said,
    by: Session,
    resolution: str = "",
    paragraph: str = "",
    summary: str = "",
    first_day: date | None = None,
    end_date: date | None = None,
    open_ended: bool = False,
    correcting: Mandate | None = None,
) -> Mandate:
    """Note what an operation is there for and until when, or correct a slip in it. One that is renewed is noted anew.

    Raises `Refused` for what cannot be.
    """
    by.check_may("mandate.keep")
    policies.check_of_the_united_nations(counterpart.kind_of_body)
    policies.check_countries(countries)
    policies.check_span(first_day, end_date)
    policies.check_ending(end_date=end_date, open_ended=open_ended)
    values = {
        "countries": list(countries), "resolution": resolution.strip(), "paragraph": paragraph.strip(),
        "summary": summary.strip(), "first_day": first_day, "end_date": end_date, "open_ended": open_ended,
    }  # fmt: skip
    entry = correcting or Mandate(counterpart=counterpart)
    return by_person(entry, said=said, values=values, by=by, label=_label(counterpart), what="mandate")


def _label(counterpart: Counterpart) -> Label:
    return join([Label(level=Level.INTERNAL), counterpart.label])
