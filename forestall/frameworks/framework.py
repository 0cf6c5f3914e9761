"""An analysis framework as plain values: factors, indicators, and how well each is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forestall.base.errors import Refused
from forestall.base.words import Words, say

Text = Mapping[str, str]
"""One text in several languages: ISO 639-1 code to words."""

REQUIRED_LANGUAGES = ("en", "fr", "ar")
LANGUAGES = ("en", "fr", "ar", "es", "ru", "zh")


class Nature(StrEnum):
    """How an indicator moves. Our own reading; the official texts do not sort single indicators."""

    STRUCTURAL = "structural"
    DYNAMIC = "dynamic"
    TRIGGER = "trigger"


class Scope(StrEnum):
    """Which crimes a factor speaks to. `common` factors speak to all of them and are always read too."""

    COMMON = "common"
    GENOCIDE = "genocide"
    CRIMES_AGAINST_HUMANITY = "crimes-against-humanity"
    WAR_CRIMES = "war-crimes"


class Verification(StrEnum):
    """How well number and meaning are known. Says nothing about wording: that is `Indicator.held`."""

    VERIFIED = "verified"
    PARTLY = "partly"
    MEMORY = "memory"
    UNCERTAIN = "uncertain"


class Numbering(StrEnum):
    """Whose numbers these are: only official ones can be compared with an official text."""

    OFFICIAL = "official"
    OURS = "ours"


class Division(StrEnum):
    """What the framework calls its main parts."""

    RISK_FACTOR = "risk-factor"
    CATEGORY = "category"


def in_language(text: Text, *, language: str) -> str:
    """`text` in `language`, or in English where nobody has written it in that language yet."""
    return text.get(language) or text["en"]


@dataclass(frozen=True)
class Citation:
    """Where the official text stands. `page` is absent while nobody has seen the page."""

    title: Text
    symbol: str | None
    number: str
    page: int | None = None

    def words(self, *, language: str) -> Words:
        """The citation as a reader of `language` meets it, without the wording itself."""
        document = self.symbol or in_language(self.title, language=language)
        if self.page is None:
            return say("%(document)s, %(number)s", document=document, number=self.number)
        return say(
            "%(document)s, %(number)s, page %(page)s", document=document, number=self.number, page=self.page
        )


@dataclass(frozen=True)
class Indicator:
    """One numbered sign under a factor. `held`: languages whose wording a person held against the official text."""

    number: str
    text: Text
    nature: Nature
    factor: str
    scope: Scope
    citation: Citation
    verification: Verification
    source: str | None = None
    held: frozenset[str] = frozenset()

    @property
    def wording_held(self) -> bool:
        """Whether a named person has accepted the English wording against the official text."""
        return self.held_in("en")

    def held_in(self, language: str) -> bool:
        """Whether a named person has accepted the wording in `language` against the official text."""
        return language in self.held


@dataclass(frozen=True)
class RiskFactor:
    """A factor (2014) or category (2009). `count_verification`: how well the number of its indicators is known."""

    number: str
    title: Text
    text: Text
    nature: Nature
    scope: Scope
    verification: Verification
    count_verification: Verification
    indicators: tuple[Indicator, ...]
    source: str | None = None
    counterparts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guidance:
    """One rule for using the framework."""

    id: str
    text: Text
    verification: Verification
    source: str | None = None


@dataclass(frozen=True)
class Source:
    """A page on which part of a framework was seen, and which part."""

    id: str
    address: str
    shows: str


@dataclass(frozen=True)
class Framework:
    """One edition. `digest` is the SHA-256 of its content; `crosswalk_to` the framework its counterparts belong to."""

    id: str
    version: str
    title: Text
    publisher: Text
    year: int
    symbols: tuple[str, ...]
    division: Division
    numbering: Numbering
    factors: tuple[RiskFactor, ...]
    guidance: tuple[Guidance, ...]
    sources: tuple[Source, ...]
    digest: str
    note: Text = field(default_factory=dict)
    address: str | None = None
    supersedes: str | None = None
    crosswalk_to: str | None = None

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in the framework's order."""
        return tuple(indicator for factor in self.factors for indicator in factor.indicators)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of all indicators, in the framework's order."""
        return tuple(indicator.number for indicator in self.indicators)

    def indicator(self, number: str) -> Indicator:
        """The indicator with this number. Raises `Refused` when there is none."""
        for indicator in self.indicators:
            if indicator.number == number:
                return indicator
        raise Refused(say("%(framework)s has no indicator %(number)s.", framework=self.id, number=number))

    def factor(self, number: str) -> RiskFactor:
        """The factor or category with this number. Raises `Refused` when there is none."""
        for factor in self.factors:
            if factor.number == number:
                return factor
        raise Refused(say("%(framework)s has no factor %(number)s.", framework=self.id, number=number))

    def speaking_to(self, scope: Scope) -> tuple[RiskFactor, ...]:
        """The factors to read for a crime: the common ones and its own."""
        return tuple(factor for factor in self.factors if factor.scope in {Scope.COMMON, scope})
