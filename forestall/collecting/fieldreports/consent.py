"""Consent to be reported: asked first, in every form, and without a yes nothing of a submission is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import form
from .flattening import last, word_for_word

YES = frozenset({
    "yes", "y", "true", "1", "agree", "agreed", "i agree", "accept", "accepted", "consent", "given", "ok", "oui", "sí", "si",
    "да", "نعم", "是", "同意",
})  # fmt: skip
_SCOPES = "consent_scopes"
_KEPT = ("collect", "store")
_OF_THE_FORM = {"analyse": "analyse", "share_un": "share-UN"}
"""Choices of our form that are scopes of a label. Being counted in figures that are published is less than being published."""
_NAMES = ("consent", "consent_given", "informed_consent", "gives_consent")
_STEMS = ("consent", "consentement", "consentimiento", "согласи", "موافق", "同意")


def has_consent(answers: Mapping[str, Any]) -> bool:
    """Whether the person consented: the question of that name says yes, else every question that speaks of consent."""
    asked = _asked(answers)
    return bool(asked) and all(_is_yes(value) for value in asked)


def scopes(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """What a person who consented agreed to, as the label of a record names it.

    A form that asks for scopes (`consent_scopes`) is taken at its word; one that asks only whether one agrees, as agreed
    to its being kept and read by whom it was given to, and to nothing beyond.
    """
    asked = {path: value for path, value in answers.items() if _SCOPES in _plain_parts(path)}
    if not asked:
        return (*_KEPT, "analyse")
    chosen = {one for path, value in asked.items() for one in _chosen(path, value)}
    return (*_KEPT, *(scope for name, scope in _OF_THE_FORM.items() if name in chosen))


def _plain_parts(path: str) -> list[str]:
    return [re.sub(r"[\W_]+", "_", part.casefold()).strip("_") for part in path.split("/")]


def _chosen(path: str, value: object) -> list[str]:
    """The names of what was chosen: all in one answer, or, in exports, one column for each with a yes or a one."""
    last_part = _plain_parts(path)[-1]
    if last_part != _SCOPES:
        return [last_part] if _is_yes(value) else []
    text = word_for_word(value).casefold()
    by_label = [name for name, labels in form.labels_of("scopes").items() if any(label.casefold() in text for label in labels)]
    return [*re.split(r"[\s;,|]+", text), *by_label]


def _asked(answers: Mapping[str, Any]) -> list[Any]:
    exact = [value for path, value in answers.items() if _plain(path) in _NAMES]
    if exact:
        return exact
    return [value for path, value in answers.items() if any(stem in last(path).casefold() for stem in _STEMS)]


def _plain(path: str) -> str:
    return re.sub(r"[\W_]+", "_", last(path).casefold()).strip("_")


def _is_yes(value: object) -> bool:
    return word_for_word(value).strip().casefold().rstrip(".!") in YES
