"""What stands within the United Nations about a State or a situation, as a page shows it: who is present and who has
spoken, mandates and their ends, resolutions, vetoes, reviews, treaties, and what was asked.

Plain rows with the labels of all that they show, for the band.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.institutions.queries import Mandate, Sourced
from forestall.institutions.states import (
    AHEAD,
    BOUND_BY,
    CHANNELS,
    FORCE,
    ORGANS,
    REVIEW_STEPS,
    REVIEWERS,
    STANDINGS,
    TREATIES,
)
from forestall.labels.label import Label
from forestall.monitoring import inforequests, reporting
from forestall.monitoring.states import INFORMATION_REQUEST

from .placenames import country_name
from .wayfinding import address

if TYPE_CHECKING:
    from forestall.institutions.queries import OfACounterpart
    from forestall.monitoring.inforequests import InformationRequest
    from forestall.monitoring.reporting import Item

Row = dict[str, Any]
FOR_SHORT = 5
"""Rows of a list before the rest is folded away."""


@dataclass(frozen=True)
class Term:
    """A mandate as it stands on a day: whether it runs, has run out, or is history. `days` to its end, when it has one."""

    mandate: Mandate
    counts: bool
    over: bool
    days: int | None

    @property
    def is_near(self) -> bool:
        """Whether its end is a date ahead."""
        return self.counts and self.days is not None and 0 <= self.days <= AHEAD

    @property
    def words(self) -> Words:
        """How it stands, in words."""
        if not self.counts:
            return say("earlier") if self.over else say("not begun, or replaced by a later one")
        if self.days is None:
            return say("sets no last day") if self.mandate.open_ended else say("its last day is not known")
        if self.days < 0:
            return say("ran out; no later one is noted")
        return say("ends today") if self.days == 0 else say("ends in %(days)s days", days=self.days)

    @property
    def places(self) -> list[str]:
        """Its territory by name."""
        return [country_name(code) for code in self.mandate.countries]


def terms(found: Sequence[Mandate], *, day: date) -> list[Term]:
    """Mandates as they stand on a day, those that count first."""
    counting = {one.id for one in institutions.running(found, on=day)}
    told = [
        Term(
            mandate=one,
            counts=one.id in counting,
            over=one.end_date is not None and one.end_date < day,
            days=(one.end_date - day).days if one.end_date else None,
        )
        for one in found
    ]
    return sorted(told, key=lambda one: not one.counts)


def of_state(iso3: str, *, day: date) -> dict[str, Any]:
    """All of it for one State; every list may be empty, which says that nothing is noted, and not that there is nothing."""
    present = reporting.present([iso3], on=day)
    mandates = institutions.mandates(iso3=[iso3])
    resolutions, vetoes = institutions.resolutions(iso3), institutions.vetoes(iso3)
    reviews, treaties = institutions.reviews(iso3), institutions.treaty_statuses(iso3)
    asked = inforequests.requests(iso3=[iso3])
    shown: Iterable[Sourced | InformationRequest] = (
        *(one.presence for one in present), *mandates, *resolutions, *vetoes, *reviews, *treaties, *asked,
    )  # fmt: skip
    named: list[OfACounterpart] = [*(one.presence for one in present), *mandates, *asked]
    return {
        "present": [present_row(one) for one in present],
        "terms": terms(mandates, day=day),
        "in_force": [_resolution(one) for one in resolutions if one.force == "in_force" and _holds(one.force_until, day=day)],
        "resolutions": [_resolution(one) for one in resolutions],
        "vetoes": [{"one": one, "by": [country_name(code) for code in one.cast_by]} for one in vetoes],
        "reviews": [_review(one, day=day) for one in reviews],
        "treaties": [_treaty(one) for one in treaties],
        "unknown_treaties": [words for key, words in TREATIES.items() if key not in {one.treaty for one in treaties}],
        "asked": asked_rows(asked, day=day),
        "within_labels": [*(one.label for one in shown), *(one.counterpart.label for one in named)],
    }


def _holds(until: date | None, *, day: date) -> bool:
    return until is None or day <= until


def present_row(one: reporting.Present) -> Row:
    """One presence: who, where, since when, when they last spoke, and where one asks them."""
    presence = one.presence
    return {
        "presence": presence,
        "name": presence.counterpart.name,
        "place": country_name(presence.iso3),
        "last": one.last,
        "days": one.days,
        "reported": one.has_reported,
        "url": address("counterpart", presence.counterpart_id),
    }


def _resolution(one: institutions.Resolution) -> Row:
    return {"one": one, "organ": ORGANS[one.body], "force": FORCE[one.force]}


def _review(one: institutions.ReviewCycle, *, day: date) -> Row:
    return {
        "one": one,
        "body": REVIEWERS[one.body],
        "step": REVIEW_STEPS[one.step],
        "ahead": one.on is not None and one.on >= day,
    }


def _treaty(one: institutions.TreatyStatus) -> Row:
    return {
        "one": one,
        "treaty": TREATIES[one.treaty],
        "standing": STANDINGS[one.standing],
        "bound_by": BOUND_BY.get(one.bound_by),
    }


def asked_rows(asked: Iterable[InformationRequest], *, day: date) -> list[Row]:
    """Requests for information with how each stands; the ones without a response and past their day first."""
    rows = [
        {
            "one": one,
            "body": one.counterpart.name,
            "state": INFORMATION_REQUEST.words[one.state],
            "channel": CHANNELS[one.channel],
            "late": inforequests.is_late(one, on=day),
            "open": one.state in inforequests.OPEN,
            "place": country_name(one.iso3) if one.iso3 else "",
            "url": address("asked", one.id),
        }
        for one in asked
    ]
    return sorted(rows, key=lambda row: (not row["late"], not row["open"]))


def of_situation(situation_id: UUID, *, places: Sequence[str], day: date) -> dict[str, Any]:
    """How much of what is known of a situation came from the United Nations, who there has not reported, what was asked."""
    items = reporting.items_about(situation_id, iso3=places)
    present = reporting.present(places, on=day)
    asked = inforequests.requests(situation_id=situation_id)
    ending = institutions.ending(on=day, iso3=places)
    named: list[OfACounterpart] = [*(one.presence for one in present), *asked, *ending]
    labels: list[Label | int] = [one.level for one in items]
    labels += [label for one in named for label in (one.label, one.counterpart.label)]
    return {
        "share": reporting.share(items),
        "voices": voices(items, day=day),
        "silent_present": [present_row(one) for one in present if not one.has_reported],
        "present_known": bool(present),
        "asked": asked_rows(asked, day=day),
        "ending": terms(ending, day=day),
        "within_labels": labels,
    }


def voices(items: Sequence[Item], *, day: date) -> list[Row]:
    """The sources of the United Nations among items, with the body each speaks for and the age of its last word in days."""
    return [
        {
            "name": one.name,
            "body": one.counterpart.name if one.counterpart else "",
            "items": one.items,
            "last": one.last,
            "days": max(0, (day - one.last.date()).days),
        }
        for one in reporting.voices(items)
    ]
