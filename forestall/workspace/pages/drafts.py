"""Working drafts: kept while somebody types, for that person alone, outside the record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record import drafts
from forestall.workspace import unsent
from forestall.workspace.outcomes import page_before
from forestall.workspace.refilling import KEY


@page()
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a form; the answer is the line that says so."""
    kept = unsent.keep(_form(request), unsent.typed_in(request), session=current())
    return render(request, "workspace/unsent.html", {"draft": kept})


@page()
@require_POST
def forget_draft(request: HttpRequest) -> HttpResponse:
    """Put one's own draft away; the form comes back as it stands for everybody."""
    drafts.forget(person=current().person_id, form=_form(request))
    return HttpResponseRedirect(page_before(request) or "/")


def _form(request: HttpRequest) -> str:
    form = request.POST.get(KEY, "")
    if not form:
        raise Refused(say("No form was named. Go back and send it again."))
    return form


addresses = [
    path("drafts/", keep_draft, name="keep_draft"),
    path("drafts/forget/", forget_draft, name="forget_draft"),
]
