"""The morning sheet: what changed since the last meeting, on one page, on the screen, in Word and as PDF."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import mark_safe

from forestall.access import actions
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import today as this_day
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.documents import preview, typst_pdf, word
from forestall.documents.morning_sheet import remarks, sheet
from forestall.institutions import queries as institutions
from forestall.record import queries as record
from forestall.workspace import morningnews
from forestall.workspace.showing import band_of, show

TAKEN = "morning sheet"
USUAL = timedelta(days=7)
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@page()
def morning(request: HttpRequest) -> HttpResponse:
    """The sheet for its reader; as a file it is noted, and the next sheet begins from that day."""
    session = current()
    day = session.as_of or this_day()
    since, known = _since(request, day=day)
    news = morningnews.gather(session, since=since, day=day)
    if request.GET.get("format") in TYPES:
        return _file(request, news)
    holders = [holder.name for holder in institutions.office_holders()]
    drawn = preview.preview(sheet(news.content), translate=morningnews.translate)
    return show(
        request,
        "workspace/morning.html",
        band=max(news.content.level, band_of(news.labels)),
        way=[(say("Today"), reverse("today")), (say("Morning sheet"), "")],
        as_of=True,
        since=since,
        day=day,
        known=known,
        sheet=mark_safe(drawn),  # noqa: S308 - the preview escapes every text
        left_out=news.content.left_out,
        remarks=remarks(news.content, office_holders=holders, translate=morningnews.translate),
    )


def _since(request: HttpRequest, *, day: date) -> tuple[date, bool]:
    """The day of the last meeting: the one asked for, else when the sheet was last taken, else a week ago.

    With it, whether the day is known rather than supposed.
    """
    text = request.GET.get("since", "")
    if text:
        try:
            return min(date.fromisoformat(text), day), True
        except ValueError as error:
            raise Refused(say("“%(text)s” is no day. Write it as year-month-day.", text=text)) from error
    last = record.last_act(f"exported: {TAKEN}", before=morningnews.Window(day, day).start)
    return (last.at.date(), True) if last else (day - USUAL, False)


def _file(request: HttpRequest, news: morningnews.News) -> HttpResponse:
    kind = request.GET["format"]
    laid_out = sheet(news.content)
    make = word.word if kind == "docx" else typst_pdf.pdf
    content = make(laid_out, translate=morningnews.translate)
    actions.taken_out(what=TAKEN, by=current())
    response = HttpResponse(content, content_type=TYPES[kind])
    prefix = "EXERCISE-" if settings.HOME.is_exercise else ""
    name = f"{prefix}morning-sheet-{news.content.day.isoformat()}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


addresses = [path("morning/", morning, name="morning")]
