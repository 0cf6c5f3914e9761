"""What a thing has for people who search: its words, and what the words can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps

from forestall.labels.models import everything

if TYPE_CHECKING:
    from .models import Recorded

EARLIEST = date(1900, 1, 1)
"""For what has no day: it stands after everything that has one."""


@dataclass(frozen=True)
class Findable:
    """What `Recorded.findable` gives. It is made of the thing's own columns alone, so that it is no more sensitive.

    `at` is the moment it is ordered by (UTC). `shown_by` is the kind and id of the thing on whose page it stands,
    when it has no page of its own.
    """

    title: str
    texts: tuple[str, ...]
    at: datetime
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    source: UUID | None = None
    shown_by: tuple[str, UUID] | None = None

    @property
    def text(self) -> str:
        """All it says below its title, a line for each text."""
        return "\n".join(self.texts)


def findable(
    title: str,
    texts: Iterable[object],
    *,
    at: date | datetime,
    countries: Iterable[str] = (),
    languages: Iterable[str] = (),
    source: UUID | None = None,
    shown_by: tuple[str, UUID] | None = None,
) -> Findable:
    """A `Findable` from columns as they come: empty texts are left out, a day counts from its first moment (UTC)."""
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)
    told = tuple(str(text) for text in texts if text)
    return Findable(title, told, moment, _codes(countries), _codes(languages), source, shown_by)


def _codes(told: Iterable[str]) -> tuple[str, ...]:
    """Codes in order; a comma stands in none of them."""
    return tuple(sorted({code for code in told if code and "," not in code}))


def all_things(model: type[Recorded]) -> Iterator[Recorded]:
    """Everything of a kind, whoever may see it: for making an index anew and for proving it, never for an answer."""
    yield from everything(model).iterator(chunk_size=500)


def findable_models() -> list[type[Recorded]]:
    """The kinds that have words for people who search, in the order of their names."""
    from .models import Recorded

    found = [model for model in apps.get_models() if issubclass(model, Recorded) and _speaks(model)]
    return sorted(found, key=lambda model: model.kind())


def _speaks(model: type[Recorded]) -> bool:
    from .models import Recorded

    return model.findable is not Recorded.findable
