"""Warnings: what is asked of whom by when, how long it took, and what became of every recommendation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from forestall.access.declared import page
from forestall.access.session import current
from forestall.advising import queries as advising
from forestall.advising.states import RECOMMENDATION, WARNING
from forestall.base.clock import today
from forestall.base.words import say
from forestall.labels.label import Label
from forestall.workspace import exporting, warningtable
from forestall.workspace.showing import band_of, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.warningtable import AdviceRow, Row

COLUMNS = (
    Column("title", say("Warning")),
    Column("likelihood", say("Likelihood")),
    Column("ask", say("Ask"), sortable=False),
    Column("decision", say("Decision needed by")),
    Column("state", say("State")),
    Column("raised", say("Raised")),
    Column("leave", say("Days to transmittal"), numeric=True),
    Column("answer", say("Days to answer"), numeric=True),
    Column("followed", say("Followed up"), numeric=True),
)
ADVICE_COLUMNS = (
    Column("text", say("Recommendation")),
    Column("lead", say("Lead")),
    Column("due", say("By")),
    Column("state", say("State")),
    Column("warning", say("Warning")),
)
DEFAULT, ADVICE_DEFAULT = "-raised", "due"
ADVICE = "advice"
"""The value of `table` in the address that asks for the recommendations as a file."""


@page()
def warnings(request: HttpRequest) -> HttpResponse:
    """Every warning that may be seen, and the recommendations of the notes that left."""
    raised = advising.warnings()
    known = warningtable.rows(raised, today=current().as_of or today())
    found = warningtable.chosen(
        known,
        text=request.GET.get("q", ""),
        state=request.GET.get("state", ""),
        situation=request.GET.get("situation", ""),
    )
    rows = _ordered(request, found)
    advised = _advice(request, raised)
    band = band_of([label for row in rows for label in row.labels])
    if exporting.asked(request):
        return _file(request, rows=rows, advised=advised, labels=[label for row in known for label in row.labels])
    return show(
        request,
        "workspace/warnings.html",
        band=band if not advised else band_of([band, *(label for row in known for label in row.labels)]),
        way=[(say("Warnings"), "")],
        as_of=True,
        rows=rows,
        columns=COLUMNS,
        default=DEFAULT,
        any_known=bool(known),
        advised=advised,
        advice_columns=ADVICE_COLUMNS,
        states=list(WARNING.words.items()),
        advice_states=_advice_states(),
        situations=sorted({(row.situation_id, row.situation) for row in known if row.situation}, key=lambda one: one[1]),
        may_warn=current().may("warning.draft"),
    )


def _ordered(request: HttpRequest, found: list[Row]) -> list[Row]:
    key, falling = table_order(request.GET, columns=COLUMNS, default=DEFAULT)
    return warningtable.ordered(found, by=warningtable.KEYS[key], falling=falling)


def _advice(request: HttpRequest, raised: list[advising.Warning]) -> list[AdviceRow]:
    state = request.GET.get("advice", "")
    found = [row for row in warningtable.advice(raised) if not state or row.state == state]
    return warningtable.ordered(found, by=warningtable.ADVICE_KEYS[ADVICE_DEFAULT], falling=False)


def _advice_states() -> list[tuple[str, object]]:
    return [(value, words) for value, words in RECOMMENDATION.words.items() if value not in ("proposed", "endorsed", "dropped")]


def _file(request: HttpRequest, *, rows: list[Row], advised: list[AdviceRow], labels: list[Label]) -> HttpResponse:
    if request.GET.get("table") == ADVICE:
        return exporting.table_file(
            request,
            name="recommendations",
            head=warningtable.ADVICE_HEAD,
            rows=warningtable.advice_lines(advised),
            levels=[band_of(labels)] * max(1, len(advised)),
            rests=exporting.OURS,
        )
    return exporting.table_file(
        request,
        name="warnings",
        head=warningtable.HEAD,
        rows=warningtable.lines(rows),
        levels=[band_of(row.labels) for row in rows],
        rests=exporting.OURS,
    )


addresses = [path("warnings/", warnings, name="warnings")]
