"""The form by which a person confirms an observation from an item: what, when, where, who, to whom, how many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from forestall import frameworks
from forestall.frameworks import in_language

from .placenames import country_choices

if TYPE_CHECKING:
    from forestall.monitoring.models import Group, Item, Suggestion

HARMS = (
    ("deaths", _("Killed")),
    ("injured", _("Injured")),
    ("displaced", _("Displaced")),
    ("detained", _("Detained")),
)
COUNTS = (("low", _("at least")), ("best", _("best estimate")), ("high", _("at most")))
KINDS = (
    ("", _("kind not known")),
    ("government", _("government")),
    ("security", _("security forces")),
    ("militia", _("militia")),
    ("armed_group", _("armed group")),
    ("opposition", _("opposition")),
    ("other", _("other")),
)
DIRECTIONS = (("raises", _("raises")), ("lowers", _("lowers")))
PLACE_PRECISIONS = (
    ("place", _("the place")),
    ("unit", _("the first-level unit")),
    ("country", _("the country")),
)
ACTORS, LINKS = range(1, 4), range(1, 5)
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class When:
    """A date as precisely as it was written: day, month or year."""

    on: date
    precision: str


class WhenField(forms.CharField):
    """`2026-11-02`, `2026-11` or `2026`: what is left out is not known. Cleans to `When`, or None when empty."""

    def clean(self, value: Any) -> When | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise forms.ValidationError(gettext("Write a date as 2026-11-02, 2026-11 or 2026."))
        year, month, day = written.groups()
        try:
            on = date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise forms.ValidationError(gettext("There is no such day.")) from error
        return When(on, "day" if day else "month" if month else "year")


class ObservationForm(forms.Form):
    """Fields for `monitoring.actions.observation.confirm`. What is unknown stays empty; it is never a zero."""

    summary = forms.CharField(
        label=_("What happened"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence in the desk's own words."),
    )
    quote = forms.CharField(
        label=_("The words that say so"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Exactly as they stand in the item."),
    )
    when = WhenField(
        label=_("When"), help_text=_("As precisely as is known: 2026-11-02, 2026-11 or 2026."), max_length=10
    )
    circa = forms.BooleanField(label=_("about that day"), required=False)
    iso3 = forms.ChoiceField(label=_("Country"))
    unit = forms.CharField(label=_("First-level unit"), required=False)
    place = forms.CharField(label=_("Place"), required=False, help_text=_("Only when it is safe to name."))
    place_precision = forms.ChoiceField(
        label=_("Known as precisely as"), choices=PLACE_PRECISIONS, initial="unit"
    )
    groups = forms.MultipleChoiceField(
        label=_("Groups affected"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, item: Item, groups: Iterable[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("iso3").choices = country_choices(item.countries)
        self._choice("groups").choices = [(str(group.id), group.name) for group in groups]
        if not self._choice("groups").choices:
            del self.fields["groups"]
        for number in ACTORS:
            self.fields[f"actor_{number}"] = forms.CharField(label=_("Who"), required=False)
            self.fields[f"actor_{number}_kind"] = forms.ChoiceField(
                label=_("Kind"), choices=KINDS, required=False
            )
        for name, words in HARMS:
            for count, bound in COUNTS:
                self.fields[f"{name}_{count}"] = forms.IntegerField(
                    label=f"{words}, {bound}", required=False, min_value=0
                )
        offered = indicator_choices()
        for number in LINKS:
            self.fields[f"indicator_{number}"] = forms.ChoiceField(
                label=_("Indicator"), choices=offered, required=False
            )
            self.fields[f"direction_{number}"] = forms.ChoiceField(
                label=_("Direction"), choices=(("", _("choose")), *DIRECTIONS), required=False
            )

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def confirmed(self) -> dict[str, Any]:
        """The cleaned values as `confirm` wants them."""
        told = self.cleaned_data
        when: When = told["when"]
        return {
            "summary": told["summary"],
            "quote": told["quote"].replace("\r\n", "\n").strip(),
            "on": when.on,
            "on_precision": "circa" if told["circa"] and when.precision == "day" else when.precision,
            "iso3": told["iso3"],
            "unit": told["unit"],
            "place": told["place"],
            "place_precision": told["place_precision"],
            "groups": [UUID(one) for one in told.get("groups", [])],
            "actors": self._actors(),
            "harm": self._harm(),
            "indicators": self._indicators(),
        }

    def _actors(self) -> list[dict[str, str]]:
        told = self.cleaned_data
        named = [(told[f"actor_{n}"].strip(), told[f"actor_{n}_kind"]) for n in ACTORS]
        return [{"name": name, "kind": kind} for name, kind in named if name]

    def _harm(self) -> dict[str, list[int | None]]:
        told = self.cleaned_data
        counts = {name: [told[f"{name}_{count}"] for count, _words in COUNTS] for name, _words in HARMS}
        return {name: those for name, those in counts.items() if any(one is not None for one in those)}

    def _indicators(self) -> list[tuple[str, str, str]]:
        told = self.cleaned_data
        chosen = [(told[f"indicator_{n}"], told[f"direction_{n}"]) for n in LINKS]
        return [(*number.split("|", 1), direction) for number, direction in chosen if number]

    @property
    def dated_hint(self) -> str:
        """What to check when the date was only taken over."""
        return (
            gettext("Taken from the date of the item itself; correct it.") if self.initial.get("when") else ""
        )

    @property
    def actor_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"actor_{n}"], self[f"actor_{n}_kind"]) for n in ACTORS]

    @property
    def harm_rows(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(words, [self[f"{name}_{count}"] for count, _bound in COUNTS]) for name, words in HARMS]

    @property
    def link_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"indicator_{n}"], self[f"direction_{n}"]) for n in LINKS]


def indicator_choices() -> list[tuple[str, Any]]:
    """Every indicator of every framework under its factor, as `framework|number`."""
    language = (get_language() or "en").split("-")[0]
    offered: list[tuple[str, Any]] = [("", gettext("none"))]
    for known in reversed(frameworks.entries()):
        edition = frameworks.load(known)
        for factor in edition.factors:
            heading = f"{edition.year} · {factor.number} {in_language(factor.title, language=language)}"
            offered.append(
                (
                    heading,
                    [
                        (
                            f"{known}|{one.number}",
                            f"{one.number} {in_language(one.text, language=language)}"[:120],
                        )
                        for one in factor.indicators
                    ],
                )
            )
    return offered


def prefilled(item: Item, suggestion: Suggestion | None, *, framework: str) -> dict[str, Any]:
    """What the form opens with: what the item and the suggestion chosen already say. Nothing is counted by itself."""
    start: dict[str, Any] = {"iso3": item.countries[0] if item.countries else ""}
    if suggestion is None:
        return start
    start["quote"] = start["summary"] = suggestion.quote
    start |= _dated(item)
    if suggestion.suggester == "indicator":
        start["indicator_1"] = f"{framework}|{suggestion.value}"
        start["direction_1"] = suggestion.direction
    if suggestion.suggester == "place":
        start["iso3"] = suggestion.value
    return start


def _dated(item: Item) -> dict[str, Any]:
    """The day the item itself is dated, as a day about which it happened: for a person to correct."""
    if item.published_at is None:
        return {}
    forms = {"year": "%Y", "month": "%Y-%m"}
    exact = item.published_precision not in forms
    return {
        "when": item.published_at.strftime(forms.get(item.published_precision, "%Y-%m-%d")),
        "circa": exact,
    }
