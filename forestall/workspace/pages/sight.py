"""What a person is let into beside desks, and what they are recused from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import actions, decisions, granting, queries
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import COMPARTMENT_WORDS
from forestall.workspace.showing import found

KEEP = "people.keep"


def _back(request: HttpRequest, words: Words, *, to: UUID) -> HttpResponse:
    messages.success(request, words)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("person", args=[to]))


@require_POST
def _propose_compartment(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What no desk owns: another administrator must agree, and whoever is let in already is told."""
    one = found(queries.person(person_id))
    provider = request.POST.get("provider", "").strip().replace(",", " ")
    compartment = f"3P:{provider}" if provider else request.POST.get("compartment", "")
    if not provider and compartment not in COMPARTMENT_WORDS:
        raise Refused(say("Choose what it is, or name who gave it in confidence."))
    decisions.propose(
        granting.COMPARTMENT, about=one, reason=request.POST.get("reason", ""), by=current(), terms={"compartment": compartment}
    )
    return _back(request, say("Proposed. Another person must agree in a session of their own."), to=person_id)


@require_POST
def _take_compartment(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    actions.take_compartment(one, compartment=request.POST.get("compartment", ""), by=current())
    return _back(request, say("%(name)s is no longer let in.", name=one.name), to=person_id)


@require_POST
def _end_recusal(request: HttpRequest, recusal_id: UUID) -> HttpResponse:
    recusal = found(queries.recusal(recusal_id))
    actions.end_recusal(recusal, by=current())
    return _back(request, say("The recusal ended."), to=recusal.person_id)


keeping = page(verb=KEEP, writes=KEEP)

addresses = [
    path("people/<uuid:person_id>/apart/", page(verb=KEEP, writes=KEEP, step_up=True)(_propose_compartment), name="propose_compartment"),
    path("people/<uuid:person_id>/apart/end/", keeping(_take_compartment), name="take_compartment"),
    path("people/recusal/<uuid:recusal_id>/end/", keeping(_end_recusal), name="end_recusal"),
]
