"""The source vault: the protected sources of one's desks, somebody new, what another desk handed over, handovers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import decisions, queries, stepup
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import Session
from forestall.base.errors import Spoken
from forestall.base.words import Words, say
from forestall.labels.label import Level
from forestall.vault import actions, deciding, identities, keys
from forestall.vault import queries as vault
from forestall.workspace import vaultreading
from forestall.workspace.formfields import person_in
from forestall.workspace.outcomes import STATUS
from forestall.workspace.showing import found, show
from forestall.workspace.unsent import unkept

BAND = int(Level.STRICTLY_CONFIDENTIAL)
WAY = (say("Source vault"), "/vault/")


@page()
def sources(request: HttpRequest) -> HttpResponse:
    """Pseudonyms with what may be done. Shown also while the vault is sealed: it holds no identity."""
    session = vaultreading.entered()
    is_sealed = keys.is_sealed()
    arrived = [] if is_sealed else identities.waiting_at(vault.desks_of(session))
    return show(
        request,
        "workspace/vault.html",
        band=BAND,
        way=[(say("Source vault"), "")],
        lines=vaultreading.lines(session=session),
        is_sealed=is_sealed,
        needs_key=session.level < Level.STRICTLY_CONFIDENTIAL,
        arrived=arrived,
        titles=dict(vaultreading.desk_titles(session)),
        may_protect=session.may("source.protect") and bool(vault.desks_of(session)),
        may_decide=session.may("vault.open"),
    )


@unkept
@page(writes="library.read")
def new_source(request: HttpRequest) -> HttpResponse:
    """Somebody who is to be protected and sent no item. What is written is shown once, until one leaves the page."""
    session = vaultreading.entered(verb="source.protect")
    if request.method == "POST":
        try:
            return _written(request, session=session)
        except Spoken as refused:
            return _form(request, session=session, refused=refused)
    return _form(request, session=session)


def _form(request: HttpRequest, *, session: Session, refused: Spoken | None = None) -> HttpResponse:
    typed = request.POST
    answer = show(
        request,
        "workspace/vault_new.html",
        band=BAND,
        way=[WAY, (say("Protect somebody"), "")],
        typed=typed,
        refused=refused.words if refused else None,
        desks=vaultreading.desk_titles(session),
        scopes=vaultreading.scopes_chosen(typed.getlist("scopes")),
        entry=typed.get("entry") or vaultreading.entry_token(),
    )
    answer.status_code = STATUS[type(refused)] if refused else 200
    return answer


def _written(request: HttpRequest, *, session: Session) -> HttpResponse:
    known = vaultreading.known_in(request)
    made = actions.protect(
        known,
        desk=vaultreading.desk_in(request, session=session),
        scopes=request.POST.getlist("scopes"),
        entry=vaultreading.entry_in(request),
        by=session,
    )
    return show(request, "workspace/vault_written.html", band=BAND, way=[WAY, (made.code, "")], one=made, known=known)


@require_POST
def _receive(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Take over what another desk handed to one's own; it gets a pseudonym of this desk."""
    session = vaultreading.entered(verb="source.protect")
    if entry not in dict(identities.waiting_at(vault.desks_of(session))):
        raise Http404
    made = actions.receive(entry, by=session)
    messages.success(request, say("Received as %(code)s. Ask the source what it agrees to.", code=made.code))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("vaulted", args=[made.id]))


@unkept
@page(writes="library.read")
def handover(request: HttpRequest) -> HttpResponse:
    """Hand sources of a desk from one source handler to another: proposed here, agreed to by a second person."""
    session = vaultreading.entered()
    if request.method == "POST":
        stepup.check(request, second=True)
        try:
            return _proposed(request, session=session)
        except Spoken as refused:
            return _handing(request, session=session, refused=refused)
    return _handing(request, session=session)


def _handing(request: HttpRequest, *, session: Session, refused: Spoken | None = None) -> HttpResponse:
    kept = [one for one in vaultreading.lines(session=session) if one.source.state == "kept"]
    carers = {str(one.id): one.name for desk in vault.desks_of(session) for one in vault.carers(desk)}
    answer = show(
        request,
        "workspace/vault_handover.html",
        band=BAND,
        way=[WAY, (say("Hand over"), "")],
        lines=[(one, str(one.source.id) in request.POST.getlist("sources")) for one in kept],
        carers=carers,
        typed=request.POST,
        refused=refused.words if refused else None,
        asked=matter(deciding.HAND_OVER),
    )
    answer.status_code = STATUS[type(refused)] if refused else 200
    return answer


def _proposed(request: HttpRequest, *, session: Session) -> HttpResponse:
    chosen = set(request.POST.getlist("sources"))
    sources = [one for one in vault.pseudonyms() if str(one.id) in chosen]
    made = deciding.prepare_handover(
        desk=sources[0].desk if sources else "",
        giver=sources[0].keeper if sources else "",
        taker=str(person_in(request, "taker").id),
        sources=sources,
        reason=request.POST.get("reason", ""),
        by=session,
    )
    messages.success(request, say("Proposed. Another person must agree in a session of their own."))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("decision", args=[made.id]))


@page()
def handed_over(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """One handover: which sources, from whom to whom."""
    session = vaultreading.entered()
    one = found(vault.handover(handover_id))
    names = queries.names([one.giver, one.taker])
    return show(
        request,
        "workspace/vault_handed.html",
        band=BAND,
        way=[WAY, (say("Hand over"), "")],
        one=one,
        giver=names.get(one.giver, ""),
        taker=names.get(one.taker, ""),
        lines=[each for each in vaultreading.lines(session=session) if str(each.source.id) in one.sources],
        waiting=decisions.waiting_on(one.id),
        state=_state(one.done),
    )


def _state(done: bool) -> Words:
    return say("agreed and done") if done else say("waits for a second person")


addresses = [
    path("vault/", sources, name="vault"),
    path("vault/new/", new_source, name="vault_new"),
    path("vault/handover/", handover, name="vault_handover"),
    path("vault/handover/<uuid:handover_id>/", handed_over, name="vault_handed"),
    path("vault/<uuid:entry>/receive/", unkept(page(writes="library.read")(_receive)), name="vault_receive"),
]
