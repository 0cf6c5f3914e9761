"""Protect the source of an item: who sent it goes into the vault, and a pseudonym stays."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from forestall.access.declared import page
from forestall.access.session import Session
from forestall.base.errors import Refused, Spoken
from forestall.base.words import Words, say
from forestall.monitoring import queries
from forestall.monitoring.actions import protecting
from forestall.vault import policies
from forestall.vault import queries as vault
from forestall.workspace import vaultreading
from forestall.workspace.outcomes import STATUS
from forestall.workspace.pages.vault import BAND
from forestall.workspace.showing import found, show
from forestall.workspace.things import kind_words, thing, url_of
from forestall.workspace.unsent import unkept

if TYPE_CHECKING:
    from forestall.monitoring.models import Item
    from forestall.record.models import Recorded
    from forestall.vault.models import Pseudonym


@unkept
@page(writes="library.read")
def protect(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The form; sent, what was written is shown once, until one leaves the page."""
    session = vaultreading.entered(verb="source.protect")
    one = found(queries.item(item_id))
    if not vaultreading.desks_for(one, session=session) or session.as_of is not None:
        raise Http404
    if request.method == "POST":
        try:
            return _protected(request, one, session=session)
        except Spoken as refused:
            return _form(request, found(queries.item(item_id)), session=session, refused=refused)
    return _form(request, one, session=session)


def _form(request: HttpRequest, one: Item, *, session: Session, refused: Spoken | None = None) -> HttpResponse:
    desks = vaultreading.desks_for(one, session=session)
    answer = show(
        request,
        "workspace/protect.html",
        band=BAND,
        way=[(one.title, reverse("item", args=[one.id])), (say("Protect this source"), "")],
        item=one,
        code=protecting.code_of(one),
        typed=request.POST if refused else _given(one),
        refused=refused.words if refused else None,
        desks=desks,
        scopes=vaultreading.scopes_chosen(request.POST.getlist("scopes")),
        known=vaultreading.kept_of(desks),
        entry=request.POST.get("entry") or vaultreading.entry_token(),
    )
    answer.status_code = STATUS[type(refused)] if refused else 200
    return answer


def _given(one: Item) -> dict[str, str]:
    """What the form says to begin with: what the item itself tells of who sent it."""
    name, address = protecting.sender(one)
    return {"name": name, "contact": address, "words": "\n".join(protecting.words_of(one))}


def _protected(request: HttpRequest, one: Item, *, session: Session) -> HttpResponse:
    if protecting.code_of(one):
        raise Refused(say("The source of this item is protected already."))
    desk, known = vaultreading.desk_in(request, session=session), vaultreading.known_in(request)
    made = protecting.protect(
        one,
        known=known,
        desk=desk,
        by=session,
        scopes=request.POST.getlist("scopes"),
        entry=vaultreading.entry_in(request),
        onto=_onto(request, desk=desk),
    )
    told, decision = _proposed(one, session=session)
    return show(
        request,
        "workspace/vault_written.html",
        band=BAND,
        way=[(one.title, reverse("item", args=[one.id])), (made.code, "")],
        one=made,
        known=known,
        told=told,
        decision=decision,
        still=[_still(each) for each in protecting.still_told(known.telling) if each.id != made.id],
    )


def _onto(request: HttpRequest, *, desk: str) -> Pseudonym | None:
    chosen = request.POST.get("onto", "")
    if not chosen:
        return None
    one = next((each for each in vault.pseudonyms() if str(each.id) == chosen), None)
    if one is None or one.desk != desk:
        raise Refused(say("Choose a pseudonym of the same desk."))
    policies.check_stands(state=one.state)
    return one


def _proposed(one: Item, *, session: Session) -> tuple[Words, str]:
    """That the past is cleared too is proposed at once; without a second person the source is protected all the same."""
    try:
        made = protecting.propose_name_out(one, by=session)
    except Refused as refused:
        return refused.words, ""
    words = say("What was recorded before still holds the name, until a second person agrees that it is taken out.")
    return words, reverse("decision", args=[made.id])


def _still(one: Recorded) -> dict[str, object]:
    about = thing(one.kind(), object_id=one.id)
    return {"kind": kind_words(one.kind()), "title": about.title if about else "", "url": url_of(one.kind(), object_id=one.id)}


addresses = [path("items/<uuid:item_id>/protect/", protect, name="protect")]
