"""From an item's words to an observation: a new one, or one more item under one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.monitoring import queries
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.workspace.itemreading import FRAMEWORK, reading_of
from forestall.workspace.observationform import ObservationForm, prefilled
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.monitoring.models import Item, Suggestion

OFFERED = 60
"""So many of the latest observations are offered to rest on one more item."""


@page(verb="observation.confirm", writes="observation.confirm")
def observing(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The text beside the form. What is refused comes back with everything that was written."""
    session, one = current(), found(queries.item(item_id))
    suggestion = _suggestion(one, request.GET.get("suggestion", "") or request.POST.get("suggestion", ""))
    groups = [group for iso3 in one.countries for group, _said in queries.groups(iso3)]
    form = ObservationForm(
        request.POST or None,
        item=one,
        groups=groups,
        initial=prefilled(one, suggestion, framework=FRAMEWORK),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _confirmed(request, form, one, suggestion, session=session)
    ):
        return HttpResponseRedirect(f"{reverse('item', args=[one.id])}#observations")
    items.note_viewed(one, by=session)
    reading = reading_of(one, session=session)
    known = queries.observations(iso3=one.countries)[:OFFERED]
    mine = {resting.observation.id for resting in reading.resting}
    return show(
        request,
        "workspace/item/observation.html",
        band=band_of([*reading.levels, *(group.level for group in groups), *(seen.level for seen in known)]),
        way=[
            (say("Inbox"), reverse("inbox")),
            (one.title, reverse("item", args=[one.id])),
            (say("Confirm an observation"), ""),
        ],
        reading=reading,
        form=form,
        suggestion=suggestion,
        known=[seen for seen in known if seen.id not in mine],
    )


def _suggestion(one: Item, asked: str) -> Suggestion | None:
    return next((s for s in queries.suggestions(one) if str(s.id) == asked), None)


def _confirmed(
    request: HttpRequest, form: ObservationForm, one: Item, suggestion: Suggestion | None, *, session: Session
) -> bool:
    """Whether the observation was confirmed; a refusal is written on the form, beside what was typed."""
    told = form.confirmed()
    try:
        observations.confirm(item=one, by=session, **told)
    except Refused as refusal:
        form.add_error(None, refusal.words.text(gettext))
        return False
    if suggestion is not None:
        observations.decide(suggestion, state=_as_suggested(suggestion, told["indicators"]), by=session)
    messages.success(request, gettext("The observation was confirmed."))
    return True


def _as_suggested(suggestion: Suggestion, indicators: list[tuple[str, str, str]]) -> str:
    """Whether the person took the suggestion as it stood, or changed it."""
    if suggestion.suggester != "indicator":
        return "confirmed"
    same = (FRAMEWORK, suggestion.value, suggestion.direction) in indicators
    return "confirmed" if same else "edited"


@require_POST
def _corroborate(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Rest an observation that is there on this item too."""
    one = found(queries.item(item_id))
    asked = request.POST.get("observation", "")
    known = {str(seen.id): seen for seen in queries.observations(iso3=one.countries)}
    if not asked:
        raise Refused(say("Choose the observation that this item tells of too."))
    quote = request.POST.get("quote", "").replace("\r\n", "\n").strip()
    observations.corroborate(found(known.get(asked)), item=one, quote=quote, by=current())
    messages.success(request, gettext("The observation rests on this item too."))
    return HttpResponseRedirect(f"{reverse('item', args=[one.id])}#observations")


addresses = [
    path("items/<uuid:item_id>/observation/", observing, name="item_observation"),
    path(
        "items/<uuid:item_id>/observation/known/",
        page(writes="observation.confirm")(_corroborate),
        name="item_corroborate",
    ),
]
