"""A label: why you may see a thing, who else can, and how it is held closer or, by two, less closely."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from forestall.access import decisions, labelling, queries, recognising, stepup
from forestall.access.declared import page
from forestall.access.matters import matter
from forestall.access.session import Session, current
from forestall.base.clock import end_of
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.labels.label import CONSENT_WORDS, LEVEL_WORDS, Label, Level
from forestall.record.queries import acts_of, history
from forestall.retention import recall
from forestall.workspace import labelreading
from forestall.workspace.formfields import day_in
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.things import kind_words, thing

if TYPE_CHECKING:
    from forestall.record.models import Recorded

FIELDS = ("level", "compartments", "audience", "embargo_until", "consent", "hold")


@page(writes="library.read")
def label(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """The label of one thing, explained; forms to change it."""
    one, about = found(decisions.thing_of(kind, object_id=object_id)), found(thing(kind, object_id=object_id))
    session = current()
    if request.method == "POST":
        return _changed(request, one)
    waiting, settled = decisions.waiting_on(one.id), decisions.decided_on(one.id)
    return show(
        request,
        "workspace/label.html",
        band=band_of([one.label, *(each.level for each in waiting)]),
        way=[*([(about.title, about.url)] if about.url else []), (say("Label"), "")],
        as_of=True,
        about=about,
        kind=kind_words(kind),
        one=one,
        why=labelreading.why(one.label, session=session),
        readers=labelreading.who_else(one.label, session=session),
        kept_apart=labelreading.named(sorted(one.label.compartments)),
        levels=[(int(level), LEVEL_WORDS[level]) for level in Level],
        compartments=labelreading.may_be_kept_apart(one, session=session),
        people=[(str(each.id), each.name, str(each.id) in one.label.audience) for each in queries.people() if each.is_active],
        questions=list(recognising.QUESTIONS.items()) if recognising.needed(one.label) else [],
        scopes=[(key, words, key in one.label.consent) for key, words in CONSENT_WORDS.items()],
        waiting=[(each, matter(each.matter)) for each in waiting],
        settled=[(each, matter(each.matter)) for each in settled],
        steps=_steps(one, as_of=session.as_of),
        opened_by=_opened_by(one, session=session),
    )


def _steps(one: Recorded, *, as_of: date | None) -> list[tuple[datetime, str, str]]:
    """When the label was changed, by whom, as far as the reader may see the states before."""
    until = end_of(as_of) if as_of else None
    changed = [step for step in history(one, until=until) if any(name in step.changed for name in FIELDS) and step.number > 1]
    names = queries.names({step.by for step in changed})
    return [(step.at, names.get(step.by, ""), step.verb) for step in reversed(changed)]


def _opened_by(one: Recorded, *, session: Session) -> list[tuple[datetime, str, str]]:
    """For those who audit the record: who has opened it or taken it out so far."""
    if not session.may("record.audit"):
        return []
    ids = [each for each in (one.id, getattr(one, "evidence_id", None)) if each]
    acts = [act for each in ids for act in acts_of(each, verbs=("viewed", "exported"))]
    names = queries.names({act.by for act in acts})
    return [(act.at, names.get(act.by, ""), act.verb) for act in sorted(acts, key=lambda act: act.seq, reverse=True)]


def _changed(request: HttpRequest, one: Recorded) -> HttpResponse:
    session, reason = current(), request.POST.get("reason", "")
    match request.POST.get("act"):
        case "hold":
            labelling.place_hold(one, reason=reason, by=session)
            words = say("It is held: nothing removes it until two people lift the hold.")
        case "withdraw":
            recall.withdraw_consent(one, scopes=frozenset(request.POST.getlist("scope")), reason=reason, by=session)
            words = say("It has left the pages. Where it had gone is listed for recall.")
        case "lift":
            stepup.check(request, second=True)
            decisions.propose(labelling.LIFT_HOLD, about=one, reason=reason, by=session)
            words = say("Proposed. Another person must agree in a session of their own.")
        case _:
            words = _relabelled(request, one, session=session, reason=reason)
    messages.success(request, words)  # type: ignore[arg-type]
    still = decisions.thing_of(one.kind(), object_id=one.id) is not None
    return HttpResponseRedirect(reverse("label", args=[one.kind(), one.id]) if still else reverse("today"))


def _relabelled(request: HttpRequest, one: Recorded, *, session: Session, reason: str) -> Words:
    """Stricter takes effect at once; whatever lets more people see it is proposed."""
    wanted = _asked_for(request, now=one.label, session=session)
    if wanted == one.label:
        raise Refused(say("This is the label it has. Nothing would change."))
    if wanted.holds_closer(one.label):
        labelling.hold_closer(one, label=wanted, by=session)
        return say("The label was raised, also for what was made from it.")
    stepup.check(request, second=True)
    terms = labelling.terms_of(wanted) | recognising.answered(request.POST.getlist("looked"))
    decisions.propose(labelling.LOWER, about=one, reason=reason, by=session, terms=terms)
    return say("Proposed. Another person must agree in a session of their own.")


def _asked_for(request: HttpRequest, *, now: Label, session: Session) -> Label:
    asked = request.POST.get("level", "")
    ours = {str(person.id) for person in queries.people()}
    nameable = labelreading.nameable(now, session=session)
    return replace(
        now,
        level=Level(int(asked)) if asked in {str(int(level)) for level in Level} else now.level,
        compartments=frozenset(request.POST.getlist("compartments")) & nameable,
        audience=frozenset(request.POST.getlist("audience")) & ours,
        embargo_until=_embargo(day_in(request, "embargo"), now=now.embargo_until),
        consent=frozenset(request.POST.getlist("consent")) & frozenset(CONSENT_WORDS),
    )


def _embargo(asked: date | None, *, now: datetime | None) -> datetime | None:
    """The start of the day asked for, UTC; what stands when it is that day already."""
    if asked is None or (now is not None and now.date() == asked):
        return now if asked else None
    return datetime.combine(asked, time(0), tzinfo=UTC)


addresses = [path("labels/<str:kind>/<uuid:object_id>/", label, name="label")]
