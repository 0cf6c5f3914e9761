"""The inbox: what waits, from the keyboard; the item chosen stands beside the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import path

from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.words import say
from forestall.monitoring import queries
from forestall.monitoring.actions import item as items
from forestall.monitoring.stories import copies_of
from forestall.monitoring.terms import resting_on
from forestall.workspace import exporting
from forestall.workspace.itemreading import PRIORITIES, reading_of
from forestall.workspace.placenames import country_name, language_name
from forestall.workspace.queue import HEAD, ORDERS, export_row, queue
from forestall.workspace.showing import band_of, show
from forestall.workspace.templatetags.tables import with_query

if TYPE_CHECKING:
    from forestall.monitoring.models import Item
    from forestall.monitoring.stories import Story

ON_A_PAGE = 40


@page()
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits, as far as the reader may see it; the same rows as a file."""
    session, waiting = current(), queue(request.GET)
    if exporting.asked(request):
        return _file(request, waiting.stories)
    shown = _page(request, waiting.stories)
    chosen = _chosen(request, shown)
    reading = _read(chosen, request=request, session=session) if chosen else None
    rows = _rows(request, shown, chosen=chosen)
    levels = [one.level for story in shown for one in (story.item, *story.copies)]
    levels += [row["repeats"].level for row in rows if row["repeats"]]
    return show(
        request,
        "workspace/inbox.html",
        band=band_of([*levels, *(reading.levels if reading else [])]),
        way=[(say("Inbox"), "")],
        as_of=True,
        queue=waiting,
        orders=ORDERS,
        page=shown,
        rows=rows,
        reading=reading,
        together=_together(waiting.stories, chosen=chosen) if reading else [],
        last=_last(request),
        **_neighbours(request, waiting.stories, shown, chosen=chosen),
    )


def _file(request: HttpRequest, stories: Sequence[Story]) -> HttpResponse:
    told, levels = [export_row(story) for story in stories], [story.item.level for story in stories]
    rests = exporting.Rests([resting_on([story.item]) for story in stories])
    return exporting.table_file(request, name="inbox", head=HEAD, rows=told, levels=levels, rests=rests)


def _page(request: HttpRequest, stories: Sequence[Story]) -> Page[Story]:
    """The page asked for, else the one on which the chosen item stands: what was decided moves the others up."""
    pages, asked = Paginator(stories, ON_A_PAGE), request.GET.get("page")
    at = _place(stories, request.GET.get("item", ""))
    return pages.get_page(at // ON_A_PAGE + 1 if asked is None and at >= 0 else asked)


def _place(stories: Iterable[Story], item_id: object) -> int:
    """Where the story of an item stands in the queue, from 0; -1 when it does not wait there."""
    ids = ({str(one.id) for one in (story.item, *story.copies)} for story in stories)
    return next((place for place, told in enumerate(ids) if str(item_id) in told), -1)


def _together(stories: Sequence[Story], *, chosen: Item | None) -> list[Item]:
    """The copies folded under the chosen item that say the same: they may be decided with it."""
    folded = {one.id for story in stories if chosen and story.item.id == chosen.id for one in story.copies}
    return [one for one in copies_of(chosen) if one.id in folded] if chosen and folded else []


def _chosen(request: HttpRequest, shown: Page[Story]) -> Item | None:
    """The item the address names, else the first of the page; one turned away from is left behind."""
    asked = request.GET.get("item", "")
    if asked and ("page" not in request.GET or _place(shown.object_list, asked) >= 0):
        return queries.item_at(asked)
    return queries.item(shown.object_list[0].item.id) if shown.object_list else None


def _read(chosen: Item, *, request: HttpRequest, session: Session) -> Any:
    """Show an item's text: custody notes it. Who chose it to weigh it has opened it."""
    items.note_viewed(chosen, by=session)
    if request.GET.get("item") and session.may("item.grade"):
        chosen = items.triage(chosen, by=session)
    return reading_of(chosen, session=session)


def _rows(request: HttpRequest, shown: Page[Story], *, chosen: Item | None) -> list[dict[str, Any]]:
    """The stories of a page; one that repeats an item no longer waiting says so."""
    repeated = queries.repeated(story.item.id for story in shown)
    return [_row(request, story, chosen=chosen) | {"repeats": repeated.get(story.item.id)} for story in shown]


def _row(request: HttpRequest, story: Story, *, chosen: Item | None) -> dict[str, Any]:
    item = story.item
    return {
        "story": story,
        "item": item,
        "url": with_query(request, item=item.id, last=None, page=None),
        "here": chosen is not None and chosen.id == item.id,
        "unread": item.state == "received",
        "languages": [language_name(code) for code in item.languages],
        "countries": [country_name(code) for code in item.countries],
        "priority": PRIORITIES.get(item.priority) if item.priority else None,
        "copies": [
            {"item": copy, "url": with_query(request, item=copy.id, last=None, page=None)} for copy in story.copies
        ],
    }


def _neighbours(
    request: HttpRequest, stories: Sequence[Story], shown: Page[Story], *, chosen: Item | None
) -> dict[str, Any]:
    """Where j and k lead, also over the edge of a page, and where one stands after deciding on the chosen item."""
    at = _place(stories, chosen.id) if chosen else -1
    following = _address(request, stories[at + 1]) if 0 <= at < len(stories) - 1 else ""
    before = _address(request, stories[at - 1]) if at > 0 else ""
    onward = following or with_query(request, item=None, last=None, page=None)
    edges = ((at == shown.end_index() - 1 and following, "next"), (at == shown.start_index() - 1 and before, "previous"))
    return {
        "next_url": following,
        "previous_url": before,
        "onward": f"{request.path}{onward}",
        "turns": [name for turned, name in edges if turned],
    }


def _address(request: HttpRequest, story: Story) -> str:
    return with_query(request, item=story.item.id, last=None, page=None)


def _last(request: HttpRequest) -> Item | None:
    """The item just decided on, so that it can be taken back."""
    asked = request.GET.get("last", "")
    return queries.item_at(asked) if asked else None


addresses = [path("inbox/", inbox, name="inbox")]
