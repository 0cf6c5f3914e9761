"""What an outsider needs to verify the record: the one file that verifies, a bundle without content, a statement."""

from __future__ import annotations

import tempfile
from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from forestall.access import actions, decisions
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record import bundle
from forestall.record.statement import state
from forestall.workspace.download import OCTETS, attachment
from forestall.workspace.showing import found

AUDIT = "record.audit"


@page(verb=AUDIT)
def verifier(request: HttpRequest) -> HttpResponse:
    """The file with which an outsider verifies; the same for every Office, and no secret."""
    return attachment(bundle.verifier(), name="forestall-verify")


@require_POST
def _bundle(request: HttpRequest) -> HttpResponse:
    """The entries as a bundle, written whole before the first byte leaves: never labels, salts or content."""
    actions.taken_out(what="bundle of the record, entries", by=current())
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer once it is sent
    for line in bundle.lines(bundle.ENTRIES):
        file.write(line)
    file.seek(0)
    name = _named("record.bundle")
    return FileResponse(file, as_attachment=True, filename=name, content_type=OCTETS)  # type: ignore[return-value]


@require_POST
def _statement(request: HttpRequest) -> HttpResponse:
    """A signed statement on one thing that the reader may see, without its content."""
    about = found(decisions.thing_of(request.POST.get("kind", ""), object_id=_id(request.POST.get("thing", ""))))
    made = state(about, on=_day(request.POST.get("on", "")), by=current().person_id)
    actions.taken_out(what="statement of the record", by=current())
    return attachment(made, name=_named(f"{about.kind()}-{str(about.id)[:8]}.statement"))


def _id(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise Refused(say("“%(text)s” is no id. It stands in the address of the thing's page.", text=text)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as year-month-day.", text=text)) from error


def _named(name: str) -> str:
    return f"EXERCISE-{name}" if settings.HOME.is_exercise else name


auditing = page(verb=AUDIT, writes=AUDIT)

addresses = [
    path("record/verification/forestall-verify/", verifier, name="record_verifier"),
    path("record/verification/bundle/", auditing(_bundle), name="record_bundle"),
    path("record/verification/statement/", auditing(_statement), name="record_statement"),
]
