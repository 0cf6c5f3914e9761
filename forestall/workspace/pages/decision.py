"""A decision of two people, where the second one agrees or does not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, policies, queries
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.words import say, told
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import kind_words, thing

AGAIN = "agree"


@page(step_up=True)
def decision(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """What is proposed, by whom and why; agreeing is named again before it is done."""
    session = current()
    notice = found(queries.notice(notice_id, person_id=session.person_id))
    proposed = decisions.proposal(notice)
    about = found(thing(notice.kind, object_id=notice.object_id) if proposed else None)
    if request.method == "POST":
        return _decided(request, notice_id)
    return show(
        request,
        "workspace/decision.html",
        band=band_of([about.level]),
        way=[(say("Today"), reverse("today")), (say("Decision of two"), "")],
        notice=notice,
        words=told(notice.message, notice.parameters),
        about=about,
        kind=kind_words(notice.kind),
        is_expunge=proposed == decisions.EXPUNGE,
        again=AGAIN,
        decided=notice.read_at is not None,
    )


def _decided(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    session = current()
    notice = found(queries.notice(notice_id, person_id=session.person_id))
    if request.POST.get("act") == "agree":
        policies.check_named(typed=request.POST.get("again", ""), name=AGAIN)
        decisions.agree(notice, by=session)
        words = say("It is done, by decision of two.")
    else:
        decisions.decline(notice, by=session)
        words = say("You did not agree. Nothing was changed.")
    messages.success(request, words)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("today"))


addresses = [path("decisions/<uuid:notice_id>/", decision, name="decision")]
