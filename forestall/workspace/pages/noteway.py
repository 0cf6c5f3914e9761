"""A note on its way: submitted, cleared or returned, signed, transmitted, answered; and its sheets to take away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import current
from forestall.advising import actions, sheet
from forestall.advising import queries as advising
from forestall.advising.queries import AdvisoryNote
from forestall.advising.sheet import Rendered
from forestall.advising.states import NOTE
from forestall.assessment import queries as assessment
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.workspace.download import attachment
from forestall.workspace.showing import found

ENDINGS = ("pdf", "docx")


def _rendered(one: AdvisoryNote) -> Rendered:
    return sheet.render(one, framework=assessment.framework_of(one.warning.assessment))


def _tell(request: HttpRequest, one: AdvisoryNote) -> None:
    """Say with whom the note now is."""
    told = say("Note %(reference)s: %(state)s.", reference=one.reference, state=NOTE.words[one.state])
    messages.success(request, told.text(gettext))


def _back(note_id: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("note", args=[note_id]))


@page(writes="warning.draft")
@require_POST
def submit_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Give the note to the second reader."""
    one = found(advising.note(note_id))
    _tell(request, actions.submit(one, rendered=_rendered(one), by=current()))
    return _back(note_id)


@page(writes="warning.draft")
@require_POST
def withdraw_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Take the note back before it leaves."""
    actions.withdraw(found(advising.note(note_id)), by=current())
    return _back(note_id)


@page()
@require_POST
def clear_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Take the step the note waits for, over the text that was read; the office decides who may."""
    one = actions.clear(found(advising.note(note_id)), shown=request.POST.get("shown", ""), by=current())
    _tell(request, one)
    return _back(note_id)


@page()
@require_POST
def return_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Return the note to its author, with the reason."""
    one = actions.send_back(
        found(advising.note(note_id)), reason=request.POST.get("reason", ""), by=current()
    )
    _tell(request, one)
    return _back(note_id)


@page(writes="note.transmit")
@require_POST
def transmit_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Send the signed note through its channel, and keep the very sheets that left."""
    one = found(advising.note(note_id))
    actions.transmit(one, rendered=_rendered(one), by=current())
    return _back(note_id)


@page(writes="note.transmit")
@require_POST
def record_response(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Record a receipt, an answer or silence."""
    text = request.POST.get("on", "").strip()
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as 2026-04-01.", text=text)) from error
    actions.record_response(
        found(advising.note(note_id)),
        outcome=request.POST.get("outcome", ""),
        channel=request.POST.get("channel", ""),
        text=request.POST.get("text", ""),
        on=on,
        by=current(),
    )
    return _back(note_id)


@page(writes="note.transmit")
@require_POST
def close_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Put away a note whose outcome is recorded."""
    actions.close_note(found(advising.note(note_id)), by=current())
    return _back(note_id)


@page()
def note_sheet(request: HttpRequest, note_id: UUID, ending: str) -> HttpResponse:
    """The sheet as it stands, to take away; the record notes the export."""
    one = found(advising.note(note_id))
    _check_ending(ending)
    taken = actions.take_sheet(one, rendered=_rendered(one), ending=ending, by=current())
    return attachment(taken.content, name=taken.name)


@page()
def sent_sheet(request: HttpRequest, transmittal_id: UUID, ending: str) -> HttpResponse:
    """The very sheet that left; its custody notes the export."""
    one = found(advising.transmittal(transmittal_id))
    _check_ending(ending)
    taken = actions.take_transmitted(one, ending=ending, by=current())
    return attachment(taken.content, name=taken.name)


def _check_ending(ending: str) -> None:
    found(ending if ending in ENDINGS else None)


addresses = [
    path("notes/<uuid:note_id>/submit/", submit_note, name="submit_note"),
    path("notes/<uuid:note_id>/withdraw/", withdraw_note, name="withdraw_note"),
    path("notes/<uuid:note_id>/clear/", clear_note, name="clear_note"),
    path("notes/<uuid:note_id>/return/", return_note, name="return_note"),
    path("notes/<uuid:note_id>/transmit/", transmit_note, name="transmit_note"),
    path("notes/<uuid:note_id>/response/", record_response, name="record_response"),
    path("notes/<uuid:note_id>/close/", close_note, name="close_note"),
    path("notes/<uuid:note_id>/sheet.<str:ending>", note_sheet, name="note_sheet"),
    path("transmittals/<uuid:transmittal_id>/sheet.<str:ending>", sent_sheet, name="sent_sheet"),
]
