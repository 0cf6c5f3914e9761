"""A request about oneself: registered, weighed against what is held, decided by two, answered within thirty days."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, stepup
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.retention import disposal, requests
from forestall.retention.policies import HOLD_STANDS
from forestall.retention.states import DECIDE, KEEP, OUTCOMES, REQUEST, WANTED, RequestState, Wanted
from forestall.workspace.formfields import day_in
from forestall.workspace.lookingup import looked_up, seen
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.dates import in_words

if TYPE_CHECKING:
    from forestall.record.models import Recorded
    from forestall.retention.models import Request


@page(verb=KEEP, writes=KEEP)
def new_request(request: HttpRequest) -> HttpResponse:
    """Register a request with the day it came and how it was checked who asks."""
    if request.method == "POST":
        post = request.POST
        made = requests.enter(
            wants=post.get("wants", ""),
            received_on=day_in(request, "received", needed=say("the day it came")),
            name=post.get("who", ""),
            contact=post.get("contact", ""),
            identity=post.get("identity", ""),
            text=post.get("text", ""),
            by=current(),
        )
        messages.success(request, say("Registered. It must be answered by %(day)s.", day=in_words(made.due_on)))  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("request", args=[made.id]))
    way = [(say("Record"), reverse("record")), (say("Keeping and erasing"), reverse("records")), (say("New request"), "")]
    return show(request, "workspace/request_new.html", band=2, way=way, wanted=WANTED.items(), day=today())


@page(verb=KEEP, writes=KEEP)
def one_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what it asks, what it was found to concern, how it is decided, and its answer."""
    one = found(requests.request(request_id))
    if request.method == "POST":
        return _acted(request, one)
    session, linked = current(), [seen(each) for each in requests.things(one)]
    answers, hint = looked_up(request, but={each.id for each, *_ in linked})
    held = sum(each.hold for each, *_ in linked)
    waiting = decisions.waiting_on(one.id)
    return show(
        request,
        "workspace/request.html",
        band=band_of([one.level, *(each.level for each, *_ in linked), *(each.level for each, *_ in answers)]),
        way=[(say("Record"), reverse("record")), (say("Keeping and erasing"), reverse("records")), (say("Request"), "")],
        labelled=one,
        one=one,
        wants=WANTED[one.wants],
        state=REQUEST.words[one.state],
        days=(one.due_on - today()).days,
        open=one.state in (RequestState.RECEIVED, RequestState.WEIGHED),
        decided=one.state in OUTCOMES,
        erases=one.wants == Wanted.ERASURE and one.outcome in (RequestState.GRANTED, RequestState.PARTLY),
        linked=linked,
        held=held,
        hold_sentence=HOLD_STANDS,
        text=request.GET.get("q", ""),
        answers=answers,
        hint=hint,
        outcomes=[(str(each), REQUEST.words[each]) for each in OUTCOMES],
        may_decide=session.may(DECIDE),
        waiting=[(each, matter(each.matter)) for each in waiting],
        settled=[(each, matter(each.matter)) for each in decisions.decided_on(one.id)],
        day=today(),
    )


def _acted(request: HttpRequest, one: Request) -> HttpResponse:
    session, post = current(), request.POST
    match post.get("act"):
        case "link":
            requests.link(one, thing=found(_named(post.get("thing", ""))), by=session)
            words = say("Linked. Only who sees both sees the link.")
        case "weigh":
            requests.weigh(one, by=session)
            words = say("It is being weighed.")
        case "propose":
            stepup.check(request, second=True)
            requests.propose_outcome(
                one, outcome=post.get("outcome", ""), answer=post.get("answer", ""), reason=post.get("reason", ""),
                says_hold="says_hold" in post, by=session,
            )  # fmt: skip
            words = say("Proposed. Another person must agree in a session of their own.")
        case "remove":
            stepup.check(request, second=True)
            disposal.propose([found(_named(each)) for each in post.getlist("thing")], reason=post.get("reason", ""), by=session)
            words = say("Proposed. Another person must agree in a session of their own.")
        case "answered":
            requests.answered(one, on=day_in(request, "on", needed=say("the day of the answer")), by=session)
            words = say("Noted that the answer was sent.")
        case "withdraw":
            requests.withdraw(one, by=session)
            words = say("Withdrawn. Nothing was changed.")
        case _:
            raise Refused(say("Choose what is to be done."))
    messages.success(request, words)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("request", args=[one.id]))


def _named(named: str) -> Recorded | None:
    """A thing that a form names, if the reader may see it."""
    kind, _, object_id = named.partition("/")
    try:
        return decisions.thing_of(kind, object_id=UUID(object_id))
    except ValueError:
        return None


addresses = [
    path("records/requests/new/", new_request, name="request_new"),
    path("records/requests/<uuid:request_id>/", one_request, name="request"),
]
