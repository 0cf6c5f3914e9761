"""Records: what is due, what two people remove, what was removed, lists for recall, and the schedule of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, policies, stepup
from forestall.access import queries as access
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.retention import disposal, queries, recall, requests, times
from forestall.retention.due import Due, due
from forestall.retention.schedule import THEN_WORDS, Then, classes, keeping_class
from forestall.retention.states import DECIDE, KEEP, REQUEST, WANTED
from forestall.workspace.formfields import day_in
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import Thing, kind_words, thing

if TYPE_CHECKING:
    from forestall.access.models import Decision
    from forestall.record.models import Recorded, Tombstone
    from forestall.retention.models import Recall, Recalled, Request

ON_A_PAGE = 50
AGAIN = "agree"
PROPOSED = say("Proposed. Another person must agree in a session of their own.")


@dataclass(frozen=True)
class DueRow:
    """Something due as it is read: what it is called, where it opens, and how a form names it."""

    due: Due
    thing: Thing | None
    kind: Words

    @property
    def named(self) -> str:
        return f"{self.due.kind}/{self.due.thing.id}"


@page(verb=KEEP, writes=KEEP)
def records(request: HttpRequest) -> HttpResponse:
    """Everything about keeping and erasing that the reader may see, on one page."""
    if request.method == "POST":
        return _acted(request)
    session, key = current(), request.GET.get("class", "")
    reached = due(key=key if key in {one.key for one in classes()} else "")
    leaf = Paginator(reached.listed, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(one) for one in leaf.object_list]
    waiting = [(one, thing(one.about_kind, object_id=one.about_id), kind_words(one.about_kind)) for one in disposal.waiting(session)]
    asked = requests.open_requests()
    lists = [_listed(one) for one in recall.recalls()]
    shown = [*(row.due.thing.level for row in rows), *(each[0].level for each in waiting), *(one.level for one in asked)]
    return show(
        request,
        "workspace/records.html",
        band=band_of([*shown, *(each[0].level for each in lists)]),
        way=[(say("Record"), reverse("record")), (say("Keeping and erasing"), "")],
        rows=rows,
        page=leaf,
        more=reached.more,
        key=key,
        reviewed=[one for one in classes() if one.then is Then.REVIEW],
        waiting=waiting,
        again=AGAIN,
        requests=[_request(one) for one in asked],
        closed=[_request(one) for one in requests.closed_requests()],
        recalls=lists,
        schedule=[(line, THEN_WORDS[line.keeping.then]) for line in queries.schedule()],
        may_decide=session.may(DECIDE),
        may_remove=session.may("record.expunge"),
        removed=_removed(),
        nights=[(act.at, keeping_class(act.verb.partition(": ")[2]).name) for act in queries.nights()],
    )


def _row(one: Due) -> DueRow:
    return DueRow(one, thing(one.kind, object_id=one.thing.id), kind_words(one.kind))


def _removed() -> list[tuple[Tombstone, Words, str, str]]:
    """What two people removed last, with their names."""
    removed = queries.removed()
    names = access.names({person for one in removed for person in (one.by, one.second)})
    return [(one, kind_words(one.kind), names.get(one.by, ""), names.get(one.second, "")) for one in removed]


def _request(one: Request) -> tuple[Request, Words, Words, int]:
    return one, WANTED[one.wants], REQUEST.words[one.state], (one.due_on - today()).days


def _listed(one: Recall) -> tuple[Recall, Words, int, int]:
    lines = recall.lines(one)
    return one, kind_words(one.about_kind), len(lines), sum(line.told_at is None for line in lines)


def _chosen(request: HttpRequest) -> list[Recorded]:
    """The things that a form names, as the reader may see them; one that may not be seen never was."""
    return [found(_thing_named(named)) for named in request.POST.getlist("thing")]


def _thing_named(named: str) -> Recorded | None:
    kind, _, object_id = named.partition("/")
    try:
        return decisions.thing_of(kind, object_id=UUID(object_id))
    except ValueError:
        return None


def _acted(request: HttpRequest) -> HttpResponse:
    session, reason = current(), request.POST.get("reason", "")
    match request.POST.get("act"):
        case "propose":
            stepup.check(request, second=True)
            disposal.propose(_chosen(request), reason=reason, by=session)
            messages.success(request, PROPOSED)  # type: ignore[arg-type]
        case "keep":
            until = day_in(request, "until", needed=say("until when it is kept on"))
            disposal.keep_on(_chosen(request), until=until, reason=reason, by=session)
            messages.success(request, say("Kept on. It is listed again on that day."))  # type: ignore[arg-type]
        case "agree":
            stepup.check(request, second=True)
            policies.check_named(typed=request.POST.get("again", ""), name=AGAIN)
            _tell(request, disposal.agree(_proposed(request), by=session))
        case _:
            raise Refused(say("Choose what is to be done."))
    return HttpResponseRedirect(reverse("records"))


def _proposed(request: HttpRequest) -> list[Decision]:
    """Removals that wait and were chosen; what does not wait for this person never was."""
    waiting = {str(one.id): one for one in disposal.waiting(current())}
    return [found(waiting.get(named)) for named in request.POST.getlist("decision")]


def _tell(request: HttpRequest, disposed: disposal.Disposed) -> None:
    messages.success(request, say("Removed by decision of two: %(count)s", count=disposed.done))  # type: ignore[arg-type]
    for _, why in disposed.refused:
        messages.warning(request, say("Not removed: %(why)s", why=why))  # type: ignore[arg-type]


@page(verb=DECIDE, writes=DECIDE, step_up=True)
def keeping_time(request: HttpRequest, class_key: str) -> HttpResponse:
    """For how long one class is kept, and the form that proposes another time."""
    one = found(next((each for each in classes() if each.key == class_key), None))
    if request.method == "POST":
        days = request.POST.get("days", "").strip()
        if not days.isascii() or not days.isdecimal() or len(days) > 6:
            raise Refused(say("Write a number of days."))
        times.propose_time(class_key, days=int(days), reason=request.POST.get("reason", ""), by=current())
        messages.success(request, PROPOSED)  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("keeping_time", args=[class_key]))
    own = times.time_of(class_key)
    return show(
        request,
        "workspace/keeping_time.html",
        band=1,
        way=[(say("Record"), reverse("record")), *_here(), (one.name, "")],
        one=one,
        then=THEN_WORDS[one.then],
        days=times.days_of(one),
        waiting=decisions.waiting_on(own.id) if own else [],
        settled=decisions.decided_on(own.id) if own else [],
    )


def _here() -> Sequence[tuple[Words, str]]:
    """The crumb that leads back; for whoever may open that page."""
    return [(say("Keeping and erasing"), reverse("records"))] if current().may(KEEP) else []


@page(verb=KEEP, writes=KEEP)
def recall_list(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Where one thing had gone before its source took back what it had agreed to, and who was told."""
    one = found(recall.recall(recall_id))
    if request.method == "POST" and request.POST.get("act") == "propose":
        stepup.check(request, second=True)
        recall.propose_removal(one, reason=request.POST.get("reason", ""), by=current())
        messages.success(request, PROPOSED)  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("recall", args=[recall_id]))
    if request.method == "POST":
        line = found(_line_named(request.POST.get("line", "")))
        recall.told(line, how=request.POST.get("how", ""), by=current())
        messages.success(request, say("Noted that they were told."))  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("recall", args=[recall_id]))
    lines = recall.lines(one)
    names = access.names({one.by, *(person for line in lines for person in (line.to, line.told_by) if _is_id(person))})
    carriers = {line.id: thing(line.carrier_kind, object_id=line.carrier_id) for line in lines}
    return show(
        request,
        "workspace/recall.html",
        band=band_of([one.level, *(line.level for line in lines), *(each.level for each in carriers.values() if each)]),
        way=[(say("Record"), reverse("record")), *_here(), (say("List for recall"), "")],
        labelled=one,
        one=one,
        by=names.get(one.by, ""),
        about=thing(one.about_kind, object_id=one.about_id),
        kind=kind_words(one.about_kind),
        waiting=[(each, matter(each.matter)) for each in decisions.waiting_on(one.id)],
        may_remove=current().may("record.expunge") and recall.still_there(one),
        lines=[
            (line, Words(line.how), names.get(line.to, line.to), names.get(line.told_by, ""), carriers[line.id], kind_words(line.carrier_kind))
            for line in lines
        ],
    )


def _is_id(to: str) -> bool:
    """Whether something went to a person of the Office, who stands by their id, or to somebody by name."""
    try:
        return bool(UUID(to))
    except ValueError:
        return False


def _line_named(line_id: str) -> Recalled | None:
    try:
        return recall.line(UUID(line_id))
    except ValueError:
        return None


addresses = [
    path("records/", records, name="records"),
    path("records/times/<slug:class_key>/", keeping_time, name="keeping_time"),
    path("records/recalls/<uuid:recall_id>/", recall_list, name="recall"),
]
