"""Things by their kind and id, as the record and the notices name them: what they are called and where they open.

A thing is told of only when the bound session may see it now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import Resolver404, resolve

from forestall.access import decisions, granting, takingout
from forestall.access import queries as access
from forestall.access.matters import matter
from forestall.access.session import current
from forestall.advising import queries as advising
from forestall.assessment import queries as assessment
from forestall.base.words import Words, say
from forestall.forecasting import queries as forecasting
from forestall.institutions import queries as institutions
from forestall.monitoring import inforequests, packages, setaside, silences
from forestall.monitoring import queries as monitoring
from forestall.retention import requests
from forestall.retention.schedule import keeping_class
from forestall.retention.states import WANTED
from forestall.search import saved
from forestall.vault import queries as vault

PEOPLE_KINDS = ("access.person", "access.desk", "access.office")
"""Kinds of the record that carry no label: people, desks and offices."""

KINDS: dict[str, Words] = {
    "monitoring.item": say("item"),
    "monitoring.grading": say("grade"),
    "monitoring.copyedge": say("copy"),
    "monitoring.observation": say("observation"),
    "monitoring.passage": say("passage"),
    "monitoring.indicatorlink": say("link to an indicator"),
    "monitoring.group": say("group"),
    "monitoring.inequality": say("inequality"),
    "monitoring.gap": say("open question"),
    "monitoring.source": say("source"),
    "monitoring.run": say("collector's turn"),
    "monitoring.cursor": say("collector's place"),
    "monitoring.quarantine": say("quarantine"),
    "monitoring.silence": say("silence"),
    "monitoring.leavetoquote": say("leave to quote"),
    "monitoring.contribution": say("receipt of a partner"),
    "monitoring.packagerequest": say("request for evidence"),
    "monitoring.packagepiece": say("piece of a request for evidence"),
    "record.evidence": say("evidence"),
    "assessment.situation": say("situation"),
    "assessment.assessment": say("assessment"),
    "assessment.judgement": say("judgement"),
    "assessment.scenario": say("scenario"),
    "assessment.dissent": say("dissent"),
    "assessment.review": say("remark"),
    "assessment.clearance": say("clearance"),
    "advising.warning": say("warning"),
    "advising.advisorynote": say("advisory note"),
    "advising.recommendation": say("recommendation"),
    "advising.noteclearance": say("clearance of a note"),
    "advising.transmittal": say("transmittal"),
    "advising.response": say("response"),
    "forecasting.forecastrun": say("run of a risk model"),
    "forecasting.forecast": say("forecast"),
    "search.savedsearch": say("saved search"),
    "institutions.counterpart": say("counterpart"),
    "institutions.officeholder": say("office-holder"),
    "institutions.presence": say("presence", context="institutions"),
    "institutions.mandate": say("mandate"),
    "institutions.resolution": say("resolution"),
    "institutions.veto": say("veto"),
    "institutions.reviewcycle": say("review of a State"),
    "institutions.treatystatus": say("standing to a treaty"),
    "monitoring.informationrequest": say("request for information"),
    "access.person": say("person"),
    "access.desk": say("desk"),
    "access.office": say("office"),
    "access.leave": say("leave"),
    "access.decision": say("decision of two"),
    "access.opening": say("emergency opening"),
    "access.takingout": say("table to take out"),
    "vault.pseudonym": say("protected source"),
    "vault.handover": say("handover of sources"),
    "retention.keepingtime": say("time of keeping"),
    "retention.prolongation": say("keeping on"),
    "retention.recall": say("list for recall"),
    "retention.recalled": say("line of a list for recall"),
    "retention.request": say("request about oneself"),
    "retention.concern": say("what a request concerns"),
}

WAYS: dict[str, str] = {
    "monitoring.item": "/items/%s/",
    "monitoring.quarantine": "/sources/quarantine/%s/",
    "assessment.situation": "/situations/%s/",
    "assessment.assessment": "/assessments/%s/",
    "monitoring.source": "/sources/%s/",
    "monitoring.silence": "/sources/silences/%s/",
    "monitoring.informationrequest": "/counterparts/asked/%s/",
    "institutions.counterpart": "/counterparts/%s/",
    "search.savedsearch": "/search/saved/%s/",
    "advising.warning": "/warnings/%s/",
    "advising.advisorynote": "/notes/%s/",
    "monitoring.packagerequest": "/record/packages/%s/",
    "access.leave": "/people/leave/%s/",
    "access.decision": "/decisions/%s/",
    "access.opening": "/openings/%s/",
    "access.takingout": "/taking-out/%s/",
    "vault.pseudonym": "/vault/%s/",
    "vault.handover": "/vault/handover/%s/",
    "record.history": "/record/verification/",
    "retention.recall": "/records/recalls/%s/",
    "retention.request": "/records/requests/%s/",
}


@dataclass(frozen=True)
class Thing:
    """A thing as it is called, where it opens (empty: it has no page of its own), and its level."""

    title: str
    url: str
    level: int


def kind_words(kind: str) -> Words:
    """What a kind of the record is called; its own name where nobody gave it one."""
    return KINDS.get(kind, say("%(kind)s", kind=kind))


def url_of(kind: str, *, object_id: UUID | str) -> str:
    """Where a thing opens; empty when its kind has no page."""
    way = WAYS.get(kind, "")
    return way.replace("%s", str(object_id)) if way and _has_page(way) else ""


@cache
def _has_page(way: str) -> bool:
    try:
        resolve(way.replace("%s", str(UUID(int=0))))
    except Resolver404:
        return False
    return True


def thing(kind: str, *, object_id: UUID) -> Thing | None:
    """The thing as the bound session sees it now; None when it may not. A kind without names gives an empty title."""
    found = FINDERS[kind](object_id) if kind in FINDERS else _nameless(kind, object_id)
    if found is None:
        return None
    title, level = found
    return Thing(title=title, url=url_of(kind, object_id=object_id), level=level)


Named = tuple[str, int] | None


def _titled(found: Any, title: str = "title") -> Named:
    return None if found is None else (str(getattr(found, title)), found.level)


def _nameless(kind: str, object_id: UUID) -> Named:
    found = decisions.thing_of(kind, object_id=object_id)
    return None if found is None else ("", found.level)


def _assessment(object_id: UUID) -> Named:
    found = assessment.assessment(object_id)
    situation = assessment.situation(found.situation_id) if found else None
    return (situation.title, max(found.level, situation.level)) if found and situation else None


def _observation(object_id: UUID) -> Named:
    return next((_titled(one, "summary") for one in monitoring.observations(ids=[object_id])), None)


def _counterpart(object_id: UUID) -> Named:
    return next((_titled(one, "name") for one in institutions.counterparts() if one.id == object_id), None)


def _person(object_id: UUID) -> Named:
    found = access.person(object_id)
    return (found.name, 1) if found else None


def _saved_search(object_id: UUID) -> Named:
    """Its owner's alone, and only while what it told of may be seen."""
    found = saved.with_news(object_id, person_id=current().person_id)
    return (found.name, 1) if found else None


def _leave(object_id: UUID) -> Named:
    found = access.leave(object_id)
    return (found.person.name, 1) if found else None


def _decision(object_id: UUID) -> Named:
    found = decisions.decision(object_id)
    return (str(matter(found.matter).title), found.level) if found else None


def _keeping_time(object_id: UUID) -> Named:
    found = decisions.thing_of("retention.keepingtime", object_id=object_id)
    return (str(keeping_class(str(found)).name), found.level) if found else None


def _asked(object_id: UUID) -> Named:
    """By what is asked: who asks stands on the page of the request alone."""
    found = requests.request(object_id)
    return (str(WANTED[found.wants]), found.level) if found else None


def _history(_: UUID) -> Named:
    return ("", 0) if current().may("record.audit") else None


def _machine(_: UUID) -> Named:
    return ("", 0) if current().may("people.keep") else None


def _opening(object_id: UUID) -> Named:
    found = granting.opening(object_id)
    return (found.compartment, found.level) if found else None


def _pseudonym(object_id: UUID) -> Named:
    return _titled(vault.pseudonym(object_id), "code") if vault.may_enter(current()) else None


def _handover(object_id: UUID) -> Named:
    return _titled(vault.handover(object_id), "desk") if vault.may_enter(current()) else None


FINDERS: dict[str, Callable[[UUID], Named]] = {
    "monitoring.item": lambda object_id: _titled(monitoring.item(object_id)),
    "monitoring.observation": _observation,
    "monitoring.source": lambda object_id: _titled(monitoring.sources([object_id]).get(object_id), "name"),
    "monitoring.quarantine": lambda object_id: _titled(setaside.set_aside(object_id), "name"),
    "monitoring.packagerequest": lambda object_id: _titled(packages.request(object_id), "reference"),
    "monitoring.silence": lambda object_id: _titled(silences.silence(object_id), "iso3"),
    "monitoring.gap": lambda object_id: _titled(monitoring.gap(object_id), "question"),
    "assessment.situation": lambda object_id: _titled(assessment.situation(object_id)),
    "assessment.assessment": _assessment,
    "advising.warning": lambda object_id: _titled(advising.warning(object_id)),
    "advising.advisorynote": lambda object_id: _titled(advising.note(object_id), "subject"),
    "forecasting.forecastrun": lambda object_id: _titled(forecasting.run(object_id), "riskmodel"),
    "institutions.counterpart": _counterpart,
    "monitoring.informationrequest": lambda object_id: _titled(inforequests.request(object_id), "reference"),
    "search.savedsearch": _saved_search,
    "access.person": _person,
    "access.leave": _leave,
    "access.decision": _decision,
    "access.opening": _opening,
    "access.takingout": lambda object_id: _titled(takingout.taking_out(object_id), "file_name"),
    "vault.pseudonym": _pseudonym,
    "vault.handover": _handover,
    "record.history": _history,
    "machine": _machine,
    "retention.keepingtime": _keeping_time,
    "retention.request": _asked,
}
