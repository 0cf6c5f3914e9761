"""One State: what it is, what is watched there, what arrives, its groups, what a risk model says, what we said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from forestall import places
from forestall.access.declared import page
from forestall.access.session import current
from forestall.advising import queries as advising
from forestall.advising.states import NOTE
from forestall.assessment import queries as assessment
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.forecasting import queries as forecasting
from forestall.institutions import queries as institutions
from forestall.institutions.states import BODIES, CHANNELS
from forestall.labels.label import Label
from forestall.monitoring import coverage
from forestall.monitoring import queries as monitoring
from forestall.monitoring.states import (
    COVERAGE_STATES,
    PERCEPTIONS,
    RESPECTS,
    SOURCE_NATURES,
    CoverageState,
    ObservationState,
)
from forestall.panel.coverage import counted_before
from forestall.places import region
from forestall.workspace import runsheet, withinreading, worldtable
from forestall.workspace.charts import sparkline
from forestall.workspace.contributions import contributions
from forestall.workspace.exercisecountries import INVENTED, invented
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.dates import in_words
from forestall.workspace.worldtable import carried

MONTHS = 14
"""How far back the count of observations by month goes."""
SIX = ("en", "fr", "es", "ru", "ar", "zh")


@dataclass(frozen=True)
class Month:
    """One month: how many observations fall in it, and how many items arrived. No item at all is silence."""

    first: date
    observations: int
    items: int

    @property
    def count(self) -> int | None:
        """What the chart draws: None is silence, never nothing."""
        return self.observations if self.items or self.observations else None


@page()
def state(request: HttpRequest, iso3: str) -> HttpResponse:
    """Everything that exists on one State, area or exercise country, each figure opening what it rests on."""
    session = current()
    day = session.as_of or today()
    country = found(_country(iso3))
    watched = _watched(iso3, as_of=session.as_of)
    seen = _observed(iso3, day=day)
    parts = {**watched, **seen, **_groups(iso3), **_said(iso3, as_of=session.as_of), **_counterparts(iso3, day=day)}
    parts |= withinreading.of_state(iso3, day=day)
    parts |= _forecast(country, day=day, as_of=session.as_of)
    labels = [label for key in list(parts) if key.endswith("_labels") for label in parts.pop(key)]
    name = country.name(worldtable.language())
    return show(
        request,
        "workspace/state.html",
        band=band_of(labels),
        way=[(say("States"), carried(reverse("states"), as_of=session.as_of)), (name, "")],
        as_of=True,
        country=country,
        carry=carried("", as_of=session.as_of),
        name=name,
        status=worldtable.STATUS[country.status],
        invented=INVENTED if country.status is places.Status.EXERCISE else None,
        names=[(code, country.names[code]) for code in SIX if country.names.get(code)],
        regions=_regions(country, as_of=session.as_of),
        undetermined=sum(row["one"].force == "not_known" for row in parts["resolutions"]),
        may_ask_entity=session.may("information.ask"),
        may_keep_within=session.may("mandate.keep"),
        **parts,
    )


def _country(iso3: str) -> places.Country | None:
    """The country with this code, an invented one in an exercise home only; None where there is none."""
    try:
        return invented(iso3) or places.country(iso3)
    except Refused:
        return None


def _regions(country: places.Country, *, as_of: date | None) -> list[tuple[str, str]]:
    """Its regions, widest first, each with the list of the States in it."""
    codes = [code for code in (country.region, country.subregion, country.intermediate) if code]
    base = carried(reverse("states"), as_of=as_of)
    mark = "&" if "?" in base else "?"
    return [(region.region(code).name(worldtable.language()), f"{base}{mark}region={code}") for code in codes]


def _watched(iso3: str, *, as_of: date | None) -> dict[str, Any]:
    """Situations there with their last reading issued."""
    rows, labels = [], []
    for situation in assessment.situations_in(iso3):
        issued = [one for one in assessment.assessments(situation) if one.state in ("issued", "superseded")]
        rows.append({"situation": situation, "last": issued[0] if issued else None})
        labels += [situation.label, *(one.label for one in issued[:1])]
    return {"situations": rows, "situation_labels": labels}


def _observed(iso3: str, *, day: date) -> dict[str, Any]:
    """Observations by month, and the sources that feed them with the age of their last word."""
    known = [one for one in monitoring.observations(iso3=[iso3]) if one.state != ObservationState.RETRACTED]
    feeders = monitoring.feeders(iso3)
    covered = coverage.by_source(coverage.coverage(today=day, iso3={iso3}))
    states = {source_id: coverage.state_of(those) for source_id, those in covered.items()}
    dated = [one.on for one in known if one.on_precision != "year"]
    months = _months([at for one in feeders for at in one.received], dated, day=day)
    labels: list[Label | int] = [one.label for one in known]
    labels += [level for one in feeders for level in (int(one.source.label.level), *one.levels)]
    return {
        "months": list(reversed(months)),
        "spark": _spark(months),
        "observations": len(known),
        "year_only": sum(one.on_precision == "year" for one in known),
        "feeders": [_fed(one, day=day, state=states.get(one.source.id)) for one in feeders],
        "observation_labels": labels,
    }


def _months(arrived: Iterable[datetime], dated: Iterable[date], *, day: date) -> list[Month]:
    """The last `MONTHS` months to `day`, oldest first."""
    total = day.year * 12 + day.month - 1
    firsts = [date(at // 12, at % 12 + 1, 1) for at in range(total - MONTHS + 1, total + 1)]
    items = Counter(at.date().replace(day=1) for at in arrived)
    observations = Counter(on.replace(day=1) for on in dated)
    return [Month(first=one, observations=observations[one], items=items[one]) for one in firsts]


def _spark(months: Sequence[Month]) -> SafeString:
    about = ", ".join(
        f"{in_words(one.first, precision='month')}: "
        + (gettext("silent") if one.count is None else str(one.count))
        for one in months
    )
    return sparkline([one.count for one in months], title=gettext("Observations by month"), about=about)


def _fed(feeder: monitoring.Feeder, *, day: date, state: CoverageState | None) -> dict[str, Any]:
    """A source that feeds the page; it has no state when it is retired, or its last word is more than two years old."""
    return {
        "source": feeder.source,
        "nature": SOURCE_NATURES.get(feeder.source.nature, SOURCE_NATURES["other"]),
        "items": len(feeder.received),
        "last": feeder.last,
        "age": max(0, (day - feeder.last.date()).days),
        "state": COVERAGE_STATES[state] if state else None,
        "unheard": state is not None and state not in coverage.HEARD,
    }


def _groups(iso3: str) -> dict[str, Any]:
    rows, labels = [], []
    for group, said in monitoring.groups(iso3):
        told = [
            {"said": one, "respect": RESPECTS[one.respect], "perception": PERCEPTIONS[one.perception]}
            for one in said
        ]
        rows.append({"group": group, "inequalities": told})
        labels += [group.label, *(one.label for one in said)]
    return {"groups": rows, "group_labels": labels}


def _forecast(country: places.Country, *, day: date, as_of: date | None) -> dict[str, Any]:
    """What the newest run says, and where the deaths are counted. Never anything of an invented country."""
    run = forecasting.latest()
    if country.status is places.Status.EXERCISE or run is None:
        return {"run": None}
    given = forecasting.forecast(run, iso3=country.iso3)
    name = country.name(worldtable.language())
    told: dict[str, Any] = {
        "run": run,
        "real_figures": True,
        "forecast": given,
        "forecast_labels": [run.label],
        "coverage": forecasting.coverage(run, names=_read_names(country))[country.iso3].sentence,
        "before": [_before(one.within, last=one.last_year) for one in counted_before(country.iso3)],
        "age": runsheet.age(run, day=day),
        "beside": runsheet.beside_anchors(run),
        "citations": runsheet.citations(run),
    }
    if given is not None:
        rows = runsheet.drivers(given)
        told |= {
            "drivers": rows,
            "median": runsheet.median(given),
            "drawing": contributions(rows, title=gettext("What drives the chance: %(name)s") % {"name": name}),
            "inputs": runsheet.newest_first(given.figures.get("counts", ()))[:5],
            "types": runsheet.TYPES,
            "why_url": carried(reverse("forecast", args=[country.iso3]), as_of=as_of),
        }
    return told


def _read_names(country: places.Country) -> dict[str, str]:
    """Names as they are read, this country's and those of all States, since a sentence on it may name another."""
    listed = [country, *places.member_and_observer_states()]
    return {one.iso3: one.name(worldtable.language()) for one in listed}


def _before(within: str, *, last: int | None) -> Words:
    name = places.name(within, worldtable.language())
    return say("Until %(year)s deaths there were counted in the unit %(unit)s.", year=str(last), unit=name)


def _said(iso3: str, *, as_of: date | None) -> dict[str, Any]:
    """The notes written on the situations there."""
    pairs = advising.notes_on(assessment.situations_in(iso3))
    holders = {str(note.addressee_id): institutions.office_holder(str(note.addressee_id)) for note, _ in pairs if note.addressee_id}
    rows = [
        {"note": note, "warning": warning, "state": NOTE.words[note.state], "addressee": holders.get(str(note.addressee_id))}
        for note, warning in pairs
    ]
    labels = [label for note, warning in pairs for label in (note.label, warning.label)]
    return {"notes": rows, "note_labels": labels}


def _counterparts(iso3: str, *, day: date) -> dict[str, Any]:
    """The State's own bodies, with who holds office in them on `day`."""
    bodies = institutions.counterparts(iso3=iso3)
    holders = institutions.office_holders(on=day)
    rows = [
        {
            "body": body,
            "kind": BODIES[body.kind_of_body],
            "channel": CHANNELS[body.channel],
            "holders": [one for one in holders if one.counterpart_id == body.id],
        }
        for body in bodies
    ]
    shown = [one for row in rows for one in row["holders"]]  # type: ignore[attr-defined]
    return {"counterparts": rows, "counterpart_labels": [one.label for one in (*bodies, *shown)]}


addresses = [path("states/<str:iso3>/", state, name="state")]
