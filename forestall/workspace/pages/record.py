"""The record: who did what to things one may see, whether the history holds, and removing content by decision of two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import actions, decisions, labelling, policies
from forestall.access import queries as access
from forestall.access.declared import page
from forestall.access.session import Session, bound_to, current, system_reader
from forestall.base.clock import end_of, now
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.record import queries
from forestall.record.keys import worries as key_worries
from forestall.record.seals import checkpoint, late, line
from forestall.record.verification import verify
from forestall.record.witnesses import witnesses
from forestall.record.witnesses import worries as witness_worries
from forestall.workspace import exporting
from forestall.workspace.acts import act
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import FINDERS, KINDS, PEOPLE_KINDS, Thing, kind_words, thing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from forestall.record.models import Entry

AUDIT = "record.audit"
EXPUNGE = "record.expunge"
ON_A_PAGE = 50
MOST_ROWS = 5000
VERIFIED = "record_verified"
FAULTS_SHOWN = 20
HEAD = (
    say("When (UTC)"), say("Who"), say("For whom"), say("What was done"), say("To what"), say("Called"), say("Id"),
)  # fmt: skip


@page()
def record(request: HttpRequest) -> HttpResponse:
    """The acts on what the reader may see, newest first; for auditors also those on people and offices."""
    session = current()
    asked = {name: request.GET.get(name, "") for name in ("by", "kind", "since", "until")}
    acts = _acts(asked, session=session)
    if exporting.asked(request):
        return _file(request, acts, session=session)
    shown = Paginator(acts, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(shown.object_list, session=session)
    return show(
        request,
        "workspace/record.html",
        band=band_of(_levels(rows)),
        way=[(say("Record"), "")],
        as_of=True,
        rows=rows,
        page=shown,
        asked=asked,
        people=access.people(),
        kinds=[(kind, words) for kind, words in KINDS.items() if session.may(AUDIT) or kind not in PEOPLE_KINDS],
        may_audit=AUDIT in session.verbs,
        may_expunge=session.may(EXPUNGE),
        may_keep=session.may("retention.keep"),
    )


def _acts(asked: dict[str, str], *, session: Session) -> QuerySet[Entry]:
    since, until = _day(asked["since"]), _day(asked["until"])
    last = session.as_of if until is None else until if session.as_of is None else min(until, session.as_of)
    return queries.acts(
        since=datetime.combine(since, time(), tzinfo=UTC) if since else None,
        until=end_of(last) if last else None,
        by=asked["by"],
        kind=asked["kind"],
        unlabelled=PEOPLE_KINDS if AUDIT in session.verbs else (),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as year-month-day.", text=text)) from error


@dataclass(frozen=True)
class Act:
    """An act as it is read: people by their names, things by theirs where they have one, else under their opaque id."""

    entry: Entry
    by: str
    on_behalf_of: str
    kind: Words
    thing: Thing | None
    removable: bool


def _rows(entries: Iterable[Entry], *, session: Session) -> list[Act]:
    listed = list(entries)
    names = access.names({one for entry in listed for one in (entry.by, entry.on_behalf_of)})
    known: dict[UUID, Thing | None] = {}
    for entry in listed:
        if entry.object_id not in known:
            known[entry.object_id] = thing(entry.kind, object_id=entry.object_id) if entry.kind in FINDERS else None
    may_expunge = session.may(EXPUNGE)
    return [
        Act(
            entry=entry,
            by=names.get(entry.by, entry.by),
            on_behalf_of=names.get(entry.on_behalf_of, entry.on_behalf_of),
            kind=kind_words(entry.kind),
            thing=known[entry.object_id],
            removable=may_expunge and entry.kind not in PEOPLE_KINDS,
        )
        for entry in listed
    ]


def _levels(rows: Iterable[Act]) -> list[int]:
    return [row.thing.level for row in rows if row.thing is not None]


def _file(request: HttpRequest, acts: QuerySet[Entry], *, session: Session) -> HttpResponse:
    rows = _rows(acts[:MOST_ROWS], session=session)
    return exporting.table_file(
        request,
        name="record",
        head=HEAD,
        rows=[_line(row) for row in rows],
        levels=_levels(rows),
        rests=exporting.OURS,
    )


def _line(row: Act) -> list[exporting.Value]:
    when, title = f"{row.entry.at:%Y-%m-%d %H:%M:%S}", row.thing.title if row.thing else ""
    return [when, row.by, row.on_behalf_of, act(row.entry.verb), row.kind, title, str(row.entry.object_id)]


@page(verb=AUDIT)
def verification(request: HttpRequest) -> HttpResponse:
    """Whether the history holds, in words; where it was signed, and what the witnesses outside keep."""
    return show(
        request,
        "workspace/record_verification.html",
        band=1,
        way=[(say("Record"), reverse("record")), (say("Verification"), "")],
        verified=_verified(request),
        checkpoints=[(one, line(one)) for one in queries.checkpoints()],
        seals=queries.seals(),
        every_minutes=settings.SEALS.every_minutes,
        witnesses=witnesses(),
        keys=queries.key_periods(),
        worries=[*late(), *key_worries(), *witness_worries()],
        kinds=[(kind, words) for kind, words in KINDS.items() if kind not in PEOPLE_KINDS],
        may_sign=current().may(AUDIT),
    )


def _verified(request: HttpRequest) -> dict[str, object] | None:
    kept = request.session.get(VERIFIED)
    if not kept:
        return None
    faults = [Words(message, parameters) for message, parameters in kept["faults"]]
    return {**kept, "at": datetime.fromisoformat(kept["at"]), "faults": faults}


@require_POST
def _verify(request: HttpRequest) -> HttpResponse:
    """Read the whole history as the machine; what is told are places, never content."""
    session = current()
    with bound_to(system_reader("keeper", reason="verify the record")):
        told = verify()
    actions.taken_out(what="verification of the record", by=session)
    request.session[VERIFIED] = {
        "at": now().isoformat(),
        "entries": told.entries,
        "holds": told.holds,
        "count": len(told.faults),
        "faults": [
            (fault.message, {name: str(value) for name, value in fault.parameters.items()})
            for fault in told.faults[:FAULTS_SHOWN]
        ],
    }
    return HttpResponseRedirect(f"{reverse('record_verification')}#verified")


@require_POST
def _sign(request: HttpRequest) -> HttpResponse:
    """Sign openly where the log stands now: a line to print, or to hand over."""
    made = checkpoint()
    if made is None:
        raise Refused(say("The log is empty; there is nothing to sign."))
    messages.success(request, say("Signed at %(size)s entries. Print the line, or hand it over.", size=made.size))  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("record_verification"))


@page(verb=EXPUNGE, writes=EXPUNGE, step_up=True)
def expunge(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Propose to remove the content of one thing; another officer must agree in a session of their own."""
    about = found(decisions.thing_of(kind, object_id=object_id))
    if request.method == "POST":
        policies.check_named(typed=request.POST.get("again", ""), name=str(object_id))
        decisions.propose(labelling.EXPUNGE, about=about, reason=request.POST.get("reason", ""), by=current())
        messages.success(request, say("Proposed. Another person must agree in a session of their own."))  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("record"))
    return show(
        request,
        "workspace/record_expunge.html",
        band=band_of([about.label]),
        way=[(say("Record"), reverse("record")), (say("Remove content"), "")],
        about=thing(kind, object_id=object_id),
        kind=kind_words(kind),
        object_id=object_id,
        on_hold=about.hold,
    )


auditing = page(verb=AUDIT, writes=AUDIT)

addresses = [
    path("record/", record, name="record"),
    path("record/verification/", verification, name="record_verification"),
    path("record/verification/verify/", auditing(_verify), name="record_verify"),
    path("record/verification/sign/", auditing(_sign), name="record_sign"),
    path("record/remove/<str:kind>/<uuid:object_id>/", expunge, name="expunge"),
]
