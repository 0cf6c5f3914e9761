"""The page that asks once more who it is: the request that was made stands in its form, and goes on with the proof."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forestall.access import secondfactor, stepup
from forestall.access.secondfactor import Factor
from forestall.access.stepup import ProofNeeded

LEFT_OUT = stepup.FIELDS | {"csrfmiddlewaretoken"}


def ask(request: HttpRequest, needed: ProofNeeded) -> HttpResponse:
    """Ask for the factor. Nothing that was typed is lost: it stands, hidden, in the form."""
    typed = [(name, value) for name in request.POST if name not in LEFT_OUT for value in request.POST.getlist(name)]
    if needed.factor is Factor.KEY:
        secondfactor.check_works_here(request)
    asked_for = request.POST.get(stepup.FOR) or ("POST" if request.method == "POST" else "GET")
    return render(
        request,
        "workspace/confirm.html",
        {
            "factor": needed.factor.value,
            "wrong": needed.said,
            "typed": typed if asked_for == "POST" else [],
            "asked_for": asked_for,
            "action": request.get_full_path(),
            "back": request.POST.get("back", "") or "/",
            "challenge": secondfactor.challenge(request) if needed.factor is Factor.KEY else None,
            "band": 1,
        },
        status=403,
    )
