"""The inbox as a queue: what waits, narrowed and ordered as the address says, copies folded under their story.

Every choice offered and every count is of what the bound session may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import Words, say
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import queries as monitoring
from forestall.monitoring.states import ITEM, SOURCE_NATURES
from forestall.monitoring.stories import folded
from forestall.search import queries as search
from forestall.search.question import read

from .itemreading import PRIORITIES
from .placenames import country_name, language_name

if TYPE_CHECKING:
    from forestall.monitoring.models import Item, Source
    from forestall.monitoring.stories import Story

SHOWN: dict[str, tuple[str, ...]] = {
    "": monitoring.WAITING,
    **{state: (state,) for state in ITEM.states},
}
ORDERS: dict[str, Words] = {
    "": say("most urgent first"),
    "-received": say("newest first"),
    "received": say("oldest first"),
    "source": say("by source"),
    "title": say("by title"),
}
HEAD = (
    say("Received (UTC)"), say("Title"), say("Source"), say("Nature of the source"), say("Grade"), say("Languages"),
    say("Countries"), say("Dated (UTC)"), say("Precision of the date"), say("Sensitivity"), say("State"),
    say("Priority"), say("Copies folded"), say("Remarks"),
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """One way to narrow the queue, with the choices there are and the one taken."""

    name: str
    heading: Words
    choices: Sequence[tuple[str, Words | str]]
    chosen: str


@dataclass(frozen=True)
class Queue:
    """What waits: stories in order, and how to narrow them."""

    stories: list[Story]
    filters: list[Filter]
    text: str
    order: str
    total: int
    hint: Words | None = None

    @property
    def narrowed(self) -> bool:
        """Whether the address leaves anything out that the state alone would show."""
        return bool(self.text) or any(one.chosen for one in self.filters if one.name != "state")

    @property
    def unread(self) -> int:
        return sum(story.item.state == "received" for story in self.stories)

    @property
    def folded(self) -> int:
        return sum(len(story.copies) for story in self.stories)


def queue(asked: Mapping[str, Any]) -> Queue:
    """The queue that an address asks for: `state`, `country`, `language`, `nature`, `level`, `priority`, `q`, `sort`."""
    state = asked.get("state", "") if asked.get("state", "") in SHOWN else ""
    found = monitoring.inbox(states=SHOWN[state])
    said_by = monitoring.sources(item.source_id for item in found)
    holding, hint = searching(asked.get("q", ""))
    kept = [
        item
        for item in found
        if (holding is None or item.id in holding) and _wanted(item, said_by.get(item.source_id), asked)
    ]
    order = asked.get("sort", "") if asked.get("sort", "") in ORDERS else ""
    stories = ordered(folded(kept), order=order)
    return Queue(stories, filters(found, said_by, asked, state=state), asked.get("q", ""), order, len(found), hint)


def searching(text: str) -> tuple[set[UUID] | None, Words | None]:
    """Ids of the items that answer a text as the search would find them (None: all), or why it cannot be asked."""
    try:
        question = read(text)
        return (search.ids(question, kind="monitoring.item") if question else None), None
    except (Malformed, Unavailable) as told:
        return set(), told.words


def _wanted(item: Item, source: Source | None, asked: Mapping[str, Any]) -> bool:
    return (
        _matches(asked.get("country"), item.countries)
        and _matches(asked.get("language"), item.languages)
        and _matches(asked.get("nature"), [source.nature] if source else [])
        and _matches(asked.get("level"), [str(item.level)])
        and _matches(asked.get("priority"), [str(item.priority)])
    )


def _matches(asked: str | None, those: Iterable[str]) -> bool:
    return not asked or asked in those


def ordered(stories: Iterable[Story], *, order: str) -> list[Story]:
    """Stories in one of `ORDERS`; they come most urgent first, then newest."""
    keys: dict[str, Callable[[Story], Any]] = {
        "received": lambda story: story.item.received_at,
        "source": lambda story: story.source.name.casefold() if story.source else "",
        "title": lambda story: story.item.title.casefold(),
    }
    key = keys.get(order.removeprefix("-"))
    return sorted(stories, key=key, reverse=order.startswith("-")) if key else list(stories)


def filters(
    found: Sequence[Item], said_by: Mapping[UUID, Source], asked: Mapping[str, Any], *, state: str
) -> list[Filter]:
    """The choices that what waits offers."""
    countries = {one for item in found for one in item.countries}
    languages = {one for item in found for one in item.languages}
    natures = {said_by[item.source_id].nature for item in found if item.source_id in said_by}
    levels = sorted({item.level for item in found})
    priorities = {item.priority for item in found}
    offered: list[tuple[str, Words, list[tuple[str, Words | str]]]] = [
        ("country", say("Country"), _by_words((one, country_name(one)) for one in countries)),
        ("language", say("Language"), _by_words((one, language_name(one)) for one in languages)),
        ("nature", say("Nature of the source"), [(n, w) for n, w in SOURCE_NATURES.items() if n in natures]),
        ("priority", say("Priority"), [(str(p), w) for p, w in PRIORITIES.items() if p in priorities]),
        ("level", say("Sensitivity"), [(str(level), LEVEL_WORDS[Level(level)]) for level in levels]),
    ]
    states: list[tuple[str, Words | str]] = [(key, ITEM.words[key]) for key in SHOWN if key]
    return [
        Filter("state", say("State"), [("", say("waiting")), *states], state),
        *(
            Filter(name, heading, [("", say("any")), *choices], asked.get(name, ""))
            for name, heading, choices in offered
        ),
    ]


def _by_words(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, Words | str]]:
    return [*sorted(pairs, key=lambda pair: pair[1].casefold())]


def export_row(story: Story) -> list[Words | str | int | None]:
    """A story as a row under `HEAD`."""
    item, source = story.item, story.source
    return [
        f"{item.received_at:%Y-%m-%d %H:%M}",
        item.title,
        source.name if source else "",
        SOURCE_NATURES.get(source.nature, source.nature) if source else "",
        story.grade,
        ", ".join(item.languages),
        ", ".join(item.countries),
        _spelled(item),
        item.published_precision,
        LEVEL_WORDS[Level(item.level)],
        ITEM.words[item.state],
        item.priority,
        len(story.copies),
        len(item.flags),
    ]


def _spelled(item: Item) -> str:
    """The claimed date, no more precise than it was given."""
    forms = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
    if item.published_at is None:
        return ""
    return item.published_at.strftime(forms.get(item.published_precision, "%Y-%m-%d %H:%M"))
