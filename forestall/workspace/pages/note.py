"""The note: its form at the start, the sheet as it will print at the end, every sentence open to its evidence."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.advising import actions, sheet
from forestall.advising import queries as advising
from forestall.advising.queries import AdvisoryNote
from forestall.advising.states import NOTE, NoteState
from forestall.assessment import queries as assessment
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.institutions.states import CHANNELS
from forestall.labels.label import Label
from forestall.workspace import citing, noteclearance, noteoutcome, preventionoptions, profiles
from forestall.workspace.notedesk import NEW, checks, desk_of, room
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.wayfinding import address

FIELDS = ("subject", "event", "confidence_why", "ask", "decision_why")
WITH_THE_COUNCIL = "council"


@page()
def note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """The note as its reader may see it: the author writes, three others clear, the liaison sends and records."""
    one = found(advising.note(note_id))
    session = current()
    desk, written = desk_of(one), _sheet(one)
    labels = [one.label, one.warning.label, *desk.labels]
    outcome = noteoutcome.outcome_of(one, session=session)
    return show(
        request,
        "workspace/note.html",
        labelled=one,
        band=band_of([*labels, *outcome.labels]),
        way=_way(one),
        as_of=True,
        note=one,
        state=NOTE.words[one.state],
        desk=desk,
        outcome=outcome,
        warning_url=address("warning", one.warning_id),
        reading_url=address("assessment", one.warning.assessment_id),
        likely=profiles.likelihood(one.warning.likelihood),
        steps=noteclearance.steps(one),
        turn=noteclearance.turn(one, session=session),
        shown=actions.text_hash(one),
        mine=_mine(one, session=session),
        may_withdraw=_may_withdraw(one, session=session),
        may_transmit=one.state == NoteState.SIGNED and session.may("note.transmit"),
        channel=CHANNELS.get(one.channel, ""),
        recommendations=advising.recommendations(one),
        today=today(),
        **written,
        **_writing(request, one, session=session, labels=labels),
    )


def _way(one: AdvisoryNote) -> list[tuple[Words | str, str]]:
    return [
        (say("Warnings"), address("warnings")),
        (one.warning.title, address("warning", one.warning_id)),
        (say("Note %(reference)s", reference=one.reference), ""),
    ]


def _sheet(one: AdvisoryNote) -> dict[str, Any]:
    """The sheet as it prints with what the checks say; when it cannot be laid out, the reason stands in its place."""
    framework = assessment.framework_of(one.warning.assessment)
    try:
        drawn = sheet.shown(one, framework=framework, href=lambda number: f"#evidence-{number}")
    except Refused as refused:
        return {"sheet": "", "unprintable": refused.words, "checks": [], "blocked": 1}
    told = checks(drawn.remarks)
    return {
        "sheet": mark_safe(drawn.html),  # noqa: S308 - the document catalogue escapes whatever an officer typed
        "pages": drawn.fit.pages,
        "words": drawn.words,
        "room": room(drawn.room),
        "too_long": drawn.room < 0,
        "checks": told,
        "blocked": sum(check.refuses for check in told),
    }


def _mine(one: AdvisoryNote, *, session: Session) -> bool:
    return one.state == NoteState.DRAFT and one.author == session.person_id and session.may("warning.draft")


def _may_withdraw(one: AdvisoryNote, *, session: Session) -> bool:
    leads = NoteState.WITHDRAWN in NOTE.onward(one.state)
    return leads and one.author == session.person_id and session.may("warning.draft")


def _writing(
    request: HttpRequest, one: AdvisoryNote, *, session: Session, labels: list[Label]
) -> dict[str, Any]:
    """What the author's forms need: office-holders, the sentence in hand, the options tied to factors present."""
    if not _mine(one, session=session):
        return {"writing": None, "recommending": None}
    writing = None
    if "sentence" in request.GET:
        writing = citing.writing(
            one,
            request.GET["sentence"],
            situation=one.warning.situation,
            reading=one.warning.assessment,
            words=request.GET.get("q", ""),
            ticked=request.GET.getlist("with"),
        )
    return {
        "writing": writing,
        "recommending": preventionoptions.recommending(one, request.GET.get("option", "")),
        "options": preventionoptions.tied(one),
        "holders": [holder for holder in institutions.office_holders() if holder.counterpart.kind_of_body != WITH_THE_COUNCIL],
    }


def _back(note_id: UUID, *, at: str = "", **query: str | list[str]) -> HttpResponseRedirect:
    asked = f"?{urlencode(query, doseq=True)}" if query else ""
    return HttpResponseRedirect(reverse("note", args=[note_id]) + asked + (f"#{at}" if at else ""))


@page(writes="warning.draft")
@require_POST
def write_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Keep the form: subject, ask, addressee, day and reason, the event and why the confidence is what it is."""
    one = found(advising.note(note_id))
    chosen = request.POST.get("addressee", "")
    holder = found(institutions.office_holder(chosen)) if chosen else None
    given: dict[str, Any] = {name: request.POST[name].strip() for name in FIELDS if name in request.POST}
    day, wrong = _day(request.POST.get("decision_by", ""))
    actions.write_note(one, addressee=holder, decision_by=day, by=current(), **given)
    if wrong is not None:
        messages.error(request, wrong)  # type: ignore[arg-type]  # Words: the template translates it
    return _back(note_id)


def _day(text: str) -> tuple[date | None, Words | None]:
    """The day written, if one is; else what is wrong with it. What else was typed is kept either way."""
    try:
        return (date.fromisoformat(text.strip()) if text.strip() else None), None
    except ValueError:
        return None, say("“%(text)s” is no day. Write it as 2026-04-01. Everything else was kept.", text=text)


@page(writes="warning.draft")
@require_POST
def write_sentence(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Write one sentence with what it cites; or leave it out, or move it up; or keep it and look for more to cite."""
    one = found(advising.note(note_id))
    section, place = request.POST.get("section", ""), request.POST.get("place", "")
    found(citing.sentence_at(one, section, place=place))
    act = request.POST.get("act", "keep")
    text, ticked = request.POST.get("text", ""), request.POST.getlist("observation")
    if act == "look" and not text.strip():
        return _back(note_id, at="sentence", sentence=f"{section}.{place}", q=request.POST.get("q", ""), **{"with": ticked})
    citing.check_unchanged(one, section, place=place, was=request.POST.get("was", ""))
    if act == "drop":
        sections = citing.without(one, section, place=place)
    elif act == "up":
        sections = citing.raised(one, section, place=place)
    else:
        sections = citing.written(one, section, place=place, text=text, observations=ticked)
    actions.write_note(one, sections=sections, by=current())
    if act == "look":
        kept = str(len(sections[section])) if place == NEW else place
        return _back(note_id, at="sentence", sentence=f"{section}.{kept}", q=request.POST.get("q", ""))
    return _back(note_id, at=f"part-{section}")


@page(writes="warning.draft")
@require_POST
def recommend(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Recommend something to be done, by whom and by when, against which factors."""
    one = found(advising.note(note_id))
    day, wrong = _day(request.POST.get("due", ""))
    if wrong is not None:
        raise Refused(wrong)
    actions.recommend(
        one,
        text=request.POST.get("text", ""),
        lead=request.POST.get("lead", ""),
        option=request.POST.get("option", ""),
        due=day,
        factors=request.POST.getlist("factor"),
        by=current(),
    )
    return _back(note_id, at="recommendations")


@page(writes="warning.draft")
@require_POST
def drop_recommendation(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Leave a recommendation out of a draft."""
    one = found(advising.recommendation(recommendation_id))
    actions.drop(one, by=current())
    return _back(one.note_id, at="recommendations")


addresses = [
    path("notes/<uuid:note_id>/", note, name="note"),
    path("notes/<uuid:note_id>/write/", write_note, name="write_note"),
    path("notes/<uuid:note_id>/sentence/", write_sentence, name="write_sentence"),
    path("notes/<uuid:note_id>/recommend/", recommend, name="recommend"),
    path("recommendations/<uuid:recommendation_id>/drop/", drop_recommendation, name="drop_recommendation"),
]
