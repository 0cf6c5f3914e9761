"""Search: what the house holds under some words, as far as the reader may see it; and the searches kept for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import Words, say
from forestall.search import queries, saved
from forestall.search.queries import BEST, FACETS, NEWEST, Answer, Answers
from forestall.search.question import Question, read
from forestall.workspace import exporting, searchanswers
from forestall.workspace.searchanswers import Row
from forestall.workspace.showing import band_of, found, show

ON_A_PAGE = 25
IN_A_FILE = 5_000
"""Rows of a file at the most: the first of the order asked for."""
ORDERS = ((NEWEST, say("newest first")), (BEST, say("best match first")))


@dataclass(frozen=True)
class Asked:
    """What the address asks for, and what answers. `hint`: why nothing could be asked, and what to do."""

    text: str
    narrowed: dict[str, str]
    order: str
    question: Question
    answers: Answers
    hint: Words | None = None


def _asked(request: HttpRequest) -> Asked:
    text = request.GET.get("q", "")
    narrowed = {name: request.GET[name] for name in FACETS if request.GET.get(name)}
    order = request.GET.get("sort", "") if request.GET.get("sort", "") in queries.ORDERS else NEWEST
    question, hint, answers = Question(), None, Answers()
    try:
        question = read(text)
        answers = queries.answers(question, narrowed=narrowed, order=order)
    except (Malformed, Unavailable) as told:
        hint = told.words
    if text.strip() and not question and hint is None:
        hint = say("There is no letter and no digit in this. Type a word.")
    return Asked(text, narrowed, order, question, answers, hint)


@page()
def search(request: HttpRequest) -> HttpResponse:
    """Answers with what they can be narrowed by; the same rows as a file; one's saved searches."""
    session, asked = current(), _asked(request)
    if exporting.asked(request):
        return _file(request, asked)
    leaf = Paginator(asked.answers, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(leaf.object_list), asked)
    return show(
        request,
        "workspace/search.html",
        band=band_of([*(answer.level for answer in asked.answers), *(row.level for row in rows)]),
        way=[(say("Search"), "")],
        as_of=True,
        asked=asked,
        total=len(asked.answers),
        most=queries.MOST,
        in_a_file=IN_A_FILE,
        orders=ORDERS,
        page=leaf,
        rows=rows,
        facets=searchanswers.facets(request, asked.answers, asked.narrowed) if asked.question else [],
        saved=[{"search": one, "url": _address(one)} for one in saved.of(session.person_id)],
        may_save=session.as_of is None,
    )


def _rows(answers: Sequence[Answer], asked: Asked) -> list[Row]:
    return searchanswers.rows(queries.found(answers), asked.question)


def _file(request: HttpRequest, asked: Asked) -> HttpResponse:
    rows = _rows(asked.answers[:IN_A_FILE], asked)
    return exporting.table_file(
        request,
        name="search",
        head=searchanswers.HEAD,
        rows=searchanswers.lines(rows),
        levels=[row.level for row in rows],
        rests=searchanswers.rests(rows),
    )


def _address(one: saved.SavedSearch) -> str:
    return f"{reverse('search')}?{urlencode({'q': one.question, **one.narrowed})}"


@page()
@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the search that is on the page, for oneself."""
    narrowed = {name: request.POST[name] for name in FACETS if request.POST.get(name)}
    made = saved.keep(
        name=request.POST.get("name", ""),
        text=request.POST.get("q", ""),
        narrowed=narrowed,
        notify=bool(request.POST.get("notify")),
        by=current(),
    )
    messages.success(request, say("The search is saved. Only you see it.").text(gettext))
    return HttpResponseRedirect(_address(made))


@page()
def saved_search(request: HttpRequest, saved_id: UUID) -> HttpResponse:
    """One's own saved search, asked now."""
    return HttpResponseRedirect(_address(_own(saved_id)))


@page()
@require_POST
def notify_of_search(request: HttpRequest, saved_id: UUID) -> HttpResponse:
    """Be told of what is new under a saved search, or no more."""
    saved.set_notify(_own(saved_id), notify=bool(request.POST.get("notify")), by=current())
    return HttpResponseRedirect(f"{reverse('search')}#saved")


@page()
@require_POST
def forget_search(request: HttpRequest, saved_id: UUID) -> HttpResponse:
    """Remove one's own saved search."""
    saved.forget(_own(saved_id), by=current())
    messages.success(request, say("The saved search is removed.").text(gettext))
    return HttpResponseRedirect(f"{reverse('search')}#saved")


def _own(saved_id: UUID) -> saved.SavedSearch:
    return found(saved.own(saved_id, person_id=current().person_id))


addresses = [
    path("search/", search, name="search"),
    path("search/save/", save_search, name="save_search"),
    path("search/saved/<uuid:saved_id>/", saved_search, name="saved_search"),
    path("search/saved/<uuid:saved_id>/notify/", notify_of_search, name="notify_of_search"),
    path("search/saved/<uuid:saved_id>/remove/", forget_search, name="forget_search"),
]
