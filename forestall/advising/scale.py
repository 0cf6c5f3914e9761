"""The likelihood words of a note, with the ranges they stand for, from the one scale the Office uses."""

from __future__ import annotations

from forestall.base.words import Words
from forestall.documents.advisory_note.content import LikelihoodScale, LikelihoodTerm
from forestall.frameworks.scales import Scale, Step, scale

LIKELIHOOD = "likelihood"


def likelihood_scale() -> LikelihoodScale:
    """Every word of the scale, the least likely first, under the name of its published source."""
    used = scale(LIKELIHOOD)
    return LikelihoodScale(name=_name(used), terms=tuple(_term(step) for step in used.steps))


def likelihood_term(step: str) -> LikelihoodTerm:
    """The word whose step in the scale is `step`. Raises `Refused` when the scale has no such step."""
    return _term(scale(LIKELIHOOD).step(step))


def likelihood_steps() -> dict[str, LikelihoodTerm]:
    """Step ids to their words and ranges, the least likely first."""
    return {step.id: _term(step) for step in scale(LIKELIHOOD).steps}


def _term(step: Step) -> LikelihoodTerm:
    # The English word is the message id: documents know it in six languages.
    return LikelihoodTerm(word=Words(step.label["en"]), low=step.low or 0, high=step.high or 0)


def _name(used: Scale) -> str:
    """The document the scale comes from, without where it was seen."""
    return (used.source or used.id).split(";")[0]
