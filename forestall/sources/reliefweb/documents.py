"""An entry of ReliefWeb as a document: a report, or the page of a disaster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.collecting.cells import as_text
from forestall.collecting.contract import Source
from forestall.collecting.dates import Moment, read_date
from forestall.collecting.flags import Flag, FlagCode
from forestall.collecting.published import NamedRow
from forestall.collecting.received import Received
from forestall.collecting.record import Record, RecordKind

_MIDNIGHT = "T00:00:00"
_LANGUAGES = frozenset({"ar", "en", "es", "fr", "pt", "ru", "zh"})
_SINGULAR = {"reports": "report", "disasters": "disaster", "countries": "country", "sources": "source"}


def key(row: NamedRow, endpoint: str) -> str:
    """The identifier of an entry: its number, with what it is the number of."""
    return f"{_SINGULAR.get(endpoint, endpoint)}:{as_text(row.cells['id'])}"


def document(row: NamedRow, *, endpoint: str, received: Received, source: Source) -> Record:
    """One report or disaster, with every field that it came with."""
    fields: Mapping[str, Any] = row.cells.get("fields", {})
    identity = key(row, endpoint)
    moment, flag = _published(fields)
    return Record(
        source_id=source.id,
        external_id=identity,
        kind=RecordKind.DOCUMENT,
        title=" ".join(str(fields.get("title") or fields.get("name") or identity).split()),
        body="\n\n".join(_texts(fields)),
        received_at=received.received_at,
        language=_language(fields),
        published=moment,
        reporter=", ".join(_names(fields.get("source"))),
        url=str(fields.get("url_alias") or fields.get("url") or ""),
        licence=source.licence,
        locator=row.place,
        flags=(flag,) if flag else (),
        native={"id": as_text(row.cells["id"]), "endpoint": endpoint} | native(fields),
    )


def native(fields: Mapping[str, Any]) -> dict[str, str]:
    """Every field as text, word for word; lists and objects as JSON without the addresses of the API in them."""
    return {
        name: value if isinstance(value, str) else as_text(lasting(value)) for name, value in fields.items()
    }


def lasting(value: Any) -> Any:
    """A value without the addresses that change with the version of the API and would make a new version of it."""
    if isinstance(value, dict):
        return {name: lasting(one) for name, one in value.items() if name not in ("href", "score")}
    return [lasting(one) for one in value] if isinstance(value, list) else value


def _texts(fields: Mapping[str, Any]) -> Iterator[str]:
    headline = fields.get("headline")
    if isinstance(headline, dict) and headline.get("summary"):
        yield str(headline["summary"]).strip()
    for name in ("body", "description"):
        if fields.get(name):
            yield str(fields[name]).strip()


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and (one.get("name") or one.get("shortname")):
            yield str(one.get("name") or one["shortname"])


def _language(fields: Mapping[str, Any]) -> str:
    """The declared language; `mul` for several, which are all kept in the fields; `ot` is their word for any other."""
    given = fields.get("language")
    declared = (
        [str(one.get("code", "")).lower() for one in given if isinstance(one, dict)]
        if isinstance(given, list)
        else []
    )
    if len(declared) > 1:
        return "mul"
    return declared[0] if declared and declared[0] in _LANGUAGES else "und"


def _published(fields: Mapping[str, Any]) -> tuple[Moment | None, Flag | None]:
    """The day of the original, of the event, or of the entry. A time of midnight is a day, and no time."""
    dates = fields.get("date")
    given = dates if isinstance(dates, dict) else {}
    text = str(given.get("original") or given.get("event") or given.get("created") or "")
    if not text:
        return None, Flag(FlagCode.NO_DATE)
    moment = read_date(text[:10] if text[10:19] == _MIDNIGHT else text)
    return moment, None if moment else Flag(FlagCode.DATE_UNREADABLE, text[:80])
