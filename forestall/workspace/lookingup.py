"""Looking for a thing to put beside another: the reader's own search on the page of what it is put beside."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest

from forestall.access import decisions
from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import Words
from forestall.search import queries as search
from forestall.search.question import read
from forestall.workspace.things import Thing, kind_words, thing

if TYPE_CHECKING:
    from forestall.record.models import Recorded

MOST = 20
Seen = tuple["Recorded", Thing | None, Words]
"""A thing, what is shown of it, and the words for its kind."""


def seen(one: Recorded) -> Seen:
    """A thing as a list shows it."""
    return one, thing(one.kind(), object_id=one.id), kind_words(one.kind())


def looked_up(request: HttpRequest, *, but: Collection[UUID], kind: str = "") -> tuple[list[Seen], Words | None]:
    """What the words in `q` find, of one kind or of any, less what stands there already; or why nothing could be asked."""
    try:
        answered = search.answers(read(request.GET.get("q", "")), narrowed={"kind": kind})
    except (Malformed, Unavailable) as told:
        return [], told.words
    named = [one for one in answered.listed if one.object_id not in but][:MOST]
    found = [decisions.thing_of(one.kind, object_id=one.object_id) for one in named]
    return [seen(one) for one in found if one is not None], None
