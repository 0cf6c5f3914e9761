"""One warning: what it rests on, its notes, the ask, what came back, and the follow-up of every recommendation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import current
from forestall.advising import actions
from forestall.advising import queries as advising
from forestall.advising.states import WARNING
from forestall.assessment import queries as assessment
from forestall.assessment.queries import Assessment
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.documents.phrasing import LANGUAGES
from forestall.workspace import profiles
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.warningcourse import story_of
from forestall.workspace.wayfinding import address

CONFIDENCES = ("low", "moderate", "high")
LANGUAGE_NAMES = {
    "en": "English", "fr": "Français", "es": "Español", "ru": "Русский", "ar": "العربية", "zh": "中文",
}  # fmt: skip


@page()
def warning(request: HttpRequest, warning_id: UUID) -> HttpResponse:
    """The warning and all that followed it, now or as of a past day."""
    one = found(advising.warning(warning_id))
    session = current()
    story = story_of(one, day=session.as_of or today())
    return show(
        request,
        "workspace/warning.html",
        labelled=one,
        band=band_of(story.labels),
        way=[(say("Warnings"), address("warnings")), (one.title, "")],
        as_of=True,
        warning=one,
        story=story,
        state=WARNING.words[one.state],
        likely=profiles.likelihood(one.likelihood),
        may_draft=session.may("warning.draft") and one.state != "closed",
        may_close=session.may("warning.draft") and "closed" in WARNING.onward(one.state),
        languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGE_NAMES if code in LANGUAGES],
    )


@page(verb="warning.draft", writes="warning.draft")
def raise_warning(request: HttpRequest) -> HttpResponse:
    """Warn on the ground of an assessment: where and what, how likely, how well founded, until when."""
    one = found(assessment.assessment(_id(request.GET.get("assessment", "") or request.POST.get("assessment", ""))))
    if request.method == "POST":
        made = actions.raise_warning(
            one,
            title=request.POST.get("title", ""),
            likelihood=request.POST.get("likelihood", ""),
            confidence=request.POST.get("confidence", ""),
            until=_day(request, name="until"),
            by=current(),
        )
        return HttpResponseRedirect(reverse("warning", args=[made.id]))
    return show(
        request,
        "workspace/warning_new.html",
        band=band_of([one.label, one.situation.label]),
        way=[(say("Warnings"), address("warnings")), (say("Raise a warning"), "")],
        assessment=one,
        reading_url=address("assessment", one.id),
        grounds=_may_ground(one),
        likelihoods=profiles.likelihoods(),
        confidences=CONFIDENCES,
        today=today(),
    )


def _may_ground(one: Assessment) -> bool:
    return one.state in ("issued", "cleared")


@page(writes="warning.draft")
@require_POST
def draft_note(request: HttpRequest, warning_id: UUID) -> HttpResponse:
    """Begin the note of a warning, in the language its addressee reads."""
    one = found(advising.warning(warning_id))
    made = actions.draft_note(
        one,
        subject=request.POST.get("subject", ""),
        language=request.POST.get("language", "en"),
        by=current(),
    )
    return HttpResponseRedirect(reverse("note", args=[made.id]))


@page(writes="warning.draft")
@require_POST
def close_warning(request: HttpRequest, warning_id: UUID) -> HttpResponse:
    """Put the warning away."""
    actions.close_warning(found(advising.warning(warning_id)), by=current())
    return HttpResponseRedirect(reverse("warning", args=[warning_id]))


@page()
@require_POST
def follow_up(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Record what became of a recommendation; which role may depends on the move."""
    one = found(advising.recommendation(recommendation_id))
    to = request.POST.get("to", "")
    if not to:
        raise Refused(say("Choose what became of the recommendation."))
    actions.follow_up(one, to=to, by=current())
    return HttpResponseRedirect(reverse("warning", args=[one.note.warning_id]) + "#follow-up")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(say("A warning is raised on an assessment. Open one that is issued, and begin there.")) from error


def _day(request: HttpRequest, *, name: str) -> date:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as 2026-04-01.", text=text)) from error


addresses = [
    path("warnings/new/", raise_warning, name="raise_warning"),
    path("warnings/<uuid:warning_id>/", warning, name="warning"),
    path("warnings/<uuid:warning_id>/note/", draft_note, name="draft_note"),
    path("warnings/<uuid:warning_id>/close/", close_warning, name="close_warning"),
    path("recommendations/<uuid:recommendation_id>/follow-up/", follow_up, name="follow_up"),
]
