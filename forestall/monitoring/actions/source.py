"""Keeping the list of sources: who they are, how far they are usually to be trusted, how often they speak."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from forestall.access.session import Session
from forestall.labels.label import Label, Level
from forestall.monitoring import policies, queries
from forestall.monitoring.models import Item, Source
from forestall.record.actions import write


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
    counterpart_id: UUID | None = None,
) -> Source:
    """Correct what is known of a source. Raises `Refused` for values that there are not.

    `counterpart_id` is the body it speaks for. What rests on an interested party's word alone stops counting as
    corroborated at once, wherever it is read.
    """
    by.check_may("source.keep")
    policies.check_source(
        name=name, nature=nature, reliability=reliability, state=state, cadence_days=cadence_days
    )
    source.name, source.nature, source.state = name.strip(), nature, state
    source.interested_party, source.reliability = interested_party, reliability
    source.language, source.iso3, source.licence = language.strip(), iso3.strip().upper(), licence.strip()
    source.cadence_days, source.counterpart_id = cadence_days, counterpart_id
    return write(source, by=by.person_id, verb="source kept")


@transaction.atomic
def speaks_for(source: Source, *, counterpart_id: UUID | None, by: Session) -> Source:
    """Say for which body a source speaks, or that it speaks for none that is known."""
    by.check_may("source.keep")
    source.counterpart_id = counterpart_id
    return write(source, by=by.person_id, verb="source kept")


@transaction.atomic
def add(*, name: str, key: str, collector: str, by: Session) -> Source:
    """A source the desk expects, known to `collector` by `key`; the one that is there when it is known already."""
    by.check_may("source.keep")
    known = queries.source_of(collector, key=key)
    if known is not None:
        return known
    made = Source(name=name, key=key, collector=collector).labelled(Label(level=Level.INTERNAL))
    return write(made, by=by.person_id, verb="source added")


@transaction.atomic
def name_source(item: Item, *, source: Source, by: Session) -> Item:
    """Say who an item comes from, when it did not say so itself."""
    by.check_may("item.grade")
    item.source = source
    return write(item, by=by.person_id, verb="source named")
