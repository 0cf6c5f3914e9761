"""Giving information as a partner: what will happen to it, what one agrees to, a receipt, and taking a consent back."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.collecting.limits import LIMITS, megabytes
from forestall.labels.label import CONSENT_WORDS, Level, compartment_words
from forestall.monitoring import contributions, policies
from forestall.monitoring.actions import giving as gifts
from forestall.monitoring.actions.giving import Gift
from forestall.monitoring.suggesting import office_readers
from forestall.retention import queries as retention
from forestall.workspace.pages.upload import safe_name
from forestall.workspace.showing import found, show

MEANINGS: dict[str, Words] = {
    "collect": say("The Office takes it in. Without this it cannot be sent."),
    "store": say("The bytes and what is read from them are kept, sealed. Without this it cannot be sent."),
    "analyse": say("Officers read it and weigh it. Without this nobody reads it."),
    "share-UN": say("What it says may be told to other parts of the United Nations."),
    "judicial": say("It may be handed to a court or a body that establishes responsibility, when two people here agree."),
    "public": say("What it says may be published. Nothing is published without a release by two people here."),
}
"""Each scope of consent, as a giver must understand it."""
QUESTIONS = (
    ("what", say("What is it?"), say("A report, a photograph, a list; who made it, and how you know.")),
    ("where", say("Where is it from?"), say("The district is enough. Write a village only when that puts nobody in danger.")),
    ("when", say("When did it happen?"), say("A day, a month, or “over the last weeks”.")),
)


@page(verb="contribution.give", writes="contribution.give", outside=True)
def giving(request: HttpRequest) -> HttpResponse:
    """What will happen to what is given, the form, and what was given before; sent, the receipt."""
    if request.method != "POST":
        return _form(request)
    try:
        made = gifts.give(_gift(request), by=current(), readers=office_readers())
    except Refused as error:  # what they typed comes back with the page, and is kept nowhere: it may tell who they are
        messages.error(request, error.words.text(gettext))
        refused = _form(request)
        refused.status_code = 403
        return refused
    return HttpResponseRedirect(reverse("receipt", args=[made.number]))


def _form(request: HttpRequest) -> HttpResponse:
    session, typed = current(), request.POST
    granted = _granted(session)
    chosen = typed.getlist("scopes")
    return show(
        request,
        "workspace/giving/give.html",
        band=int(Level.CONFIDENTIAL),
        scopes=[(key, words, MEANINGS[key], key in chosen) for key, words in CONSENT_WORDS.items()],
        questions=[(*question, typed.get(question[0], "")) for question in QUESTIONS],
        dangers=policies.DANGERS,
        typed=typed,
        most=megabytes(LIMITS.file),
        years=_years(),
        holders=_holders(granted),
        cared_for=any(one.startswith("desk:") for one in granted),
        given=contributions.given_by(session),
    )


def _gift(request: HttpRequest) -> Gift:
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile) and file.size and file.size > LIMITS.file:  # before it is taken into memory
        policies.check_gift(scopes=policies.NEEDED, danger="no", size=file.size, words="")
    there = isinstance(file, UploadedFile) and bool(file.size)
    return Gift(
        scopes=frozenset(request.POST.getlist("scopes")),
        danger=request.POST.get("danger", ""),
        words=_words(request),
        content=file.read() if there and isinstance(file, UploadedFile) else b"",
        name=safe_name(file.name or "") if isinstance(file, UploadedFile) else "",
        apart=request.POST.get("apart") == "yes",
    )


def _words(request: HttpRequest) -> str:
    """What they wrote, under the questions as they read them."""
    told = [(words, request.POST.get(name, "").strip()) for name, words, _ in QUESTIONS]
    return "\n\n".join(f"{words.text(gettext)}\n{answer}" for words, answer in told if answer)


def _granted(session: Session) -> frozenset[str]:
    return found(people.person(session.person_id)).granted


def _holders(granted: frozenset[str]) -> list[Words]:
    """Into what an officer must be let to see what this partner gives."""
    desks = {desk.key: desk.title for desk in people.desks()}
    return [compartment_words(one, desks=desks) for one in sorted(granted)]


def _years() -> int:
    """For how many years a report of a partner is kept here, at least one."""
    days = next(line.days for line in retention.schedule() if line.keeping.key == "reports")
    return max(1, round(days / retention.YEAR))


@page(verb="contribution.give", writes="contribution.give", outside=True)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of what one gave; sent, a consent is taken back."""
    session = current()
    made = found(contributions.receipt(number, session=session))
    if request.method == "POST":
        scopes = frozenset(made.agreed) if request.POST.get("all") == "yes" else frozenset(request.POST.getlist("scopes"))
        if not scopes:
            raise Refused(say("Choose what is taken back."))
        gifts.take_back(number, scopes=scopes, by=session)
        messages.success(request, gettext("It is taken back, from now on."))
        return HttpResponseRedirect(reverse("receipt", args=[number]))
    return show(request, "workspace/giving/receipt.html", band=int(Level.CONFIDENTIAL), one=made)


addresses = [
    path("give/", giving, name="giving"),
    path("give/<slug:number>/", receipt, name="receipt"),
]
