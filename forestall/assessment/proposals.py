"""What the tool proposes for a judgement, and why. A person decides; nothing here is ever written over a person's word.

An indicator is carried by independent origins: copies of one story are one origin, a party's own statement is none,
and an item nobody could grade (F6) is none. A factor is proposed at the highest presence of its indicators that such
an origin carries, with those beneath it listed. There is no total.

Where origins come from sources that have gone silent on the country since, and those that still report would not carry the
same confidence alone, it is proposed one step lower, with that reason: absence of reports is not absence of events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from forestall.base.words import Words, say

from .states import CONFIDENCE_ORDER, PRESENCE_ORDER, Confidence, Presence, Trend

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Support:
    """One observation under an indicator: the origin it comes from, its best grade, and which way it bears.

    `silent`: every source of this origin has gone silent on the country.
    """

    observation: str
    origin: str
    grade: str
    direction: str
    on: date
    interested_party: bool
    silent: bool = False

    @property
    def counts(self) -> bool:
        """Whether it can carry a judgement: graded better than F6, and not a party speaking of itself."""
        return bool(self.grade) and self.grade != "F6" and not self.interested_party


@dataclass(frozen=True)
class Proposal:
    """What the tool proposes, the observations it rests on, and its reason. `lowered`: why its confidence is a step lower."""

    presence: Presence
    trend: Trend
    confidence: Confidence
    origins: int
    observations: tuple[str, ...]
    reason: Words
    lowered: Words | None = None


def propose_indicator(support: Iterable[Support], *, on: date) -> Proposal:
    """The proposal for one indicator from the observations under it, on a day."""
    known = [one for one in support if one.on <= on]
    raising = [one for one in known if one.counts and one.direction == "raises"]
    origins = {one.origin for one in raising}
    if not raising:
        return _unsupported(known)
    presence = Presence.PRESENT if len(origins) > 1 else Presence.EMERGING
    confidence, lowered = _as_heard(raising)
    return Proposal(
        presence=presence,
        trend=_trend(known, on=on),
        confidence=confidence,
        origins=len(origins),
        observations=tuple(dict.fromkeys(one.observation for one in known)),
        reason=say("%(origins)s independent origins report it.", origins=len(origins))
        if len(origins) > 1
        else say("One independent origin reports it; a second is wanted."),
        lowered=lowered,
    )


def _unsupported(known: Sequence[Support]) -> Proposal:
    lowering = [one for one in known if one.counts and one.direction == "lowers"]
    if lowering:
        reason, presence = say("All that is known speaks against it."), Presence.NOT_PRESENT
    elif known:
        reason = say("Only interested parties, or items nobody could grade, speak of it.")
        presence = Presence.NO_INFORMATION
    else:
        reason, presence = (
            say("Nothing is known about it, which is not the same as absent."),
            Presence.NO_INFORMATION,
        )
    confidence, lowered = _as_heard(lowering)
    return Proposal(
        presence=presence,
        trend=Trend.UNCLEAR,
        confidence=confidence,
        origins=len({one.origin for one in lowering}),
        observations=tuple(dict.fromkeys(one.observation for one in known)),
        reason=reason,
        lowered=lowered,
    )


def _trend(known: Sequence[Support], *, on: date) -> Trend:
    """Raising less lowering origins in the last ninety days, against the ninety before."""
    lately = _balance(known, since=on - WINDOW, until=on)
    before = _balance(known, since=on - 2 * WINDOW, until=on - WINDOW)
    if lately == before == 0:
        return Trend.UNCLEAR
    if lately > before:
        return Trend.DETERIORATING
    return Trend.IMPROVING if lately < before else Trend.STABLE


def _balance(known: Sequence[Support], *, since: date, until: date) -> int:
    within = [one for one in known if one.counts and since < one.on <= until]
    raising = {one.origin for one in within if one.direction == "raises"}
    lowering = {one.origin for one in within if one.direction == "lowers"}
    return len(raising) - len(lowering)


def _as_heard(carrying: Sequence[Support]) -> tuple[Confidence, Words | None]:
    """The confidence that these carry, one step lower where those still reporting would not carry it alone, and why."""
    heard = [one for one in carrying if not one.silent]
    whole, alone = _confidence(carrying), _confidence(heard)
    if CONFIDENCE_ORDER.index(alone) >= CONFIDENCE_ORDER.index(whole):
        return whole, None
    origins = {one.origin for one in carrying}
    words = say(
        "Confidence is proposed one step lower: of %(origins)s independent origins %(silent)s have gone silent there since.",
        origins=len(origins), silent=len(origins - {one.origin for one in heard}),
    )  # fmt: skip
    return one_step_lower(whole), words


def one_step_lower(confidence: Confidence) -> Confidence:
    """The next lower confidence; low stays low."""
    return CONFIDENCE_ORDER[max(0, CONFIDENCE_ORDER.index(confidence) - 1)]


def _confidence(support: Sequence[Support]) -> Confidence:
    origins = len({one.origin for one in support})
    if origins < 2:
        return Confidence.LOW
    good = any(one.grade[0] in "AB" and one.grade[1] in "12" for one in support)
    return Confidence.HIGH if origins > 2 and good else Confidence.MODERATE


@dataclass(frozen=True)
class JudgedIndicator:
    """An indicator as somebody judged it, with the number of independent origins that carry it. `silent`: its evidence rests
    on sources gone silent, so that the tool would lower its confidence.
    """

    number: str
    presence: Presence
    trend: Trend
    confidence: Confidence
    origins: int
    silent: bool = False


def propose_factor(judged: Sequence[JudgedIndicator]) -> tuple[Proposal, tuple[JudgedIndicator, ...]]:
    """The proposal for a factor, and the indicators beneath the one that carries it."""
    carried = [one for one in judged if one.origins > 0]
    ranked = sorted(carried, key=lambda one: (-PRESENCE_ORDER.index(one.presence), one.number))
    if not ranked:
        nothing = Proposal(
            Presence.NO_INFORMATION,
            Trend.UNCLEAR,
            Confidence.LOW,
            0,
            (),
            say("No indicator is carried by an origin."),
        )
        return nothing, ()
    top = ranked[0]
    confidence = Confidence.LOW if top.origins == 1 else top.confidence
    lower = top.silent and confidence is not Confidence.LOW
    proposal = Proposal(
        presence=top.presence,
        trend=top.trend,
        confidence=one_step_lower(confidence) if lower else confidence,
        origins=top.origins,
        observations=(),
        reason=say("Indicator %(number)s carries it.", number=top.number),
        lowered=say(
            "Confidence is proposed one step lower: indicator %(number)s rests on sources gone silent there since.",
            number=top.number,
        )
        if lower
        else None,
    )
    return proposal, tuple(ranked[1:])
