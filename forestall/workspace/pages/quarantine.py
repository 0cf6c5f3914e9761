"""What arrived and could not be read safely: for reviewers alone, with its reason and its bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.words import say
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import queries, setaside
from forestall.monitoring.actions import takingout
from forestall.monitoring.states import QUARANTINE
from forestall.workspace import exporting
from forestall.workspace.download import attachment
from forestall.workspace.setaside import SetAside, rows_of
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.templatetags.vocabulary import spoken

COLUMNS = (
    Column("name", say("Name")),
    Column("received", say("Received")),
    Column("reason", say("Reason"), sortable=False),
    Column("found", say("Found")),
    Column("expected", say("Expected by its name")),
    Column("size", say("Bytes"), numeric=True),
    Column("state", say("State")),
    Column("level", say("Sensitivity")),
    Column("take", say("Take"), sortable=False),
)


@page(verb="item.review")
def quarantine(request: HttpRequest) -> HttpResponse:
    """Everything set aside that the reviewer may see."""
    rows = _ordered(request, [row for row in rows_of(queries.quarantined()) if _matches(request, row)])
    band = band_of(row.level for row in rows)
    if exporting.asked(request):
        head = [column.heading for column in COLUMNS[:-1]]
        told = [_cells(row) for row in rows]
        return exporting.table_file(request, name="quarantine", head=head, rows=told, levels=[row.level for row in rows], rests=exporting.OURS)
    return show(
        request,
        "workspace/quarantine.html",
        band=band,
        way=[(say("Sources"), reverse("sources")), (say("Quarantine"), "")],
        rows=rows,
        columns=COLUMNS,
        states=QUARANTINE.words,
    )


def _matches(request: HttpRequest, row: SetAside) -> bool:
    text, state = request.GET.get("q", "").casefold(), request.GET.get("state", "")
    said = f"{row.name} {spoken(row.reason)}".casefold()
    return text in said and (not state or row.one.state == state)


def _ordered(request: HttpRequest, rows: list[SetAside]) -> list[SetAside]:
    key, falling = table_order(request.GET, columns=COLUMNS, default="-received")
    known = [row for row in rows if getattr(row, key) is not None]
    unknown = [row for row in rows if getattr(row, key) is None]
    by: Callable[[SetAside], Any] = (
        (lambda row: getattr(row, key))
        if key in ("received", "size", "level")
        else (lambda row: spoken(getattr(row, key)).casefold())
    )
    return [*sorted(known, key=by, reverse=falling), *unknown]


def _cells(row: SetAside) -> list[Any]:
    received = f"{row.received:%Y-%m-%d %H:%M}" if row.received else ""
    level = LEVEL_WORDS[Level(row.level)]
    return [row.name, received, row.reason, row.found, row.expected, row.size, row.state, level]


@page(verb="item.review")
def quarantined_bytes(request: HttpRequest, quarantine_id: UUID) -> HttpResponse:
    """The bytes as they arrived; custody notes who took them."""
    one = found(setaside.set_aside(quarantine_id))
    kept = found(queries.evidence([one.evidence_id]).get(one.evidence_id))
    taken = takingout.take_original(kept, by=current())
    return attachment(taken.content, name=one.name if request.GET.get("name") == "own" else taken.name)


addresses = [
    path("sources/quarantine/", quarantine, name="quarantine"),
    path("sources/quarantine/<uuid:quarantine_id>/bytes/", quarantined_bytes, name="quarantine_bytes"),
]
