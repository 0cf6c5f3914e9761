"""UCDP GED and Candidate: every event of organised violence that the programme has coded, with low, best and high deaths.

Columns are those of the UCDP GED Codebook and are read by their names, because their order changed between editions. A
yearly release is final; a candidate month is added on top of it until the next yearly release has the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from forestall.base.canonical import canonical_json, sha256
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.cells import Cells, each, require
from forestall.collecting.contract import Found, Source
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, NamedRow, json_of, json_rows, rows_of, unpack
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, PlacePrecision, Quality, Side
from forestall.facts.vocabulary import type_of
from forestall.panel.published import ucdp_units

_PLACES = {
    "1": PlacePrecision.POINT, "2": PlacePrecision.NEAR, "3": PlacePrecision.ADMIN2, "4": PlacePrecision.ADMIN1,
    "5": PlacePrecision.ROUGH, "6": PlacePrecision.COUNTRY, "7": PlacePrecision.OUTSIDE,
}  # fmt: skip
_DATES = {
    "1": DatePrecision.DAY, "2": DatePrecision.SPAN, "3": DatePrecision.WEEK, "4": DatePrecision.MONTH,
    "5": DatePrecision.YEAR,
}  # fmt: skip
_RELEASE = re.compile(r"v?(\d{2})[._](0?\d)(?:[._](\d{1,2}))?(?:[._](\d{1,2}))?")
_YEARLY_FILE = re.compile(r"ged(\d{2})(\d)\b", re.IGNORECASE)
_ONE_SIDED = "3"
_NEEDED = ("type_of_violence", "best")


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """A page that is unfinished, then each release of the window that is not kept yet: the newest months first.

    Candidate months are looked for from this month back (`months_back`), a page at a time; the yearly releases of this
    year and the last as whole files, which need no token.
    """
    for key, state in cursor.items():
        if state.get("more"):
            yield _month(key, source, page=state["more"])
    months = [today.year * 12 + today.month - 1 - back for back in range(int(source.settings["months_back"]) + 1)]
    for key in [f"{month // 12 % 100}.0.{month % 12 + 1}" for month in months]:
        if not cursor.get(key):
            yield _month(key, source, page="0")
    newest = f"{today.year % 100}.1"
    for key in dict.fromkeys([max(newest, source.settings["yearly"]), source.settings["yearly"]]):
        if not cursor.get(key):
            name = f"ged{key.replace('.', '')}-csv.zip"
            yield Request(key, f"{source.settings['bulk']}/{name}", name=name)


def _month(release: str, source: Source, *, page: str) -> Request:
    size = source.settings["page_size"]
    url = f"{source.settings['api']}/{release}?pagesize={size}&page={page}"
    return Request(release, url, {"x-ucdp-access-token": "{token}"}, name=f"GEDEvent_v{release}.json")


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """What was read of a release. One that is not there (404) leaves no mark, and is asked for again the next time."""
    moved = {key: dict(state) for key, state in cursor.items()}
    if page.status == 200:
        moved[page.request.key] = {"more": page.envelope.more} if page.envelope.more else {"settled": True}
    return moved


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One event per row of a release: CSV, ZIP, workbook, or a page of the API. Raises `Malformed`."""
    rank = _rank(received.name)
    found = unpack(received)
    if found.form is Form.JSON:
        value = json_of(found)
        rows: Iterator[NamedRow | BadRow] = json_rows(value, at="Result" if isinstance(value, dict) else "")
        if isinstance(value, dict):
            yield _envelope(value)
    else:
        rows = rows_of(received)
        rank = max(rank, _rank(found.name))
    keyless: dict[str, int] = {}
    checked = _with_columns(rows)
    yield from each(checked, lambda cells: _event(cells, source, rank, keyless))


def _with_columns(rows: Iterable[NamedRow | BadRow]) -> Iterator[NamedRow | BadRow]:
    looked = False
    for row in rows:
        if isinstance(row, NamedRow) and not looked:
            require(row.cells, _NEEDED)
            looked = True
        yield row


def _envelope(value: Mapping[str, Any]) -> Envelope:
    """How many there are, and the number of the next page, out of the address that the API gives for it."""
    following = re.search(r"[?&]page=(\d+)", str(value.get("NextPageUrl") or ""))
    total = value.get("TotalCount")
    return Envelope(total=total if isinstance(total, int) else None, more=following[1] if following else "")


def _rank(name: str) -> str:
    """A release as text that sorts as the programme's releases supersede each other: yearly after candidate of a year."""
    yearly = _YEARLY_FILE.search(name)
    if yearly:
        return f"{yearly[1]}-final-{yearly[2]}"
    found = _RELEASE.search(name)
    if not found:
        return ""
    year, edition, *months = found.groups()
    if int(edition) != 0 and not any(months):
        return f"{year}-final-{int(edition)}"
    return f"{year}-candidate-{int(months[-1] or months[0] or 0):02}"


def _event(cells: Cells, source: Source, rank: str, keyless: dict[str, int]) -> Event:
    violence = cells.needed("type_of_violence")
    low, best, high = cells.whole("low"), cells.whole("best"), cells.whole("high")
    latitude, longitude, doubts = cells.point("latitude", "longitude")
    precision = _PLACES.get(cells.code("where_prec"), PlacePrecision.UNKNOWN)
    country = ucdp_units().get(cells.code("country_id"))
    one_sided = violence == _ONE_SIDED
    release = cells.code("gedversion", "version")
    return Event(
        source_id=source.id,
        external_id=_identity(cells, keyless),
        rank=_rank(release) if release else rank,
        event_type=type_of("ucdp", violence),
        source_type=violence,
        started=cells.day("date_start"),
        ended=cells.day("date_end"),
        date_precision=_DATES.get(cells.code("date_prec"), DatePrecision.UNKNOWN),
        published_at=None,
        iso3=(country.iso3 if country else cells.code("iso3").upper()),
        country=cells.text("country"),
        admin1=cells.text("adm_1"),
        admin2=cells.text("adm_2"),
        place=cells.text("where_coordinates"),
        latitude=latitude,
        longitude=longitude,
        place_precision=precision,
        source_precision=cells.code("where_prec"),
        actor1=cells.text("side_a"),
        actor1_side=Side.PERPETRATOR if one_sided else Side.PARTY,
        actor2=cells.text("side_b"),
        actor2_side=Side.TARGET if one_sided else Side.PARTY,
        deaths_low=low,
        deaths_best=best,
        deaths_high=high,
        deaths_civilians=cells.whole("deaths_civilians"),
        reports=_reports(cells),
        title=" · ".join(part for part in (cells.text("conflict_name"), cells.text("where_coordinates")) if part),
        text="\n".join(part for part in (cells.text("source_headline"), cells.text("where_description")) if part),
        url=f"https://ucdp.uu.se/event/{cells.code('id')}" if cells.code("id") else "",
        licence=source.licence,
        flags=(*doubts, *_flags(cells, low, best, high, precision)),
        row=cells.row.line,
        own=cells.row.cells,
    )  # fmt: skip


def _identity(cells: Cells, keyless: dict[str, int]) -> str:
    """The programme's number. An extract without it is known by its content, and by how often that came before."""
    if cells.code("id"):
        return cells.code("id")
    content = sha256(canonical_json(cells.row.cells))[:32]
    keyless[content] = keyless.get(content, 0) + 1
    return f"{content}-{keyless[content]}"


def _reports(cells: Cells) -> int | None:
    """How many sources; -1 stands for not recorded."""
    found = cells.whole("number_of_sources")
    return None if found is None or found < 0 else found


def _flags(
    cells: Cells, low: int | None, best: int | None, high: int | None, precision: PlacePrecision
) -> Iterator[Quality]:
    if None not in (low, best, high) and not low <= best <= high:  # type: ignore[operator]
        yield Quality.BOUNDS_BROKEN
    parts = [cells.whole(name) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")]
    if best is not None and None not in parts and sum(part or 0 for part in parts) != best:
        yield Quality.SUM_DIFFERS
    if cells.text("code_status") not in ("", "Clear"):
        yield Quality.UNSETTLED
    if precision in (PlacePrecision.ADMIN1, PlacePrecision.ROUGH, PlacePrecision.COUNTRY, PlacePrecision.OUTSIDE):
        yield Quality.NO_POINT
