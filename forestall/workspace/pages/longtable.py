"""A long table that two people decide on: asked for, looked at, and, once agreed to, taken."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import queries, takingout
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import now
from forestall.base.words import say
from forestall.workspace.longtable import asked_for
from forestall.workspace.showing import band_of, found, show


@require_POST
@page(writes=takingout.VERB)
def ask_for_table(request: HttpRequest) -> HttpResponse:
    """Ask a second person for the table that was refused."""
    session = current()
    wanted = asked_for(request.POST.get("signed", ""), by=session)
    waits = takingout.ask(
        address=wanted.address, table=wanted.table, rows=wanted.rows, level=wanted.level,
        reason=request.POST.get("reason", ""), by=session,
    )  # fmt: skip
    messages.success(request, say("Proposed. Another person must agree in a session of their own."))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("decision", args=[waits.id]))


@page()
def taking_out(request: HttpRequest, taking_out_id: UUID) -> HttpResponse:
    """Which table it is, who asked for it and until when it may be taken; from here its person takes it."""
    one, session = found(takingout.taking_out(taking_out_id)), current()
    return show(
        request,
        "workspace/taking_out.html",
        band=band_of([one.label]),
        labelled=one,
        way=[(say("Today"), reverse("today")), (say("Table to take out"), "")],
        one=one,
        person=queries.names([one.person]).get(one.person, ""),
        files=f"{one.address}{'&' if '?' in one.address else '?'}format=",
        may_take=one.person == session.person_id and one.until is not None and one.until > now(),
    )


addresses = [
    path("taking-out/", ask_for_table, name="ask_for_table"),
    path("taking-out/<uuid:taking_out_id>/", taking_out, name="taking_out"),
]
