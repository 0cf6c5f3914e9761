"""Today: what needs the one who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import actions as access_actions
from forestall.access import queries as access
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.advising import queries as advising
from forestall.assessment import queries as assessment
from forestall.assessment.states import SITUATION
from forestall.base.clock import today as this_day
from forestall.base.words import Words, say
from forestall.forecasting import queries as forecasting
from forestall.institutions.states import AHEAD
from forestall.workspace import datesahead, duties, exporting
from forestall.workspace.firststeps import first_steps
from forestall.workspace.placenames import country_name
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.things import url_of

SITUATIONS = (
    Column("title", say("Situation")),
    Column("state", say("Status")),
    Column("moved", say("Factors that moved in the last reading")),
    Column("read", say("Last reading issued")),
    Column("review", say("Review due")),
)
PRIORITIES = ((2, say("now")), (1, say("soon")), (0, say("ordinary")))


@page(outside=True)
def today(request: HttpRequest) -> HttpResponse:
    """What waits for this person, what moved, what is silent; their situations as a file."""
    session = current()
    if session.outside:
        return HttpResponseRedirect(reverse("giving"))
    mine = _ordered(request, duties.watched(assessment.led_by(session.person_id)))
    if exporting.asked(request):
        return _file(request, mine)
    stopped = duties.stopped(session)
    told: dict[str, Any] = {
        "notices": duties.notices(session),
        "waiting": duties.waiting(session),
        "mine": mine,
        "overdue": duties.overdue(session),
        "stopped": stopped,
        "silent": duties.silent_sources(besides={one.source_id for one in stopped}),
        "ahead": datesahead.near(day=this_day(), days=AHEAD, kinds=("mandate", "review")),
        "asks": _asks(),
        **_inbox(),
        **_forecasts(),
    }
    return show(
        request,
        "workspace/today.html",
        band=band_of(_levels(told)),
        way=[(say("Today"), "")],
        day=this_day(),
        steps=first_steps(session),
        columns=SITUATIONS,
        sums=_sums(told, session=session),
        leaves=_leaves(session),
        **told,
    )


def _ordered(request: HttpRequest, rows: Sequence[duties.Watched]) -> list[duties.Watched]:
    key, falling = table_order(request.GET, columns=SITUATIONS, default="review")
    order = {state: place for place, state in enumerate(SITUATION.states)}
    by = {
        "title": lambda row: row.title.casefold(),
        "state": lambda row: order.get(row.state, 0),
        "moved": lambda row: len(row.moved),
        "read": lambda row: row.read_on or date.min,
        "review": lambda row: row.review_due or date.max,
    }
    return sorted(rows, key=by[key], reverse=falling)


def _asks() -> list[dict[str, Any]]:
    """Notes that left and are not answered. Lateness is of no person: the day is shown, and nothing else."""
    told = []
    for note in advising.unanswered():
        left = advising.transmittals(note)
        told.append(
            {
                "ask": note.ask or note.subject,
                "url": url_of("advising.advisorynote", object_id=note.id),
                "addressee": left[-1].to if left else "",
                "sent": left[-1].at if left else None,
                "due": note.decision_by,
                "level": note.level,
            }
        )
    return told


def _inbox() -> dict[str, Any]:
    counts, copies, levels = duties.unread_by_priority()
    return {
        "unread": [{"words": words, "count": counts[key], "priority": key} for key, words in PRIORITIES],
        "unread_total": sum(counts.values()),
        "copies": copies,
        "unread_levels": levels,
    }


def _forecasts() -> dict[str, Any]:
    moved, label = duties.moved_forecasts()
    rows = [{"name": country_name(one.iso3), "moved": one, "url": reverse("forecast", args=[one.iso3])} for one in moved]
    return {
        "moved": sorted(rows, key=lambda row: str(row["name"])),
        "forecast_level": int(label.level) if label else 0,
        "has_run": forecasting.latest() is not None,
    }


def _levels(told: dict[str, Any]) -> list[int]:
    shown = [one.level for key in ("notices", "waiting", "mine", "overdue", "stopped", "silent", "ahead") for one in told[key]]
    asked = [one["level"] for one in told["asks"]]
    return [*shown, *asked, *told["unread_levels"], told["forecast_level"] if told["moved"] else 0]


def _sums(told: dict[str, Any], *, session: Session) -> list[Words]:
    """The first line of the page: what a person must know, in a sentence each, and that there is nothing when so."""
    past = sum(row.review_due is not None and row.review_due < this_day() for row in told["mine"])
    counts = (
        (len(told["waiting"]), say("One thing waits for you."), say("%(count)s things wait for you.", count=len(told["waiting"]))),
        (past, say("One of your situations is past its review."), say("%(count)s of your situations are past their review.", count=past)),
        (len(told["asks"]), say("One ask is without an answer."), say("%(count)s asks are without an answer.", count=len(told["asks"]))),
    )  # fmt: skip
    said = [one if count == 1 else many for count, one, many in counts if count]
    return said or [say("Nothing waits for you.")]


def _leaves(session: Session) -> list[dict[str, Any]]:
    return [
        {"leave": one, "url": reverse("leave", args=[one.id]), "own": str(one.person_id) == session.person_id}
        for one in access.leaves(person_id=session.person_id)
    ]


def _file(request: HttpRequest, rows: Sequence[duties.Watched]) -> HttpResponse:
    return exporting.table_file(
        request,
        name="own-situations",
        head=[column.heading for column in SITUATIONS],
        rows=[
            [row.title, SITUATION.words[row.state], ", ".join(row.moved), _iso(row.read_on), _iso(row.review_due)]
            for row in rows
        ],
        levels=[row.level for row in rows],
        rests=exporting.OURS,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@require_POST
def _put_away(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """A notice has been read."""
    session = current()
    access_actions.put_away(found(access.notice(notice_id, person_id=session.person_id)), by=session)
    return HttpResponseRedirect(reverse("today"))


@require_POST
def _put_all_away(request: HttpRequest) -> HttpResponse:
    """The notices that were on the page have been read; one that came since stays."""
    session = current()
    shown = set(request.POST.getlist("notice"))
    for notice in access.notices(session.person_id):
        if str(notice.id) in shown:
            access_actions.put_away(notice, by=session)
    return HttpResponseRedirect(reverse("today"))


addresses = [
    path("", today, name="today"),
    path("notices/away/", page()(_put_all_away), name="put_all_away"),
    path("notices/<uuid:notice_id>/away/", page()(_put_away), name="put_away"),
]
