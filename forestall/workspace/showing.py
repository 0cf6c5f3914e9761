"""How a page is shown: with the band of the highest label on it, and the crumbs that lead to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from forestall.base.words import Words
from forestall.labels.label import Label

from .templatetags.parts import Crumb

if TYPE_CHECKING:
    from forestall.record.models import Recorded

Thing = TypeVar("Thing")
Way = tuple[Words | str, str]


def band_of(labels: Iterable[Label | int]) -> int:
    """The highest level among what a page shows; internal when it shows nothing of its own."""
    levels = [int(label.level) if isinstance(label, Label) else label for label in labels]
    return max([1, *levels])


def show(
    request: HttpRequest,
    template: str,
    *,
    band: int,
    way: Iterable[Way] = (),
    as_of: bool = False,
    labelled: Recorded | None = None,
    **context: Any,
) -> HttpResponse:
    """Render `template` under its band. `way` are (words, address) pairs; the last one is this page.

    `as_of`: the page offers to be seen as of a past day. `labelled`: the thing it is about, whose label it leads to.
    """
    crumbs = [Crumb(label=label, url=url) for label, url in way]
    label_url = reverse("label", args=[labelled.kind(), labelled.id]) if labelled is not None else ""
    frame = {"band": band, "crumbs": crumbs, "as_of_allowed": as_of, "label_url": label_url}
    return render(request, template, {**frame, **context})


def found(thing: Thing | None) -> Thing:
    """The thing, or the one page for what does not exist and what may not be seen."""
    if thing is None:
        raise Http404
    return thing
