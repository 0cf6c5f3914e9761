"""Confirming what happened: from an item's words to an observation under indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.access import queries as people
from forestall.access.labelling import hold_closer
from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.labels.label import Level, join
from forestall.record.actions import write

from .. import policies, queries
from ..models import IndicatorLink, Item, Observation, Passage, Suggestion
from ..states import ITEM, OBSERVATION, ItemState, ObservationState


@transaction.atomic
def confirm(
    *,
    item: Item,
    summary: str,
    on: date,
    iso3: str,
    by: Session,
    quote: str = "",
    on_precision: str = "day",
    unit: str = "",
    place: str = "",
    place_precision: str = "unit",
    actors: Sequence[Mapping[str, str]] = (),
    groups: Sequence[UUID] = (),
    harm: Mapping[str, Any] | None = None,
    indicators: Sequence[tuple[str, str, str]] = (),
) -> Observation:
    """Confirm an observation from an item. `indicators` are (framework, number, raises or lowers).

    It carries its item's label, and says so when the item comes from an interested party.
    """
    by.check_may("observation.confirm")
    policies.check_observation(summary=summary, iso3=iso3, on=on, today=today())
    policies.check_quote(quote=quote, text=item.text)
    policies.check_harm(dict(harm or {}))
    _keep_to_desk(item, iso3=iso3, by=by)
    observation = Observation(
        summary=summary.strip(),
        on=on,
        on_precision=on_precision,
        iso3=iso3,
        unit=unit,
        place=place,
        place_precision=place_precision,
        actors=[dict(actor) for actor in actors],
        groups=[str(group) for group in groups],
        harm=dict(harm or {}),
        interested_party=item.source.interested_party,
    ).labelled(item.label)
    write(observation, by=by.person_id, verb="observation reported")
    _rest_on(observation, item=item, quote=quote, by=by)
    for framework, number, direction in indicators:
        link(observation, framework=framework, number=number, direction=direction, by=by)
    return observation


def _keep_to_desk(item: Item, *, iso3: str, by: Session) -> None:
    """What is confidential and turns out to speak of a desk's country is that desk's from now on."""
    desk = people.compartments_for(iso3)
    if item.level < Level.CONFIDENTIAL or desk <= item.label.compartments:
        return
    narrowed = item.label.within(*desk)
    if by.may_see(narrowed):
        hold_closer(item, label=narrowed, by=by)


@transaction.atomic
def corroborate(observation: Observation, *, item: Item, by: Session, quote: str = "") -> Observation:
    """Rest an observation on one more item; with a second independent origin it is corroborated."""
    by.check_may("observation.confirm")
    policies.check_quote(quote=quote, text=item.text)
    _rest_on(observation, item=item, quote=quote, by=by)
    observation.label = join([observation.label, item.label])
    observation.interested_party = observation.interested_party and item.source.interested_party
    enough = len(queries.origins_of(observation)) > 1
    if enough and observation.state in (ObservationState.REPORTED, ObservationState.DISPUTED):
        return move(observation, to=ObservationState.CORROBORATED, by=by)
    return write(observation, by=by.person_id, verb="observation rests on one more item")


def _rest_on(observation: Observation, *, item: Item, quote: str, by: Session) -> Passage:
    start = item.text.find(quote) if quote else 0
    passage = Passage(observation=observation, item=item, quote=quote, start=max(start, 0)).labelled(item.label)
    write(passage, by=by.person_id, verb="passage quoted")
    if item.state in (ItemState.RECEIVED, ItemState.TRIAGED, ItemState.GRADED, ItemState.PARKED):
        item.state = ITEM.states(ItemState.CODED)
        write(item, by=by.person_id, verb="item coded")
    return passage


@transaction.atomic
def link(observation: Observation, *, framework: str, number: str, direction: str, by: Session) -> IndicatorLink:
    """Say that an observation raises or lowers an indicator."""
    by.check_may("observation.confirm")
    policies.check_direction(direction=direction)
    made = IndicatorLink(
        observation=observation, framework=framework, number=number, direction=direction
    ).labelled(observation.label)
    return write(made, by=by.person_id, verb="indicator linked")


@transaction.atomic
def move(observation: Observation, *, to: ObservationState, by: Session, reason: str = "") -> Observation:
    """Confirm, dispute or retract an observation. Disputing and retracting need a reason."""
    step = OBSERVATION.move(observation.state, to)
    by.check_may(step.verb)
    if to in (ObservationState.DISPUTED, ObservationState.RETRACTED):
        policies.check_reason(reason=reason)
        observation.retraction = reason
    observation.state = to
    return write(observation, by=by.person_id, verb=step.records)


@transaction.atomic
def decide(suggestion: Suggestion, *, state: str, by: Session) -> Suggestion:
    """Confirm, edit or reject what the machine suggested; rejected ones are kept to learn from."""
    by.check_may("observation.confirm")
    suggestion.state, suggestion.by, suggestion.at = state, by.person_id, now()
    suggestion.save()
    return suggestion
