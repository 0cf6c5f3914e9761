"""Finding and reading the frameworks of this catalogue, and holding released editions to their digests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from forestall.base.canonical import canonical_json, sha256
from forestall.base.catalogue import entry_folders, read_definition
from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

from .definition import Section, read_mark, read_section, refuse_repeats
from .framework import (
    Citation,
    Division,
    Framework,
    Guidance,
    Indicator,
    Nature,
    Numbering,
    RiskFactor,
    Scope,
    Source,
    Text,
)

CATALOGUE = Path(__file__).parent
DEFINITION = "framework.toml"
_FRAMEWORK_KEYS = (
    "version", "year", "symbols", "address", "division", "numbering", "supersedes", "crosswalk_to",
    "title", "publisher", "note", "factors", "guidance", "sources",
)  # fmt: skip
_FACTOR_KEYS = (
    "number",
    "scope",
    "nature",
    "mark",
    "count_mark",
    "source",
    "title",
    "text",
    "counterparts",
    "indicators",
)


def entries(catalogue: Path = CATALOGUE) -> list[str]:
    """Ids of the frameworks that can be chosen for an assessment."""
    return list(entry_folders(catalogue, DEFINITION))


def versions(id: str, *, catalogue: Path = CATALOGUE) -> list[str]:  # noqa: A002 - the catalogue's own word
    """The versions kept of one framework; the one in force stands last. Raises `Refused` for an unknown id."""
    return [
        *_older(_folder(id, catalogue=catalogue)),
        _version_in(_folder(id, catalogue=catalogue) / DEFINITION),
    ]


@cache
def load(id: str, version: str | None = None, *, catalogue: Path = CATALOGUE) -> Framework:  # noqa: A002
    """One edition of a framework: the one in force, or the `version` asked for.

    Raises `Refused` when the catalogue has no such framework or version, and `Malformed` when the file breaks the
    contract or differs from the digest under which its version was released.
    """
    folder = _folder(id, catalogue=catalogue)
    path = _edition(folder, version=version)
    framework = read_framework(read_section(path), id=id)
    _hold_to_digest(framework, folder=folder)
    return framework


def require_same(framework: Framework, *, digest: str) -> None:
    """Raise `Refused` unless `framework` has the content that was judged under `digest`."""
    if framework.digest != digest:
        raise Refused(
            say(
                "%(framework)s %(version)s is not the content this judgement was made against. "
                "Open the version it was made against.",
                framework=framework.id,
                version=framework.version,
            )
        )


def read_framework(section: Section, *, id: str) -> Framework:  # noqa: A002
    """A framework from its definition. Raises `Malformed` with the place of the first error."""
    section.only(*_FRAMEWORK_KEYS)
    title, symbols = section.text("title"), section.words("symbols")
    numbering = section.choice("numbering", among=Numbering)
    factors = tuple(
        _factor(each, title=title, symbols=symbols) for each in section.sections("factors", named="number")
    )
    sources = tuple(_source(each) for each in section.sections("sources", named="id"))
    _check_numbers(factors, where=section.where)
    _check_sources(factors, sources=sources, where=section.where)
    return Framework(
        id=id,
        version=section.word("version"),
        title=title,
        publisher=section.text("publisher"),
        year=section.whole("year"),
        symbols=symbols,
        division=section.choice("division", among=Division),
        numbering=numbering,
        factors=factors,
        guidance=tuple(_guidance(each) for each in section.sections("guidance", named="id")),
        sources=sources,
        digest=sha256(canonical_json(section.content, compose=True)),
        note=section.text("note"),
        address=section.maybe_word("address"),
        supersedes=section.maybe_word("supersedes"),
        crosswalk_to=section.maybe_word("crosswalk_to"),
    )


def _factor(section: Section, *, title: Text, symbols: tuple[str, ...]) -> RiskFactor:
    section.only(*_FACTOR_KEYS)
    number, scope = section.word("number"), section.choice("scope", among=Scope)
    indicators = section.sections("indicators", named="number")
    return RiskFactor(
        number=number,
        title=section.text("title"),
        text=section.text("text"),
        nature=section.choice("nature", among=Nature),
        scope=scope,
        verification=read_mark(section),
        count_verification=read_mark(section, key="count_mark"),
        indicators=tuple(
            _indicator(each, factor=number, scope=scope, title=title, symbols=symbols) for each in indicators
        ),
        source=section.maybe_word("source"),
        counterparts=section.words("counterparts"),
    )


def _indicator(
    section: Section, *, factor: str, scope: Scope, title: Text, symbols: tuple[str, ...]
) -> Indicator:
    section.only("number", "mark", "source", "nature", "page", languages=True)
    number = section.word("number")
    # A document with two symbols is cited by both, joined as the United Nations joins them.
    symbol = "-".join(symbols) or None
    return Indicator(
        number=number,
        text=section.languages(),
        nature=section.choice("nature", among=Nature),
        factor=factor,
        scope=scope,
        citation=Citation(title=title, symbol=symbol, number=number, page=section.maybe_whole("page")),
        verification=read_mark(section),
        source=section.maybe_word("source"),
    )


def _guidance(section: Section) -> Guidance:
    section.only("id", "mark", "source", languages=True)
    return Guidance(
        id=section.word("id"),
        text=section.languages(),
        verification=read_mark(section),
        source=section.maybe_word("source"),
    )


def _source(section: Section) -> Source:
    section.only("id", "address", "shows")
    return Source(id=section.word("id"), address=section.word("address"), shows=section.word("shows"))


def _check_numbers(factors: tuple[RiskFactor, ...], *, where: str) -> None:
    """Factors run 1, 2, 3 … (or A1, A2 …), and the indicators of factor 7 run 7.1, 7.2, 7.3 …"""
    refuse_repeats((factor.number for factor in factors), where=where)
    prefix = re.sub(r"\d+$", "", factors[0].number)
    for place, factor in enumerate(factors, start=1):
        _expect(factor.number, expected=f"{prefix}{place}", where=where)
        refuse_repeats((indicator.number for indicator in factor.indicators), where=where)
        for rank, indicator in enumerate(factor.indicators, start=1):
            _expect(indicator.number, expected=f"{factor.number}.{rank}", where=where)


def _expect(found: str, *, expected: str, where: str) -> None:
    if found != expected:
        raise Malformed(
            say(
                "%(where)s: number %(expected)s was expected; found %(found)s.",
                where=where,
                expected=expected,
                found=found,
            )
        )


def _check_sources(factors: tuple[RiskFactor, ...], *, sources: tuple[Source, ...], where: str) -> None:
    refuse_repeats((source.id for source in sources), where=where)
    known = {source.id for source in sources}
    named: list[RiskFactor | Indicator] = [
        *factors,
        *(each for factor in factors for each in factor.indicators),
    ]
    for item in named:
        if item.source is not None and item.source not in known:
            raise Malformed(
                say(
                    "%(where)s: %(number)s names the source %(source)s, which is not listed.",
                    where=where,
                    number=item.number,
                    source=item.source,
                )
            )


def _folder(id: str, *, catalogue: Path) -> Path:  # noqa: A002
    folders = entry_folders(catalogue, DEFINITION)
    if id not in folders:
        raise Refused(
            say("There is no framework %(id)s. There are: %(known)s.", id=id, known=", ".join(folders))
        )
    return folders[id]


def _older(folder: Path) -> dict[str, Path]:
    found = {_version_in(path): path for path in folder.glob("edition-*.toml")}
    return dict(sorted(found.items(), key=lambda item: [int(part) for part in re.findall(r"\d+", item[0])]))


def _version_in(path: Path) -> str:
    return read_section(path).word("version")


def _edition(folder: Path, *, version: str | None) -> Path:
    current = folder / DEFINITION
    if version is None or version == _version_in(current):
        return current
    older = _older(folder)
    if version not in older:
        kept = ", ".join([*older, _version_in(current)])
        raise Refused(
            say(
                "There is no version %(version)s of %(id)s. There are: %(kept)s.",
                version=version,
                id=folder.name.replace("_", "-"),
                kept=kept,
            )
        )
    return older[version]


def _hold_to_digest(framework: Framework, *, folder: Path) -> None:
    path = folder / "digests.toml"
    released = read_definition(path) if path.is_file() else {}
    if released.get(framework.version, framework.digest) != framework.digest:
        raise Malformed(
            say(
                "%(id)s %(version)s differs from what was released under that version. "
                "An edition in use never changes: give the new content a new version.",
                id=framework.id,
                version=framework.version,
            )
        )
