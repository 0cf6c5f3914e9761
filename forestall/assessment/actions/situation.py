"""Opening situations, moving them, and noting when they must be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from forestall.access import queries as people
from forestall.access.actions import tell
from forestall.access.session import Session
from forestall.assessment import policies
from forestall.assessment.models import Situation
from forestall.assessment.states import REVIEW_DAYS, SITUATION, SituationState
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import Label, Level
from forestall.record.actions import write


@transaction.atomic
def open_situation(
    *, title: str, places: Sequence[str], reason: str, by: Session, desk: str = "", level: Level = Level.CONFIDENTIAL
) -> Situation:
    """Begin to watch. It carries its desk's compartment, so that only the desk sees it."""
    by.check_may("situation.open")
    policies.check_reason(reason=reason)
    if not title.strip() or not places:
        raise Refused(say("A situation needs a title and at least one country."))
    compartments = frozenset({f"desk:{desk}"}) if desk else frozenset()
    made = Situation(
        title=title.strip(),
        places=list(places),
        desk=desk,
        lead=by.person_id,
        opened_on=today(),
        review_due=_due(SituationState.SCREENED, since=today()),
        reason=reason,
    ).labelled(Label(level=level, compartments=compartments))
    return write(made, by=by.person_id, verb="situation opened")


@transaction.atomic
def move(situation: Situation, *, to: str, reason: str, by: Session) -> Situation:
    """Watch a situation more or less closely, with the reason. Directors are told."""
    step = SITUATION.move(situation.state, to)
    by.check_may(step.verb)
    policies.check_reason(reason=reason)
    situation.state, situation.reason = to, reason
    situation.review_due = _due(SituationState(to), since=today())
    write(situation, by=by.person_id, verb=step.records)
    tell(
        [str(person.id) for role in step.tells for person in people.holders(role)],
        words=say("%(title)s: now “%(state)s”.", title=situation.title, state=SITUATION.words[to]),
        kind=Situation.kind(),
        object_id=situation.id,
    )
    return situation


def _due(state: SituationState, *, since: date) -> date:
    return since + timedelta(days=REVIEW_DAYS[state])


@transaction.atomic
def set_populations(situation: Situation, *, groups: Sequence[UUID], by: Session) -> Situation:
    """Name the groups at risk in a situation."""
    by.check_may("situation.open")
    situation.populations = [str(group) for group in groups]
    return write(situation, by=by.person_id, verb="populations at risk named")
