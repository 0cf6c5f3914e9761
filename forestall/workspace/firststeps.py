"""The first day of an office: what to set up before work can begin, shown until it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from forestall.access import queries as access
from forestall.access import secondfactor
from forestall.access.session import Session
from forestall.advising.states import STEPS
from forestall.assessment import queries as assessment
from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.monitoring import queries as monitoring


@dataclass(frozen=True)
class FirstStep:
    """One step, whether it is done, and where this person does it; without an address somebody else must."""

    words: Words
    done: bool
    url: str


def first_steps(session: Session) -> list[FirstStep]:
    """The steps of the first day with what is done; nothing once all are, or when none of the rest is this person's."""
    found = [
        FirstStep(words, done, _address(name) if session.may(verb) and not done else "")
        for words, done, name, verb in _steps(session)
    ]
    return found if any(step.url for step in found) else []


def _steps(session: Session) -> list[tuple[Words, bool, str, str]]:
    held = {office.key for office in access.offices() if office.holder_id}
    return [
        (
            say("Set up your security key or one-time codes; granting, exporting and removing ask for them"),
            session.link or _has_second(session),
            "own_account",
            "people.keep",
        ),
        (say("Add the people of the office"), len(access.people()) > 1, "people", "people.keep"),
        (say("Make the desks and say which countries each works on"), bool(access.desks()), "people", "people.keep"),
        (
            say("Name who holds each clearing office; nobody clears their own draft, so a note needs four people"),
            {office for _, _, office, _ in STEPS.values()} <= held,
            "people",
            "people.keep",
        ),
        (say("Name whom a note may address"), bool(institutions.office_holders()), "counterparts", "counterpart.keep"),
        (say("Hand in a first file, or name a source"), bool(monitoring.sources()), "inbox", "item.collect"),
        (say("Open a first situation"), bool(assessment.situations()), "situations", "situation.open"),
    ]


def _has_second(session: Session) -> bool:
    person = access.person(session.person_id)
    return person is not None and bool(secondfactor.held(person))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
