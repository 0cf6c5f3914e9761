"""Reading plain form fields: a needed text, a day, a person. What is missing is said by its name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar, overload
from uuid import UUID

from django.http import HttpRequest

from forestall.access import queries as access
from forestall.base.errors import Refused
from forestall.base.identifiers import is_id
from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.institutions.actions.said import Said

from .showing import found

if TYPE_CHECKING:
    from forestall.access.models import Person

Entry = TypeVar("Entry", bound=institutions.Sourced)


def text_in(request: HttpRequest, field: str, *, name: Words) -> str:
    """The text of a field. Raises `Refused` when it is empty."""
    text = request.POST.get(field, "").strip()
    if not text:
        raise Refused(say("Fill in: %(field)s.", field=name))
    return text


@overload
def day_in(request: HttpRequest, field: str) -> date | None: ...
@overload
def day_in(request: HttpRequest, field: str, *, needed: Words) -> date: ...
def day_in(request: HttpRequest, field: str, *, needed: Words | None = None) -> date | None:
    """The day in a field, as YYYY-MM-DD. Raises `Refused` when it is no day, or missing and needed."""
    text = request.POST.get(field, "").strip()
    if not text:
        if needed is not None:
            raise Refused(say("Fill in: %(field)s.", field=needed))
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(say("“%(text)s” is no day. Write it as year-month-day.", text=text)) from error


def person_in(request: HttpRequest, field: str) -> Person:
    """The active person chosen in a field. Raises `Refused` when nobody was."""
    try:
        chosen = access.person(UUID(request.POST.get(field, "")))
    except ValueError:
        chosen = None
    if chosen is None or not chosen.is_active:
        raise Refused(say("Choose a person from the list."))
    return chosen


def level_in(request: HttpRequest, field: str) -> int:
    """The level chosen in a field, 0 to 3. Raises `Refused` when none was."""
    chosen = request.POST.get(field, "")
    if chosen not in ("0", "1", "2", "3"):
        raise Refused(say("A clearance is 0, 1, 2 or 3."))
    return int(chosen)


def number_in(request: HttpRequest, field: str, *, name: Words) -> int:
    """The whole number in a field. Raises `Refused` when it is none."""
    text = text_in(request, field, name=name)
    if not text.isdecimal() or len(text) > 6:
        raise Refused(say("“%(text)s” is no whole number.", text=text))
    return int(text)


def said_in(request: HttpRequest) -> Said:
    """Who says an entry, where it can be read and for which day, from the fields `source`, `url` and `as_of_day`."""
    return Said(source=request.POST.get("source", ""), url=request.POST.get("url", ""), as_of=day_in(request, "as_of_day"))


def entry_in(request: HttpRequest, field: str, *, kind: type[Entry]) -> Entry | None:
    """The entry that a form corrects, by its public id; None when it makes a new one. What is not there is the page for that."""
    text = request.POST.get(field, "")
    if not text:
        return None
    return found(institutions.entry(kind, entry_id=text) if is_id(text) else None)
