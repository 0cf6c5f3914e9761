"""Rows of the store of facts as entries of this room: which row becomes what, with its producer's own key and hash. Pure.

Nothing is made up: a day, a State or a force that the row does not give stays empty or “not known”.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forestall.base.canonical import sha256

Row = Mapping[str, Any]
PSDATA, UHRI = "un-psdata", "ohchr-uhri"
OPTIONAL_PROTOCOL = "iccpr-first-optional-protocol"
PERMANENT = {
    "china": "CHN", "france": "FRA", "russian_federation_or_ussr": "RUS",
    "united_kingdom_of_great_britain_and_northern_ireland": "GBR", "united_states_of_america": "USA",
}  # fmt: skip
"""Columns of the hub's list of vetoes, in small letters, and whose vote each is."""
_ORGANS = {"S/": "security_council", "A/HRC/": "human_rights_council", "A/": "general_assembly"}
_REVIEWERS = {
    "upr": ("upr", "periodic review"), "ccpr": ("ccpr", "human rights committee"), "cescr": ("cescr", "economic, social"),
    "cerd": ("cerd", "racial discrimination"), "cedaw": ("cedaw", "discrimination against women"), "cat": ("cat", "against torture"),
    "crc": ("crc", "rights of the child"), "cmw": ("cmw", "migrant workers"), "crpd": ("crpd", "disabilities"), "ced": ("ced", "enforced disappearances"),
}  # fmt: skip


@dataclass(frozen=True)
class Bringable:
    """One entry to bring over. `kind` is presence, mandate, resolution, veto, review or treaty; `body` names the operation
    (name, short name) where the entry is of one; `level` is that of the facts it is from.
    """

    kind: str
    producer: str
    key: str
    hash: str
    source: str
    values: Mapping[str, Any]
    url: str = ""
    as_of: date | None = None
    body: tuple[str, str] = ("", "")
    level: int = field(default=0)


def of_finding(row: Row, *, level: int) -> Iterator[Bringable]:
    """What a finding of the Peace and Security Data Hub becomes; nothing where it names no State."""
    made = {"mission": _presences, "mandate": _mandate, "resolution": _resolution, "veto": _veto}.get(str(row["form"]))
    if made is not None and row["countries"]:
        yield from made(row, level)


def _entry(row: Row, *, kind: str, level: int, values: Mapping[str, Any], part: str = "", body: tuple[str, str] = ("", "")) -> Bringable:
    url = str(row["url"] or "")
    return Bringable(
        kind=kind, producer=str(row["source_id"]), key=f"{row['external_id']}{part}", hash=sha256(str(row["own"])), level=level,
        source=f"UN Peace and Security Data Hub, {row['source_form']}", url=url if url.startswith("http") else "", values=values, body=body,
    )  # fmt: skip


def _presences(row: Row, level: int) -> Iterator[Bringable]:
    name = " ".join(str(row["title"]).split())
    for iso3 in row["countries"]:
        values = {"iso3": iso3, "since": row["valid_from"], "until": row["valid_until"]}
        yield _entry(row, kind="presence", level=level, values=values, part=f"/{iso3}", body=(name, str(row["symbol"])))


def _mandate(row: Row, level: int) -> Iterator[Bringable]:
    values = {
        "countries": list(row["countries"]), "resolution": row["symbol"], "first_day": row["valid_from"], "end_date": row["valid_until"],
        "summary": "",
    }  # fmt: skip
    yield _entry(row, kind="mandate", level=level, values=values, body=(row["title"], row["title"]))


def _resolution(row: Row, level: int) -> Iterator[Bringable]:
    symbol = str(row["symbol"])
    organ = next((organ for prefix, organ in _ORGANS.items() if symbol.startswith(prefix)), "")
    if organ:
        values = {"body": organ, "symbol": symbol, "title": row["title"], "countries": list(row["countries"]), "adopted_on": row["dated"]}
        yield _entry(row, kind="resolution", level=level, values=values)


def _veto(row: Row, level: int) -> Iterator[Bringable]:
    cast = {name.lower(): value for name, value in _own(row).items()}
    by = [iso3 for name, iso3 in PERMANENT.items() if cast.get(name) in (1, 1.0, "1", "1.0")]
    values = {"draft": row["symbol"], "subject": row["title"], "cast_by": by, "countries": list(row["countries"]), "cast_on": row["dated"]}
    yield _entry(row, kind="veto", level=level, values=values)


def _own(row: Row) -> Mapping[str, Any]:
    text = str(row["own"])
    return json.loads(text) if text.startswith("{") else {}


def latest_reviews(rows: Iterable[Row], *, level: int) -> Iterator[Bringable]:
    """The last observations or recommendations of each body on each State, from rows of (iso3, body, symbol, dated)."""
    newest: dict[tuple[str, str], Row] = {}
    for row in rows:
        reviewer = reviewer_of(str(row["body"]))
        if reviewer and row["dated"] and row["iso3"]:
            known = newest.get((row["iso3"], reviewer))
            if known is None or (row["dated"], row["symbol"]) > (known["dated"], known["symbol"]):
                newest[row["iso3"], reviewer] = row
    for (iso3, reviewer), row in newest.items():
        values = {"body": reviewer, "iso3": iso3, "step": "concluded", "on": row["dated"], "on_precision": "day", "note": row["symbol"]}
        yield Bringable(
            kind="review", producer=UHRI, key=f"{iso3}/{reviewer}/{row['symbol']}", hash=sha256(repr(sorted(values.items()))), level=level,
            source=f"Universal Human Rights Index, {row['symbol']}", values=values,
            url=f"https://undocs.org/{row['symbol']}" if row["symbol"] and " " not in row["symbol"] else "",
        )  # fmt: skip


def reviewer_of(body: str) -> str:
    """Which of the reviewing bodies a producer means; empty for one that reviews no States by turn."""
    told = body.casefold().strip("- ")
    return next((key for key, words in _REVIEWERS.items() if told == words[0] or words[1] in told), "")


def optional_protocol(rows: Iterable[Row], *, level: int, source: str) -> Iterator[Bringable]:
    """How each State stood to the first optional protocol in the newest year given, from measures of 1 (bound) and 0 (not)."""
    newest: dict[str, Row] = {}
    for row in rows:
        if row["iso3"] and row["period_start"] and row["value"] in (0, 1):
            known = newest.get(row["iso3"])
            if known is None or row["period_start"] > known["period_start"]:
                newest[row["iso3"]] = row
    for iso3, row in newest.items():
        yield Bringable(
            kind="treaty", producer=str(row["source_id"]), key=f"{OPTIONAL_PROTOCOL}/{iso3}", hash=sha256(str(row["own"])), level=level,
            source=source, as_of=date(row["period_start"].year, 12, 31),
            values={"treaty": "iccpr-op1", "iso3": iso3, "standing": "party" if row["value"] else "not_party"},
        )  # fmt: skip
