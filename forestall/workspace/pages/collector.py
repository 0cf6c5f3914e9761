"""One source of the catalogue: how it stands, what is held of it, what it answered, what to do when it stops."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from forestall import sources as catalogue
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.words import say
from forestall.collecting import protections
from forestall.collecting.childprocess import AnsweringChild
from forestall.collecting.contract import Source
from forestall.collecting.terms import RULE_WORDS
from forestall.monitoring import holdings, previewing
from forestall.monitoring.actions import collection
from forestall.monitoring.previewing import Preview
from forestall.workspace.collectorreading import made_here, standing
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.vocabulary import catalogued

NEWEST = 20
"""Answers that the page shows."""
TRIED_ON_A_PAGE = 20 << 20
"""Bytes of kept answers that are read again while somebody waits."""


@page(writes="source.keep")
def collector(request: HttpRequest, collector_id: str) -> HttpResponse:
    """The page; sent, the source is asked from now on at its fixed times, or no more."""
    entry = found(catalogue.all_sources().get(collector_id))
    session = current()
    if request.method == "POST" and request.POST.get("setting"):
        collection.set_for_office(entry, key=request.POST["setting"], text=request.POST.get("value", ""), by=session)
        messages.success(request, gettext("Kept."))
        return HttpResponseRedirect(reverse("collector", args=[collector_id]))
    if request.method == "POST":
        collection.ask_for(entry, asked=request.POST.get("asked") == "yes", by=session)
        messages.success(request, gettext("Kept."))
        return HttpResponseRedirect(reverse("collector", args=[collector_id]))
    whole = "item.review" in session.verbs
    answers = holdings.responses(entry.id, newest=NEWEST)
    held = holdings.holding(entry.id)
    return show(
        request,
        "workspace/collector.html",
        band=band_of([entry.default_level, *(one.level for one in answers), *([held.level] if held else [])]),
        way=[(say("Sources"), reverse("sources")), (catalogued(entry.title), "")],
        row=standing(entry, whole=whole),
        entry=entry,
        held=held,
        answers=answers,
        whole=whole,
        settings_made=made_here(entry) if "source.keep" in session.verbs and session.level >= entry.default_level else [],
        confinement=protections.sentences(protections.found()),
        redistribution=RULE_WORDS[entry.redistribution],
        may_turn=entry.is_asked and "source.keep" in session.verbs and session.as_of is None,
        may_try=whole and session.as_of is None and bool(answers),
        exercise=settings.HOME.is_exercise,
    )


@page(verb="item.review")
def collector_again(request: HttpRequest, collector_id: str) -> HttpResponse:
    """What would change if its kept answers were read again with the reader of today. Nothing is stored.

    For reviewers: it tells which rows cannot be read. Of more than a page can wait for, it says how to ask elsewhere.
    """
    entry = found(catalogue.all_sources().get(collector_id))
    held = holdings.holding(entry.id)
    large = holdings.size_of_answers(entry.id) > TRIED_ON_A_PAGE
    preview = None if large else _previewed(entry)
    levels = [entry.default_level, *([held.level] if held else []), *([preview.level] if preview else [])]
    return show(
        request,
        "workspace/collector_again.html",
        band=band_of(levels),
        way=[
            (say("Sources"), reverse("sources")),
            (catalogued(entry.title), reverse("collector", args=[entry.id])),
            (say("Read again"), ""),
        ],
        entry=entry,
        preview=preview,
        command=f"forestall replay {entry.id} --dry-run --diff",
    )


def _previewed(entry: Source) -> Preview:
    with AnsweringChild() as reader:
        return previewing.of_kept(entry, by=current(), reader=reader)


addresses = [
    path("sources/ways/<slug:collector_id>/again/", collector_again, name="collector_again"),
    path("sources/ways/<slug:collector_id>/", collector, name="collector"),
]
