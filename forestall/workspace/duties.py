"""What waits for one person: clearances, transmittals, own drafts, reviews, asks, information and evidence asked for, requests about
oneself, lists for recall, protected sources; silent sources, forecasts that moved.

Gathered from what the bound session sees, so that no count tells of anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from forestall.access import decisions, granting
from forestall.access import queries as access
from forestall.access.matters import matter
from forestall.access.session import Session
from forestall.advising import queries as advising
from forestall.advising.states import NOTE, STEPS
from forestall.assessment import queries as assessment
from forestall.assessment.states import ASSESSMENT
from forestall.base.clock import now, today
from forestall.base.words import Words, say
from forestall.base.words import told as told_again
from forestall.forecasting import queries as forecasting
from forestall.labels.label import Label
from forestall.monitoring import inforequests, packages, setaside, silences
from forestall.monitoring import queries as monitoring
from forestall.monitoring.states import QuarantineState, SilenceState
from forestall.monitoring.stories import first_told
from forestall.retention import recall, requests
from forestall.retention.states import KEEP, OUTCOMES
from forestall.vault import queries as vault

from . import coveragereading, packagereading
from .placenames import country_name, language_name
from .things import thing, url_of

if TYPE_CHECKING:
    from forestall.advising.models import AdvisoryNote
    from forestall.assessment.models import Assessment, Situation
    from forestall.forecasting.models import Forecast

MOVED = 0.05
"""A forecast moved when its chance differs by at least this share from the run before."""


@dataclass(frozen=True)
class Duty:
    """One thing that waits for a person: what it is, why it is theirs, its level, and by when it is needed."""

    title: str
    url: str
    why: Words
    level: int
    due: date | None = None


@dataclass(frozen=True)
class Told:
    """A notice whose thing may still be seen."""

    id: str
    words: Words
    url: str
    at: datetime
    level: int


@dataclass(frozen=True)
class Watched:
    """A situation somebody leads, with the factors that moved in its last reading."""

    title: str
    url: str
    state: str
    moved: tuple[str, ...]
    read_on: date | None
    review_due: date | None
    level: int


@dataclass(frozen=True)
class Silent:
    """A source that has not spoken within its usual rhythm. `days` since its last item."""

    name: str
    cadence: int
    last: datetime
    days: int
    level: int


@dataclass(frozen=True)
class Stopped:
    """A source that has stopped reporting on a country of one's own. `days` since its last word."""

    country: str
    source: str
    language: str
    url: str
    last: date | None
    days: int
    level: int
    source_id: UUID | None


@dataclass(frozen=True)
class Moved:
    """A State whose chance differs from the run before, both with their 90 % intervals (shares, 0 to 1)."""

    iso3: str
    before: Forecast
    now: Forecast


def notices(session: Session) -> list[Told]:
    """The notices of a person whose thing they may see now, newest first. The others wait in silence."""
    told = []
    for one in access.notices(session.person_id):
        about = thing(one.kind, object_id=one.object_id)
        if about is not None:
            told.append(Told(str(one.id), told_again(one.message, one.parameters), about.url, one.at, about.level))
    return told


def waiting(session: Session) -> list[Duty]:
    """What waits for this person, soonest day first: never the clearance of what they wrote themselves."""
    found = [
        *_clearances(session), *_to_transmit(session), *_own_drafts(session), *_undecided(), *_decisions(session), *_reports(session),
        *_packages(), *_unanswered(session), *_requests(session), *_recalls(session), *_identities(session),
    ]  # fmt: skip
    return sorted(found, key=lambda duty: (duty.due is None, duty.due or today(), duty.title))


def _clearances(session: Session) -> list[Duty]:
    acting = access.offices_of(session.person_id)
    titles = {office.key: office.title for office in access.offices()}
    notes = [
        _note(one, why=_why(STEPS_BY_STATE[one.state], acting=acting, titles=titles))
        for one in advising.waiting_for(session.person_id, offices=list(acting))
    ]
    readings = [
        _assessment(one, why=_why(READERS[one.state], acting=acting, titles=titles))
        for one in assessment.waiting_for(session.person_id, offices=list(acting))
    ]
    return [*notes, *readings]


STEPS_BY_STATE = {str(here): office for here, _, office, _ in STEPS.values()}
READERS = {"peer_review": "second_reader", "protection_check": "director"}


def _why(office: str, *, acting: dict[str, access.Acting], titles: dict[str, str]) -> Words:
    capacity, title = acting[office], titles[office]
    if capacity.on_behalf_of:
        holder = access.names([capacity.on_behalf_of]).get(capacity.on_behalf_of, "")
        return say("you act as %(office)s for %(holder)s", office=title, holder=holder)
    return say("you clear as %(office)s", office=title)


def _note(note: AdvisoryNote, *, why: Words) -> Duty:
    url = url_of("advising.advisorynote", object_id=note.id)
    return Duty(note.subject, url, why, note.level, note.decision_by)


def _assessment(one: Assessment, *, why: Words) -> Duty:
    situation = assessment.situation(one.situation_id)
    title = situation.title if situation else ""
    level = max(one.level, situation.level if situation else 0)
    return Duty(title, url_of("assessment.assessment", object_id=one.id), why, level, None)


def _to_transmit(session: Session) -> list[Duty]:
    if not session.may("note.transmit"):
        return []
    return [_note(one, why=say("signed; you transmit it")) for one in advising.to_transmit()]


def _undecided() -> list[Duty]:
    """One line for all that was set aside, which reviewers alone see: they find the files on their own list."""
    files = setaside.undecided()
    if not files:
        return []
    why = say("files set aside that wait for a reviewer's decision: %(count)s", count=len(files))
    url = f"{reverse('quarantine')}?state={QuarantineState.WAITING}"
    return [Duty(say("Quarantine").text(gettext), url, why, max(one.level for one in files))]


def _decisions(session: Session) -> list[Duty]:
    """What somebody else proposed and this person could agree to."""
    return [
        Duty(
            matter(one.matter).title.text(gettext), reverse("decision", args=[one.id]),
            say("%(name)s proposed it; you could be the second person", name=access.names([one.proposer]).get(one.proposer, "")),
            one.level, one.lapses_at.date(),
        )
        for one in decisions.waiting_for(session)
    ]  # fmt: skip


def _reports(session: Session) -> list[Duty]:
    """Emergency openings whose report this person owes."""
    why = say("it was opened for you in an emergency; say what you looked at")
    return [
        Duty(one.compartment, reverse("opening", args=[one.id]), why, one.level, one.until.date())
        for one in granting.unreported(session.person_id)
    ]


def _packages() -> list[Duty]:
    """Requests for evidence whose next step is this person's."""
    rows = [packagereading.row_of(one) for one in packages.requests()]
    return [
        Duty(f"{row.one.reference} {row.one.purpose}", reverse("package", args=[row.one.id]),
             say("evidence is asked for; you could %(act)s", act=row.next_by), row.one.level)
        for row in rows
        if row.yours and row.next_by is not None
    ]  # fmt: skip


def _requests(session: Session) -> list[Duty]:
    """What people ask about themselves, until the answer was sent."""
    if not session.may(KEEP):
        return []
    decided, asked = say("it is decided; the answer must be sent"), say("somebody asks what is held about them")
    return [
        Duty(one.name, reverse("request", args=[one.id]), decided if one.state in OUTCOMES else asked, one.level, one.due_on)
        for one in requests.open_requests()
    ]


def _unanswered(session: Session) -> list[Duty]:
    """Requests for information that this person made and that are past their day without a response."""
    why = say("you asked; its day has passed without a response")
    return [
        Duty(f"{one.reference} {one.counterpart.name}", reverse("asked", args=[one.id]), why, max(one.level, one.counterpart.level), one.due)
        for one in inforequests.requests()
        if one.asked_by == session.person_id and inforequests.is_late(one, on=today())
    ]


def _recalls(session: Session) -> list[Duty]:
    """What a source took back and somebody has not been told of."""
    if not session.may(KEEP):
        return []
    untold = [(one, sum(line.told_at is None for line in recall.lines(one))) for one in recall.recalls()]
    return [
        Duty(say("List for recall").text(gettext), reverse("recall", args=[one.id]),
             say("a source took it back; not told yet: %(count)s", count=count), one.level)
        for one, count in untold
        if count
    ]  # fmt: skip


def _identities(session: Session) -> list[Duty]:
    """Protected sources in this person's care whose time to be looked at again has come."""
    why = say("is it still needed to keep who this source is? Look at it again")
    return [
        Duty(one.code, reverse("vaulted", args=[one.id]), why, one.level, one.review_due)
        for one in vault.review_overdue()
        if one.keeper == session.person_id
    ]


def _own_drafts(session: Session) -> list[Duty]:
    notes = [_note(one, why=_drafting(NOTE.words[one.state])) for one in advising.drafts_of(session.person_id)]
    readings = [
        _assessment(one, why=_remarked(one) or _drafting(ASSESSMENT.words[one.state]))
        for one in assessment.drafts_of(session.person_id)
    ]
    return [*notes, *readings]


def _drafting(state: Words) -> Words:
    return say("you write it: %(state)s", state=state)


def _remarked(one: Assessment) -> Words | None:
    open_ones = sum(not review.answer for review in assessment.reviews(one))
    return say("you write it; remarks without an answer: %(count)s", count=open_ones) if open_ones else None


def watched(situations: Sequence[Situation]) -> list[Watched]:
    """These situations with what moved between their last two readings."""
    readings = assessment.last_readings()
    return [_watched(one, *readings.get(one.id, (None, None))) for one in situations]


def _watched(one: Situation, newest: Assessment | None, before: Assessment | None) -> Watched:
    moved = assessment.changes(newest, before) if newest and before else []
    factors = tuple(number for number, _, _ in moved if "." not in number)
    return Watched(
        title=one.title,
        url=url_of("assessment.situation", object_id=one.id),
        state=one.state,
        moved=factors,
        read_on=newest.on if newest else None,
        review_due=one.review_due,
        level=max(one.level, newest.level if newest else 0),
    )


def overdue(session: Session) -> list[Watched]:
    """Situations past the day of their review that somebody else leads, or nobody: their own are among theirs."""
    return watched([one for one in assessment.overdue() if one.lead != session.person_id])


def silent_sources(*, besides: Collection[UUID | None] = ()) -> list[Silent]:
    """Active sources that have been silent for longer than their usual rhythm, the longest silence first; not those `besides`."""
    tallies, moment = monitoring.tallies(), now()
    found = [
        Silent(source.name, source.cadence_days, last, (moment - last).days, source.level)
        for source in monitoring.sources().values()
        if source.state == "active" and source.cadence_days and source.id not in besides
        for last in [tallies[source.id].last if source.id in tallies else None]
        if last is not None and (moment - last).days > source.cadence_days
    ]
    return sorted(found, key=lambda one: (-one.days, one.name))


def stopped(session: Session) -> list[Stopped]:
    """Silences that nobody has explained, the longest first: on the countries of one's desks; all for who keeps the sources."""
    found = silences.standing(iso3=None if "source.keep" in session.verbs else access.places_of(session))
    return [_stopped(one) for one in found if one.state == SilenceState.OPEN]


def _stopped(one: silences.Silence) -> Stopped:
    return Stopped(
        country=country_name(one.iso3),
        source=coveragereading.source_of(one),
        language=language_name(one.language) if one.language else "",
        url=url_of(one.kind(), object_id=one.id),
        last=one.last,
        days=one.days(today()),
        level=one.level,
        source_id=one.source_id,
    )


def moved_forecasts() -> tuple[list[Moved], Label | None]:
    """States whose chance moved since the run before, in the order of their codes, and the label that they carry."""
    run = forecasting.latest()
    before = forecasting.run_before(run) if run else None
    if run is None or before is None:
        return [], None
    earlier = {one.iso3: one for one in forecasting.forecasts(before)}
    pairs = [(earlier[one.iso3], one) for one in forecasting.forecasts(run) if one.iso3 in earlier]
    found = [Moved(one.iso3, old, one) for old, one in pairs if abs(old.probability - one.probability) >= MOVED]
    return sorted(found, key=lambda one: one.iso3), run.label


def unread_by_priority() -> tuple[dict[int, int], int, list[int]]:
    """Stories that wait in the inbox by priority (2 now, 1 soon, 0 ordinary), copies folded under them, levels met."""
    items = monitoring.inbox()
    told = first_told(items)
    counts = {priority: sum(item.priority == priority for item in told) for priority in (2, 1, 0)}
    return counts, len(items) - len(told), [item.level for item in items]


def handed_over(person_id: str) -> list[Duty]:
    """What somebody has open and the reader may see: situations they lead, drafts, asks of theirs without an answer."""
    led = [
        Duty(one.title, url_of("assessment.situation", object_id=one.id), say("leads this situation"), one.level, one.review_due)
        for one in assessment.led_by(person_id)
    ]  # fmt: skip
    drafts = [_note(one, why=say("writes this note")) for one in advising.drafts_of(person_id)]
    readings = [_assessment(one, why=say("writes this assessment")) for one in assessment.drafts_of(person_id)]
    asked = [
        _note(one, why=say("waits for the answer")) for one in advising.unanswered() if one.author == person_id
    ]
    return [*led, *drafts, *readings, *asked]
