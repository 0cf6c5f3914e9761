"""Known, said, answered between two days: on the screen, in Word and as PDF, computed as of the second day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from forestall import places
from forestall.access import actions
from forestall.access.declared import page
from forestall.access.session import current
from forestall.advising.chronicle import Scope, compute
from forestall.assessment import queries as assessment
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.documents import preview, typst_pdf, word
from forestall.documents.chronicle import ChronicleContent, remarks, sheet
from forestall.workspace import morningnews, worldtable
from forestall.workspace.download import attachment
from forestall.workspace.exercisecountries import exercise_countries, invented
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import url_of
from forestall.workspace.wayfinding import address

if TYPE_CHECKING:
    from forestall.record.models import Recorded

TAKEN = "known, said, answered"
USUAL = timedelta(days=90)
MAKERS = {"pdf": typst_pdf.pdf, "docx": word.word}


@dataclass(frozen=True)
class Asked:
    """What is asked for: the scope and the two days; `back` leads to what it is about."""

    scope: Scope
    since: date
    until: date
    back: str = ""


@page()
def chronicle(request: HttpRequest) -> HttpResponse:
    """The form for scope and days, and the document as it would print."""
    asked = _asked(request.GET)
    content = _computed(asked)
    return show(
        request,
        "workspace/chronicle.html",
        band=band_of([content.level]),
        way=[(say("Record"), reverse("record")), (say("Known, said, answered"), "")],
        asked=asked,
        title=content.scope,
        situations=assessment.situations(closed=True),
        countries=_countries(asked.scope.iso3),
        sheet=mark_safe(preview.preview(sheet(content), translate=morningnews.translate)),  # noqa: S308 - the preview escapes every text
        digest=content.digest,
        remarks=remarks(content),
    )


@require_POST
def _file(request: HttpRequest) -> HttpResponse:
    """The document to take away; noted, and kept nowhere: it can be computed again."""
    ending = request.POST.get("ending", "")
    if ending not in MAKERS:
        raise Refused(say("Choose PDF or Word."))
    content = _computed(_asked(request.POST))
    made = MAKERS[ending](sheet(content), translate=morningnews.translate)
    actions.taken_out(what=TAKEN, by=current())
    prefix = "EXERCISE-" if settings.HOME.is_exercise else ""
    return attachment(made, name=f"{prefix}known-said-answered-{content.since}-{content.until}.{ending}")


def _computed(asked: Asked) -> ChronicleContent:
    return compute(asked.scope, since=asked.since, until=asked.until, by=current(), language=worldtable.language(), href=_href)


def _href(thing: Recorded) -> str:
    return url_of(thing.kind(), object_id=thing.id)


def _asked(sent: QueryDict) -> Asked:
    """Without days: the last 90. Raises `Refused` for what is no day; what one may not see is not there."""
    until = _day(sent.get("until", "")) or today()
    since = _day(sent.get("since", "")) or until - USUAL
    about = sent.get("about", "")
    if (named := _id(about)) is not None:
        situation = found(assessment.situation(named))
        return Asked(Scope(situation.title, situation_id=situation.id), since, until, address("situation", situation.id))
    if about:
        country = found(_country(about))
        return Asked(Scope(country.name(worldtable.language()), iso3=country.iso3), since, until, address("state", country.iso3))
    return Asked(Scope(_all()), since, until)


def _all() -> Words:
    return say("Everything that the reader may see")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as year-month-day.", text=text)) from error


def _country(iso3: str) -> places.Country | None:
    try:
        return invented(iso3) or places.country(iso3)
    except Refused:
        return None


def _countries(chosen: str) -> list[tuple[str, str]]:
    """States that are watched, and the one that is asked about."""
    codes = {code for one in assessment.situations(closed=True) for code in one.places} | ({chosen} if chosen else set())
    codes |= {one.iso3 for one in exercise_countries()}
    named = [(code, one.name(worldtable.language())) for code in codes if (one := _country(code)) is not None]
    return sorted(named, key=lambda pair: pair[1])


addresses = [
    path("record/known/", chronicle, name="chronicle"),
    path("record/known/file/", page(step_up=True)(_file), name="chronicle_file"),
]
