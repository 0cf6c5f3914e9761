"""What the morning sheet tells: changes since the last meeting, by region, as the bound session sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language, gettext

from forestall import places
from forestall.access.session import Session
from forestall.advising import queries as advising
from forestall.advising.states import NOTE, OUTCOMES
from forestall.assessment import queries as assessment
from forestall.assessment.states import PRESENCE_WORDS, SITUATION
from forestall.base.clock import end_of
from forestall.base.errors import Refused
from forestall.base.words import Words, say, series
from forestall.documents import translations
from forestall.documents.days import in_full
from forestall.documents.morning_sheet import MorningSheetContent, Place, Region, one_page
from forestall.documents.sheet import Sentence
from forestall.labels.label import Label
from forestall.monitoring import queries as monitoring
from forestall.monitoring.states import ItemState
from forestall.places import region as regions
from forestall.record import queries as record

from .duties import silent_sources
from .exercisecountries import invented
from .things import url_of

if TYPE_CHECKING:
    from forestall.advising.models import AdvisoryNote
    from forestall.assessment.models import Assessment, Judgement, Situation
    from forestall.monitoring.models import Observation

AHEAD = timedelta(days=14)
EXERCISE_REGION = say("Exercise")
ACROSS = say("Across regions")
IN_CLEARANCE = ("submitted", "reviewed", "cleared")
MOST_CHANGES = 24
"""Changes told of one situation at most; what is beyond is counted on the sheet."""


@dataclass(frozen=True)
class News:
    """The content of the sheet, brought to one page, with the labels of everything that it tells."""

    content: MorningSheetContent
    labels: tuple[Label | int, ...]


@dataclass(frozen=True)
class Window:
    """From the first moment of `since` to the last of `day`, in UTC."""

    since: date
    day: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.since, time(), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return end_of(self.day)

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


def language() -> str:
    """The language of the sheet: the reader's."""
    return (get_language() or "en").split("-")[0]


def translate(message: str) -> str:
    """A fixed word of the sheet in the reader's language: from the pages' catalogue, else from the documents' own."""
    told = gettext(message)
    return told if told != message else translations.in_language(language())(message)


def gather(session: Session, *, since: date, day: date) -> News:
    """The sheet for this reader, of what was recorded from `since` to `day` (UTC days, both included)."""
    window = Window(since, day)
    labels: list[Label | int] = []
    left_out = 0
    by_region: dict[str, tuple[Words | str, list[Place]]] = {}
    observed = _observed(window)
    for one in assessment.situations():
        told = list(_changes(one, window=window, observed=observed, labels=labels))
        if told:
            key, name = _region(one.places)
            place = Place(one.title, SITUATION.words[one.state], tuple(told[:MOST_CHANGES]))
            by_region.setdefault(key, (name, []))[1].append(place)
            left_out += len(told) - len(place.changes)
            labels.append(one.label)
    ahead, silent = _ahead(window, labels=labels), _silent(labels)
    arrived = _arrived(window, labels=labels)
    content = MorningSheetContent(
        day=day,
        since=since,
        language=language(),
        level=max([1, *(int(one.level) if isinstance(one, Label) else one for one in labels)]),
        exercise=settings.HOME.is_exercise,
        compiled_by=session.name,
        regions=tuple(Region(name, tuple(found)) for _, (name, found) in sorted(by_region.items())),
        ahead=ahead,
        silent=silent,
        arrived=arrived,
        left_out=left_out,
    )
    return News(one_page(content, translate=translate), tuple(labels))


def _arrived(window: Window, *, labels: list[Label | int]) -> Sentence | None:
    """How many items came in and how many of them nobody has opened, of those that the reader may see."""
    items = monitoring.arrived(window.start, window.end)
    if not items:
        return None
    labels.append(max(item.level for item in items))
    unread = sum(item.state == ItemState.RECEIVED for item in items)
    words = say("Items that arrived: %(arrived)s; unread among them: %(unread)s.", arrived=len(items), unread=unread)
    return Sentence(words)


def _region(codes: Sequence[str]) -> tuple[str, Words | str]:
    """What the sheet files a situation under: the M49 region of its countries, or that it is an exercise."""
    if any(invented(code) for code in codes):
        return "0", EXERCISE_REGION
    found = {code: known for code in codes if (known := _known_region(code))}
    if len(set(found.values())) != 1:
        return "999", ACROSS
    m49 = next(iter(found.values()))
    return m49, regions.region(m49).name(language())


def _known_region(iso3: str) -> str:
    try:
        return places.country(iso3).region or ""
    except Refused:
        return ""


def _changes(
    one: Situation, *, window: Window, observed: dict[str, list[Observation]], labels: list[Label | int]
) -> Iterator[Sentence]:
    """What changed in a situation, the weightiest first: its move, notes, warnings, readings, observations."""
    yield from _moved(one, window=window)
    yield from _advised(one, window=window, labels=labels)
    yield from _read(one, window=window, labels=labels)
    there = [each for code in one.places for each in observed.get(code, ())]
    yield from _seen(one, there, labels=labels)


def _moved(one: Situation, *, window: Window) -> Iterator[Sentence]:
    for step in record.history(one, until=window.end):
        before, now = step.changed.get("state", (None, None))
        if now and window.holds(step.at):
            reason = str(step.changed.get("reason", (None, one.reason))[1] or one.reason).rstrip(".")
            words = _move(str(before) if before else "", str(now), reason=reason)
            yield Sentence(words, href=url_of("assessment.situation", object_id=one.id))


def _move(before: str, now: str, *, reason: str) -> Words:
    if not before:
        return say("Opened: %(reason)s.", reason=reason)
    return say(
        "Moved from “%(before)s” to “%(now)s”: %(reason)s.",
        before=SITUATION.words[before],
        now=SITUATION.words[now],
        reason=reason,
    )


def _advised(one: Situation, *, window: Window, labels: list[Label | int]) -> Iterator[Sentence]:
    warned: set[object] = set()
    for note, warning in advising.notes_on([one]):
        for words in _of_note(note, window=window, labels=labels):
            yield Sentence(words, href=url_of("advising.advisorynote", object_id=note.id))
        if window.holds(warning.raised_at) and warning.id not in warned:
            warned.add(warning.id)
            labels.append(warning.label)
            yield Sentence(
                say("A warning was raised: %(title)s.", title=warning.title.rstrip(".")),
                href=url_of("advising.warning", object_id=warning.id),
            )


def _of_note(note: AdvisoryNote, *, window: Window, labels: list[Label | int]) -> Iterator[Words]:
    for left in advising.transmittals(note):
        if window.holds(left.at):
            labels.extend((note.label, left.label))
            yield say("Note %(reference)s left for %(addressee)s.", reference=note.reference, addressee=left.to)
    for answer in advising.responses(note):
        if window.holds(answer.at):
            labels.extend((note.label, answer.label))
            yield say("On note %(reference)s: %(outcome)s.", reference=note.reference, outcome=OUTCOMES[answer.outcome])
    if note.state in IN_CLEARANCE and _touched(note, window=window):
        labels.append(note.label)
        yield say("Note %(reference)s: %(state)s.", reference=note.reference, state=NOTE.words[note.state])


def _touched(note: AdvisoryNote, *, window: Window) -> bool:
    steps = record.history(note, until=window.end)
    return bool(steps) and window.holds(steps[-1].at)


def _read(one: Situation, *, window: Window, labels: list[Label | int]) -> Iterator[Sentence]:
    """What the last reading moved: factors whose presence changed with both, the rest by number."""
    newest, before = assessment.last_readings().get(one.id, (None, None))
    if newest is None or not _issued_within(newest, window=window):
        return
    labels.append(newest.label)
    changed = [each for each in assessment.changes(newest, before) if "." not in each[0]]
    presence = [each for each in changed if each[1] is None or each[1].presence != each[2].presence]
    rest = [number for number, was, now in changed if was is not None and was.presence == now.presence]
    url, day = url_of("assessment.assessment", object_id=newest.id), _full(newest.on)
    if presence:
        words = say("Reading of %(day)s. Presence changed: %(factors)s.", day=day, factors=series(_shifted(presence)))
        yield Sentence(words, href=url)
    if rest:
        words = say("Reading of %(day)s. Trend or confidence changed: factors %(numbers)s.", day=day, numbers=", ".join(rest))
        yield Sentence(words, href=url)
    if not changed:
        yield Sentence(say("Reading of %(day)s: no factor moved.", day=day), href=url)


def _shifted(changed: Sequence[tuple[str, Judgement | None, Judgement]]) -> list[Words]:
    return [
        say(
            "factor %(number)s (%(before)s, now %(now)s)",
            number=number,
            before=PRESENCE_WORDS[was.presence if was else "not_assessed"],
            now=PRESENCE_WORDS[now.presence],
        )
        for number, was, now in changed
    ]


def _issued_within(reading: Assessment, *, window: Window) -> bool:
    return any(
        window.holds(step.at) and step.changed.get("state", (None, None))[1] == "issued"
        for step in record.history(reading, until=window.end)
    )


def _observed(window: Window) -> dict[str, list[Observation]]:
    """Countries to what was first recorded about them in the window, the latest day first."""
    wanted = record.first_recorded("monitoring.observation", since=window.start, until=window.end)
    there: dict[str, list[Observation]] = defaultdict(list)
    for one in monitoring.observations(ids=list(wanted)):
        there[one.iso3].append(one)
    return there


def _seen(one: Situation, there: Sequence[Observation], *, labels: list[Label | int]) -> Iterator[Sentence]:
    """What was observed: first what more independent origins carry, then the latest."""
    url = url_of("assessment.situation", object_id=one.id)
    standing = monitoring.standing(there)
    supported = [each for each in there if standing[str(each.id)].supported]
    ordered = sorted(supported, key=lambda each: (-len(standing[str(each.id)].origins), -each.on.toordinal()))
    labels.extend(each.label for each in ordered)
    for each in ordered:
        told = say(
            "%(day)s: %(summary)s (independent origins: %(origins)s%(party)s).",
            day=_spelled(each),
            # Held apart on both sides: an Arabic summary must not pull the figures after it across.
            summary=f"\u2068{each.summary.rstrip('.')}\u2069",
            origins=len(standing[str(each.id)].origins),
            party=say("; a party's own statement") if each.interested_party else "",
        )
        yield Sentence(told, href=url)


def _spelled(one: Observation) -> Words | str:
    """The day with its precision, never more precise than it is known."""
    if one.on_precision == "year":
        return say("in %(year)s", year=one.on.year)
    if one.on_precision == "month":
        return say("%(month)s, month only", month=f"{one.on:%Y-%m}")
    day = in_full(one.on, language=language())
    return say("c. %(day)s", day=day) if one.on_precision == "circa" else day


def _ahead(window: Window, *, labels: list[Label | int]) -> tuple[Sentence, ...]:
    """Reviews due and decisions needed within two weeks, by day."""
    due = [(one.review_due, _review(one), one.label) for one in assessment.situations()]
    needed = [(note.decision_by, _decision(note), note.label) for note in advising.unanswered()]
    told = [
        (day, sentence, label)
        for day, sentence, label in (*due, *needed)
        if day and window.day <= day <= window.day + AHEAD
    ]
    labels.extend(label for _, _, label in told)
    return tuple(sentence for _, sentence, _ in sorted(told, key=lambda row: row[0]))


def _review(one: Situation) -> Sentence:
    words = say("%(day)s: %(title)s, review due.", day=_full(one.review_due), title=one.title)
    return Sentence(words, href=url_of("assessment.situation", object_id=one.id))


def _decision(note: AdvisoryNote) -> Sentence:
    words = say("%(day)s: decision needed on note %(reference)s.", day=_full(note.decision_by), reference=note.reference)
    return Sentence(words, href=url_of("advising.advisorynote", object_id=note.id))


def _full(day: date | None) -> str:
    return in_full(day, language=language()) if day else ""


def _silent(labels: list[Label | int]) -> tuple[Sentence, ...]:
    found = silent_sources()
    labels.extend(one.level for one in found)
    return tuple(Sentence(say("%(name)s, silent for %(days)s days.", name=one.name, days=one.days)) for one in found)
