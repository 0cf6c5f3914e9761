"""Build the tables of country-years and country-months from UCDP's files.

`python -m forestall.panel.refresh --from-folder DIR [--to DIR]` reads what the folder holds: the published
`organizedviolencecy-251-csv.zip` and `ged251-csv.zip` of https://ucdp.uu.se/downloads/ (or the CSV inside), or the
reduced country-years and the compiled country-months. A face with a network fetches the bytes at `address(...)` and
hands them to `rebuilt`; nothing here opens a connection.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed, Spoken, Unavailable
from forestall.base.words import say

from .published import country_months, country_years
from .table import Grain, Panel, spell
from .tablefile import DATA, STEMS, Attribution, open_table, packed, write_table

CITATIONS = {
    Grain.YEAR: [
        (
            "Davies, S., Pettersson, T., Sollenberg, M. and Öberg, M. (2025). Organized violence 1989-2024, and the "
            "challenges of identifying civilian victims. Journal of Peace Research 62(4)."
        ),
        (
            "Sundberg, R. and Melander, E. (2013). Introducing the UCDP Georeferenced Event Dataset. Journal of Peace "
            "Research 50(4)."
        ),
        "Eck, K. and Hultman, L. (2007). One-sided violence against civilians in war. Journal of Peace Research 44(2).",
    ],
    Grain.MONTH: [
        (
            "Sundberg, R. and Melander, E. (2013). Introducing the UCDP Georeferenced Event Dataset. Journal of Peace "
            "Research 50(4)."
        ),
        (
            "Hegre, H., Croicu, M., Eck, K. and Högbladh, S. (2020). Introducing the UCDP Candidate Events Dataset. "
            "Research & Politics 7(3)."
        ),
        (
            "Vesco, P. et al. (2022). United they stand: Findings from an escalation prediction competition. "
            "International Interactions 48(4)."
        ),
    ],
}
TITLES = {
    Grain.YEAR: "UCDP country-years of organised violence by type, deaths",
    Grain.MONTH: "UCDP country-months of organised violence by type, deaths",
}
CHANGES = {
    Grain.YEAR: "Reduced to counts by type of violence; country numbers replaced by ISO 3166 codes. No figure changed.",
    Grain.MONTH: "Summed by country and month; countries without events filled with zero while the source codes them.",
}
PATTERNS = {
    Grain.YEAR: ("*organizedviolencecy*.zip", "*organizedviolencecy*.csv", "ucdp_os_country_year*.csv"),
    Grain.MONTH: ("ged[0-9]*.zip", "GEDEvent*.csv", "ucdp_cm_[0-9]*views*.csv.gz"),
}
COMPILED = "GED and Candidate to 2021-06, as compiled for the ViEWS prediction competition 2020/21"


@dataclass(frozen=True)
class Rebuilt:
    """A table ready to be written: the panel, its bytes and its attribution."""

    panel: Panel
    data: bytes
    card: Attribution

    def write(self, folder: Path) -> None:
        """Replace the table of this grain in `folder`."""
        write_table(self.panel, folder=folder, data=self.data, card=self.card)


def address(grain: Grain, *, edition: str) -> str:
    """Where UCDP publishes an edition such as `25.1`."""
    digits = edition.replace(".", "")
    if grain is Grain.YEAR:
        return f"https://ucdp.uu.se/downloads/organizedviolencecy/organizedviolencecy-{digits}-csv.zip"
    return f"https://ucdp.uu.se/downloads/ged/ged{digits}-csv.zip"


def edition_of(name: str) -> str:
    """The edition a file name tells: `organizedviolencecy-251-csv.zip` is 25.1. Raises `Malformed` when it does not."""
    if "views" in name:
        return COMPILED
    spelled = re.search(r"v(\d{2})_(\d+)(?:_(\d+))?", name, re.IGNORECASE)
    packed_digits = re.search(r"(?:-|ged)(\d{2})(\d)-csv", name, re.IGNORECASE)
    found = spelled or packed_digits
    if found is None:
        raise Malformed(
            say("%(name)s does not tell its edition. Name it as UCDP does, or give the edition.", name=name)
        )
    return ".".join(part for part in found.groups() if part)


def rebuilt(
    data: bytes, *, grain: Grain, name: str, edition: str | None = None, earlier: Panel | None = None
) -> Rebuilt:
    """The table of `grain` from the bytes of one UCDP file called `name`.

    `earlier` is the table to be replaced: a file that lacks one of its States is refused as cut short. Raises
    `Malformed` with the line and what was found there.
    """
    vintage = edition or edition_of(name)
    read = country_years if grain is Grain.YEAR else country_months
    panel = read(data, name=name, vintage=vintage)
    if earlier is not None:
        _refuse_losses(panel, earlier=earlier, name=name)
    table = packed(panel)
    return Rebuilt(panel=panel, data=table, card=_card(panel, table=table, name=name, data=data))


def from_folder(folder: Path, *, grain: Grain) -> Path:
    """The newest file of `grain` in `folder`, by UCDP's names. Raises `Unavailable` when there is none."""
    for pattern in PATTERNS[grain]:
        found = sorted(folder.glob(pattern))
        if found:
            return found[-1]
    raise Unavailable(
        say(
            "%(folder)s holds none of these files of the source: %(patterns)s.",
            folder=str(folder),
            patterns=", ".join(PATTERNS[grain]),
        )
    )


def _refuse_losses(panel: Panel, *, earlier: Panel, name: str) -> None:
    last = min(panel.last, earlier.last)
    if panel.last < earlier.last:
        raise Malformed(
            say(
                "%(name)s ends in %(last)s; the table it would replace reaches %(earlier)s.",
                name=name,
                last=spell(panel.last, grain=panel.grain),
                earlier=spell(earlier.last, grain=panel.grain),
            )
        )
    had = _standing(earlier, time=last)
    lost = sorted(had - _standing(panel, time=last))
    if lost:
        raise Malformed(
            say(
                "%(name)s has no row for %(units)s, which the table it would replace has. Was it cut short?",
                name=name,
                units=", ".join(lost[:10]),
            )
        )


def _standing(panel: Panel, *, time: int) -> set[str]:
    here = panel.exists()[:, panel.position(time)]
    return {panel.units[index] for index in np.flatnonzero(here)}


def _card(panel: Panel, *, table: bytes, name: str, data: bytes) -> Attribution:
    return Attribution(
        title=TITLES[panel.grain],
        version=panel.vintage,
        first=spell(panel.first, grain=panel.grain),
        last=spell(panel.last, grain=panel.grain),
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        source_url="https://ucdp.uu.se/downloads/",
        citation=CITATIONS[panel.grain],
        changes=CHANGES[panel.grain],
        built_by="python -m forestall.panel.refresh --from-folder DIR",
        built_from=name,
        built_from_sha256=sha256(data),
        sha256=sha256(table),
    )


def _earlier(folder: Path, *, grain: Grain) -> Panel | None:
    if not (folder / f"{STEMS[grain]}.csv.gz").is_file():
        return None
    return open_table(folder, grain=grain)


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m forestall.panel.refresh", description=__doc__)
    parser.add_argument("--from-folder", type=Path, required=True, help="the folder with UCDP's files")
    parser.add_argument(
        "--to", type=Path, default=DATA, help="where the tables go; the package's own by default"
    )
    parser.add_argument(
        "--only", choices=[grain.value for grain in Grain], help="build one table and not both"
    )
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Build the tables and tell what they hold. 0 when all went well, 1 with a sentence when not."""
    asked = _arguments(given)
    try:
        for grain in Grain:
            if asked.only in (None, grain.value):
                _build(asked.from_folder, to=asked.to, grain=grain)
    except Spoken as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _build(folder: Path, *, to: Path, grain: Grain) -> None:
    path = from_folder(folder, grain=grain)
    built = rebuilt(path.read_bytes(), grain=grain, name=path.name, earlier=_earlier(to, grain=grain))
    built.write(to)
    told = say(
        "%(file)s: %(units)d units, %(first)s to %(last)s, %(size)d bytes.",
        file=f"{STEMS[grain]}.csv.gz",
        units=len(built.panel.units),
        first=built.card.first,
        last=built.card.last,
        size=len(built.data),
    )
    print(told)


if __name__ == "__main__":
    sys.exit(main())
