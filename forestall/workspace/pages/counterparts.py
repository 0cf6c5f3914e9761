"""Counterparts: the bodies the Office deals with, who holds office there today, and the channel proper to each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.institutions import actions
from forestall.institutions import queries as institutions
from forestall.institutions.queries import Counterpart, OfficeHolder
from forestall.institutions.states import BODIES, CHANNELS
from forestall.workspace import exporting
from forestall.workspace.formfields import day_in, text_in
from forestall.workspace.placenames import country_choices, country_name
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order

KEEP = "counterpart.keep"
COLUMNS = (
    Column("name", say("Body")),
    Column("kind", say("Kind")),
    Column("country", say("Country")),
    Column("channel", say("Reached")),
    Column("holders", say("In office"), sortable=False),
)
Row = dict[str, object]


@page()
def counterparts(request: HttpRequest) -> HttpResponse:
    """Every body that can be seen, with who holds office there on the day looked at; and the forms to keep them."""
    session = current()
    known = institutions.counterparts()
    holders = institutions.office_holders(on=session.as_of or today())
    rows = _ordered(request, _narrowed(request, [_row(one, holders) for one in known]))
    band = band_of([*(one.label for one in known), *(one.label for one in holders)])
    if exporting.asked(request):
        return _file(request, rows, level=band)
    return show(
        request,
        "workspace/counterparts.html",
        band=band,
        way=[(say("Counterparts"), "")],
        as_of=True,
        rows=rows,
        columns=COLUMNS,
        any_known=bool(known),
        known=known,
        kinds=list(BODIES.items()),
        asked={name: request.GET.get(name, "") for name in ("q", "kind")},
        countries=country_choices(),
        may_keep=session.may(KEEP),
        today=today(),
    )


def _row(one: Counterpart, holders: list[OfficeHolder]) -> Row:
    return {
        "id": one.id,
        "name": one.name,
        "kind_id": one.kind_of_body,
        "kind": BODIES[one.kind_of_body],
        "country": country_name(one.iso3) if one.iso3 else "",
        "channel": CHANNELS[one.channel],
        "note": one.note,
        "holders": [holder for holder in holders if holder.counterpart_id == one.id],
    }


def _narrowed(request: HttpRequest, rows: list[Row]) -> list[Row]:
    text, kind = request.GET.get("q", "").strip().casefold(), request.GET.get("kind", "")
    return [row for row in rows if text in str(row["name"]).casefold() and kind in ("", row["kind_id"])]


def _ordered(request: HttpRequest, rows: list[Row]) -> list[Row]:
    key, falling = table_order(request.GET, columns=COLUMNS, default="name")
    return sorted(rows, key=lambda row: _plain(row[key]).casefold(), reverse=falling)


def _plain(value: object) -> str:
    return value.text(gettext) if isinstance(value, Words) else str(value)


def _file(request: HttpRequest, rows: list[Row], *, level: int) -> HttpResponse:
    lines = [[*(_plain(row[column.key]) for column in COLUMNS[:-1]), _held(row)] for row in rows]
    head = [column.heading for column in COLUMNS]
    return exporting.table_file(request, name="counterparts", head=head, rows=lines, levels=[level], rests=exporting.OURS)


def _held(row: Row) -> str:
    holders = row["holders"]
    assert isinstance(holders, list)
    return "; ".join(f"{one.title}: {one.name}" for one in holders)


@page(writes=KEEP)
@require_POST
def add_counterpart(request: HttpRequest) -> HttpResponse:
    """A body the Office deals with."""
    actions.add_counterpart(
        kind_of_body=request.POST.get("kind", ""),
        name=request.POST.get("name", ""),
        iso3=request.POST.get("country", ""),
        note=request.POST.get("note", "").strip(),
        acronym=request.POST.get("acronym", "").strip(),
        by=current(),
    )
    return _back(request, say("The counterpart is kept."))


@page(writes=KEEP)
@require_POST
def add_office_holder(request: HttpRequest) -> HttpResponse:
    """Who holds an office of a counterpart from a day on; whoever held it before ends the day before."""
    chosen = request.POST.get("counterpart", "")
    if not chosen:
        raise Refused(say("Choose the body first."))
    actions.add_office_holder(
        found(next((one for one in institutions.counterparts() if str(one.id) == chosen), None)),
        title=text_in(request, "title", name=say("office")),
        name=text_in(request, "name", name=say("name")),
        since=day_in(request, "since", needed=say("first day")),
        by=current(),
    )
    return _back(request, say("The office-holder is kept."))


def _back(request: HttpRequest, words: Words) -> HttpResponse:
    messages.success(request, words.text(gettext))
    return HttpResponseRedirect(reverse("counterparts"))


addresses = [
    path("counterparts/", counterparts, name="counterparts"),
    path("counterparts/add/", add_counterpart, name="add_counterpart"),
    path("counterparts/holder/", add_office_holder, name="add_office_holder"),
]
