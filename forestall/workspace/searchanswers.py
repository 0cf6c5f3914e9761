"""Answers of the search as a page and a file show them: called by name, opened where they stand, marked where they fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest

from forestall.access.session import current
from forestall.base.words import Words, say
from forestall.collecting.terms import Resting
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import queries as monitoring
from forestall.monitoring.terms import resting_on
from forestall.record.findable import EARLIEST
from forestall.search import queries as search
from forestall.search.highlight import Piece, excerpt, whole
from forestall.search.queries import Answer, Answers, Found
from forestall.search.question import Question

from .exporting import Rests
from .placenames import country_name, language_name
from .templatetags.dates import in_words
from .templatetags.tables import with_query
from .things import kind_words, thing, url_of
from .wayfinding import address

HEADINGS: dict[str, Words] = {
    "kind": say("Kind"),
    "country": say("Country"),
    "language": say("Language"),
    "level": say("Sensitivity"),
    "source": say("Source"),
    "month": say("Month"),
}
LISTED = 12
"""Values of a facet that are offered, the most frequent first."""
EXCERPT = say("Excerpt")
HEAD = (
    say("Kind"), say("Title"), say("Date (UTC)"), say("Countries"), say("Languages"), say("Source"), say("Sensitivity"),
    EXCERPT, say("Address"),
)  # fmt: skip
LISTS = {"institutions.officeholder": "counterparts"}
ON_A_STATE = frozenset({"institutions.resolution", "institutions.veto"})
"""Kinds that stand on the page of decisions on a State."""
"""Kinds that are shown on a page of all of them."""


@dataclass(frozen=True)
class Row:
    """One answer as it is shown. `day` is ISO, empty for what has none."""

    kind: Words
    title: tuple[Piece, ...]
    url: str
    excerpt: tuple[Piece, ...]
    answer: Answer
    dated: bool
    countries: tuple[str, ...]
    source: str
    level: int


@dataclass(frozen=True)
class Value:
    """A value one can narrow by: its words, how many answers have it, and where the link leads."""

    words: Words | str
    count: int
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """What answers can be narrowed by in one respect."""

    heading: Words
    values: tuple[Value, ...]


def rows(found: Sequence[Found], question: Question) -> list[Row]:
    """Answers as rows; a name that may not be seen is not told."""
    names = source_names(one.answer.source for one in found)
    stands_on = _items_under(one.answer.object_id for one in found if one.answer.kind == "monitoring.observation")
    return [_row(one, question, names=names, stands_on=stands_on) for one in found]


def _row(one: Found, question: Question, *, names: dict[UUID, str], stands_on: dict[UUID, UUID]) -> Row:
    answer, told = one.answer, one.told
    title, url = told.title, _opens(one, stands_on=stands_on)
    level = answer.level
    if not title:
        kind, object_id = _shown_by(one)
        about = thing(kind, object_id=object_id)
        title, level = (about.title, max(level, about.level)) if about else ("", level)
    return Row(
        kind=kind_words(answer.kind),
        title=tuple(whole(title, question)),
        url=url,
        excerpt=tuple(excerpt(told.text, question)) if told.text else (),
        answer=answer,
        dated=answer.at.date() != EARLIEST,
        countries=tuple(country_name(code) for code in answer.countries),
        source=names.get(answer.source, "") if answer.source else "",
        level=level,
    )


def _shown_by(one: Found) -> tuple[str, UUID]:
    return one.told.shown_by or (one.answer.kind, one.answer.object_id)


def _opens(one: Found, *, stands_on: dict[UUID, UUID]) -> str:
    """Where an answer is read: on its own page, on the page of what it belongs to, or nowhere."""
    answer = one.answer
    if answer.kind == "monitoring.observation":
        item = stands_on.get(answer.object_id)
        return address("item", item, at="observations") if item else ""
    if answer.kind in LISTS:
        return address(LISTS[answer.kind])
    if answer.kind in ON_A_STATE and answer.countries:
        return address("within", answer.countries[0])
    if answer.kind == "monitoring.group" and answer.countries:
        return address("state", answer.countries[0])
    kind, object_id = _shown_by(one)
    if one.told.shown_by is not None and thing(kind, object_id=object_id) is None:
        return ""
    return _on_that_day(url_of(kind, object_id=object_id))


def _on_that_day(url: str) -> str:
    day = current().as_of
    return f"{url}?as_of={day.isoformat()}" if url and day else url


def _items_under(observations: Iterable[UUID]) -> dict[UUID, UUID]:
    """Observations to the first item under each that may be seen: an observation is read where it was made."""
    wanted = list(observations)
    if not wanted:
        return {}
    standing = monitoring.standing(monitoring.observations(ids=wanted))
    return {UUID(key): one.items[0].id for key, one in standing.items() if one.items}


def source_names(sources: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of the sources that may be seen."""
    wanted = {one for one in sources if one}
    return {key: one.name for key, one in monitoring.sources(wanted).items()} if wanted else {}


def facets(request: HttpRequest, answers: Answers, narrowed: dict[str, str]) -> list[Facet]:
    """What these answers can be narrowed by further. What is chosen stands with a way back, also where nothing is left."""
    names = source_names(UUID(one) for one in answers.facet("source"))
    told: dict[str, Callable[[str], Words | str]] = {
        "kind": kind_words,
        "country": country_name,
        "language": language_name,
        "level": lambda value: LEVEL_WORDS[Level(int(value))],
        "source": lambda value: names.get(UUID(value), ""),
        "month": _month,
    }
    offered = [
        Facet(HEADINGS[name], _values(request, name, answers, chosen=narrowed.get(name, ""), told=told[name]))
        for name in search.FACETS
    ]
    return [facet for facet in offered if facet.values]


def _values(
    request: HttpRequest, name: str, answers: Answers, *, chosen: str, told: Callable[[str], Words | str]
) -> tuple[Value, ...]:
    counts = answers.facet(name)
    if chosen:
        back = with_query(request, page=None, **{name: None})
        words = told(chosen) if chosen in counts else chosen
        return (Value(words, counts.get(chosen, 0), back, chosen=True),)
    known = [(value, words) for value in counts if (words := told(value))]
    return tuple(
        Value(words, counts[value], with_query(request, page=None, **{name: value})) for value, words in known[:LISTED]
    )


def _month(value: str) -> str:
    return in_words(date.fromisoformat(f"{value}-01"), precision="month")


def lines(found: Iterable[Row]) -> list[list[Words | str | int | float | None]]:
    """Rows for a file under `HEAD`."""
    return [
        [
            row.kind,
            _plain(row.title),
            f"{row.answer.at:%Y-%m-%d}" if row.dated else "",
            ", ".join(row.answer.countries),
            ", ".join(row.answer.languages),
            row.source,
            LEVEL_WORDS[Level(row.answer.level)],
            _plain(row.excerpt),
            row.url,
        ]
        for row in found
    ]


def rests(found: Iterable[Row]) -> Rests:
    """What each row of that file rests on: an item on itself, an observation on its items; the rest is the office's own."""
    shown = list(found)
    items = monitoring.items(row.answer.object_id for row in shown if row.answer.kind == "monitoring.item")
    seen = [row.answer.object_id for row in shown if row.answer.kind == "monitoring.observation"]
    standing = monitoring.standing(monitoring.observations(ids=seen)) if seen else {}
    rows = []
    for row in shown:
        one, under = items.get(row.answer.object_id), standing.get(str(row.answer.object_id))
        rows.append(resting_on([one]) if one else resting_on(under.items, ours=True) if under else Resting(ours=True))
    return Rests(rows, words=(HEAD.index(EXCERPT),))


def _plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)

