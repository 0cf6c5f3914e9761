"""The form that we offer: its questions and choices, and how an answer to it is known again.

The fixed questions stand in `form.toml`; types of events are those of the vocabulary, countries those of the register.
A framework's factors and indicators are handed in: this room knows none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import read_definition
from forestall.facts.vocabulary import event_types
from forestall.places import countries

from .definition import Definition
from .flattening import last

LANGUAGES: Mapping[str, str] = {
    "en": "English", "fr": "Français", "ar": "العربية", "es": "Español", "ru": "Русский", "zh": "中文",
}  # fmt: skip
"""The languages of the fixed questions, by their codes, as a monitor finds them on a telephone."""

Text = Mapping[str, str]
_INDICATOR = re.compile(r"[A-Z]{0,2}\d+\.\d+")
_FRAMEWORK_QUESTIONS = ("risk_factors", "indicators")


@dataclass(frozen=True)
class Question:
    """A row of the form. `type` is XLSForm's; conditions are XLSForm expressions."""

    name: str
    type: str
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    appearance: str = ""
    choice_filter: str = ""
    parameters: str = ""
    calculation: str = ""


@dataclass(frozen=True)
class Choice:
    """An answer to choose. `factor` is the factor that an indicator belongs to."""

    name: str
    label: Text
    factor: str = ""


@dataclass(frozen=True)
class Signs:
    """A framework as the form asks for it: its id with its version, and its factors and indicators as choices."""

    id: str
    version: str
    factors: tuple[Choice, ...]
    indicators: tuple[Choice, ...]


@cache
def _fixed() -> Mapping[str, Any]:
    return read_definition(Path(__file__).parent / "form.toml")


def identifier() -> str:
    """What servers know the form by."""
    return str(_fixed()["id"])


def version() -> str:
    """The version of the fixed questions."""
    return str(_fixed()["version"])


def title() -> Text:
    """The form's title, by language."""
    return dict(_fixed()["title"])


def questions(signs: Signs | None = None) -> tuple[Question, ...]:
    """The questions in their order, consent first; those of a framework only with one."""
    fixed = [Question(**one) for one in _fixed()["question"]]
    asked = [one for one in fixed if signs or one.name not in _FRAMEWORK_QUESTIONS]
    hidden = [Question("forestall_form", "calculate", calculation=f"'{identifier()} {version()}'")]
    if signs:
        hidden.append(Question("framework", "calculate", calculation=f"'{signs.id} {signs.version}'"))
    return (*asked, *hidden)


def choices(signs: Signs | None = None) -> dict[str, tuple[Choice, ...]]:
    """The choices by the name of their list."""
    lists = {
        name: tuple(Choice(one, label) for one, label in found.items())
        for name, found in _fixed()["choices"].items()
    }
    lists["event_types"] = tuple(Choice(one.id, {"en": one.title}) for one in event_types().values())
    lists["countries"] = tuple(Choice(one.iso3, dict(one.names)) for one in countries())
    if signs:
        lists |= {"risk_factors": signs.factors, "indicators": signs.indicators}
    return lists


@cache
def definition() -> Definition:
    """The form's questions and fixed choices by their English labels, to read answers by."""
    lists = choices()
    asked = [one for one in questions() if one.label]
    return Definition(
        title=title()["en"],
        version=version(),
        labels={one.name: one.label["en"] for one in asked},
        choices={
            one.name: {choice.name: choice.label["en"] for choice in lists[one.type.split()[1]]}
            for one in asked
            if one.type.startswith("select_")
        },
    )


@dataclass(frozen=True)
class Recognised:
    """What of our form stands in a submission: a type of event, indicators by number, and the framework they are of.

    `framework` is an id and a version with a space between, as the form was written; empty when it asked for none.
    """

    event_type: str = ""
    indicators: tuple[str, ...] = ()
    framework: str = ""

    def __bool__(self) -> bool:
        return bool(self.event_type or self.indicators)


def recognised(native: Mapping[str, str]) -> Recognised:
    """What of our form stands in a record's own fields. Words of another form are not taken for ours."""
    named = {last(path): text.strip() for path, text in reversed(list(native.items()))}
    event_type = named.get("event_type", "")
    indicators = tuple(named.get("indicators", "").split())
    if not all(map(_INDICATOR.fullmatch, indicators)):
        indicators = ()
    return Recognised(
        event_type if event_type in event_types() else "", indicators, named.get("framework", "")
    )


def with_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of an export that heads its columns with our labels, in whichever language, under our names instead."""
    labels = _names_by_label()
    told = {column: labels.get(_plain(last(column))) or labels.get(_plain(column), "") for column in row}
    if "consent" not in told.values():
        return dict(row)
    return {told[column] or column: _named(told[column], value) for column, value in row.items()}


def _named(question: str, value: Any) -> Any:
    known = _choices_by_label().get(question, {})
    return known.get(_plain(value), value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@cache
def _names_by_label() -> Mapping[str, str]:
    asked = [one for one in _fixed()["question"] if "label" in one]
    return {_plain(text): one["name"] for one in asked for text in one["label"].values()}


@cache
def _choices_by_label() -> Mapping[str, Mapping[str, str]]:
    lists = choices()
    asked: Iterable[Question] = (one for one in questions() if one.type.startswith("select_"))
    return {
        one.name: {
            _plain(text): choice.name
            for choice in lists[one.type.split()[1]]
            for text in choice.label.values()
        }
        for one in asked
    }


@cache
def labels_of(name: str) -> Mapping[str, tuple[str, ...]]:
    """The choices of a fixed list with their labels in every language: exports may give either."""
    return {choice: tuple(texts.values()) for choice, texts in _fixed()["choices"][name].items()}
