"""Evidence packages: the requests, one request with its way, and the package itself as a file that is kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.monitoring import packages
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import package, packing, thirdparty
from forestall.monitoring.packages import PackageRequest, Piece
from forestall.monitoring.states import PACKAGE
from forestall.workspace import packagereading as reading
from forestall.workspace.download import attachment
from forestall.workspace.formfields import day_in
from forestall.workspace.lookingup import looked_up
from forestall.workspace.outcomes import page_before
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.monitoring.models import Item

ASK, DECIDE, HAND = "package.request", "package.decide", "package.hand_over"


@page()
def requests(request: HttpRequest) -> HttpResponse:
    """Every request for evidence that the reader may see, and who may do the next."""
    session = current()
    rows = [reading.row_of(one) for one in packages.requests()]
    return show(
        request, "workspace/packages.html", band=band_of(row.one.label for row in rows),
        way=[(say("Record"), reverse("record")), (say("Evidence packages"), "")], as_of=True, rows=rows, may_ask=session.may(ASK),
    )  # fmt: skip


@page(verb=ASK, writes=ASK)
def new_request(request: HttpRequest) -> HttpResponse:
    """Record a request: who asks, on what authority, what for, and which items."""
    if request.method == "POST":
        return _registered(request)
    asked = [one for text in request.GET.getlist("item") if (one := _item(text)) is not None]
    return show(
        request, "workspace/package_new.html", band=band_of(one.label for one in asked),
        way=[(say("Record"), reverse("record")), (say("Evidence packages"), reverse("packages")), (say("Record a request"), "")],
        asked=[(one.title, request.build_absolute_uri(reverse("item", args=[one.id]))) for one in asked],
        today=today(), languages=list(reading.LANGUAGES.items()),
    )  # fmt: skip


def _item(text: str) -> Item | None:
    try:
        return monitoring.item(UUID(text))
    except ValueError:
        return None


def _registered(request: HttpRequest) -> HttpResponse:
    sent = {name: request.POST.get(name, "") for name in ("requester", "authority", "purpose")}
    terms = package.Terms(**sent, received_on=day_in(request, "received_on"), language=_language(request))
    made = package.register(terms, things=reading.things_in(request.POST.get("items", "")), by=current())
    messages.success(request, say("The request is recorded. Counsel was told."))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("package", args=[made.id]))


def _language(request: HttpRequest) -> str:
    chosen = request.POST.get("language", "en")
    if chosen not in reading.LANGUAGES:
        raise Refused(say("Choose the language of the cover from those offered."))
    return chosen


@page()
def one_request(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """One request: its way, what it asks for, what stands in the way of each piece, and the forms of who may go on."""
    one, session = found(packages.request(package_id)), current()
    pieces = packages.pieces(one)
    row = reading.row_of(one)
    may_add = session.may(ASK) and one.state == "received"
    asked = {piece.item.id for piece in pieces if piece.item}
    answers, hint = looked_up(request, but=asked, kind="monitoring.item") if may_add else ([], None)
    return show(
        request,
        "workspace/package.html",
        labelled=one,
        band=band_of([one.label, *(piece.piece.label for piece in pieces), *(item.label for item, *_ in answers)]),
        way=[(say("Record"), reverse("record")), (say("Evidence packages"), reverse("packages")), (one.reference, "")],
        as_of=True,
        one=one,
        row=row,
        steps=reading.steps_of(one, pieces=pieces),
        pieces=[(piece, [reading.said_of(voice) for voice in piece.voices]) for piece in pieces],
        going=sum(piece.goes for piece in pieces),
        names=people.names([one.registered_by, one.decided_by, one.assembled_by, one.handed_by]),
        may_add=may_add,
        text=request.GET.get("q", ""),
        answers=answers,
        hint=hint,
        may_decide=packages.may_decide(one) and one.state in ("received", "granted", "assembled"),
        may_pack=packages.may_hand_over(one) and one.state in ("granted", "assembled"),
        may_take=packages.may_hand_over(one) and one.state in ("assembled", "handed_over"),
        may_ask_originators=session.may("observation.confirm") and one.state in ("granted", "assembled"),
        today=today(),
    )


Act = Callable[[HttpRequest, PackageRequest], Words]


def _acting(act: Act) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """A form of the request's page: does one thing and goes back to it."""

    def view(request: HttpRequest, package_id: UUID) -> HttpResponse:
        one = found(packages.request(package_id))
        messages.success(request, act(request, one))  # type: ignore[arg-type]
        return HttpResponseRedirect(page_before(request) or reverse("package", args=[package_id]))

    view.__name__ = view.__qualname__ = act.__name__
    view.__module__ = __name__
    return require_POST(view)


def _add(request: HttpRequest, one: PackageRequest) -> Words:
    things = reading.things_in(request.POST.get("items", ""))
    if not things:
        raise Refused(reading.NAMELESS)
    for thing in things:
        package.add(one, thing=thing, by=current())
    return say("Added to the request.")


def _withdraw(request: HttpRequest, one: PackageRequest) -> Words:
    package.withdraw(one, reason=request.POST.get("reason", ""), by=current())
    return say("The request is withdrawn.")


def _decide(request: HttpRequest, one: PackageRequest) -> Words:
    answer = request.POST.get("decision", "")
    if answer not in ("yes", "no"):
        raise Refused(say("Choose what counsel decides."))
    package.decide(
        one, granted=answer == "yes", reason=request.POST.get("reason", ""), by=current(),
        withheld=reading.numbers_in(request.POST.getlist("withheld")), opened=request.POST.get("opened") == "yes",
    )  # fmt: skip
    return say("Package %(reference)s: %(state)s.", reference=one.reference, state=PACKAGE.words[one.state])


def _piece(request: HttpRequest, one: PackageRequest) -> Piece:
    return found(packages.piece(one, piece_id=request.POST.get("piece", "")))


def _ask(request: HttpRequest, one: PackageRequest) -> Words:
    sent = {name: request.POST.get(name, "") for name in ("originator", "through")}
    package.ask_originator(one, piece=_piece(request, one), by=current(), **sent)
    return say("Recorded that leave was asked. Record the answer when it comes.")


def _answer(request: HttpRequest, one: PackageRequest) -> Words:
    named = request.POST.get("originator", "")
    voice = found(next((each for each in _piece(request, one).voices if each.originator == named), None))
    to = reading.answer_in(request.POST.get("to", ""))
    thirdparty.answer(found(voice.leave), to=to, text=request.POST.get("answer", ""), by=current())
    return say("The answer is recorded.")


def _assemble(request: HttpRequest, one: PackageRequest) -> Words:
    packing.assemble(one, by=current())
    return say("Assembled. Take the package, and record whom it was handed to.")


@require_POST
def _take(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """The package as a file, made as it is asked for; the custody of each file in it notes the export."""
    taken = packing.take(found(packages.request(package_id)), by=current())
    return attachment(taken.content, name=taken.name)


def _hand_over(request: HttpRequest, one: PackageRequest) -> Words:
    sent = {name: request.POST.get(name, "") for name in ("to", "how", "receipt")}
    package.hand_over(one, on=day_in(request, "on"), by=current(), **sent)
    return say("Recorded that it was handed over.")


def _receipt(request: HttpRequest, one: PackageRequest) -> Words:
    package.record_receipt(one, receipt=request.POST.get("receipt", ""), by=current())
    return say("The receipt is recorded.")


addresses = [
    path("record/packages/", requests, name="packages"),
    path("record/packages/new/", new_request, name="new_package"),
    path("record/packages/<uuid:package_id>/", one_request, name="package"),
    path("record/packages/<uuid:package_id>/add/", page(writes=ASK)(_acting(_add)), name="package_add"),
    path("record/packages/<uuid:package_id>/withdraw/", page(writes=ASK)(_acting(_withdraw)), name="package_withdraw"),
    path("record/packages/<uuid:package_id>/decide/", page(writes=DECIDE, step_up=True)(_acting(_decide)), name="package_decide"),
    path("record/packages/<uuid:package_id>/ask/", page(writes="observation.confirm")(_acting(_ask)), name="package_ask"),
    path("record/packages/<uuid:package_id>/answer/", page(writes="observation.confirm")(_acting(_answer)), name="package_answer"),
    path("record/packages/<uuid:package_id>/assemble/", page(writes=HAND)(_acting(_assemble)), name="package_assemble"),
    path("record/packages/<uuid:package_id>/file/", page(writes=HAND, step_up=True)(_take), name="package_file"),
    path("record/packages/<uuid:package_id>/hand-over/", page(writes=HAND)(_acting(_hand_over)), name="package_hand_over"),
    path("record/packages/<uuid:package_id>/receipt/", page(writes=HAND)(_acting(_receipt)), name="package_receipt"),
]
