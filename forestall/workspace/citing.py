"""Writing one sentence of a note: its words, and the observations of the situation that it may cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forestall.advising.queries import AdvisoryNote
from forestall.advising.states import SECTIONS
from forestall.assessment.queries import Assessment, Situation
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.documents import document_type
from forestall.documents.advisory_note.note import HEADINGS
from forestall.monitoring import queries as monitoring
from forestall.monitoring.queries import Standing

from .notedesk import NEW
from .observationtable import Row, row_of

SHOWN = 40
"""Observations listed at once beyond those already cited; the words narrow them."""

Sections = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Writing:
    """The sentence being written: where it stands, its words, what it cites, and what it might."""

    section: str
    title: Words
    place: str
    text: str
    asks_evidence: bool
    cited: tuple[Row, ...]
    offered: tuple[Row, ...]
    hidden: int
    words: str

    @property
    def is_new(self) -> bool:
        return self.place == NEW


def writing(
    note: AdvisoryNote,
    key: str,
    *,
    situation: Situation,
    reading: Assessment | None,
    words: str = "",
    ticked: Sequence[str] = (),
) -> Writing | None:
    """The sentence that `key` names (`situation.2`, `situation.new`), or None for one that is not there.

    `words` narrow the observations offered; `ticked` are cited besides what the sentence cites already.
    """
    section, _, place = key.partition(".")
    sentence = sentence_at(note, section, place=place)
    if sentence is None:
        return None
    framework = reading.framework if reading else ""
    seen = monitoring.observations(iso3=situation.places)
    chosen = [*sentence.get("observations", ()), *ticked]
    standings = monitoring.standing([*seen, *monitoring.observations(ids=set(chosen) - {str(one.id) for one in seen})])
    rows = {number: row_of(one, framework=framework) for number, one in standings.items()}
    matching = [
        row
        for number, row in rows.items()
        if number not in chosen and not row.retracted and _matches(row, standings[number], words=words)
    ]
    return Writing(
        section=section,
        title=HEADINGS[section],
        place=place,
        text=sentence.get("text", ""),
        asks_evidence=asks_evidence(section),
        cited=tuple(rows[number] for number in dict.fromkeys(chosen) if number in rows),
        offered=tuple(matching[:SHOWN]),
        hidden=max(0, len(matching) - SHOWN),
        words=words,
    )


def _matches(row: Row, standing: Standing, *, words: str) -> bool:
    """Whether every word asked for stands in the observation, its place, its indicators or the titles of its items."""
    titles = " ".join(item.title for item in standing.items)
    said = f"{row.summary} {row.place} {row.bears_on} {titles}".casefold()
    return all(word in said for word in words.casefold().split())


def asks_evidence(section: str) -> bool:
    """Whether each sentence of a part must cite."""
    return any(one.id == section and one.evidence for one in document_type("advisory-note").sections)


def sentence_at(note: AdvisoryNote, section: str, *, place: str) -> Mapping[str, Any] | None:
    """The sentence at a place (from 1, or `new`) of a part; None when there is no such part or place."""
    if section not in SECTIONS:
        return None
    if place == NEW:
        return {}
    told = note.sections.get(section, [])
    if not place.isdecimal() or not 1 <= int(place) <= len(told):
        return None
    return dict(told[int(place) - 1])


def written(note: AdvisoryNote, section: str, *, place: str, text: str, observations: Sequence[str]) -> Sections:
    """The note's parts with one sentence written at its place, or added at the end."""
    sections = _copy(note)
    told = sections.setdefault(section, [])
    sentence = {
        "text": " ".join(text.split()),
        "observations": list(dict.fromkeys(observations)),
        # Where a part asks no evidence, what cites nothing is a judgement and not a statement of fact.
        "fact": asks_evidence(section) or bool(observations),
    }
    if place == NEW:
        told.append(sentence)
    else:
        told[int(place) - 1] = sentence
    return sections


def without(note: AdvisoryNote, section: str, *, place: str) -> Sections:
    """The note's parts without one sentence."""
    sections = _copy(note)
    del sections[section][int(place) - 1]
    return sections


def raised(note: AdvisoryNote, section: str, *, place: str) -> Sections:
    """The note's parts with one sentence moved before the one above it."""
    sections = _copy(note)
    told, at = sections[section], int(place) - 1
    if at > 0:
        told[at - 1], told[at] = told[at], told[at - 1]
    return sections


def check_unchanged(note: AdvisoryNote, section: str, *, place: str, was: str) -> None:
    """Raise `Refused` when another window changed the sentence since the form was opened."""
    sentence = sentence_at(note, section, place=place)
    if sentence is None or sentence.get("text", "") != was:
        raise Refused(say("This sentence was changed in another window. Look at it again."))


def _copy(note: AdvisoryNote) -> Sections:
    return {name: [dict(sentence) for sentence in told] for name, told in note.sections.items()}
