"""A finding: what a competent body said, decided or asked: a resolution, a recommendation, a mandate, a veto."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from forestall.base.words import Words, say

from .event import DatePrecision
from .quality import Quality


class FindingForm(StrEnum):
    """What kind of word it is."""

    RESOLUTION = "resolution"
    STATEMENT = "statement"
    VETO = "veto"
    MANDATE = "mandate"
    MISSION = "mission"
    AGREEMENT = "agreement"
    RECOMMENDATION = "recommendation"
    OBSERVATION = "observation"
    REPORT = "report"
    ALERT = "alert"
    DATASET = "dataset"
    OTHER = "other"


FORM_WORDS: dict[FindingForm, Words] = {
    FindingForm.RESOLUTION: say("resolution"),
    FindingForm.STATEMENT: say("presidential statement"),
    FindingForm.VETO: say("veto"),
    FindingForm.MANDATE: say("mandate"),
    FindingForm.MISSION: say("mission", context="finding"),
    FindingForm.AGREEMENT: say("agreement"),
    FindingForm.RECOMMENDATION: say("recommendation", context="finding"),
    FindingForm.OBSERVATION: say("concern or observation"),
    FindingForm.REPORT: say("report", context="finding"),
    FindingForm.ALERT: say("alert"),
    FindingForm.DATASET: say("entry of a dataset"),
    FindingForm.OTHER: say("other", context="finding"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One of them. `symbol` is its official symbol, `body` who says it, `countries` ISO3 of those it is about.

    `valid_from` and `valid_until` bound what holds for a time (a mandate). The rest is as in `Event`.
    """

    source_id: str
    external_id: str
    form: FindingForm
    title: str
    source_form: str = ""
    rank: str = ""
    symbol: str = ""
    text: str = ""
    body: str = ""
    countries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    language: str = "und"
    dated: date | None = None
    date_precision: DatePrecision = DatePrecision.DAY
    published_at: datetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    url: str = ""
    licence: str = ""
    flags: tuple[Quality, ...] = ()
    row: int = 0
    own: Mapping[str, Any] = field(default_factory=dict)
    moving: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day it is filed under."""
        return self.dated or self.valid_from
