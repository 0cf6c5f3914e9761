"""One object of STIX as a record: what it says as text, every field beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.collecting.cells import as_text
from forestall.collecting.contract import Source
from forestall.collecting.dates import read_date
from forestall.collecting.flags import Flag, FlagCode
from forestall.collecting.received import Received
from forestall.collecting.record import Record, RecordKind

from .lights import Light

_SAID = ("abstract", "content", "description", "opinion", "explanation", "pattern", "x_misp_value")


def record_of(one: Mapping[str, Any], *, light: Light, place: str, received: Received, source: Source) -> Record:
    """The record of an object, at no lower level than its light asks for, and under the light's own rule."""
    text = str(one.get("published") or one.get("first_observed") or one.get("modified") or one.get("created") or "")
    moment = read_date(text) if text else None
    links = [each for each in one.get("external_references") or () if isinstance(each, dict)]
    return Record(
        source_id=source.id,
        external_id=str(one["id"]),
        kind=RecordKind.DOCUMENT,
        title=_title(one),
        body="\n\n".join(_said(one)) or _title(one),
        received_at=received.received_at,
        language=one["lang"] if isinstance(one.get("lang"), str) else "und",
        published=moment,
        reporter=str(one.get("created_by_ref") or ""),
        url=next((str(each["url"]) for each in links if each.get("url")), ""),
        licence=source.licence,
        redistribution=light.rule,
        locator=place,
        level=light.level,
        flags=() if moment else (Flag(FlagCode.DATE_UNREADABLE, text[:80]) if text else Flag(FlagCode.NO_DATE),),
        native={name: as_text(value) for name, value in one.items()} | ({"markings": ", ".join(light.names)} if light.names else {}),
        rank=str(one.get("modified") or one.get("created") or ""),
    )


def _title(one: Mapping[str, Any]) -> str:
    named = one.get("name") or one.get("pattern") or one.get("x_misp_value") or one.get("value")
    if not named and one["type"] == "relationship":
        named = " ".join(str(one.get(part, "")) for part in ("source_ref", "relationship_type", "target_ref"))
    return " ".join(f"{one['type']}: {named or one['id']}".split())[:300]


def _said(one: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(one[name]).strip() for name in _SAID if isinstance(one.get(name), str) and one[name].strip())
    values = one.get("x_misp_values")
    if isinstance(values, dict):
        yield "\n".join(f"{name}: {as_text(value)}" for name, value in values.items())
