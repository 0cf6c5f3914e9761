"""What stands around every page: the home's kind, the menu, the past day, the person's own links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from forestall import __version__
from forestall.access.secondfactor import works_here
from forestall.access.session import Session
from forestall.base.words import Words, say
from forestall.labels.binding import reading

MENU: tuple[tuple[str, Words], ...] = (
    ("today", say("Today")),
    ("inbox", say("Inbox")),
    ("states", say("States")),
    ("situations", say("Situations")),
    ("warnings", say("Warnings")),
    ("engagements", say("Engagements")),
    ("calendar", say("Calendar")),
    ("programme", say("Programme")),
    ("library", say("Library")),
    ("record", say("Record")),
)
"""Officers work by country, counterpart and date. An entry is shown once its page exists and the person may open it."""

BELONG = {"warnings": ("/notes/",), "inbox": ("/items/",), "situations": ("/assessments/",), "record": ("/records/",)}
"""Addresses outside an entry's own that belong under it."""

PERSON_MENU: tuple[tuple[str, Words, str], ...] = (
    ("giving", say("Give information"), "contribution.give"),
    ("forecasts", say("Forecasts"), ""),
    ("sources", say("Sources"), ""),
    ("counterparts", say("Counterparts"), ""),
    ("vault", say("Source vault"), "vault.open"),
    ("people", say("People"), "people.keep"),
    ("openings", say("Emergency openings"), ""),
    ("lockdown", say("Shut everything"), "home.shut"),
    ("own_account", say("Your account"), ""),
    ("seats", say("Take another seat"), ""),
)


@dataclass(frozen=True)
class Entry:
    """One line of a menu."""

    label: Words
    url: str
    current: bool = False
    count: str = ""


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Context for every template. Anonymous readers get no menu."""
    session = reading()
    known = session if isinstance(session, Session) else None
    return {
        "home": settings.HOME,
        "version": __version__,
        "keys_for": settings.KEYS_FOR,
        "works_here": works_here(request),
        "has_provider": bool(settings.OFFICE.oidc.issuer),
        "session": known,
        "as_of": known.as_of if known else None,
        "menu": _menu(request) if known and not known.outside else [],
        "person_menu": _person_menu(known) if known else [],
        "band": 1 if known else 0,
        "find_url": _find_url(request) if known and not known.outside else "",
    }


def _menu(request: HttpRequest) -> list[Entry]:
    return [
        Entry(label, url, current=_stands(request.path, url, also=BELONG.get(name, ())))
        for name, label in MENU
        if (url := _address(name)) is not None
    ]


def _person_menu(session: Session) -> list[Entry]:
    return [
        Entry(label, url)
        for name, label, verb in PERSON_MENU
        if (url := _address(name)) is not None and (not verb or verb in session.verbs) and _offered(name) and _is_theirs(name, session)
    ]


def _find_url(request: HttpRequest) -> str:
    """Where the field in the top band sends what is looked for; the search's own page has a larger one."""
    url = _address("search") or ""
    return "" if request.path == url else url


def _is_theirs(name: str, session: Session) -> bool:
    """Whether an entry is for whoever this is: of the Office, or not."""
    return name in ("own_account", "seats") or session.outside == (name == "giving")


def _offered(name: str) -> bool:
    return name != "seats" or settings.HOME.is_exercise


def _stands(path: str, url: str, *, also: tuple[str, ...]) -> bool:
    return path == url if url == "/" else path.startswith((url, *also))


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
