"""Every page, command and job is declared: which verb it needs, or that it needs none. An undeclared one fails the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from . import stepup
from .roles import VERBS
from .session import current

View = Callable[..., HttpResponse]


class Openness(StrEnum):
    """Who may ask for a page at all."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


@dataclass(frozen=True)
class Declaration:
    """What a page, command or job was declared to need. `writes` names the verb that its POST needs.

    `step_up`: what it is sent needs the second factor shown within ten minutes. `own_factors`: the page itself does, for
    it is about how one signs in. Any page asked for as a table in a file does, without saying so. `outside`: people of other
    organisations may open it; every other page is, for them, as if it never was.
    """

    name: str
    openness: Openness
    verb: str | None = None
    writes: str | None = None
    step_up: bool = False
    own_factors: bool = False
    outside: bool = False


DECLARED: dict[str, Declaration] = {}


def _declare(name: str, declaration: Declaration) -> None:
    for verb in (declaration.verb, declaration.writes):
        if verb is not None and verb not in VERBS:
            raise ValueError(f"{name} is declared with the verb {verb}, which no role can grant")
    DECLARED[name] = declaration


def page(
    *,
    verb: str | None = None,
    writes: str | None = None,
    step_up: bool = False,
    own_factors: bool = False,
    outside: bool = False,
) -> Callable[[View], View]:
    """Declare a page for signed-in people; `verb` is needed to open it and `writes` to send it a form.

    `step_up`: before its forms are taken the second factor is shown again. `own_factors`: before it is opened at all.
    `outside`: people of other organisations may open it too.
    """

    def declare(view: View) -> View:
        name = f"{view.__module__}.{view.__qualname__}"
        declaration = Declaration(name, Openness.SIGNED_IN, verb, writes, step_up, own_factors, outside)
        _declare(name, declaration)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
            session = current()
            if session.outside and not outside:
                raise Http404
            if verb is not None:
                session.check_may(verb)
            back = stepup.pass_or_ask(request, forms=step_up, whole=own_factors)
            if back is not None:
                return back
            if writes is not None and request.method not in ("GET", "HEAD", "OPTIONS"):
                session.check_may(writes)
            return view(request, *args, **kwargs)

        guarded.declaration = declaration  # type: ignore[attr-defined]
        return guarded

    return declare


def open_page(view: View) -> View:
    """Declare a page that anyone may ask for: signing in, and what tells nothing."""
    name = f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"
    declaration = Declaration(name, Openness.ANYONE)
    _declare(name, declaration)

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    opened.declaration = declaration  # type: ignore[attr-defined]
    return opened


def job(*, reader: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a job of the worker, run as the system reader named."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{function.__module__}.{function.__qualname__}"
        DECLARED[name] = Declaration(f"{name} as {reader}", Openness.SIGNED_IN)
        function.declaration = DECLARED[name]  # type: ignore[attr-defined]
        return function

    return declare
