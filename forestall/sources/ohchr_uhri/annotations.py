"""One annotation of the Universal Human Rights Index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote

from forestall.collecting.cells import Cells, as_text
from forestall.collecting.contract import Source
from forestall.collecting.formats.webpage import text_of
from forestall.facts import DatePrecision, Finding, FindingForm, Quality
from forestall.places import find

ID = ("AnnotationId", "Id")
_TITLE = 120  # characters of the text after the symbol
_NO_DATE = "0001-01-01"
_PARTED = re.compile(r"\s*[;|\n\r]+\s*")
_FORMS = {
    FindingForm.RECOMMENDATION: ("recom", "рекоменд", "توصي", "建议"),
    FindingForm.OBSERVATION: (
        "concern", "observ", "préoccup", "preocup", "озабоч", "обеспоко", "замечан", "شواغل", "ملاحظ", "关切", "关注", "意见",
    ),
}  # fmt: skip


def finding(cells: Cells, source: Source, language: str) -> Finding:
    """The finding of one row; raises `BadCell`."""
    symbol = cells.text("Symbol")
    kind = _plain(cells.text("AnnotationType", "Type"))
    text = text_of(cells.text("Text"))
    shown = _moment(cells, "PublicationDateOnUhri")
    countries, doubts = _countries(listed(cells, "Countries", "Country"))
    dated = _day(cells, "PublicationDate")
    return Finding(
        source_id=source.id,
        external_id=cells.needed(*ID),
        rank=shown.isoformat() if shown else "",
        form=_form(kind),
        source_form=kind,
        symbol=symbol,
        title=_title(symbol, text),
        text=text,
        body=_plain(cells.text("Body", "Mechanism")),
        countries=countries,
        groups=listed(cells, "AffectedPersons"),
        themes=listed(cells, "Themes"),
        language=cells.text("Language").lower() or language,
        dated=dated,
        date_precision=DatePrecision.DAY if dated else DatePrecision.UNKNOWN,
        published_at=shown,
        url=_url(symbol, cells.text("DocumentId")),
        licence=source.licence,
        flags=tuple(doubts),
        row=cells.row.line,
        own=cells.row.cells,
    )


def listed(cells: Cells, *names: str) -> tuple[str, ...]:
    """The words of a list: a list of JSON, or in a table one cell with a semicolon, a bar or a line between them."""
    value = cells.value(*names)
    parts = [as_text(one) for one in value] if isinstance(value, list) else _PARTED.split(cells.text(*names))
    return tuple(dict.fromkeys(plain for plain in map(_plain, parts) if plain))


def _plain(text: str) -> str:
    """Without the dash that the index puts before what stands under a heading."""
    return text.lstrip("-– ").strip()


def _form(kind: str) -> FindingForm:
    said = kind.casefold()
    return next(
        (form for form, words in _FORMS.items() if any(word in said for word in words)), FindingForm.OTHER
    )


def _title(symbol: str, text: str) -> str:
    line = " ".join(text.split())
    short = line if len(line) <= _TITLE else line[:_TITLE].rsplit(" ", 1)[0] + "…"
    return " · ".join(part for part in (symbol, short) if part)


def _url(symbol: str, document: str) -> str:
    if symbol:
        return f"https://undocs.org/{quote(symbol, safe='/()-._')}"
    return f"https://uhri.ohchr.org/en/document/{quote(document, safe='-')}" if document else ""


def _countries(names: tuple[str, ...]) -> tuple[tuple[str, ...], Iterator[Quality]]:
    known = [_country(name) for name in names]
    doubts = [Quality.COUNTRY_UNKNOWN] if not all(known) else []
    return tuple(dict.fromkeys(iso3 for iso3 in known if iso3)), iter(doubts)


@lru_cache(maxsize=2048)
def _country(name: str) -> str:
    """Its code; empty when no list knows the name or it means several."""
    found = find(name)
    return found[0] if len(found) == 1 else ""


def _day(cells: Cells, name: str) -> date | None:
    return None if cells.text(name).startswith(_NO_DATE) else cells.day(name)


def _moment(cells: Cells, name: str) -> datetime | None:
    return None if cells.text(name).startswith(_NO_DATE) else cells.instant(name)
