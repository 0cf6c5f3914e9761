"""Leave: days away, and the sheet that hands the work over.

What is open is listed anew for each reader from what that reader may see; only what the person wrote is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import actions, queries
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.words import say
from forestall.workspace import duties
from forestall.workspace.formfields import day_in, person_in
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.access.models import Person


@page()
def own_leave(request: HttpRequest) -> HttpResponse:
    """Note one's own days away."""
    return _noting(request, found(queries.person(current().person_id)))


@page(verb="people.keep")
def leave_of(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Note somebody else's days away, for those who keep the list of people."""
    return _noting(request, found(queries.person(person_id)))


def _noting(request: HttpRequest, person: Person) -> HttpResponse:
    session = current()
    if request.method == "POST":
        return _note(request, person, session=session)
    handed = duties.handed_over(str(person.id))
    return show(
        request,
        "workspace/leave_new.html",
        band=band_of(one.level for one in handed),
        way=[(say("Today"), reverse("today")), (say("Leave"), "")],
        person=person,
        own=str(person.id) == session.person_id,
        handed=handed,
        others=[one for one in queries.people() if one.is_active and one.id != person.id],
    )


def _note(request: HttpRequest, person: Person, *, session: Session) -> HttpResponse:
    made = actions.take_leave(
        person,
        since=day_in(request, "since", needed=say("first day away")),
        until=day_in(request, "until", needed=say("last day away")),
        handed_to=person_in(request, "handed_to"),
        handover=request.POST.get("handover", "").strip(),
        by=session,
    )
    messages.success(request, say("The leave is noted, and %(name)s was told.", name=made.handed_to.name))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("leave", args=[made.id]))


@page()
def leave(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """The handover sheet: for who is away, for who takes over, and its days for those who keep the list of people."""
    session, one = current(), found(queries.leave(leave_id))
    involved = session.person_id in (str(one.person_id), str(one.handed_to_id))
    found(one if involved or "people.keep" in session.verbs else None)
    handed = duties.handed_over(str(one.person_id)) if involved else []
    return show(
        request,
        "workspace/leave.html",
        band=band_of(each.level for each in handed),
        way=[(say("Today"), reverse("today")), (say("Handover sheet"), "")],
        leave=one,
        involved=involved,
        handed=handed,
    )


addresses = [
    path("people/leave/", own_leave, name="own_leave"),
    path("people/leave/<uuid:leave_id>/", leave, name="leave"),
    path("people/<uuid:person_id>/leave/", leave_of, name="leave_of"),
]
