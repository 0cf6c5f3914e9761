"""What the library's catalogue says of a document: which MARC field means what.

Field numbers are those of MARC 21 with the library's own: 191 symbol, 269 date, 791 symbol of the resolution, 856 files,
981 body, 991 agenda, 993 related symbols.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from forestall.base.canonical import canonical_json
from forestall.collecting.contract import Source
from forestall.collecting.dates import Moment, read_date
from forestall.collecting.flags import Flag, FlagCode
from forestall.collecting.received import Received
from forestall.collecting.record import Record, RecordKind

from .marc import Marc

_PAGE = "https://digitallibrary.un.org/record/{}"
_SUFFIX = re.compile(r"[-_](AR|ZH|EN|FR|RU|ES)\.\w{2,5}$", re.IGNORECASE)
_CODES = {
    "ara": "ar",
    "chi": "zh",
    "zho": "zh",
    "eng": "en",
    "fre": "fr",
    "fra": "fr",
    "rus": "ru",
    "spa": "es",
}
_NOTES = ("520", "500", "505", "515", "596")
_SPACES = re.compile(r"\s+")


def document(marc: Marc, *, received: Received, source: Source, locator: str) -> Record:
    """The document that a record of the catalogue describes."""
    number = marc.control("001")
    title = _title(marc)
    files = _files(marc)
    moment, flag = _published(marc)
    return Record(
        source_id=source.id,
        external_id=f"undl:{number}",
        kind=RecordKind.DOCUMENT,
        title=title or _symbol(marc) or number,
        body="\n\n".join(_notes(marc)) or title,
        received_at=received.received_at,
        language=_language(marc, files),
        published=moment,
        reporter=", ".join(_authors(marc)),
        url=_PAGE.format(number),
        licence=source.licence,
        locator=locator,
        flags=(flag,) if flag else (),
        native=_native(marc, files),
    )


def _native(marc: Marc, files: list[dict[str, str]]) -> dict[str, str]:
    """What is looked for by name, and beside it the whole record word for word."""
    named = {
        "recid": marc.control("001"),
        "version": marc.control("005"),
        "symbol": _symbol(marc),
        "resolution": "; ".join(map(_unspaced, marc.texts("791"))),
        "related_symbols": "; ".join(map(_unspaced, marc.texts("993"))),
        "resource_type": "; ".join(part for code in "abc" for part in marc.texts("989", code)),
        "subjects": "; ".join(marc.texts("650")),
        "places": "; ".join(marc.texts("651")),
        "agenda": "; ".join(marc.texts("991", "d") or marc.texts("991", "c")),
        "files": canonical_json(files) if files else "",
    }
    return {name: text for name, text in named.items() if text} | {"marc": marc.canonical()}


def _symbol(marc: Marc) -> str:
    """Official symbols without the spaces that catalogues put into them; a record may have none, or two."""
    return "; ".join(map(_unspaced, marc.texts("191")))


def _unspaced(symbol: str) -> str:
    return _SPACES.sub("", symbol)


def _title(marc: Marc) -> str:
    """Title and rest of the title, without the marks that cataloguers set before the next part."""
    for field in marc.tagged("245", "239", "249"):
        parts = [field.first("a"), field.first("b")]
        text = " ".join(" ".join(part for part in parts if part).split())
        if text:
            return text.rstrip(" /:;,")
    return ""


def _notes(marc: Marc) -> Iterable[str]:
    return [text for tag in _NOTES for text in marc.texts(tag)]


def _authors(marc: Marc) -> Iterable[str]:
    """Bodies and authors; States that sponsor or vote (`ms`) are none."""
    given = [
        field.first("a")
        for field in marc.tagged("110", "710", "711", "100", "700")
        if field.first("9") != "ms"
    ]
    bodies = [", ".join(part for code in "ab" if (part := field.first(code))) for field in marc.tagged("981")]
    return list(dict.fromkeys(text for text in given or bodies if text))


def _files(marc: Marc) -> list[dict[str, str]]:
    """The files with the language that their names say: the names of languages beside them came through two encodings."""
    found = []
    for field in marc.tagged("856"):
        if field.first("u"):
            suffix = _SUFFIX.search(field.first("u"))
            language = suffix[1].lower() if suffix else "und"
            found.append({"url": field.first("u"), "language": language, "size": field.first("s")})
    return found


def _language(marc: Marc, files: list[dict[str, str]]) -> str:
    """The language that the record declares, or that its only file has; `mul` for several."""
    declared = [text[at : at + 3].lower() for text in marc.texts("041") for at in range(0, len(text), 3)]
    known = list(dict.fromkeys(_CODES.get(code, "und") for code in declared))
    known = known or list(dict.fromkeys(one["language"] for one in files))
    return known[0] if len(known) == 1 else "mul" if known else "und"


def _published(marc: Marc) -> tuple[Moment | None, Flag | None]:
    texts = [*marc.texts("269"), *marc.texts("260", "c")]
    if not texts:
        return None, Flag(FlagCode.NO_DATE)
    for text in texts:
        moment = read_date(text.strip(" []."))
        if moment:
            return moment, None
    return None, Flag(FlagCode.DATE_UNREADABLE, texts[0][:80])
