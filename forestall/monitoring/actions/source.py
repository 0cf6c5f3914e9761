"""Keeping the list of sources: who they are, how far they are usually to be trusted, how often they speak."""

from __future__ import annotations

from django.db import transaction

from forestall.access.session import Session
from forestall.record.actions import write

from .. import policies
from ..models import Source


@transaction.atomic
def keep(
    source: Source,
    *,
    name: str,
    nature: str,
    interested_party: bool,
    reliability: str,
    state: str,
    by: Session,
    language: str = "",
    iso3: str = "",
    licence: str = "",
    cadence_days: int | None = None,
) -> Source:
    """Correct what is known of a source. Raises `Refused` for values that there are not.

    What rests on an interested party's word alone stops counting as corroborated at once, wherever it is read.
    """
    by.check_may("source.keep")
    policies.check_source(
        name=name, nature=nature, reliability=reliability, state=state, cadence_days=cadence_days
    )
    source.name, source.nature, source.state = name.strip(), nature, state
    source.interested_party, source.reliability = interested_party, reliability
    source.language, source.iso3, source.licence = language.strip(), iso3.strip().upper(), licence.strip()
    source.cadence_days = cadence_days
    return write(source, by=by.person_id, verb="source kept")
