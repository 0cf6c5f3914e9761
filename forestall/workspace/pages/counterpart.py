"""One body the Office deals with: who holds office, where it is present, its mandates, and what it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.institutions.actions import presence as actions
from forestall.institutions.queries import Counterpart, Mandate, Presence
from forestall.institutions.states import BODIES, CHANNELS, UNITED_NATIONS
from forestall.monitoring import inforequests
from forestall.workspace import withinreading
from forestall.workspace.formfields import day_in, entry_in, number_in, said_in
from forestall.workspace.placenames import country_choices, country_name
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.wayfinding import address

if TYPE_CHECKING:
    from forestall.institutions.queries import OfficeHolder

KEEP = "mandate.keep"


@page()
def counterpart(request: HttpRequest, counterpart_id: UUID) -> HttpResponse:
    """All that is kept of one body, and the forms to keep where it is present and by which mandate."""
    session, one = current(), found(institutions.counterpart(counterpart_id))
    day = session.as_of or today()
    presences, mandates = institutions.presences(of=one), institutions.mandates(of=one)
    asked = inforequests.requests(counterpart_id=one.id)
    holders: list[OfficeHolder] = [each for each in institutions.office_holders(on=day) if each.counterpart_id == one.id]
    return show(
        request,
        "workspace/counterpart.html",
        band=band_of([one.label, *(each.label for each in (*presences, *mandates, *asked, *holders))]),
        labelled=one,
        way=[(say("Counterparts"), address("counterparts")), (one.name, "")],
        as_of=True,
        body=one,
        kind=BODIES[one.kind_of_body],
        channel=CHANNELS[one.channel],
        country=country_name(one.iso3) if one.iso3 else "",
        holders=holders,
        of_the_un=one.kind_of_body in UNITED_NATIONS,
        presences=[{"one": each, "place": country_name(each.iso3)} for each in presences],
        terms=withinreading.terms(mandates, day=day),
        asked=withinreading.asked_rows(asked, day=day),
        may_keep=session.may(KEEP),
        may_ask_entity=session.may("information.ask"),
        countries=country_choices(each.iso3 for each in presences),
        today=today(),
    )


@page(writes=KEEP)
@require_POST
def keep_presence(request: HttpRequest, counterpart_id: UUID) -> HttpResponse:
    """Note where a body is present, or correct what was noted."""
    one = found(institutions.counterpart(counterpart_id))
    actions.keep_presence(
        one,
        iso3=request.POST.get("country", ""),
        since=day_in(request, "since"),
        until=day_in(request, "until"),
        quiet_days=number_in(request, "quiet_days", name=say("days without a word")),
        said=said_in(request),
        correcting=_own(entry_in(request, "presence", kind=Presence), of=one),
        by=current(),
    )
    return _back(request, one, words=say("The presence is kept."))


@page(writes=KEEP)
@require_POST
def keep_mandate(request: HttpRequest, counterpart_id: UUID) -> HttpResponse:
    """Note a mandate of an operation, or correct a slip in one."""
    one, post = found(institutions.counterpart(counterpart_id)), request.POST
    actions.keep_mandate(
        one,
        countries=post.getlist("countries"),
        resolution=post.get("resolution", ""),
        paragraph=post.get("paragraph", ""),
        summary=post.get("summary", ""),
        first_day=day_in(request, "first_day"),
        end_date=day_in(request, "end_date"),
        open_ended="open_ended" in post,
        said=said_in(request),
        correcting=_own(entry_in(request, "mandate", kind=Mandate), of=one),
        by=current(),
    )
    return _back(request, one, words=say("The mandate is kept."))


def _own(entry: Any, *, of: Counterpart) -> Any:
    """The entry, when it is this body's; else the page for what never was."""
    return found(entry if entry.counterpart_id == of.id else None) if entry is not None else None


def _back(request: HttpRequest, one: Counterpart, *, words: Words) -> HttpResponse:
    messages.success(request, words.text(gettext))
    return HttpResponseRedirect(reverse("counterpart", args=[one.id]))


addresses = [
    path("counterparts/<uuid:counterpart_id>/", counterpart, name="counterpart"),
    path("counterparts/<uuid:counterpart_id>/presence/", keep_presence, name="keep_presence"),
    path("counterparts/<uuid:counterpart_id>/mandate/", keep_mandate, name="keep_mandate"),
]
