"""A decision of two people, where the second one agrees or does not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, policies, queries
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import current
from forestall.access.states import DECISION
from forestall.base.words import say
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import kind_words, thing

AGAIN = "agree"


@page(step_up=True)
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """What is proposed, by whom and why; agreeing is named again before it is done."""
    one = found(decisions.decision(decision_id))
    if request.method == "POST":
        return _answered(request, decision_id)
    session, asked = current(), matter(one.matter)
    about = found(thing(one.about_kind, object_id=one.about_id))
    return show(
        request,
        "workspace/decision.html",
        band=band_of([about.level, one.level]),
        way=[(say("Today"), reverse("today")), (say("Decision of two"), "")],
        one=one,
        asked=asked,
        terms=asked.terms_words(one.terms),
        about=about,
        kind=kind_words(one.about_kind),
        names=queries.names([one.proposer, one.second]),
        state=DECISION.words[one.state],
        again=AGAIN,
        may_agree=decisions.may_agree(one, session=session),
        may_withdraw=one.state == "proposed" and one.proposer == session.person_id,
    )


def _answered(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    session, one = current(), found(decisions.decision(decision_id))
    act = request.POST.get("act")
    if act == "agree":
        policies.check_named(typed=request.POST.get("again", ""), name=AGAIN)
        decisions.agree(one, by=session)
        words = say("It is done, by decision of two.")
    elif act == "withdraw":
        decisions.withdraw(one, by=session)
        words = say("Withdrawn. Nothing was changed.")
    else:
        decisions.decline(one, reason=request.POST.get("reason", ""), by=session)
        words = say("You did not agree. Nothing was changed.")
    messages.success(request, words)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("today"))


addresses = [path("decisions/<uuid:decision_id>/", decision, name="decision")]
