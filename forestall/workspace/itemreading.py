"""What a page shows of one item: its text with what was marked in it, its weight, what rests on it, what may be done.

Plain values made from what the session may see; `levels` are those of everything shown, for the band.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from forestall.access.session import Session
from forestall.assessment import queries as assessment
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.collecting.terms import RULE_WORDS, Extent, Terms, Use
from forestall.frameworks import in_language, load, notice
from forestall.frameworks.scales import scale
from forestall.monitoring import queries as monitoring
from forestall.monitoring.states import DIRECTIONS, ITEM, OBSERVATION
from forestall.monitoring.terms import terms_of_item

from .highlighting import CONFIRMED, SUGGESTED, Piece, Span, paragraphs, rows
from .placenames import country_name, language_name

if TYPE_CHECKING:
    from forestall.monitoring.models import Item, Observation, Passage, Source, Suggestion
    from forestall.monitoring.queries import Standing

FRAMEWORK = "unfaac-2014"
ROWS_SHOWN = 500
"""Rows of a table below its heads; the original holds them all."""
"""Indicators are suggested from this framework; an observation may be linked to any."""

SUGGESTERS: dict[str, Words] = {
    "language": say("Language"),
    "place": say("Country"),
    "indicator": say("Indicator"),
    "copy": say("Copy"),
    "event": say("Event"),
    "speech": say("Speech"),
}
SUGGESTION_STATES: dict[str, Words] = {
    "confirmed": say("confirmed", context="suggestion"),
    "edited": say("confirmed with changes"),
    "rejected": say("rejected", context="suggestion"),
}
POINTING = ("indicator", "event", "speech", "place")
"""Suggesters whose words are marked in the text; a language is one of the whole text."""

PRIORITIES = {0: say("ordinary"), 1: say("soon"), 2: say("now")}
FORMS = {
    "document": say("document"),
    "message": say("message"),
    "news": say("news"),
    "event-table": say("table of events"),
    "picture": say("picture"),
    "submission": say("submission"),
}


@dataclass(frozen=True)
class Choice:
    """One step of a scale to choose from."""

    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True)
class Destination:
    """A situation an item can be filed to. `likely`: it is about a country that the item speaks of."""

    id: str
    title: str
    likely: bool
    url: str = ""


@dataclass(frozen=True)
class Told:
    """A suggestion as a reader meets it: what, why, where in the text, and whether somebody decided."""

    suggestion: Suggestion
    kind: Words
    value: str
    text: str
    reason: Words
    direction: Words | None = None
    decided: Words | None = None
    anchor: str = ""
    notice: Words | None = None


@dataclass(frozen=True)
class Resting:
    """An observation that rests on the item: its state in words, its independent origins among all its items."""

    observation: Observation
    state: Words
    precision: str
    circa: bool
    independent: int
    items: tuple[Item, ...]
    links: tuple[tuple[str, Words], ...]
    quoted: bool

    @property
    def total(self) -> int:
        return len(self.items)


@dataclass
class ItemReading:
    """Everything of one item that a page shows."""

    item: Item
    source: Source | None
    grade: str
    paragraphs: list[list[Piece]]
    rows: list[list[list[Piece]]]
    suggestions: list[Told]
    resting: list[Resting]
    filed: list[Destination]
    destinations: list[Destination]
    reliability: list[Choice]
    credibility: list[Choice]
    usual: str = ""
    levels: list[int] = field(default_factory=list)

    @property
    def state(self) -> Words:
        return ITEM.words[self.item.state]

    @property
    def rows_shown(self) -> int:
        return max(0, len(self.rows) - 1)

    @property
    def flags(self) -> list[Words]:
        """What a reader must know, in words."""
        return [flag_words(flag) for flag in self.item.flags]

    @property
    def terms(self) -> Terms:
        """Under which terms the office holds it: what of it may leave."""
        return terms_of_item(self.item)

    @property
    def rule(self) -> Words:
        return RULE_WORDS[self.terms.rule]

    @property
    def leaves(self) -> bool:
        """Whether its bytes may be taken at all."""
        return self.terms.extent(use=Use.INSIDE) is not Extent.NOTHING

    @property
    def wording(self) -> Words | None:
        """What must stand beside the indicators shown, while nobody has held their wording to the official text."""
        return next((one.notice for one in self.suggestions if one.notice), None)

    @property
    def first_open(self) -> Told | None:
        """The first suggestion that nobody has decided on: the keys y and n are about it."""
        return next((one for one in self.suggestions if one.decided is None), None)

    @property
    def likely(self) -> list[Destination]:
        return [one for one in self.destinations if one.likely]

    @property
    def moves(self) -> frozenset[str]:
        """The states that can follow."""
        return frozenset(ITEM.onward(self.item.state))


def reading_of(item: Item, *, session: Session) -> ItemReading:
    """What the bound session may see of an item and around it."""
    source = monitoring.sources([item.source_id]).get(item.source_id)
    graded = monitoring.grades([item.id]).get(str(item.id), "")
    told = [tell(one) for one in monitoring.suggestions(item)]
    passages = monitoring.passages_in(item)
    resting = [_resting(one, item=item) for one in monitoring.resting_on(item)]
    reachable = destinations(item)
    levels = [item.level, *(source.level for source in (source,) if source)]
    return ItemReading(
        item=item,
        source=source,
        grade=graded,
        **_cut(item, spans=_spans(item, told, passages)),
        suggestions=told if session.as_of is None else [],
        resting=resting,
        filed=[one for one in reachable if one.id in item.situations],
        destinations=[one for one in reachable if one.id not in item.situations],
        reliability=choices("reliability", chosen=graded[:1]),
        credibility=choices("credibility", chosen=graded[1:]),
        usual=usual_letter(source),
        levels=[*levels, *(one.observation.level for one in resting)],
    )


def _cut(item: Item, *, spans: list[Span]) -> dict[str, Any]:
    """The text as paragraphs, or a table's as its first rows: the original holds them all."""
    if item.table.get("header") and "\t" in item.text:
        return {"paragraphs": [], "rows": rows(item.text, most=ROWS_SHOWN + 1, spans=spans)}
    return {"paragraphs": paragraphs(item.text, spans=spans), "rows": []}


def _resting(standing: Standing, *, item: Item) -> Resting:
    seen = standing.observation
    return Resting(
        observation=seen,
        state=OBSERVATION.words[seen.state],
        precision=seen.on_precision if seen.on_precision in ("day", "month", "year") else "day",
        circa=seen.on_precision == "circa",
        independent=len(standing.origins),
        items=standing.items,
        links=tuple((link.number, DIRECTIONS[link.direction]) for link in standing.links),
        quoted=any(one.item_id == item.id and one.quote for one in standing.passages),
    )


def usual_letter(source: Source | None) -> str:
    """How far a source is usually trusted: as the desk keeps it, else as an item of it was last graded, else empty."""
    if source is None or source.state == "active":
        return source.reliability if source else ""
    return monitoring.letter_given(source)


def choices(name: str, *, chosen: str = "") -> list[Choice]:
    """The steps of a scale in the reader's language."""
    language = (get_language() or "en").split("-")[0]
    return [
        Choice(step.id, in_language(step.label, language=language), step.id == chosen)
        for step in scale(name).steps
    ]


def destinations(item: Item) -> list[Destination]:
    """The situations that may be seen, those about the item's countries first."""
    found = [
        Destination(
            str(one.id), one.title, bool(set(one.places) & set(item.countries)), address("situation", one.id)
        )
        for one in assessment.situations()
    ]
    return sorted(found, key=lambda one: not one.likely)


def address(name: str, *args: object) -> str:
    """Where a page is, or empty while there is no page of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def flag_words(flag: dict[str, Any]) -> Words:
    """A remark kept with an item, as words. Its parameters came from outside and stay as they are."""
    return Words(flag.get("message", ""), flag.get("parameters") or {})


def tell(one: Suggestion) -> Told:
    """A suggestion in words."""
    value, text, wording = _value(one)
    return Told(
        suggestion=one,
        kind=SUGGESTERS.get(one.suggester, say("%(kind)s", kind=one.suggester)),
        value=value,
        text=text,
        reason=Words(one.reason, one.parameters),
        direction=DIRECTIONS.get(one.direction),
        decided=SUGGESTION_STATES.get(one.state),
        anchor=f"said-{one.id}" if one.quote and one.suggester in POINTING else "",
        notice=wording,
    )


def _value(one: Suggestion) -> tuple[str, str, Words | None]:
    """What is suggested; for an indicator also what it says, and whose wording that is."""
    if one.suggester == "language":
        return language_name(one.value), "", None
    if one.suggester == "place":
        return country_name(one.value), "", None
    if one.suggester == "indicator":
        return one.value, *indicator_told(one.value)
    return one.value, "", None


def indicator_told(number: str, *, framework: str = FRAMEWORK) -> tuple[str, Words | None]:
    """What an indicator says in the reader's language, and what must stand beside it; empty when there is none."""
    language = (get_language() or "en").split("-")[0]
    try:
        indicator = load(framework).indicator(number)
    except Refused:
        return "", None
    return in_language(indicator.text, language=language), notice(indicator, language=language)


def _spans(item: Item, told: Sequence[Told], passages: Iterable[Passage]) -> list[Span]:
    confirmed = [
        Span(one.start, one.start + len(one.quote), CONFIRMED, f"rests-{one.observation_id}")
        for one in passages
        if one.quote and item.text[one.start : one.start + len(one.quote)] == one.quote
    ]
    proposed = [
        Span(one.suggestion.start, one.suggestion.end, SUGGESTED, one.anchor)
        for one in told
        if one.anchor and one.decided is None
    ]
    return confirmed + proposed
