"""Letting more people read some of a thing: an originator's leave to be quoted, and the release of chosen words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, queries, recognising, stepup
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import current
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import policies, thirdparty
from forestall.monitoring.actions import release
from forestall.monitoring.actions import thirdparty as asking
from forestall.monitoring.states import LEAVE, LeaveState
from forestall.workspace import labelreading
from forestall.workspace.formfields import level_in
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import kind_words, thing

if TYPE_CHECKING:
    from forestall.record.models import Recorded


@page(writes="library.read")
def onward(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """What was asked of originators about one thing, what waits to be released, and the forms for both."""
    one, about = found(decisions.thing_of(kind, object_id=object_id)), found(thing(kind, object_id=object_id))
    session = current()
    if request.method == "POST":
        return _sent(request, one)
    leaves = thirdparty.leaves(one.id)
    named = queries.names(each for leave in leaves for each in (leave.asked_by, leave.answered_by))
    return show(
        request,
        "workspace/onward.html",
        band=band_of([one.label, *(leave.label for leave in leaves)]),
        labelled=one,
        way=[*([(about.title, about.url)] if about.url else []), (say("Leave to quote, and release"), "")],
        about=about,
        kind=kind_words(kind),
        one=one,
        originators=policies.originators(one.label.compartments),
        leaves=[_told(leave, names=named) for leave in leaves],
        waiting=[each for each in decisions.waiting_on(one.id) if each.matter == release.RELEASE],
        asked=matter(release.RELEASE),
        questions=list(recognising.QUESTIONS.items()) if recognising.needed(one.label) else [],
        levels=[(int(level), LEVEL_WORDS[level]) for level in Level if level <= one.level],
        compartments=[(key, words) for key, words, held in labelreading.may_be_kept_apart(one, session=session) if held],
    )


def _told(leave: object, *, names: dict[str, str]) -> dict[str, object]:
    state = str(getattr(leave, "state", ""))
    return {
        "leave": leave,
        "state": LEAVE.words[state],
        "onward": [(there, LEAVE.words[there]) for there in LEAVE.onward(state)],
        "by": names.get(str(getattr(leave, "asked_by", "")), ""),
        "recorded_by": names.get(str(getattr(leave, "answered_by", "")), ""),
    }


def _sent(request: HttpRequest, one: Recorded) -> HttpResponse:
    acts = {"ask": _ask, "answer": _answer, "release": _propose}
    act = request.POST.get("act", "")
    if act not in acts:
        raise Refused(say("Choose what to do."))
    messages.success(request, acts[act](request, one))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("onward", args=[one.kind(), one.id]))


def _ask(request: HttpRequest, one: Recorded) -> Words:
    sent = {name: request.POST.get(name, "") for name in ("originator", "addressee", "wording", "through")}
    asking.ask(one, by=current(), **sent)
    return say("Recorded that leave was asked. Record the answer when it comes.")


def _answer(request: HttpRequest, one: Recorded) -> Words:
    try:
        leave = found(thirdparty.leave(UUID(request.POST.get("leave", ""))))
        to = LeaveState(request.POST.get("to", ""))
    except ValueError as error:
        raise Refused(say("Choose what the originator said.")) from error
    asking.answer(leave, to=to, text=request.POST.get("answer", ""), by=current())
    return say("The answer is recorded.")


def _propose(request: HttpRequest, one: Recorded) -> Words:
    stepup.check(request, second=True)
    kept = frozenset(request.POST.getlist("compartments")) & one.label.compartments
    terms = release.terms_of(
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        level=level_in(request, "level"),
        looked=request.POST.getlist("looked"),
        compartments=kept,
        countries=[str(code) for code in getattr(one, "countries", [])] or [code for code in [getattr(one, "iso3", "")] if code],
    )
    decisions.propose(release.RELEASE, about=one, reason=request.POST.get("reason", ""), by=current(), terms=terms)
    return say("Proposed. Another person must agree in a session of their own.")


addresses = [path("labels/<str:kind>/<uuid:object_id>/onward/", onward, name="onward")]
