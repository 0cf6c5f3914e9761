"""Entries of ReliefWeb's registers: the countries it covers, and the organisations whose reports it carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.collecting.contract import Source
from forestall.collecting.published import NamedRow
from forestall.facts import DatePrecision, Finding, FindingForm, Quality
from forestall.places import find

from .documents import key, lasting

_BODY = "ReliefWeb"


def entry(row: NamedRow, *, endpoint: str, source: Source) -> Finding:
    """One country or one source as an entry of a dataset."""
    fields: Mapping[str, Any] = row.cells.get("fields", {})
    codes = tuple(_codes(fields))
    return Finding(
        source_id=source.id,
        external_id=key(row, endpoint),
        form=FindingForm.DATASET,
        source_form=endpoint,
        title=str(fields.get("name") or key(row, endpoint)),
        symbol=str(fields.get("iso3") or fields.get("shortname") or "").strip(),
        text=str(fields.get("description") or "").strip(),
        body=_BODY,
        countries=codes,
        date_precision=DatePrecision.UNKNOWN,
        url=str(fields.get("url_alias") or fields.get("url") or fields.get("homepage") or ""),
        licence=source.licence,
        flags=(Quality.COUNTRY_UNKNOWN,) if any(find(code) != [code] for code in codes) else (),
        row=row.line,
        own=lasting(row.cells),
    )


def _codes(fields: Mapping[str, Any]) -> Iterator[str]:
    """ISO3 as given: ReliefWeb has codes of its own for some areas."""
    if fields.get("iso3"):
        yield str(fields["iso3"]).upper()
    for one in fields.get("country") or ():
        if isinstance(one, dict) and one.get("iso3"):
            yield str(one["iso3"]).upper()
