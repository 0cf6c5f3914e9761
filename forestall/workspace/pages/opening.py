"""What was opened in an emergency: proposed by one, agreed to by another, for a third, for an hour; then reported on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, granting, queries
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import COMPARTMENT_WORDS, compartment_words
from forestall.record.queries import custody
from forestall.workspace.formfields import person_in
from forestall.workspace.labelreading import desk_titles
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.access.models import Opening


@page(writes="glass.break", step_up=True)
def openings(request: HttpRequest) -> HttpResponse:
    """Every emergency opening the reader may know of, and the form that proposes one."""
    session = current()
    if request.method == "POST":
        return _proposed(request, session=session)
    known = granting.openings()
    return show(
        request,
        "workspace/openings.html",
        band=band_of(one.label for one in known),
        way=[(say("Emergency openings"), "")],
        openings=[_told(one) for one in known],
        people=[one for one in queries.people() if one.is_active and str(one.id) != session.person_id],
        compartments=_nameable(session),
        minutes=granting.MINUTES,
    )


def _nameable(session: Session) -> list[tuple[str, object]]:
    titles = desk_titles()
    known = {*(f"desk:{key}" for key in titles), *COMPARTMENT_WORDS, *(session.sight.compartments or ())}
    return [(one, compartment_words(one, desks=titles)) for one in sorted(known)]


def _told(one: Opening) -> dict[str, object]:
    names = queries.names([one.person, one.by, one.second])
    return {
        "opening": one,
        "what": compartment_words(one.compartment, desks=desk_titles()),
        "person": names.get(one.person, ""),
        "by": names.get(one.by, ""),
        "second": names.get(one.second, ""),
        "is_open": one.until > now(),
    }


def _proposed(request: HttpRequest, *, session: Session) -> HttpResponse:
    compartment = request.POST.get("compartment", "")
    if compartment not in dict(_nameable(session)):
        raise Refused(say("Choose what is to be opened."))
    decisions.propose(
        granting.BREAK_GLASS,
        about=person_in(request, "person"),
        reason=request.POST.get("reason", ""),
        by=session,
        terms={"compartment": compartment, "minutes": granting.MINUTES},
    )
    messages.success(request, say("Proposed. Another person must agree in a session of their own."))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("openings"))


@page(writes="library.read")
def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """One opening: who, for whom, why, what was looked at, and the report."""
    session, one = current(), found(granting.opening(opening_id))
    if request.method == "POST":
        granting.report(one, text=request.POST.get("report", ""), by=session)
        messages.success(request, say("The report is written."))  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("opening", args=[opening_id]))
    looked = [act for act in custody(one.id) if act.verb.startswith(granting.LOOKED)]
    return show(
        request,
        "workspace/opening.html",
        band=band_of([one.label]),
        way=[(say("Emergency openings"), reverse("openings")), (say("Opening"), "")],
        told=_told(one),
        one=one,
        looked=[(act.at, act.verb.removeprefix(granting.LOOKED)) for act in looked],
        may_report=one.person == session.person_id and not one.report and session.as_of is None,
    )


addresses = [path("openings/", openings, name="openings"), path("openings/<uuid:opening_id>/", opening, name="opening")]
