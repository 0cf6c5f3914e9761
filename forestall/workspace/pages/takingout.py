"""What of an item's bytes a person takes away: the working copy, told of before it is taken; the original, by a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.monitoring import queries
from forestall.monitoring.actions import takingout
from forestall.monitoring.actions.takingout import TakenOut
from forestall.workspace.download import attachment
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.monitoring.models import Item
    from forestall.record.models import Evidence


def _both(item_id: UUID) -> tuple[Item, Evidence]:
    """The item and its bytes: seen under the stricter of both labels, or never there."""
    one = found(queries.item(item_id))
    return one, found(queries.evidence([one.evidence_id]).get(one.evidence_id))


@page()
def working_copy(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What the working copy lacks and what to look at before it is passed on; from here it is taken.

    Where there can be none, the page says why and leads back.
    """
    one, kept = _both(item_id)
    made, refusal = None, None
    try:
        made = takingout.working_copy(one, kept)
    except Malformed as error:
        refusal = error.words
    return show(
        request,
        "workspace/working_copy.html",
        band=band_of([one.level, kept.level]),
        way=[
            (say("Inbox"), reverse("inbox")),
            (one.title, reverse("item", args=[one.id])),
            (say("Working copy"), ""),
        ],
        item=one,
        copy=made,
        refusal=refusal,
    )


@page()
def take_copy(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The working copy as a file; custody notes who took it."""
    one, kept = _both(item_id)
    return _file(request, takingout.take_copy(one, kept, by=current()))


@page()
def original(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The bytes as they were received, never opened by a browser; custody notes who took them."""
    _, kept = _both(item_id)
    return _file(request, takingout.take_original(kept, by=current()))


def _file(request: HttpRequest, taken: TakenOut) -> HttpResponse:
    """Under a name that tells nothing, unless whoever takes it asked for its own."""
    return attachment(taken.content, name=taken.own_name if request.GET.get("name") == "own" else taken.name)


addresses = [
    path("items/<uuid:item_id>/copy/", working_copy, name="item_copy_page"),
    path("items/<uuid:item_id>/copy/take/", take_copy, name="item_copy_take"),
    path("items/<uuid:item_id>/original/", original, name="item_original"),
]
