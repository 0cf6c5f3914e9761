"""Reading plain form fields: a needed text, a day, a person. What is missing is said by its name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, overload
from uuid import UUID

from django.http import HttpRequest

from forestall.access import queries as access
from forestall.base.errors import Refused
from forestall.base.words import Words, say

if TYPE_CHECKING:
    from forestall.access.models import Person


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
