"""One situation on one page to brief from: who is at risk, how the factors stand, what moved, what we do not know."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall import frameworks
from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import current
from forestall.assessment import queries as assessment
from forestall.assessment.actions import assessment as drafting
from forestall.assessment.actions import situation as actions
from forestall.assessment.queries import Situation
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.monitoring import queries as monitoring
from forestall.monitoring import silences
from forestall.monitoring.actions import gap as gaps
from forestall.monitoring.actions import item as items
from forestall.monitoring.states import OBSERVATION
from forestall.workspace import (
    coveragereading,
    exporting,
    forecastbeside,
    observationtable,
    profiles,
    withinreading,
)
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.situationbrief import Brief, brief_of, id_or_none, onward
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.wayfinding import address

COLUMNS = (
    Column("on", say("Date")),
    Column("summary", say("What happened")),
    Column("place", say("Where")),
    Column("indicators", say("Indicators")),
    Column("state", say("State")),
    Column("grade", say("Best grade")),
    Column("origins", say("Origins")),
)
DEFAULT = "-on"
ON_A_PAGE = 25
IN_A_BRIEF = 3
"""Observations that the printed brief keeps; the others stay on the screen."""


@page()
def situation(request: HttpRequest, situation_id: UUID) -> HttpResponse:
    """The page to brief from, now or as of a past day, compared with an earlier reading if asked."""
    one = found(assessment.situation(situation_id))
    brief = brief_of(one, compare=request.GET.get("compare", ""))
    key, falling = table_order(request.GET, columns=COLUMNS, default=DEFAULT)
    chosen = observationtable.chosen(
        brief.rows,
        text=request.GET.get("q", ""),
        factor=request.GET.get("factor", ""),
        state=request.GET.get("state", ""),
    )
    rows = observationtable.ordered(chosen, key=key, falling=falling)
    if exporting.asked(request):
        head, lines = observationtable.HEAD, observationtable.lines(rows)
        levels = [one.level, *(band_of(row.labels) for row in rows)]
        rests = exporting.Rests([row.rests for row in rows])
        return exporting.table_file(request, name="observations", head=head, rows=lines, levels=levels, rests=rests)
    return show(
        request,
        "workspace/situation.html",
        labelled=one,
        way=[(say("Situations"), address("situations")), (one.title, "")],
        as_of=True,
        brief=brief,
        situation=one,
        due=profiles.days_between(one.review_due, today=brief.day) if one.review_due else None,
        lead=people.names([one.lead]).get(one.lead, ""),
        **_reading(brief),
        **_table(request, rows=rows),
        **_around(one, brief=brief),
        **_forms(one),
    )


def _reading(brief: Brief) -> dict[str, Any]:
    """What the reading says: panels, what moved, what nobody knows, the crimes read across, scenarios, dissent."""
    shown, framework = brief.shown, brief.framework
    if shown is None or framework is None:
        return {"panels": [], "shifts": []}
    earlier = [one for one in assessment.readings(brief.situation, framework=shown.framework) if one.on <= shown.on]
    shifts = profiles.shifts(framework, newer=shown, older=brief.before) if brief.before else []
    return {
        "framework_title": profiles.worded(framework.title),
        "panels": profiles.panels(framework, shown=shown, before=brief.before, earlier=earlier),
        "readings_kept": min(profiles.KEPT, max(1, len(earlier))),
        "natures": profiles.by_nature(framework, shown=shown, judged=brief.judged),
        "shifts": shifts,
        "factor_shifts": [one for one in shifts if one.is_factor],
        "presence_shifts": [one for one in shifts if one.is_factor and one.presence_moved],
        "indicator_shifts": [one for one in shifts if not one.is_factor],
        "unknown_factors": profiles.unknown_factors(framework, judged=brief.judged, shown=shown),
        "across": profiles.readings_across(framework, shown=shown, judged=brief.judged),
        "scenarios": [(one, profiles.likelihood(one.likelihood)) for one in assessment.scenarios(shown)],
        "dissents": _dissents(brief),
        "reading_url": address("assessment", shown.id),
        "earlier": [one for one in reversed(earlier) if one.id != shown.id],
    }


def _dissents(brief: Brief) -> list[dict[str, Any]]:
    assert brief.shown is not None
    said = assessment.dissents(brief.shown)
    names = people.names(one.by for one in said)
    brief.labels += [one.label for one in said]
    return [{"dissent": one, "by": names.get(one.by, "")} for one in said]


def _table(request: HttpRequest, *, rows: list[observationtable.Row]) -> dict[str, Any]:
    pages = Paginator(rows, ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return {
        "columns": COLUMNS,
        "default": DEFAULT,
        "rows": shown,
        "total": len(rows),
        "in_a_brief": IN_A_BRIEF,
        "observation_states": list(OBSERVATION.words.items()),
        "filtered": any(request.GET.get(name) for name in ("q", "factor", "state")),
    }


def _around(one: Situation, *, brief: Brief) -> dict[str, Any]:
    """What stands beside the reading: places, questions, forecasts, notes; and the band over all of it."""
    asked = monitoring.gaps(one.id)
    silent = silences.stood_on(brief.day, iso3=one.places)
    told = withinreading.of_situation(one.id, places=one.places, day=brief.day)
    brief.labels += told.pop("within_labels")
    beside = forecastbeside.forecasts(one)
    notes = forecastbeside.notes_about(one)
    brief.labels += [each.label for each in (*asked, *silent)]
    brief.labels += [label for labels in (*(one.labels for one in beside), *(one.labels for one in notes)) for label in labels]
    return {
        **told,
        "gaps": asked,
        "unheard": coveragereading.silent(silent, day=brief.day),
        "beside": beside,
        "ranking": forecastbeside.ranking(beside, voices=brief.voices),
        "notes": notes,
        "drawing": observationtable.drawing(brief.rows, today=brief.day) if brief.rows else None,
        "by_place": observationtable.by_place(brief.rows, since=brief.before.on if brief.before else None),
        "band": band_of(brief.labels),
    }


def _forms(one: Situation) -> dict[str, Any]:
    session = current()
    return {
        "may_move": session.may("situation.open"),
        "may_draft": session.may("assessment.draft") and one.state != "closed",
        "may_ask": session.may("item.grade"),
        "may_ask_entity": session.may("information.ask"),
        "onward": onward(one),
        "framework_choices": [(each, profiles.worded(frameworks.load(each).title)) for each in frameworks.entries()],
        "today": today(),
    }


def _back(situation_id: UUID, *, at: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("situation", args=[situation_id]) + (f"#{at}" if at else ""))


@page(writes="situation.open")
@require_POST
def move_situation(request: HttpRequest, situation_id: UUID) -> HttpResponse:
    """Watch it more or less closely, with the reason."""
    one = found(assessment.situation(situation_id))
    actions.move(one, to=_state(request), reason=request.POST.get("reason", ""), by=current())
    return _back(situation_id)


def _state(request: HttpRequest) -> str:
    chosen = request.POST.get("to", "")
    if not chosen:
        raise Refused(say("Choose the state it moves to."))
    return chosen


@page(writes="situation.open")
@require_POST
def name_populations(request: HttpRequest, situation_id: UUID) -> HttpResponse:
    """Name the groups at risk, among those of its countries."""
    one = found(assessment.situation(situation_id))
    known = {str(group.id): group.id for code in one.places for group, _ in monitoring.groups(code)}
    chosen = request.POST.getlist("group")
    if not set(chosen) <= set(known):
        raise Refused(say("Choose among the groups of its countries."))
    actions.set_populations(one, groups=[known[each] for each in chosen], by=current())
    return _back(situation_id, at="populations")


@page(writes="assessment.draft")
@require_POST
def draft_assessment(request: HttpRequest, situation_id: UUID) -> HttpResponse:
    """Begin the next reading, against the framework chosen."""
    one = found(assessment.situation(situation_id))
    framework = frameworks.load(request.POST.get("framework", ""))
    made = drafting.draft(one, framework=framework, on=_day(request, name="on") or today(), by=current())
    return HttpResponseRedirect(reverse("assessment", args=[made.id]))


def _day(request: HttpRequest, *, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as 2026-04-01.", text=text)) from error


@page(writes="item.grade")
@require_POST
def ask_question(request: HttpRequest, situation_id: UUID) -> HttpResponse:
    """Note what is not known, and whom it was asked of."""
    one = found(assessment.situation(situation_id))
    items.open_gap(
        question=request.POST.get("question", ""),
        asked_of=request.POST.get("asked_of", ""),
        due=_day(request, name="due"),
        situation_id=one.id,
        label=one.label,
        by=current(),
    )
    return _back(situation_id, at="unknown")


@page(writes="item.grade")
@require_POST
def answer_question(request: HttpRequest, situation_id: UUID) -> HttpResponse:
    """Write down what came to a question."""
    one = found(assessment.situation(situation_id))
    asked = found(monitoring.gap(found(id_or_none(request.POST.get("gap", "")))))
    if asked.situation_id != one.id:
        raise Refused(say("This question is about another situation."))
    gaps.answer(asked, text=request.POST.get("text", ""), by=current())
    return _back(situation_id, at="unknown")


addresses = [
    path("situations/<uuid:situation_id>/", situation, name="situation"),
    path("situations/<uuid:situation_id>/move/", move_situation, name="move_situation"),
    path("situations/<uuid:situation_id>/populations/", name_populations, name="name_populations"),
    path("situations/<uuid:situation_id>/draft/", draft_assessment, name="draft_assessment"),
    path("situations/<uuid:situation_id>/ask/", ask_question, name="ask_question"),
    path("situations/<uuid:situation_id>/answer/", answer_question, name="answer_question"),
]
