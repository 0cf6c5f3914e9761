"""Calendar: the dates ahead by month, each with how exactly it is known and who says so; one's own deadlines; a file for a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext

from forestall.access import queries as access
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.words import Words, say
from forestall.institutions.states import PRECISIONS
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.workspace import datesahead, exporting
from forestall.workspace.datesahead import KINDS, Ahead
from forestall.workspace.icalendar import Entry
from forestall.workspace.placenames import country_name
from forestall.workspace.showing import band_of, show
from forestall.workspace.templatetags.vocabulary import spoken

HEAD = (
    say("Date"), say("Known to the"), say("Kind"), say("What"), say("State or area"), say("Who says so"), say("Sensitivity"),
)  # fmt: skip


@dataclass(frozen=True)
class Month:
    """The dates of one month, the overdue ones of all months before apart: `first` is its first day, or None for these."""

    first: date | None
    rows: list[dict[str, Any]]


@page()
def calendar(request: HttpRequest) -> HttpResponse:
    """Every date ahead that can be seen, narrowed by kind, State, desk or to one's own; on the page, or as a file."""
    session = current()
    day = session.as_of or today()
    every = datesahead.dates(session, day=day)
    found = _narrowed(request, every)
    if exporting.asked(request):
        levels = [one.level for one in found]
        return exporting.table_file(request, name="dates-ahead", head=list(HEAD), rows=[_cells(one) for one in found], levels=levels, rests=exporting.OURS)
    if exporting.asked_as_dates(request):
        return exporting.dates_file(request, name="dates-ahead", entries=[_entry(one) for one in found], levels=[one.level for one in found])
    return show(
        request,
        "workspace/calendar.html",
        band=band_of(one.label for one in found),
        way=[(say("Calendar"), "")],
        as_of=True,
        months=_months(found),
        mine=[_row(one) for one in found if one.mine],
        total=len(found),
        any_known=bool(every),
        kinds=[(key, words) for key, (words, _) in KINDS.items()],
        countries=sorted({(code, country_name(code)) for one in every for code in one.places}, key=lambda pair: pair[1]),
        desks=[desk for desk in access.desks() if session.sight.compartments is None or desk.compartment in session.sight.compartments],
        asked={name: request.GET.get(name, "") for name in ("kind", "country", "desk", "mine")},
        day=day,
    )


def _narrowed(request: HttpRequest, every: Sequence[Ahead]) -> list[Ahead]:
    asked = request.GET
    kind, country, desk = asked.get("kind", ""), asked.get("country", ""), asked.get("desk", "")
    of_desk = datesahead.places_of_desk(desk) if desk else frozenset()
    return [
        one
        for one in every
        if kind in ("", one.kind)
        and (not country or country in one.places)
        and (not desk or of_desk & set(one.places))
        and (not asked.get("mine") or one.mine)
    ]


def _months(found: Sequence[Ahead]) -> list[Month]:
    overdue = [_row(one) for one in found if one.overdue]
    ahead = [one for one in found if not one.overdue]
    months = [Month(first, [_row(one) for one in those]) for first, those in groupby(ahead, key=lambda one: one.on.replace(day=1))]
    return [*([Month(None, overdue)] if overdue else []), *months]


def _row(one: Ahead) -> dict[str, Any]:
    return {"one": one, "kind": KINDS[one.kind][0], "places": [country_name(code) for code in one.places]}


def _cells(one: Ahead) -> list[str | Words]:
    places = ", ".join(country_name(code) for code in one.places)
    level = LEVEL_WORDS[Level(one.level)]
    return [one.on.isoformat(), PRECISIONS[one.precision], KINDS[one.kind][0], spoken(one.title), places, one.source or gettext("the Office"), level]


def _entry(one: Ahead) -> Entry:
    """A date as a calendar outside shows it: its level stands first in its name, since nothing else there says it."""
    level = spoken(LEVEL_WORDS[Level(one.level)]).upper()
    precision = "" if one.precision == "day" else gettext("The day is not known: only its month or year.")
    places = ", ".join(country_name(code) for code in one.places)
    said = one.source or gettext("the Office")
    note = "\n".join(part for part in (places, precision, f"{gettext('Who says so')}: {said}", one.source_url) if part)
    return Entry(
        key=one.key, first=one.on, last=one.last, title=f"{_exercise()}{level} · {spoken(one.title)}", note=note,
        kind=spoken(KINDS[one.kind][0]), closed=one.level >= Level.CONFIDENTIAL,
    )  # fmt: skip


def _exercise() -> str:
    return f"{gettext('EXERCISE')} · " if settings.HOME.is_exercise else ""


addresses = [path("calendar/", calendar, name="calendar")]
