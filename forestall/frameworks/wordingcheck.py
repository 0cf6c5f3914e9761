"""Our framework beside a person's own copy of the official text: numbers by machine, wording by eye.

The machine says which numbers are missing, extra or out of order and whether factor titles agree. Whether our words carry
the meaning of the official ones a person decides, row by row (`acceptance`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from forestall.base.errors import Refused
from forestall.base.words import say

from .framework import Framework, Indicator, Numbering, RiskFactor, in_language
from .officialtext import OfficialIndicator, OfficialText, read_official

__all__ = ["Comparison", "Row", "TitleRow", "compare", "read_official"]


@dataclass(frozen=True)
class Row:
    """One indicator, our words beside the official ones. `page` is the page of the file, counted from 1."""

    number: str
    ours: str
    official: str
    page: int
    held: bool


@dataclass(frozen=True)
class TitleRow:
    """One factor's title beside what stands under its official heading; `agrees` is None in another language."""

    number: str
    ours: str
    official: str
    agrees: bool | None


@dataclass(frozen=True)
class Comparison:
    """The framework against one file. `language` is that of our words; numbers are in the framework's order."""

    framework: str
    version: str
    digest: str
    official_sha256: str
    language: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    out_of_order: tuple[str, ...]
    repeated: tuple[str, ...]
    factors_missing: tuple[str, ...]
    factors_extra: tuple[str, ...]
    titles: tuple[TitleRow, ...]
    rows: tuple[Row, ...]

    @property
    def numbers_agree(self) -> bool:
        """Whether both have the same factors and indicators in the same order."""
        return not (
            self.missing or self.extra or self.out_of_order or self.factors_missing or self.factors_extra
        )


def compare(framework: Framework, official: OfficialText, *, language: str | None = None) -> Comparison:
    """Lay `framework` beside `official`: our words in `language`, else in the official text's language where we have it.

    `missing`: numbers of ours that the official text lacks; `extra`: numbers of its that ours lacks. Raises `Refused` for
    a framework whose numbers are our own.
    """
    if framework.numbering is not Numbering.OFFICIAL:
        raise Refused(
            say("The numbers of %(framework)s are our own: there is no official list to hold them against.",
                framework=framework.id)
        )  # fmt: skip
    chosen = _language(framework, asked=language or official.language)
    theirs = {found.number: found for found in official.indicators}
    factors = {found.number: found.opening for found in official.factors}
    ours = framework.numbers
    return Comparison(
        framework=framework.id,
        version=framework.version,
        digest=framework.digest,
        official_sha256=official.sha256,
        language=chosen,
        missing=tuple(number for number in ours if number not in theirs),
        extra=tuple(number for number in theirs if number not in ours),
        out_of_order=_out_of_order(tuple(theirs)),
        repeated=official.repeated,
        factors_missing=tuple(f.number for f in framework.factors if f.number not in factors),
        factors_extra=tuple(number for number in factors if number not in {f.number for f in framework.factors}),
        titles=tuple(_title_row(f, opening=factors[f.number], official=official)
                     for f in framework.factors if f.number in factors),
        rows=tuple(_row(each, found=theirs[each.number], language=chosen)
                   for each in framework.indicators if each.number in theirs),
    )  # fmt: skip


def _language(framework: Framework, *, asked: str) -> str:
    """`asked` where every indicator is written in it, else English: what nobody wrote cannot be accepted."""
    return asked if all(asked in each.text for each in framework.indicators) else "en"


def _row(indicator: Indicator, *, found: OfficialIndicator, language: str) -> Row:
    return Row(
        number=indicator.number,
        ours=in_language(indicator.text, language=language),
        official=found.text,
        page=found.page,
        held=indicator.held_in(language),
    )


def _title_row(factor: RiskFactor, *, opening: str, official: OfficialText) -> TitleRow:
    ours = in_language(factor.title, language=official.language)
    # Only English titles are the official ones; a translated title of ours need not be the official translation.
    agrees = _bare(ours) in _bare(opening) if official.language == "en" else None
    return TitleRow(number=factor.number, ours=ours, official=opening, agrees=agrees)


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def _out_of_order(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """The fewest numbers to take away so that the rest stand in order: all but a longest rising run."""
    keys = [tuple(int(part) for part in number.split(".")) for number in numbers]
    tails: list[tuple[int, ...]] = []
    lengths = []
    for key in keys:
        place = bisect_left(tails, key)
        tails[place : place + 1] = [key]
        lengths.append(place + 1)
    wanted, kept = len(tails), set()
    for place in range(len(keys) - 1, -1, -1):
        if lengths[place] == wanted:
            kept.add(place)
            wanted -= 1
    return tuple(number for place, number in enumerate(numbers) if place not in kept)
