"""Dates ahead, of every kind the office knows: what happens, where, how exactly the day is known, and who says so.

One gatherer for each kind, which asks through the bound session; a further kind is a further line of `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from forestall.access import queries as access
from forestall.access.session import Session, current
from forestall.advising import queries as advising
from forestall.assessment import queries as assessment
from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.institutions.queries import Mandate, ReviewCycle
from forestall.institutions.states import REVIEW_STEPS, REVIEWERS
from forestall.labels.label import Label, join, unspell
from forestall.monitoring import inforequests

from .things import url_of
from .wayfinding import address


@dataclass(frozen=True)
class Ahead:
    """One date. `key` is the public id of the thing it is of; `precision` day, month or year; `mine` when it is a duty of
    the reader; `overdue` when it has passed and is not done. `source` is who says the date, empty for the Office's own.
    """

    key: str
    kind: str
    on: date
    title: Words | str
    label: Label
    precision: str = "day"
    places: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    source_url: str = ""
    mine: bool = False
    overdue: bool = False

    @property
    def level(self) -> int:
        """The level of all that it tells."""
        return int(self.label.level)

    @property
    def last(self) -> date:
        """The last day on which it can be: that of its month or year when no day is known."""
        if self.precision == "year":
            return date(self.on.year, 12, 31)
        if self.precision == "month":
            return date(self.on.year + self.on.month // 12, self.on.month % 12 + 1, 1) - timedelta(days=1)
        return self.on


Gather = Callable[[Session, date], Iterable[Ahead]]


def _mandates(_: Session, day: date) -> Iterable[Ahead]:
    """The last day of every mandate that runs, unless a renewal is noted; and those that ran out without one."""
    return [_mandate(one, over=one.end_date < day) for one in institutions.ends(on=day) if one.end_date]


def _mandate(one: Mandate, *, over: bool) -> Ahead:
    name = one.counterpart.acronym or one.counterpart.name
    words = say("Mandate ran out: %(name)s", name=name) if over else say("Mandate ends: %(name)s", name=name)
    assert one.end_date is not None
    return Ahead(
        key=str(one.id), kind="mandate", on=one.end_date, title=words, label=join([one.label, one.counterpart.label]),
        places=tuple(one.countries), url=address("counterpart", one.counterpart_id, at="mandates"), overdue=over,
        source=" ".join(part for part in (one.resolution, one.paragraph and f"§ {one.paragraph}") if part) or one.source, source_url=one.url,
    )  # fmt: skip


def _reviews(_: Session, __: date) -> Iterable[Ahead]:
    """The steps of reviews by States and treaty bodies."""
    return [_review(one) for one in institutions.reviews() if one.on is not None]


def _review(one: ReviewCycle) -> Ahead:
    assert one.on is not None
    words = say("%(body)s: %(step)s", body=REVIEWERS[one.body], step=REVIEW_STEPS[one.step])
    return Ahead(
        key=str(one.id), kind="review", on=one.on, title=words, label=one.label, precision=one.on_precision, places=(one.iso3,),
        url=address("state", one.iso3, at="reviews"), source=one.source, source_url=one.url,
    )  # fmt: skip


def _asked(session: Session, day: date) -> Iterable[Ahead]:
    """Days by which information was asked for and has not come."""
    for one in inforequests.requests():
        if one.state in inforequests.OPEN:
            words = say("Answer due from %(name)s", name=one.counterpart.acronym or one.counterpart.name)
            yield Ahead(
                key=str(one.id), kind="information", on=one.due, title=words, label=join([one.label, one.counterpart.label]),
                places=(one.iso3,) if one.iso3 else (), url=address("asked", one.id), mine=one.asked_by == session.person_id,
                overdue=inforequests.is_late(one, on=day),
            )  # fmt: skip


def _situations(session: Session, day: date) -> Iterable[Ahead]:
    """Days on which a situation must be looked at again."""
    for one in assessment.situations():
        if one.review_due is not None and one.state != "closed":
            yield Ahead(
                key=str(one.id), kind="situation", on=one.review_due, title=say("Look again: %(title)s", title=one.title), label=one.label,
                places=tuple(one.places), url=address("situation", one.id), mine=one.lead == session.person_id,
                overdue=one.review_due < day,
            )  # fmt: skip


def _notes(session: Session, day: date) -> Iterable[Ahead]:
    """Days by which a decision was asked for in a note that left and is not answered."""
    for one in advising.unanswered():
        if one.decision_by is not None:
            warning = advising.warning(one.warning_id)
            situation = assessment.situation(warning.situation_id) if warning else None
            yield Ahead(
                key=str(one.id), kind="note", on=one.decision_by, title=say("Decision asked for: %(title)s", title=one.subject),
                places=tuple(situation.places) if situation else (),
                label=join([one.label, *([situation.label] if situation else [])]), url=url_of("advising.advisorynote", object_id=one.id), mine=one.author == session.person_id,
                overdue=one.decision_by < day,
            )  # fmt: skip


KINDS: dict[str, tuple[Words, Gather]] = {
    "mandate": (say("mandate"), _mandates),
    "review": (say("review of a State"), _reviews),
    "information": (say("request for information"), _asked),
    "situation": (say("review of a situation"), _situations),
    "note": (say("decision asked for"), _notes),
}
"""Kinds of dates by their key in an address: what each is called, and who gathers it."""


def dates(
    session: Session, *, day: date, kinds: Collection[str] = (), places: Collection[str] = (), only_mine: bool = False
) -> list[Ahead]:
    """Dates from a day on, and what is overdue, soonest first: of these kinds and States (none: of all), or the reader's own."""
    wanted = [gather for key, (_, gather) in KINDS.items() if not kinds or key in kinds]
    found = [one for gather in wanted for one in gather(session, day)]
    kept = [
        one
        for one in found
        if (one.last >= day or one.overdue)
        and (not places or set(places) & set(one.places))
        and (one.mine or not only_mine)
    ]
    return sorted(kept, key=lambda one: (one.on, one.kind, one.key))


def places_of_desk(key: str) -> frozenset[str]:
    """The States that a desk works on; none for a desk that is not there."""
    return next((unspell(desk.places) for desk in access.desks() if desk.key == key), frozenset())


def near(*, day: date, days: int, kinds: Collection[str], places: Collection[str] = ()) -> list[Ahead]:
    """What comes within so many days of a day, and what is overdue, of some kinds."""
    last = day + timedelta(days=days)
    return [one for one in dates(current(), day=day, kinds=kinds, places=places) if one.on <= last]
