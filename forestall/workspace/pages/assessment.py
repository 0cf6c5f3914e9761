"""One reading of a situation: it opens on what moved, then factor by factor; challenge, dissent, clearance."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall import frameworks
from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import current
from forestall.assessment import queries as assessment
from forestall.assessment.actions import assessment as actions
from forestall.assessment.queries import Assessment
from forestall.assessment.states import ASSESSMENT, CONFIDENCE_WORDS, PRESENCE_WORDS, TREND_WORDS
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.workspace import clearancebar, exporting, profiles
from forestall.workspace.assessmentreading import Reading
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.dates import in_words
from forestall.workspace.wayfinding import address

HEAD = (
    say("Number"), say("Factor or indicator"), say("Presence before"), say("Presence"), say("Trend"),
    say("Confidence"), say("Why"), say("Observations cited"),
)  # fmt: skip
GROUNDS = ("cleared", "issued")
"""States of an assessment on which a warning can be raised."""


@page()
def assessment_page(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """A reading: what moved, one factor of it, or side by side with the other framework."""
    one = found(assessment.assessment(assessment_id))
    reading = Reading(one, found(assessment.situation(one.situation_id)))
    if exporting.asked(request):
        band = band_of(reading.labels)
        return exporting.table_file(request, name="judgements", head=HEAD, rows=_lines(reading), levels=[band], rests=exporting.OURS)
    number = request.GET.get("factor", "")
    context = {**_always(reading), **_challenge(reading, number=number)}
    if number:
        context |= _factor(reading, number=number)
        template = "workspace/assessment_factor.html"
    elif request.GET.get("view") == "crosswalk":
        context |= _crosswalk(reading)
        template = "workspace/assessment_crosswalk.html"
    else:
        context |= _overview(reading)
        template = "workspace/assessment.html"
    return show(request, template, band=band_of(reading.labels), way=_way(reading), as_of=True, labelled=one, **context)


def _way(reading: Reading) -> list[tuple[Any, str]]:
    situation = reading.situation
    return [
        (say("Situations"), address("situations")),
        (situation.title, address("situation", situation.id)),
        (say("Reading of %(day)s", day=in_words(reading.assessment.on)), ""),
    ]


def _always(reading: Reading) -> dict[str, Any]:
    one, session = reading.assessment, current()
    return {
        "reading": reading,
        "assessment": one,
        "situation": reading.situation,
        "situation_url": address("situation", one.situation_id),
        "overview_url": address("assessment", one.id),
        "crosswalk_url": address("assessment", one.id, view="crosswalk"),
        "framework_title": profiles.worded(reading.framework.title),
        "state": ASSESSMENT.words[one.state],
        "lines": reading.lines(),
        "unheard": reading.unheard(),
        "steps": clearancebar.steps(one),
        "verbs": clearancebar.verbs(one, framework=reading.framework, session=session),
        "may_write": one.state == "draft" and session.may("assessment.draft") and one.author == session.person_id,
        "may_withdraw": clearancebar.may_withdraw(one, session=session),
        "may_warn": one.state in GROUNDS and session.may("warning.draft"),
        "presences": list(PRESENCE_WORDS),
        "trends": list(TREND_WORDS),
        "confidences": list(CONFIDENCE_WORDS),
    }


def _challenge(reading: Reading, *, number: str) -> dict[str, Any]:
    """Remarks and dissent: all of them, or those about one factor and its indicators and those about the whole."""
    session = current()
    dissents = assessment.dissents(reading.assessment)
    remarks = assessment.reviews(reading.assessment)
    names = people.names([*(one.by for one in dissents), *(one.by for one in remarks)])
    reading.labels += [*(one.label for one in dissents), *(one.label for one in remarks)]

    def about(told: str) -> bool:
        return not number or not told or told.partition(".")[0] == number

    is_author = reading.assessment.author == session.person_id
    return {
        "dissents": [(one, names.get(one.by, "")) for one in dissents if about(one.number)],
        "remarks": [(one, names.get(one.by, "")) for one in remarks if about(one.number)],
        "may_dissent": session.may("assessment.review") or session.may("assessment.draft"),
        "may_remark": session.may("assessment.review"),
        "may_answer": is_author and session.as_of is None,
        "numbers": [one.number for one in reading.framework.factors],
    }


def _overview(reading: Reading) -> dict[str, Any]:
    one = reading.assessment
    scenarios = assessment.scenarios(one)
    reading.labels += [each.label for each in scenarios]
    described = {"summary": one.summary, "mitigation": one.mitigation, "unknowns": "\n".join(one.unknowns)}
    return {
        "scenarios": [(each, profiles.likelihood(each.likelihood)) for each in scenarios],
        "likelihoods": profiles.likelihoods(),
        "described": described,
        "across": profiles.readings_across(reading.framework, shown=one, judged=reading.judged),
    }


def _factor(reading: Reading, *, number: str) -> dict[str, Any]:
    order = [one.number for one in reading.framework.factors]
    if number not in order:
        raise Http404
    blocks = reading.factor(number)
    place = order.index(number)
    return {
        "number": number,
        "title": profiles.name_of(reading.framework, number),
        "factor": blocks[0],
        "blocks": blocks,
        "previous": reading.lines()[place - 1] if place else None,
        "next": reading.lines()[place + 1] if place + 1 < len(order) else None,
        "to_do": sum(one.judgement is None for one in blocks[1:]),
        "against": reading.against(blocks),
        "factor_shifts": [one for one in reading.shifts if one.number.partition(".")[0] == number],
    }


def _crosswalk(reading: Reading) -> dict[str, Any]:
    """The other framework beside this one, as far as the two answer to each other."""
    own = reading.framework
    others = [frameworks.load(one) for one in frameworks.entries() if one != own.id]
    other = next((one for one in others if own.id == one.crosswalk_to or one.id == own.crosswalk_to), None)
    if other is None:
        return {"rows": [], "older": own, "newer": own}
    read = assessment.latest(reading.situation, framework=other.id, issued=False)
    if read is not None:
        reading.labels.append(read.label)
    older, newer = (own, other) if own.crosswalk_to == other.id else (other, own)
    return {
        "rows": profiles.side_by_side(own, shown=reading.assessment, other=read, other_id=other.id),
        "older_title": profiles.worded(older.title),
        "newer_title": profiles.worded(newer.title),
        "other_read": read,
    }


def _lines(reading: Reading) -> list[list[Any]]:
    numbers = [each for factor in reading.framework.factors for each in (factor.number, *(i.number for i in factor.indicators))]
    return [_line(reading, number) for number in numbers]


def _line(reading: Reading, number: str) -> list[Any]:
    was, now = reading.was.get(number), reading.judged.get(number)
    return [
        number,
        profiles.name_of(reading.framework, number),
        PRESENCE_WORDS[profiles.presence_of(was)] if was else "",
        PRESENCE_WORDS[profiles.presence_of(now)],
        TREND_WORDS[now.trend] if now else "",
        CONFIDENCE_WORDS[now.confidence] if now else "",
        now.note if now else "",
        len(now.observations) if now else 0,
    ]


def _back(one: Assessment, *, factor: str = "", at: str = "") -> HttpResponseRedirect:
    url = reverse("assessment", args=[one.id])
    return HttpResponseRedirect(url + (f"?factor={factor}" if factor else "") + (f"#{at}" if at else ""))


@page(writes="assessment.draft")
@require_POST
def judge(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The author's judgement of one factor or indicator."""
    one = found(assessment.assessment(assessment_id))
    number = request.POST.get("number", "")
    factor = number.partition(".")[0]
    _known(one, number)
    actions.judge(
        one,
        number=number,
        presence=request.POST.get("presence", ""),
        trend=request.POST.get("trend", ""),
        confidence=request.POST.get("confidence", ""),
        note=request.POST.get("note", ""),
        observations=request.POST.getlist("observations"),
        by=current(),
    )
    return _back(one, factor=factor, at=f"n{number}")


def _known(one: Assessment, number: str) -> None:
    framework = assessment.framework_of(one)
    if number not in {factor.number for factor in framework.factors} | set(framework.numbers):
        raise Refused(say("%(framework)s has no factor or indicator %(number)s.", framework=framework.id, number=number))


@page(writes="assessment.draft")
@require_POST
def describe(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Summary, what holds the risk down, and what is not known, a line each."""
    one = found(assessment.assessment(assessment_id))
    actions.describe(
        one,
        summary=request.POST.get("summary", ""),
        mitigation=request.POST.get("mitigation", ""),
        unknowns=request.POST.get("unknowns", "").splitlines(),
        by=current(),
    )
    return _back(one, at="words")


@page(writes="assessment.draft")
@require_POST
def add_scenario(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """A way things may go."""
    one = found(assessment.assessment(assessment_id))
    likelihood = request.POST.get("likelihood", "")
    if likelihood and profiles.likelihood(likelihood) is None:
        raise Refused(say("Choose a likelihood word of the scale."))
    actions.add_scenario(
        one,
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        likelihood=likelihood,
        until=_day(request.POST.get("until", "")),
        watch=[line.strip() for line in request.POST.get("watch", "").splitlines() if line.strip()],
        by=current(),
    )
    return _back(one, at="scenarios")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as 2026-04-01.", text=text)) from error


@page()
@require_POST
def dissent(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """See it otherwise, for the record."""
    one = found(assessment.assessment(assessment_id))
    number = request.POST.get("number", "").strip()
    if number:
        _known(one, number)
    actions.dissent(one, text=request.POST.get("text", ""), number=number, by=current())
    return _back(one, factor=number.partition(".")[0], at="challenge")


@page(writes="assessment.review")
@require_POST
def remark(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """A question or remark in the margin."""
    one = found(assessment.assessment(assessment_id))
    number = request.POST.get("number", "").strip()
    if number:
        _known(one, number)
    actions.remark(one, text=request.POST.get("text", ""), number=number, by=current())
    return _back(one, factor=number.partition(".")[0], at="challenge")


@page(writes="assessment.draft")
@require_POST
def answer(request: HttpRequest, assessment_id: UUID, review_id: UUID) -> HttpResponse:
    """The author answers a remark."""
    one = found(assessment.assessment(assessment_id))
    said = found(assessment.review(review_id))
    if said.assessment_id != one.id:
        raise Http404
    actions.answer(said, text=request.POST.get("text", ""), by=current())
    return _back(one, factor=said.number.partition(".")[0], at="challenge")


@page()
@require_POST
def move(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Submit, clear, return, issue or withdraw: the verb is the button's."""
    one, session = found(assessment.assessment(assessment_id)), current()
    verb = request.POST.get("verb", "")
    if verb == "submit":
        actions.submit(one, framework=assessment.framework_of(one), by=session)
    elif verb == "clear":
        actions.clear(one, by=session)
    elif verb == "return":
        actions.send_back(one, reason=request.POST.get("reason", ""), by=session)
    elif verb == "withdraw":
        actions.withdraw(one, reason=request.POST.get("reason", ""), by=session)
    elif verb == "issue":
        actions.issue(one, by=session)
    else:
        raise Refused(say("Choose what to do with this assessment."))
    return _back(one)


addresses = [
    path("assessments/<uuid:assessment_id>/", assessment_page, name="assessment"),
    path("assessments/<uuid:assessment_id>/judge/", judge, name="judge"),
    path("assessments/<uuid:assessment_id>/words/", describe, name="describe_assessment"),
    path("assessments/<uuid:assessment_id>/scenarios/", add_scenario, name="add_scenario"),
    path("assessments/<uuid:assessment_id>/dissent/", dissent, name="dissent"),
    path("assessments/<uuid:assessment_id>/remarks/", remark, name="remark"),
    path("assessments/<uuid:assessment_id>/remarks/<uuid:review_id>/", answer, name="answer_remark"),
    path("assessments/<uuid:assessment_id>/move/", move, name="move_assessment"),
]
