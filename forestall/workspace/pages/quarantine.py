"""What arrived and could not be read safely: for reviewers alone, with its reason and its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.words import Words, say
from forestall.collecting.kinds import KIND_WORDS, Kind, claimed
from forestall.collecting.names import ending, shown
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import queries
from forestall.monitoring.actions import item as items
from forestall.monitoring.states import QUARANTINE_STATES
from forestall.workspace import exporting
from forestall.workspace.download import attachment
from forestall.workspace.itemreading import flag_words
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order

if TYPE_CHECKING:
    from forestall.monitoring.models import Quarantine

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
    rows = _ordered(request, [row for one in queries.quarantined() if _matches(request, row := _row(one))])
    band = band_of(row["one"].level for row in rows)
    if exporting.asked(request):
        head = [column.heading for column in COLUMNS[:-1]]
        told = [_cells(row) for row in rows]
        return exporting.table_file(request, name="quarantine", head=head, rows=told, level=band)
    return show(
        request,
        "workspace/quarantine.html",
        band=band,
        way=[(say("Sources"), reverse("sources")), (say("Quarantine"), "")],
        rows=rows,
        columns=COLUMNS,
        states=QUARANTINE_STATES,
    )


def _row(one: Quarantine) -> dict[str, Any]:
    kept = queries.evidence([one.evidence_id]).get(one.evidence_id)
    name_claims = claimed(ending(one.name))
    return {
        "one": one,
        "name": shown(one.name),
        "kept": kept,
        "received": kept.received_at if kept else None,
        "reason": flag_words({"message": one.message, "parameters": one.parameters}),
        "found": _kind(kept.media_type if kept else ""),
        "expected": KIND_WORDS.get(name_claims, say("nothing")) if name_claims else say("nothing"),
        "size": kept.size if kept else None,
        "state": QUARANTINE_STATES.get(one.state, one.state),
        "level": one.level,
    }


def _kind(media_type: str) -> Words:
    """What was found, in words; a kind nobody names is nothing that can be recognised."""
    return KIND_WORDS[Kind(media_type)] if media_type in set(Kind) else KIND_WORDS[Kind.UNKNOWN]


def _matches(request: HttpRequest, row: dict[str, Any]) -> bool:
    text, state = request.GET.get("q", "").casefold(), request.GET.get("state", "")
    said = f"{row['name']} {row['reason']}".casefold()
    return text in said and (not state or row["one"].state == state)


def _ordered(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    key, falling = table_order(request.GET, columns=COLUMNS, default="-received")
    known = [row for row in rows if row[key] is not None]
    unknown = [row for row in rows if row[key] is None]
    by = (
        (lambda row: row[key])
        if key in ("received", "size", "level")
        else (lambda row: str(row[key]).casefold())
    )
    return [*sorted(known, key=by, reverse=falling), *unknown]


def _cells(row: dict[str, Any]) -> list[Any]:
    received = f"{row['received']:%Y-%m-%d %H:%M}" if row["received"] else ""
    level = LEVEL_WORDS[Level(row["level"])]
    return [
        row["name"], received, row["reason"], row["found"], row["expected"], row["size"], row["state"], level,
    ]  # fmt: skip


@page(verb="item.review")
def quarantined_bytes(request: HttpRequest, quarantine_id: UUID) -> HttpResponse:
    """The bytes as they arrived; custody notes who took them."""
    one = found(next((q for q in queries.quarantined() if q.id == quarantine_id), None))
    kept = found(queries.evidence([one.evidence_id]).get(one.evidence_id))
    return attachment(items.take_out(kept, by=current()), name=one.name)


addresses = [
    path("sources/quarantine/", quarantine, name="quarantine"),
    path("sources/quarantine/<uuid:quarantine_id>/bytes/", quarantined_bytes, name="quarantine_bytes"),
]
