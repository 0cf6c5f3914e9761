"""Holding our wording against a person's own copy of the official text, side by side, and accepting it by name."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access.declared import page
from forestall.access.session import current
from forestall.assessment import wording as questions
from forestall.assessment.actions import wording as actions
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.frameworks import LANGUAGES, entries
from forestall.frameworks.officialtext import MOST_BYTES
from forestall.frameworks.presentation import show_check
from forestall.workspace import shelf
from forestall.workspace.showing import found, show

ACCEPT = "framework.accept"


@page(verb=ACCEPT, writes=ACCEPT)
def wording(request: HttpRequest, framework_id: str) -> HttpResponse:
    """Hand in a copy of the official text to compare with."""
    book = _book(framework_id)
    if request.method == "POST":
        return _kept(request, framework_id)
    return show(
        request,
        "workspace/wording.html",
        band=1,
        way=_way(book),
        book=book,
        accepted=[each for each in questions.acceptances_here() if each.framework == framework_id],
    )


def _book(framework_id: str) -> shelf.Book:
    if framework_id not in entries():
        raise Http404
    return shelf.book(framework_id)


def _way(book: shelf.Book) -> list[tuple[Words | str, str]]:
    here = reverse("framework", args=[book.framework.id])
    return [(say("Library"), reverse("library")), (book.title, here), (say("Official text"), "")]


def _kept(request: HttpRequest, framework_id: str) -> HttpResponse:
    handed_in = request.FILES.get("text")
    if handed_in is None:
        raise Refused(say("Choose the PDF of the official text."))
    if (handed_in.size or 0) > MOST_BYTES:
        raise Refused(say("The file is too large. Official texts are smaller than 50 MB."))
    kept = actions.keep_official_text(handed_in.read(), framework=framework_id, by=current())
    return HttpResponseRedirect(reverse("wording_beside", args=[framework_id, kept.id]))


@page(verb=ACCEPT, writes=ACCEPT)
def beside(request: HttpRequest, framework_id: str, text_id: UUID) -> HttpResponse:
    """Our words beside the official ones; those read and found to agree are accepted one by one."""
    book = _book(framework_id)
    text = found(questions.official_text(text_id))
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else shelf.language()
    if request.method == "POST":
        return _accepted(request, framework_id, text_id)
    compared = questions.comparison(text, framework=framework_id, language=language)
    factor = request.GET.get("factor", "")
    rows = [row for row in compared.rows if not factor or row.number.startswith(f"{factor}.")]
    return show(
        request,
        "workspace/wording_beside.html",
        band=1,
        way=_way(book),
        book=book,
        compared=compared,
        lines=[line for line in show_check(compared) if isinstance(line, Words)],
        rows=rows,
        factor=factor,
        factors=[(one.number, shelf.told(one.title)) for one in book.framework.factors],
        languages=LANGUAGES,
        name=current().name,
    )


def _accepted(request: HttpRequest, framework_id: str, text_id: UUID) -> HttpResponse:
    given = actions.accept_wording(
        found(questions.official_text(text_id)),
        framework=framework_id,
        numbers=request.POST.getlist("number"),
        language=request.POST.get("language", "en"),
        by=current(),
    )
    numbers = ", ".join(one.number for one in given)
    messages.success(request, say("You accepted our wording of %(numbers)s.", numbers=numbers))  # type: ignore[arg-type]
    return HttpResponseRedirect(request.get_full_path())


addresses = [
    path("library/<slug:framework_id>/wording/", wording, name="wording"),
    path("library/<slug:framework_id>/wording/<uuid:text_id>/", beside, name="wording_beside"),
]
