"""One folder per analysis framework.

A framework is what a situation is judged against: factors, each with numbered indicators, in our own words, with the
official numbering and a citation. To add one, make a folder that holds `framework.toml`; nothing else changes.
`loading` says what the file must hold, `validation` what it should.

An edition in use never changes. Its digest stands in `digests.toml` beside it; a new edition takes a new version, and
the old file stays as `edition-VERSION.toml`. Wings keep id, version and digest with what they judged.

Our wording is not the official wording. Until a named person has held an indicator's wording against the official text
(`wordingcheck`), it says so wherever it appears (`holding.notice`) and `holding.refuse_unheld` keeps it from the site,
from training and from anything that leaves the Office.

Beside the entries stand the tables of values they share: `crimes`, `speech`, `scales`, `options`.
"""

from .framework import (
    LANGUAGES,
    REQUIRED_LANGUAGES,
    Citation,
    Framework,
    Guidance,
    Indicator,
    Nature,
    RiskFactor,
    Scope,
    Text,
    Verification,
    in_language,
)
from .holding import carried, notice, refuse_unheld
from .loading import entries, load, require_same, versions

__all__ = [
    "LANGUAGES",
    "REQUIRED_LANGUAGES",
    "Citation",
    "Framework",
    "Guidance",
    "Indicator",
    "Nature",
    "RiskFactor",
    "Scope",
    "Text",
    "Verification",
    "carried",
    "entries",
    "in_language",
    "load",
    "notice",
    "refuse_unheld",
    "require_same",
    "versions",
]
