"""How good an answer is, told before it is kept: what it counts where and when, what it lacks, what its source's own
bounds say. Plain JSON; nothing is judged away.

`rows` by dataset or kind, `countries` and `types` (the ten most frequent), the `first_day` and the `last_day`; of how many
rows day, place or deaths are not known (`without`, count and share of those that could say it); `flags` by name, keys that
`repeated`, names of countries that no list here knows (`countries_unknown`), `languages` of documents; the age of its
newest content in days against the source's own limit (`age`), its rows against the declared `bounds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from .contract import Source
from .record import Record
from .responses import Batch, Response

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 10
"""Countries, types and unknown names that are told one by one."""


def quality(response: Response, *, source: Source, at: datetime) -> dict[str, Any]:
    """What is told of an answer of `source` that was received `at` (UTC)."""
    tally = _Tally()
    for batch in response.facts:
        tally.add(batch)
    for record in response.records:
        tally.add_record(record)
    return {**tally.told(), "repeated": tally.repeated + response.repeated,
            "age": _age(tally.newest(at.date()), source, at.date()), "bounds": _bounds(response, source)}  # fmt: skip


class _Tally:
    """What has been counted so far."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.countries: Counter[str] = Counter()
        self.types: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.lacking: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.days: set[date] = set()
        self.told_on: set[date] = set()
        self.keys: Counter[tuple[str, str]] = Counter()

    def add(self, batch: Batch) -> None:
        import pyarrow as pa

        with pa.ipc.open_stream(batch.stream) as stream:
            table = stream.read_all()
        self.rows[batch.dataset] += table.num_rows
        self.keys.update((batch.dataset, key) for key in table.column("external_id").to_pylist())
        for flags in table.column("flags").to_pylist():
            self.flags.update(flags)
        self._days(table)
        self._countries(batch.dataset, table)
        name = {"events": "event_type", "measures": "name", "findings": "form"}[batch.dataset]
        self.types.update(table.column(name).to_pylist())
        if batch.dataset == "events":
            self._lacks("place", (not (place or admin1 or at is not None) for place, admin1, at in _together(table, "place", "admin1", "latitude")))
            self._lacks("deaths", (best is None for (best,) in _together(table, "deaths_best")))

    def add_record(self, record: Record) -> None:
        self.rows[record.kind.value] += 1
        self.keys[record.kind.value, record.external_id] += 1
        self.languages[record.language] += 1
        self.flags.update(flag.code.value for flag in record.flags)
        self._lacks("day", [record.published is None])
        if record.published is not None:
            self.days.add(record.published.earliest.date())
            self.told_on.add(record.published.earliest.date())

    def _days(self, table: pa.Table) -> None:
        days = table.column("day").to_pylist()
        self._lacks("day", (day is None for day in days))
        self.days.update(day for day in days if day is not None)
        self.told_on.update(at.astimezone(UTC).date() for at in table.column("published_at").to_pylist() if at is not None)

    def _countries(self, dataset: str, table: pa.Table) -> None:
        if dataset == "findings":
            codes = [code for listed in table.column("countries").to_pylist() for code in listed or [""]]
            self.countries.update(code for code in codes if code)
            self._lacks("country", (not code for code in codes))
            return
        for code, name in _together(table, "iso3", "country"):
            self.countries.update([code] if code else [])
            self.unknown.update([name] if name and not code else [])
            self._lacks("country", [not code])

    def _lacks(self, what: str, rows: Iterable[bool]) -> None:
        for lacks in rows:
            self.asked[what] += 1
            self.lacking[what] += lacks

    @property
    def repeated(self) -> int:
        """Rows whose key came before in the same answer."""
        return sum(count - 1 for count in self.keys.values() if count > 1)

    def newest(self, until: date) -> date | None:
        """The latest day that its rows speak of or were published on, and that is over."""
        return max((day for day in self.days | self.told_on if day <= until), default=None)

    def told(self) -> dict[str, Any]:
        return {
            "rows": dict(self.rows),
            "countries": dict(_first(self.countries)),
            "types": dict(_first(self.types)),
            "first_day": min(self.days).isoformat() if self.days else None,
            "last_day": max(self.days).isoformat() if self.days else None,
            "without": {what: _share(self.lacking[what], of) for what, of in self.asked.items()},
            "flags": dict(self.flags.most_common()),
            "countries_unknown": dict(_first(self.unknown)),
            "languages": dict(_first(self.languages)),
        }


def _together(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)


def _first(counted: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent; of equals the first by name, so that the same answer is told the same."""
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]


def _share(count: int, of: int) -> dict[str, Any]:
    return {"rows": count, "share": round(count / of, 4) if of else 0.0}


def _age(newest: date | None, source: Source, today: date) -> dict[str, Any]:
    days = (today - newest).days if newest is not None else None
    most = source.max_content_age_days or None
    return {"days": days, "most": most, "too_old": bool(most and days is not None and days > most)}


def _bounds(response: Response, source: Source) -> dict[str, Any]:
    least, most = source.bounds.least, source.bounds.most
    return {"least": least, "most": most, "within": least <= response.count <= most}


def in_words(found: Mapping[str, Any]) -> list[str]:
    """The same as lines for whoever stands at the terminal; empty where nothing was read."""
    if not found.get("rows"):
        return []
    lines = [f"Days: {found['first_day'] or 'none'} to {found['last_day'] or 'none'}."]
    for name, heading in (("countries", "Countries"), ("types", "Types"), ("languages", "Languages"), ("flags", "Remarks"), ("countries_unknown", "Countries not known here")):
        if found[name]:
            lines.append(f"{heading}: " + ", ".join(f"{key} {count}" for key, count in found[name].items()) + ".")
    lacking = [f"{what} {one['rows']} ({one['share']:.1%})" for what, one in found["without"].items() if one["rows"]]
    lines += [f"Not known: {', '.join(lacking)}."] if lacking else []
    lines += [f"Keys that repeat: {found['repeated']}."] if found["repeated"] else []
    age = found["age"]
    if age["days"] is not None:
        limit = f"; its source allows {age['most']}" if age["most"] else ""
        lines.append(f"Its newest content is {age['days']} days old{limit}{': too old' if age['too_old'] else ''}.")
    if not found["bounds"]["within"]:
        lines.append(f"Its source declares {found['bounds']['least']} to {found['bounds']['most']} rows in one answer.")
    return lines
