"""Sources: who speaks, how far they are usually to be trusted, when they last spoke, and whether silence is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forestall import sources as catalogue
from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.clock import end_of, now
from forestall.base.errors import Refused
from forestall.base.words import Words, say, told
from forestall.collecting import protections
from forestall.collecting.terms import RULE_WORDS
from forestall.institutions import queries as institutions
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import queries, reporting, setaside
from forestall.monitoring.actions import source as keeping
from forestall.monitoring.queries import Tally
from forestall.monitoring.states import RUN_STATES, SOURCE_NATURES, SOURCE_STATES
from forestall.workspace import exporting, withinreading
from forestall.workspace.collectorreading import standing
from forestall.workspace.itemreading import choices
from forestall.workspace.placenames import country_choices, country_name, language_name
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.templatetags.vocabulary import spoken

if TYPE_CHECKING:
    from forestall.monitoring.models import Run, Source

COLUMNS = (
    Column("name", say("Source")),
    Column("nature", say("Nature")),
    Column("reliability", say("Usual grade")),
    Column("language", say("Language")),
    Column("country", say("Country")),
    Column("items", say("Items"), numeric=True),
    Column("last", say("Last item")),
    Column("cadence", say("Expected every"), numeric=True),
    Column("silence", say("Silence"), sortable=False),
    Column("state", say("State")),
    Column("level", say("Sensitivity")),
)
TOLD_TO_ALL = ("running", "failed")


@dataclass(frozen=True)
class Row:
    """A source as it stands: what is known of it and how long it has been silent."""

    source: Source
    tally: Tally
    nature: Words | str
    state: Words | str
    language: str
    country: str
    age_days: int | None
    silence: Words

    @property
    def unheard(self) -> bool:
        """Whether it was only proposed and nothing has come from it."""
        return self.source.state == "proposed" and not self.tally.items

    @property
    def silent(self) -> bool:
        """Whether it has been silent longer than it usually is."""
        cadence = self.source.cadence_days
        return cadence is not None and self.source.state == "active" and (self.age_days or 0) > cadence


@page()
def sources(request: HttpRequest) -> HttpResponse:
    """Every source that may be seen, the runs of the collectors and the ways information arrives."""
    session = current()
    at = end_of(session.as_of) if session.as_of else now()
    every = rows(at=at)
    shown = _ordered(request, [row for row in every if _wanted(request, row)])
    runs, items = queries.runs(), reporting.items_everywhere()
    band = band_of([*(row.source.level for row in shown), *(run.level for run in runs), *(item.level for item in items)])
    if exporting.asked(request):
        head = [column.heading for column in COLUMNS]
        return exporting.table_file(
            request, name="sources", head=head, rows=[_cells(row) for row in shown], levels=[*(row.source.level for row in shown), *(run.level for run in runs)],
            rests=exporting.OURS,
        )
    return show(
        request,
        "workspace/sources.html",
        band=band,
        way=[(say("Sources"), "")],
        as_of=True,
        rows=shown,
        columns=COLUMNS,
        natures=SOURCE_NATURES,
        states=SOURCE_STATES,
        silent=sum(row.silent for row in every),
        unheard=sum(row.unheard for row in every) if not request.GET.get("state") else 0,
        share=reporting.share(items),
        voices=withinreading.voices(items, day=at.date()),
        runs=_runs(runs, whole="item.review" in session.verbs),
        undecided=len(setaside.undecided()),
        confinement=protections.sentences(protections.found()),
        entries=_entries(whole="item.review" in session.verbs),
    )


def rows(*, at: datetime) -> list[Row]:
    """Each source with its tally, over what may be seen; ages in whole days before `at` (UTC)."""
    counted = queries.tallies()
    return [
        _row(source, counted.get(source.id, Tally(0, None)), at=at) for source in queries.sources().values()
    ]


def _row(source: Source, tally: Tally, *, at: datetime) -> Row:
    age = max(0, (at - tally.last).days) if tally.last else None
    return Row(
        source=source,
        tally=tally,
        nature=SOURCE_NATURES.get(source.nature, source.nature),
        state=SOURCE_STATES.get(source.state, source.state),
        language=language_name(source.language) if source.language else "",
        country=country_name(source.iso3) if source.iso3 else "",
        age_days=age,
        silence=silence(age, cadence=source.cadence_days),
    )


def silence(age: int | None, *, cadence: int | None) -> Words:
    """How long a source has been silent, against what is expected of it; ages and cadence in days."""
    if age is None:
        return say("nothing has come from it that you may see")
    if cadence is None:
        return say("%(age)s days since the last; nobody has said how often it speaks", age=age)
    if age > cadence:
        return say("silent for %(age)s days, expected every %(cadence)s", age=age, cadence=cadence)
    return say("as expected")


def _wanted(request: HttpRequest, row: Row) -> bool:
    asked = request.GET
    return (
        asked.get("q", "").casefold() in row.source.name.casefold()
        and asked.get("nature", "") in ("", row.source.nature)
        and (asked.get("state") == row.source.state if asked.get("state") else not row.unheard)
        and (asked.get("silent", "") != "yes" or row.silent)
    )


def _ordered(request: HttpRequest, those: list[Row]) -> list[Row]:
    key, falling = table_order(request.GET, columns=COLUMNS, default="name")
    valued = [(_value(row, key), row) for row in those]
    known = sorted(
        ((value, row) for value, row in valued if value is not None),
        key=lambda pair: pair[0],
        reverse=falling,
    )
    return [row for _value_, row in known] + [row for value, row in valued if value is None]


def _value(row: Row, key: str) -> Any:
    values: dict[str, Any] = {
        "items": row.tally.items,
        "last": row.tally.last,
        "cadence": row.source.cadence_days,
        "level": row.source.level,
        "nature": spoken(row.nature),
        "state": spoken(row.state),
        "language": row.language or None,
        "country": row.country or None,
        "reliability": row.source.reliability,
    }
    return values[key] if key in values else row.source.name.casefold()


def _cells(row: Row) -> list[Any]:
    source = row.source
    last = f"{row.tally.last:%Y-%m-%d %H:%M}" if row.tally.last else ""
    level = LEVEL_WORDS[Level(source.level)]
    return [
        source.name, row.nature, source.reliability, source.language, source.iso3, row.tally.items, last,
        source.cadence_days, row.silence, row.state, level,
    ]  # fmt: skip


def _runs(runs: Sequence[Run], *, whole: bool) -> list[dict[str, Any]]:
    """Runs as a reader may know them. A run's counts and its outcome are of everything that came, also of what the
    reader may not see: only who reviews what was set aside is told the `whole`."""
    seen = queries.items_by_run(runs)
    return [
        {
            "run": run,
            "items": run.items if whole else seen.get(run.id, 0),
            "state": RUN_STATES.get(run.state, run.state)
            if whole or run.state in TOLD_TO_ALL
            else say("ended", context="run"),
            "why": told(run.message, run.parameters) if run.message and whole else None,
        }
        for run in runs
    ]


def _entries(*, whole: bool) -> list[dict[str, Any]]:
    """The ways information arrives, from the catalogue, and how each stands."""
    return [
        {
            "row": standing(entry, whole=whole),
            "redistribution": RULE_WORDS[entry.redistribution],
        }
        for entry in catalogue.all_sources().values()
    ]


class SourceForm(forms.Form):
    """What a person may correct about a source."""

    name = forms.CharField(label=_("Name"), help_text=_("As the desk calls it."))
    nature = forms.ChoiceField(label=_("Nature"))
    interested_party = forms.BooleanField(
        label=_("Interested party"),
        required=False,
        help_text=_("A party to the events: evidence that it said so, never corroboration."),
    )
    reliability = forms.ChoiceField(label=_("Usual grade"))
    language = forms.CharField(
        label=_("Language"), required=False, max_length=20, help_text=_("As a code: en, ar, zh-Hant.")
    )
    iso3 = forms.ChoiceField(label=_("Country it mostly reports on"), required=False)
    counterpart = forms.ChoiceField(
        label=_("Body it speaks for"), required=False, help_text=_("So that a body that is present and silent can be told from one that reports.")
    )
    licence = forms.CharField(label=_("Licence"), required=False)
    cadence_days = forms.IntegerField(
        label=_("Expected days between items"),
        required=False,
        min_value=1,
        help_text=_("Empty when nobody knows."),
    )
    state = forms.ChoiceField(label=_("State"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[tuple[str, str]]] = {
            "nature": [(key, spoken(words)) for key, words in SOURCE_NATURES.items()],
            "state": [(key, spoken(words)) for key, words in SOURCE_STATES.items()],
            "reliability": [(one.value, f"{one.value}, {one.words}") for one in choices("reliability")],
            "iso3": [("", gettext("none in particular")), *country_choices()],
            "counterpart": [("", gettext("none")), *((str(one.id), one.name) for one in institutions.counterparts())],
        }
        for name, those in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = those


KEPT = (
    "name",
    "nature",
    "interested_party",
    "reliability",
    "language",
    "iso3",
    "counterpart",
    "licence",
    "cadence_days",
    "state",
)


@page(writes="source.keep")
def source(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """One source: how it stands, its latest items, and the form that corrects it."""
    session, one = current(), found(queries.sources([source_id]).get(source_id))
    form = SourceForm(request.POST or None, initial=_initial(one))
    if request.method == "POST" and form.is_valid() and _kept(request, form, one):
        return HttpResponseRedirect(reverse("source", args=[source_id]))
    at = end_of(session.as_of) if session.as_of else now()
    items = queries.items_of(one)
    entry = catalogue.all_sources().get(one.collector)
    return show(
        request,
        "workspace/source.html",
        band=band_of([one.level, *(item.level for item in items)]),
        way=[(say("Sources"), reverse("sources")), (one.name, "")],
        as_of=True,
        row=_row(one, queries.tallies().get(one.id, Tally(0, None)), at=at),
        items=items,
        grades=queries.grades(item.id for item in items),
        form=form,
        entry=entry,
        redistribution=RULE_WORDS[entry.redistribution] if entry else None,
    )


def _initial(one: Source) -> dict[str, Any]:
    """What the form begins with. A body that may not be seen stays what it is and is not named."""
    return {**{name: getattr(one, name) for name in KEPT if name != "counterpart"}, "counterpart": one.counterpart_id or ""}


def _kept(request: HttpRequest, form: SourceForm, one: Source) -> bool:
    """Whether the correction was kept; a refusal is written on the form, beside what was typed."""
    told = dict(form.cleaned_data)
    chosen = told.pop("counterpart")
    hidden = one.counterpart_id if one.counterpart_id and institutions.counterpart(one.counterpart_id) is None else None
    body_id = chosen or hidden
    try:
        keeping.keep(one, by=current(), counterpart_id=UUID(str(body_id)) if body_id else None, **told)
    except Refused as refusal:
        form.add_error(None, refusal.words.text(gettext))
        return False
    messages.success(request, gettext("Kept."))
    return True


addresses = [
    path("sources/", sources, name="sources"),
    path("sources/<uuid:source_id>/", source, name="source"),
]
