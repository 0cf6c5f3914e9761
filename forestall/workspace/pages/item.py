"""One item: its text, its weight, what rests on it, who held its bytes; and every decision about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.clock import end_of
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.monitoring import packages, queries
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.stories import copies_of
from forestall.record import queries as record
from forestall.workspace import vaultreading
from forestall.workspace.itemreading import FORMS, flag_words, reading_of
from forestall.workspace.placenames import country_name, language_name
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.monitoring.models import CopyEdge, Item

EDGES: dict[str, Words] = {
    "exact": say("the same text"),
    "near": say("nearly the same text"),
    "excerpt": say("an excerpt"),
    "correction": say("a correction"),
}
EDGE_STATES: dict[str, Words] = {
    "proposed": say("proposed by the machine"),
    "confirmed": say("confirmed"),
    "rejected": say("rejected"),
}


@page()
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The item's own page. Opening it is noted in its custody, and an unread item counts as opened."""
    session, one = current(), found(queries.item(item_id))
    items.note_viewed(one, by=session)
    if session.may("item.grade"):
        one = items.triage(one, by=session)
    reading = reading_of(one, session=session)
    around = _around(one)
    asked_for = packages.requests_for(one.evidence_id)
    levels = [*reading.levels, *(other.level for other in [*around["others"], *asked_for])]
    return show(
        request,
        "workspace/item.html",
        labelled=one,
        band=band_of(levels),
        way=[(say("Inbox"), reverse("inbox")), (one.title, "")],
        as_of=True,
        reading=reading,
        onward=request.get_full_path(),
        countries=[country_name(code) for code in one.countries],
        languages=[language_name(code) for code in one.languages],
        form_words=FORMS.get(one.form, one.form),
        custody=_custody(one, session=session),
        may_take=session.may("evidence.take"),
        may_ask_package=session.may("package.request"),
        packages=asked_for,
        gradings=_gradings(one),
        protection=vaultreading.protection_of(one, session=session),
        **around,
    )


def _around(one: Item) -> dict[str, Any]:
    """Bytes, copies, what it came in and what came in it; only what may be seen."""
    edges = queries.edges_among([one.id])
    other_ids = {edge.older_id if edge.newer_id == one.id else edge.newer_id for edge in edges}
    others = queries.items(other_ids)
    parent = queries.item(one.parent_id) if one.parent_id else None
    inside = queries.attachments(one)
    said_by = queries.sources(other.source_id for other in others.values())
    copies = [_copy(edge, one, others, said_by) for edge in edges if _other(edge, one) in others]
    return {
        "copies": copies,
        "parent": parent,
        "attachments": inside,
        "evidence": queries.evidence([one.evidence_id]).get(one.evidence_id),
        "others": [*others.values(), *inside, *([parent] if parent else [])],
    }


def _other(edge: CopyEdge, one: Item) -> UUID:
    return edge.older_id if edge.newer_id == one.id else edge.newer_id


def _copy(edge: CopyEdge, one: Item, others: dict[UUID, Item], said_by: dict[UUID, Any]) -> dict[str, Any]:
    other = others[_other(edge, one)]
    return {
        "edge": edge,
        "item": other,
        "source": said_by.get(other.source_id),
        "repeats": edge.newer_id == one.id,
        "what": EDGES.get(edge.edge, edge.edge),
        "state": EDGE_STATES.get(edge.state, edge.state),
        "reason": flag_words({"message": edge.reason, "parameters": edge.parameters})
        if edge.reason
        else None,
        "score": round(edge.score * 100),
    }


def _custody(one: Item, *, session: Session) -> list[dict[str, Any]]:
    """Every act on the item and on its bytes, oldest first, with names; of a past day, what was noted by then."""
    entries = sorted((*record.custody(one.id), *record.custody(one.evidence_id)), key=lambda entry: entry.seq)
    if session.as_of is not None:
        entries = [entry for entry in entries if entry.at <= end_of(session.as_of)]
    names = people.names({entry.by for entry in entries} | {entry.on_behalf_of for entry in entries})
    return [
        {"entry": entry, "by": names.get(entry.by, ""), "of": entry.object_id == one.id} for entry in entries
    ]


def _gradings(one: Item) -> list[dict[str, Any]]:
    made = queries.gradings(one)
    names = people.names(grading.by for grading in made)
    return [{"grading": grading, "by": names.get(grading.by, "")} for grading in made]


@require_POST
def _triage(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Grade, file, park, reject or take back, in one form; a grade chosen is given before the item is filed."""
    session, one = current(), found(queries.item(item_id))
    act = request.POST.get("act", "")
    if act not in ACTS and "file" not in request.POST:
        raise Refused(say("Choose what to do with the item."))
    decide = ACTS.get(act, _file)
    copies = _copies_decided(request, one)
    with transaction.atomic():
        for copy in copies:
            decide(request, copy, session)
        told = decide(request, one, session)
    messages.success(request, told.text(gettext))
    if copies:
        messages.success(request, say("With it, copies decided the same way: %(count)s", count=len(copies)).text(gettext))
    return HttpResponseRedirect(_onward(request, one))


def _copies_decided(request: HttpRequest, one: Item) -> list[Item]:
    """The copies that stood on the form and still wait, when the same was asked for them."""
    if request.POST.get("together") != "yes":
        return []
    shown = set(request.POST.getlist("copy"))
    return [copy for copy in copies_of(one) if str(copy.id) in shown]


def _grade(request: HttpRequest, one: Item, session: Session) -> Words:
    letter, digit = request.POST.get("reliability", ""), request.POST.get("credibility", "")
    items.grade(one, reliability=letter, credibility=digit, reason=request.POST.get("why", ""), by=session)
    return say("Graded %(grade)s: %(title)s", grade=f"{letter}{digit}", title=one.title)


def _file(request: HttpRequest, one: Item, session: Session) -> Words:
    chosen = request.POST.get("file", "") or request.POST.get("situation", "")
    wanted = {where.id: where.title for where in reading_of(one, session=session).destinations}
    if chosen not in wanted:
        raise Refused(say("Choose the situation to which the item belongs."))
    grade = request.POST.get("reliability", "") + request.POST.get("credibility", "")
    if grade and grade != queries.grades([one.id]).get(str(one.id), ""):
        _grade(request, one, session)
    items.file_to(one, situation_id=UUID(chosen), by=session)
    return say("Filed to %(situation)s: %(title)s", situation=wanted[chosen], title=one.title)


def _park(request: HttpRequest, one: Item, session: Session) -> Words:
    items.park(one, by=session)
    return say("Parked: %(title)s", title=one.title)


def _reject(request: HttpRequest, one: Item, session: Session) -> Words:
    items.reject(one, reason=request.POST.get("reason", ""), by=session)
    return say("Rejected: %(title)s", title=one.title)


def _reopen(request: HttpRequest, one: Item, session: Session) -> Words:
    items.reopen(one, by=session)
    return say("Back in the inbox: %(title)s", title=one.title)


ACTS = {"grade": _grade, "file": _file, "park": _park, "reject": _reject, "reopen": _reopen}
STAYING = ("grade", "reopen")
"""Acts after which one stays at the item: more is to be done about it."""


def _onward(request: HttpRequest, one: Item) -> str:
    """Where a form leads: on to the next item, or back to this one."""
    name = "back" if request.POST.get("act") in STAYING else "onward"
    asked = request.POST.get(name, "")
    if not url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return reverse("item", args=[one.id])
    if name == "onward" and asked.startswith(reverse("inbox")):
        return f"{asked}{'&' if '?' in asked else '?'}last={one.id}"
    return asked


@require_POST
def _decide_suggestion(request: HttpRequest, item_id: UUID, suggestion_id: UUID) -> HttpResponse:
    """Confirm or reject what a machine suggests about the item."""
    one = found(queries.item(item_id))
    suggestion = found(next((s for s in queries.suggestions(one) if s.id == suggestion_id), None))
    state = request.POST.get("state", "")
    if state not in ("confirmed", "rejected"):
        raise Refused(say("Confirm the suggestion or reject it."))
    observations.decide(suggestion, state=state, by=current())
    return HttpResponseRedirect(_back(request, one, anchor="suggestions"))


@require_POST
def _decide_copy(request: HttpRequest, item_id: UUID, edge_id: UUID) -> HttpResponse:
    """Confirm or reject that the item repeats another, or is repeated."""
    one = found(queries.item(item_id))
    edge = found(next((e for e in queries.edges_among([one.id]) if e.id == edge_id), None))
    items.decide_copy(edge, confirmed=request.POST.get("state") == "confirmed", by=current())
    return HttpResponseRedirect(_back(request, one, anchor="copies"))


def _back(request: HttpRequest, one: Item, *, anchor: str) -> str:
    asked = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return f"{asked if safe else reverse('item', args=[one.id])}#{anchor}"


addresses = [
    path("items/<uuid:item_id>/", item, name="item"),
    path("items/<uuid:item_id>/triage/", page(writes="item.grade")(_triage), name="item_triage"),
    path(
        "items/<uuid:item_id>/suggestions/<uuid:suggestion_id>/",
        page(writes="observation.confirm")(_decide_suggestion),
        name="item_suggestion",
    ),
    path(
        "items/<uuid:item_id>/copies/<uuid:edge_id>/",
        page(writes="item.grade")(_decide_copy),
        name="item_copy",
    ),
]
