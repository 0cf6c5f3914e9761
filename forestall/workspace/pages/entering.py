"""Coming in: the exercise's one-time link and its seats, an invitation to a real home, the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from forestall.access import actions, policies, queries
from forestall.access.declared import open_page, page
from forestall.access.middleware import EXERCISE_LINK, LANGUAGE
from forestall.access.roles import ROLES
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.workspace.formfields import person_in
from forestall.workspace.showing import found, show

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LOOPBACK = ("127.0.0.1", "::1")


@open_page
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link printed on the terminal: once, from this machine, in an exercise home."""
    if not settings.HOME.is_exercise or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    found(actions.use_link(token, purpose="exercise"))
    request.session.cycle_key()
    request.session[EXERCISE_LINK] = True
    first = next((person for person in queries.people() if person.is_active), None)
    login(request, found(first), backend=BACKEND)
    return HttpResponseRedirect(reverse("seats"))


@page(outside=True)
def seats(request: HttpRequest) -> HttpResponse:
    """In an exercise home, entered by its link: take the seat of any of its people."""
    if not request.session.get(EXERCISE_LINK):
        raise Http404
    if request.method == "POST":
        chosen = person_in(request, "person")
        language = request.session.get(LANGUAGE)
        login(request, chosen, backend=BACKEND)
        request.session[EXERCISE_LINK] = True
        if language:  # the reader chose it, not the seat
            request.session[LANGUAGE] = language
        return HttpResponseRedirect("/")
    people = [
        {"person": person, "roles": [ROLES[grant.role].name for grant in person.grants.all()]}
        for person in queries.people()
        if person.is_active
    ]
    return show(request, "workspace/seats.html", band=1, way=[(say("Seats"), "")], people=people)


@open_page
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: choose a password, once."""
    if request.method != "POST":
        return show(request, "workspace/invited.html", band=0)
    chosen, again = request.POST.get("password", ""), request.POST.get("again", "")
    if chosen != again:
        raise Refused(say("The two passwords differ. Type the same one twice."))
    policies.check_password(password=chosen)
    with transaction.atomic():  # a password that is refused leaves the invitation unused
        link = found(actions.use_link(token, purpose="invitation"))
        actions.set_password(found(link.person), password=chosen)
    return HttpResponseRedirect(reverse("account_login"))


@require_POST
def _set_language(request: HttpRequest) -> HttpResponse:
    """Read the pages in another language from now on."""
    chosen = request.POST.get("language", "")
    onward = request.POST.get("next", "/")
    if chosen in dict(settings.LANGUAGES):
        request.session[LANGUAGE] = chosen
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}):
        onward = "/"
    response = HttpResponseRedirect(onward)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", httponly=True
        )
    return response


addresses = [
    path("enter/<str:token>/", enter, name="enter"),
    path("seats/", seats, name="seats"),
    path("invited/<str:token>/", invited, name="invited"),
    path("language/", open_page(_set_language), name="set_language"),
]
