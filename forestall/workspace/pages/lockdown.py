"""Shut everything at once."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.keeping import shutting
from forestall.workspace.showing import show


@page(verb="home.shut", writes="home.shut")
def lockdown(request: HttpRequest) -> HttpResponse:
    """What it does, who opens it again, and the button. No second factor is asked: there may be no time."""
    if request.method == "POST":
        if request.POST.get("meant") != "yes":
            raise Refused(say("Tick the box if you mean it."))
        shutting.shut(by=current())
        return render(request, "workspace/locked.html", {"home": settings.HOME})
    return show(request, "workspace/lockdown.html", band=1, way=[(say("Shut everything"), "")], holders=shutting.holders())


addresses = [path("lockdown/", lockdown, name="lockdown")]
