"""What organs and treaty bodies of the United Nations decided, asked and wait for in one State; and the forms to keep it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from forestall import places
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.institutions.actions import council, review
from forestall.institutions.queries import Resolution, ReviewCycle, TreatyStatus, Veto
from forestall.institutions.states import (
    BOUND_BY,
    FORCE,
    ORGANS,
    PRECISIONS,
    REVIEW_STEPS,
    REVIEWERS,
    STANDINGS,
    TREATIES,
)
from forestall.workspace import withinreading, worldtable
from forestall.workspace.exercisecountries import invented
from forestall.workspace.formfields import day_in, entry_in, said_in
from forestall.workspace.placenames import country_choices
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.wayfinding import address

KEEP = "mandate.keep"
PERMANENT = ("CHN", "FRA", "RUS", "GBR", "USA")
"""Who can cast a veto (Charter, articles 23 and 27)."""
PARTS = ("resolutions", "vetoes", "reviews", "treaties")
"""What of a State's page stands here, in full."""


@page(writes=KEEP)
def within(request: HttpRequest, iso3: str) -> HttpResponse:
    """Resolutions, vetoes, reviews and treaties of one State, in full, with a form to note and to correct each."""
    session = current()
    country = found(_country(iso3))
    if request.method == "POST":
        return _kept(request, country.iso3)
    told = {part: rows for part, rows in withinreading.of_state(country.iso3, day=session.as_of or today()).items() if part in PARTS}
    name = country.name(worldtable.language())
    return show(
        request,
        "workspace/within.html",
        band=band_of(row["one"].label for part in PARTS for row in told[part]),
        way=[(say("States"), address("states")), (name, address("state", country.iso3)), (say("United Nations decisions and reviews"), "")],
        as_of=True,
        country=country,
        name=name,
        may_keep=session.may(KEEP),
        choices={
            "organs": ORGANS, "force": FORCE, "reviewers": REVIEWERS, "steps": REVIEW_STEPS, "treaties": TREATIES,
            "standings": STANDINGS, "bound_by": BOUND_BY, "precisions": PRECISIONS,
        },
        countries=country_choices([country.iso3]),
        permanent=[(code, places.name(code, worldtable.language())) for code in PERMANENT],
        **told,
    )  # fmt: skip


def _country(iso3: str) -> places.Country | None:
    try:
        return invented(iso3) or places.country(iso3)
    except Refused:
        return None


def _kept(request: HttpRequest, iso3: str) -> HttpResponse:
    keep = {"resolution": _resolution, "veto": _veto, "review": _review, "treaty": _treaty}.get(request.POST.get("what", ""))
    if keep is None:
        raise Refused(say("Choose what is to be done."))
    words = keep(request, iso3)
    messages.success(request, words.text(gettext))
    return HttpResponseRedirect(reverse("within", args=[iso3]))


def _resolution(request: HttpRequest, iso3: str) -> Words:
    post = request.POST
    council.keep_resolution(
        body=post.get("body", ""), symbol=post.get("symbol", ""), title=post.get("title", ""), countries=post.getlist("countries") or [iso3],
        adopted_on=day_in(request, "adopted_on"), force=post.get("force", ""), force_why=post.get("force_why", ""),
        force_until=day_in(request, "force_until"), said=said_in(request), by=current(),
        correcting=entry_in(request, "entry", kind=Resolution),
    )  # fmt: skip
    return say("The resolution is kept.")


def _veto(request: HttpRequest, iso3: str) -> Words:
    post = request.POST
    council.keep_veto(
        draft=post.get("draft_symbol", ""), subject=post.get("subject", ""), cast_by=[one for one in post.getlist("cast_by") if one in PERMANENT],
        countries=post.getlist("countries") or [iso3], cast_on=day_in(request, "cast_on"), said=said_in(request), by=current(),
        correcting=entry_in(request, "entry", kind=Veto),
    )  # fmt: skip
    return say("The veto is kept.")


def _review(request: HttpRequest, iso3: str) -> Words:
    post = request.POST
    review.keep_review(
        body=post.get("body", ""), iso3=iso3, step=post.get("step", ""), on=day_in(request, "on"),
        on_precision=post.get("on_precision", "day"), note=post.get("note", ""), said=said_in(request), by=current(),
        correcting=_of_state(entry_in(request, "entry", kind=ReviewCycle), iso3),
    )  # fmt: skip
    return say("The step is kept.")


def _treaty(request: HttpRequest, iso3: str) -> Words:
    post = request.POST
    review.keep_treaty_status(
        treaty=post.get("treaty", ""), iso3=iso3, standing=post.get("standing", ""), signed_on=day_in(request, "signed_on"),
        bound_on=day_in(request, "bound_on"), bound_by=post.get("bound_by", ""), reservations=post.get("reservations", ""),
        said=said_in(request), by=current(), correcting=_of_state(entry_in(request, "entry", kind=TreatyStatus), iso3),
    )  # fmt: skip
    return say("The standing is kept.")


def _of_state(entry: Any, iso3: str) -> Any:
    """The entry, when it is this State's; else the page for what never was."""
    return found(entry if entry.iso3 == iso3 else None) if entry is not None else None


addresses = [path("states/<str:iso3>/within/", within, name="within")]
