"""One protected source: what may be done with it, who cares for it, every act; and who it is, opened by two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import queries, stepup
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import Session
from forestall.base.clock import today
from forestall.base.errors import Refused, Spoken
from forestall.base.words import Words, say
from forestall.labels.label import CONSENT_WORDS
from forestall.monitoring.actions import protecting
from forestall.record.queries import custody
from forestall.vault import actions, deciding, identities, keys, policies
from forestall.vault import queries as vault
from forestall.workspace import vaultreading
from forestall.workspace.download import attachment
from forestall.workspace.formfields import day_in
from forestall.workspace.outcomes import STATUS
from forestall.workspace.pages.vault import BAND, WAY
from forestall.workspace.showing import found, show
from forestall.workspace.unsent import unkept

if TYPE_CHECKING:
    from forestall.vault.models import Pseudonym


@unkept
@page(writes="library.read")
def source(request: HttpRequest, entry: UUID) -> HttpResponse:
    """A protected source without who it is; forms for all that is done with it."""
    session = vaultreading.entered()
    one = found(vault.pseudonym(entry))
    if request.method == "POST":
        _confirm(request)
        try:
            messages.success(request, _sent(request, one, session))  # type: ignore[arg-type]
        except Spoken as refused:
            return _shown(request, found(vault.pseudonym(entry)), session=session, refused=refused)
        return HttpResponseRedirect(reverse("vaulted", args=[entry]))
    return _shown(request, one, session=session)


def _shown(request: HttpRequest, one: Pseudonym, *, session: Session, refused: Spoken | None = None) -> HttpResponse:
    opened = vault.opened_until(one, session=session) if one.state == "kept" else None
    typed = request.POST
    waiting = vaultreading.waiting(one)
    answer = show(
        request,
        "workspace/vaulted.html",
        band=BAND,
        labelled=one,
        way=[WAY, (one.code, "")],
        line=vaultreading.line(one, session=session),
        one=one,
        items=vaultreading.items(one),
        acts=vaultreading.acts(one),
        waiting=waiting,
        proposed={asked.key for _, asked in waiting},
        opened=opened,
        until=opened.decided_at + policies.OPEN if opened and opened.decided_at else None,
        is_sealed=keys.is_sealed(),
        guesses=identities.guesses_at(one.id),
        scopes=vaultreading.scopes_chosen(typed.getlist("scopes") if typed.get("act") == "consent" else one.scopes),
        today=today().isoformat(),
        desks=_other_desks(one),
        opening=matter(deciding.OPEN),
        moving=matter(deciding.MOVE),
        erasing=matter(deciding.ERASE),
        typed=typed,
        refused=refused.words if refused else None,
        may_care=session.may("source.protect") and one.state == "kept",
        may_decide=session.may("vault.open") and one.state != "erased",
    )
    answer.status_code = STATUS[type(refused)] if refused else 200
    return answer


def _confirm(request: HttpRequest) -> None:
    """What two decide begins with who it is: asked here, after the page is known to be there for this reader."""
    if request.POST.get("act") in BY_TWO:
        stepup.check(request, second=True)


def _other_desks(one: Pseudonym) -> list[tuple[str, str]]:
    return [(desk.key, desk.title) for desk in queries.desks() if desk.key != one.desk]


def _sent(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Refused(say("Choose what to do."))
    return ACTS[act](request, one, session)


def _propose(key: str) -> Callable[[HttpRequest, Pseudonym, Session], Words]:
    def proposed(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
        terms = {"desk": request.POST.get("desk", "")} if key == deciding.MOVE else None
        deciding.propose(key, about=one, reason=request.POST.get("reason", ""), by=session, terms=terms)
        return say("Proposed. Another person must agree in a session of their own.")

    return proposed


def _add(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
    actions.add(one, by=session, told=vaultreading.known_in(request))
    return say("It is sealed with the identity.")


def _consent(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
    on = day_in(request, "on", needed=say("Day"))
    actions.record_consent(one, scopes=request.POST.getlist("scopes"), on=on, by=session)
    return say("What the source agrees to is recorded.")


def _reached(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
    actions.reached(one, on=day_in(request, "on", needed=say("Day")), by=session)
    return say("The day is recorded.")


def _review(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
    actions.review(one, by=session)
    return say("It is kept for twelve months more.")


def _name_out(request: HttpRequest, one: Pseudonym, session: Session) -> Words:
    sent = request.POST.get("item", "")
    item = next((each for each in protecting.items_under(one.code) if str(each.id) == sent), None)
    protecting.propose_name_out(found(item), by=session)
    return say("Proposed. Another person must agree in a session of their own.")


ACTS: dict[str, Callable[[HttpRequest, Pseudonym, Session], Words]] = {
    "open": _propose(deciding.OPEN),
    "move": _propose(deciding.MOVE),
    "erase": _propose(deciding.ERASE),
    "add": _add,
    "consent": _consent,
    "reached": _reached,
    "review": _review,
    "name": _name_out,
}
BY_TWO = ("open", "move", "erase", "name")


@require_POST
def _identity(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Who it is, while it stands open to this reader. Each time it is shown is an entry of the record."""
    session = vaultreading.entered()
    one = found(vault.pseudonym(entry))
    stepup.check(request, second=True)
    opened = vault.opened_until(one, session=session)
    known = actions.read(one, by=session)
    names = queries.names(each.by for each in known.consent)
    return show(
        request,
        "workspace/vault_identity.html",
        band=BAND,
        way=[WAY, (one.code, reverse("vaulted", args=[one.id])), (say("Who it is"), "")],
        one=one,
        known=known,
        consent=[
            (each, CONSENT_WORDS.get(each.scope, each.scope), names.get(each.by, ""), date.fromisoformat(each.on))
            for each in known.consent
        ],
        also=vault.by_entries(identities.same_person(one.id)),
        until=opened.decided_at + policies.OPEN if opened and opened.decided_at else None,
        originals=[(each, custody(each)[0].at) for each in identities.originals(one.id)],
    )


@require_POST
def _original(request: HttpRequest, entry: UUID, evidence_id: UUID) -> HttpResponse:
    """The bytes as they were received, under the same rule; never opened by a browser."""
    session = vaultreading.entered()
    one = found(vault.pseudonym(entry))
    stepup.check(request, second=True)
    return attachment(actions.read_original(one, evidence=evidence_id, by=session), name="original.bin")


reading = page(writes="library.read")

addresses = [
    path("vault/<uuid:entry>/", source, name="vaulted"),
    path("vault/<uuid:entry>/identity/", unkept(reading(_identity)), name="vault_identity"),
    path("vault/<uuid:entry>/originals/<uuid:evidence_id>/", unkept(reading(_original)), name="vault_original"),
]
