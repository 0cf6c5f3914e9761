"""Threat information in STIX 2.1 (and 2.0): each object of a bundle or of a TAXII 2.1 answer is one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request
from forestall.collecting.cells import instant_of
from forestall.collecting.contract import Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, json_of, refused_in_words, unpack
from forestall.collecting.received import Received
from forestall.collecting.record import Record

from .lights import MARKING, Lights
from .objects import record_of

PAGE = 500
_ACCEPT = "application/taxii+json;version=2.1"


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """For each collection what was added since it was last read, and the pages that follow."""
    for one in source.settings.get("collections", ()):
        state = cursor.get(one["id"], {})
        query = {"limit": str(PAGE)} | {name: state[name] for name in ("added_after", "next") if state.get(name)}
        headers = {"Accept": _ACCEPT} | ({"Authorization": one["authorization"]} if one.get("authorization") else {})
        yield Request(one["id"], f"{one['url']}?{urlencode(query)}", headers, name=f"{one['id']}.json")


def advance(cursor: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
    """Where the next page begins; after the last one, since when to ask, a day before the newest that came."""
    moved = {key: dict(value) for key, value in cursor.items()}
    state = moved.setdefault(page.request.key, {})
    high = max(state.get("high", ""), page.envelope.high)
    if page.envelope.more:
        moved[page.request.key] = {**state, "next": page.envelope.more, "high": high}
    else:
        newest = instant_of(high)
        since = (newest - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ") if newest else state.get("added_after", "")
        moved[page.request.key] = {"added_after": since, "high": high}
    return moved


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Record | BadRow | Ignored | Envelope]:
    """One record for each object in its newest version. Raises `Malformed` for what holds no list of objects."""
    found = unpack(received)
    if found.form is not Form.JSON:
        raise Malformed(say("A bundle of STIX was expected; what came is no JSON."))
    answer = json_of(found)
    objects = answer.get("objects") if isinstance(answer, dict) else answer
    if not isinstance(objects, list) or (isinstance(answer, dict) and not objects and answer.get("type") != "bundle" and "more" not in answer):
        raise refused_in_words(answer, wanted="objects")
    yield from _records(objects, received=received, source=source)
    more = answer.get("next", "") if isinstance(answer, dict) and answer.get("more") is True else ""
    high = max((_version(one) for one in objects if isinstance(one, dict)), default="")
    yield Envelope(total=len(objects), more=str(more), high=high)


def _records(objects: list[Any], *, received: Received, source: Source) -> Iterator[Record | BadRow | Ignored]:
    whole = [one for one in objects if isinstance(one, dict)]
    lights, newest = Lights(whole), {str(one.get("id")): _version(one) for one in sorted(whole, key=_version)}
    seen: set[str] = set()
    for number, one in enumerate(objects, start=1):
        place = f"object {number}"
        if not isinstance(one, dict) or not _text(one, "id") or not _text(one, "type"):
            yield BadRow(place, say("It is no object of STIX: it has no id or no type."), str(one)[:1000])
        elif one["type"] == MARKING:
            continue
        elif _version(one) != newest[one["id"]] or one["id"] in seen:
            yield BadRow(place, say("A newer version of the same object lies beside it."), str(one)[:1000], by_rule=True)
        else:
            seen.add(one["id"])
            yield record_of(one, light=lights.of(one), place=place, received=received, source=source)
    if any(one.get("type") == MARKING for one in whole):
        yield Ignored((MARKING,))


def _version(one: Mapping[str, Any]) -> str:
    """When it was changed, so that texts compare as moments do."""
    at = instant_of(_text(one, "modified") or _text(one, "created"))
    return at.isoformat(timespec="microseconds") if at else ""


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name, "")
    return value if isinstance(value, str) else ""
