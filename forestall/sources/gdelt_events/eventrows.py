"""Export files as Arrow columns: a whole file at once, without a loop over its rows.

The line itself is kept as `own`, with `columns.EVENT` as its columns. The Goldstein figure is the line's own. A story told
again long after its day, a country for a place, and letters lost before the file was made are remarked, never repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow
from forestall.facts import DatePrecision, PlacePrecision, Quality, Side
from forestall.facts.arrow import EVENTS
from forestall.facts.vocabulary import cameo_type

from .columns import EVENT, fips_countries

BLOCK = 16 * 1024 * 1024
PARTS, LEAST = 2, 4 * 1024 * 1024
"""Parts of a large file that are read at the same time, and the bytes that a part has at least."""
LATE_DAYS = 10
_CODE = pa.dictionary(pa.int32(), pa.string())
_NUMBERS = {
    "NumMentions": pa.int32(), "NumSources": pa.int32(), "ActionGeo_Lat": pa.float64(), "ActionGeo_Long": pa.float64(),
}  # fmt: skip
_CODES = (
    "SQLDATE", "Actor1Name", "Actor2Name", "EventCode", "ActionGeo_Type", "ActionGeo_FullName", "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code", "DATEADDED",
)  # fmt: skip
_TEXTS = ("GLOBALEVENTID", "SOURCEURL")
_PLACES = {
    "1": PlacePrecision.COUNTRY, "2": PlacePrecision.ADMIN1, "3": PlacePrecision.NEAR, "4": PlacePrecision.NEAR,
    "5": PlacePrecision.ADMIN1,
}  # fmt: skip
_REMARKS = (Quality.RETOLD, Quality.COUNTRY_MIDDLE, Quality.LETTERS_LOST, Quality.COUNTRY_UNKNOWN, Quality.NO_POINT)
_COMBINATIONS = [[one.value for bit, one in enumerate(_REMARKS) if number >> bit & 1] for number in range(32)]


def batches(content: bytes, *, source_id: str, licence: str) -> Iterator[pa.RecordBatch | BadRow]:
    """The events of an export file. A line with other than 61 columns, or no number where one stands, is a bad row.

    Raises `Malformed` for a file of GDELT 1.0, whose lines have 57 or 58 columns.
    """
    _check_edition(content)
    if not _is_text(content):
        content = content.decode("utf-8", "replace").encode()

    def read(part: tuple[int, bytes]) -> list[pa.RecordBatch | BadRow]:
        return list(_part(part[1], first=part[0], source_id=source_id, licence=licence))

    with ThreadPoolExecutor(PARTS) as threads:
        for found in threads.map(read, _parts(content)):
            yield from found


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """A large file in pieces of whole lines, to be read at the same time, each with the number of its first line."""
    size = max(LEAST, -(-len(content) // PARTS))
    start, line = 0, 1
    while start < len(content):
        end = content.find(b"\n", start + size - 1) + 1 or len(content)
        yield line, content[start:end]
        line += content.count(b"\n", start, end)
        start = end


def _part(content: bytes, *, first: int, source_id: str, licence: str) -> Iterator[pa.RecordBatch | BadRow]:
    numbers: Any = None
    try:
        table = _table(content)
    except pa.ArrowInvalid:
        content, numbers, bad = _sorted_out(content, first=first)
        yield from bad
        if not numbers:
            return
        table = _table(content)
    lines = _lines(content)
    rows = pa.array(numbers or np.arange(first, first + len(lines)))
    yield from _mapped(table, lines, rows, source_id=source_id, licence=licence).to_batches()


def _is_text(content: bytes) -> bool:
    """Whether the bytes are UTF-8 throughout, without making a text of them."""
    ends = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(content)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _check_edition(content: bytes) -> None:
    width = content[: content.find(b"\n") if b"\n" in content else None].count(b"\t") + 1
    if width in (57, 58):
        raise Malformed(say("This is a file of GDELT 1.0, with %(count)s columns. Ask for the one of 2.0.", count=width))


def _sorted_out(content: bytes, *, first: int) -> tuple[bytes, list[int], list[BadRow]]:
    """The content without its bad lines, the numbers of the lines that stay, and the bad ones."""
    good, numbers, bad = [], [], []
    for number, line in enumerate(content.split(b"\n"), start=first):
        if not line.strip():
            continue
        try:
            _table(line + b"\n")
        except pa.ArrowInvalid:
            bad.append(_bad(line, number))
        else:
            good.append(line + b"\n")
            numbers.append(number)
    return b"".join(good), numbers, bad


def _bad(line: bytes, number: int) -> BadRow:
    width = line.count(b"\t") + 1
    if width != len(EVENT):
        reason = say("Line %(line)s has %(count)s columns; %(width)s were expected.", line=number, count=width, width=len(EVENT))
    else:
        reason = say("Line %(line)s has letters where a number stands.", line=number)
    return BadRow(f"row {number}", reason, line.decode("utf-8", "replace"))


def _table(content: bytes) -> pa.Table:
    kinds = dict.fromkeys(_CODES, _CODE) | {name: pa.string() for name in _TEXTS} | _NUMBERS
    return csv.read_csv(
        pa.BufferReader(content),
        read_options=csv.ReadOptions(column_names=EVENT, block_size=BLOCK),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            include_columns=list(kinds), column_types=kinds, null_values=[""], strings_can_be_null=False,
            quoted_strings_can_be_null=False, check_utf8=False,
        ),
    )  # fmt: skip


def _lines(content: bytes) -> pa.Array:
    """Every line as a text, without copying it: the places where lines end are the places where texts do."""
    buffer = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(buffer == 10).astype(np.int64)
    if not content.endswith(b"\n"):
        ends = np.append(ends, len(content))
    starts = np.concatenate(([0], ends[:-1] + 1))
    offsets = np.append(starts, len(content)).astype(np.int64)
    whole = pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(content))
    return pc.ascii_rtrim(whole, "\r\n").cast(pa.string())


def _mapped(table: pa.Table, lines: pa.Array, rows: pa.Array, *, source_id: str, licence: str) -> pa.Table:
    """The columns of the file in the shape of every event."""
    count = table.num_rows
    column = {name: table.column(name).combine_chunks() for name in table.column_names}
    code, country, kind = (
        _each(column[name]) for name in ("EventCode", "ActionGeo_CountryCode", "ActionGeo_Type")
    )
    day = _days(column["SQLDATE"], "%Y%m%d").cast(pa.date32())
    added = _days(column["DATEADDED"], "%Y%m%d%H%M%S").cast(pa.timestamp("us", tz="UTC"))
    names = [_texts(column[name]) for name in ("Actor1Name", "Actor2Name", "ActionGeo_FullName")]
    latitude, longitude = _points(column["ActionGeo_Lat"], column["ActionGeo_Long"])
    given = {
        "source_id": _same(source_id, count),
        "external_id": column["GLOBALEVENTID"],
        "rank": pa.repeat("", count),
        "day": day, "started": day, "ended": day, "published_at": added,
        "event_type": code(cameo_type),
        "source_type": code(str),
        "date_precision": _same(DatePrecision.DAY.value, count),
        "iso3": country(lambda fips: fips_countries().get(fips, "")),
        "country": country(str),
        "admin1": _plain(column["ActionGeo_ADM1Code"]),
        "admin2": _same("", count),
        "place": _plain(column["ActionGeo_FullName"]),
        "latitude": latitude, "longitude": longitude,
        "place_precision": kind(lambda given: _PLACES.get(given, PlacePrecision.UNKNOWN).value),
        "source_precision": kind(str),
        "actor1": _plain(column["Actor1Name"]), "actor2": _plain(column["Actor2Name"]),
        "actor1_side": _each(column["Actor1Name"])(lambda name: Side.PARTY.value if name else ""),
        "actor2_side": _each(column["Actor2Name"])(lambda name: Side.PARTY.value if name else ""),
        "count": pa.repeat(pa.scalar(1, pa.int32()), count),
        "reports": column["NumSources"],
        "text": pa.repeat("", count),
        "title": _titles(_texts(column["EventCode"]), *names),
        "url": column["SOURCEURL"],
        "licence": _same(licence, count),
        "flags": _flags(day, added, kind, country, names),
        "row": rows.cast(pa.int64()),
        "own": lines,
        "content": pa.repeat("", count),
    }  # fmt: skip
    columns = [given[field.name] if field.name in given else pa.nulls(count, field.type) for field in EVENTS]
    return pa.Table.from_arrays(columns, schema=EVENTS)


Change = Callable[[str], str]


def _each(column: pa.DictionaryArray) -> Callable[[Change], pa.DictionaryArray]:
    """A function that changes every distinct value of a column, so that the work is done once for each."""
    indices = pc.fill_null(column.indices, len(column.dictionary))
    values = [*column.dictionary.to_pylist(), ""]

    def changed(change: Change) -> pa.DictionaryArray:
        made = [change(value) for value in values]
        distinct = list(dict.fromkeys(made))
        place = {value: at for at, value in enumerate(distinct)}
        new = pa.array([place[value] for value in made], pa.int32()).take(indices)
        return pa.DictionaryArray.from_arrays(new, pa.array(distinct, pa.string()))

    return changed


def _plain(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column with nothing as an empty text; the reader gives it so already, whole files at least."""
    return column if not column.null_count else _each(column)(str)


def _texts(column: pa.DictionaryArray) -> pa.Array:
    return _plain(column).cast(pa.string())


def _same(value: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([value]))


def _days(column: pa.DictionaryArray, form: str) -> pa.Array:
    """Points in time by their distinct spellings; what is none is null."""
    parsed = pc.strptime(column.dictionary, format=form, unit="s", error_is_null=True)
    return parsed.take(column.indices)


def _points(latitude: pa.Array, longitude: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Degrees on the globe; nought-nought and what lies off it are no place."""
    on_globe = pc.and_(
        pc.and_(pc.less_equal(pc.abs(latitude), 90), pc.less_equal(pc.abs(longitude), 180)),
        pc.or_(pc.not_equal(latitude, 0), pc.not_equal(longitude, 0)),
    )
    nothing = pa.scalar(None, pa.float64())
    known = pc.fill_null(on_globe, False)
    return pc.if_else(known, latitude, nothing), pc.if_else(known, longitude, nothing)


def _titles(code: pa.Array, actor1: pa.Array, actor2: pa.Array, place: pa.Array) -> pa.Array:
    """What stands for a headline, which the file has none of."""
    return pc.binary_join_element_wise(
        pc.binary_join_element_wise("CAMEO", code, " "), pc.binary_join_element_wise(actor1, actor2, " → "), place, " | "
    )


def _flags(day: pa.Array, added: pa.Array, kind: Any, country: Any, names: list[pa.Array]) -> pa.Array:
    """The remarks on each row: which of them hold is a number of five bits, and each number a list."""
    late = pc.greater(pc.abs(pc.days_between(day, added.cast(pa.date32()))), LATE_DAYS)
    lost = [pc.match_substring(name, "?") for name in names]
    no_point = (PlacePrecision.ADMIN1, PlacePrecision.UNKNOWN)
    holds = (
        pc.fill_null(late, False),
        pc.equal(kind(lambda given: str(given == "1")).cast(pa.string()), "True"),
        pc.or_(pc.or_(lost[0], lost[1]), lost[2]),
        pc.equal(country(lambda fips: str(bool(fips) and fips not in fips_countries())).cast(pa.string()), "True"),
        pc.equal(kind(lambda given: str(_PLACES.get(given, PlacePrecision.UNKNOWN) in no_point)).cast(pa.string()), "True"),
    )
    number = np.zeros(len(day), dtype=np.int8)
    for bit, one in enumerate(holds):
        number |= np.asarray(one.to_numpy(zero_copy_only=False), dtype=np.int8) << bit
    return pa.array(_COMBINATIONS, pa.list_(pa.string())).take(pa.array(number))
