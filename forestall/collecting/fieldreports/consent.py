"""Consent to be reported: asked first, in every form, and without a yes nothing of a submission is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .flattening import last, word_for_word

YES = frozenset({
    "yes", "y", "true", "1", "agree", "agreed", "i agree", "accept", "accepted", "consent", "given", "ok", "oui", "sí", "si",
    "да", "نعم", "是", "同意",
})  # fmt: skip
_NAMES = ("consent", "consent_given", "informed_consent", "gives_consent")
_STEMS = ("consent", "consentement", "consentimiento", "согласи", "موافق", "同意")


def has_consent(answers: Mapping[str, Any]) -> bool:
    """Whether the person consented: the question of that name says yes, else every question that speaks of consent."""
    asked = _asked(answers)
    return bool(asked) and all(_is_yes(value) for value in asked)


def _asked(answers: Mapping[str, Any]) -> list[Any]:
    exact = [value for path, value in answers.items() if _plain(path) in _NAMES]
    if exact:
        return exact
    return [value for path, value in answers.items() if any(stem in last(path).casefold() for stem in _STEMS)]


def _plain(path: str) -> str:
    return re.sub(r"[\W_]+", "_", last(path).casefold()).strip("_")


def _is_yes(value: object) -> bool:
    return word_for_word(value).strip().casefold().rstrip(".!") in YES
