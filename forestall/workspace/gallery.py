"""The gallery: every mark and component in every state, from left to right and from right to left.

It is for those who build pages, and for the tests that photograph it. Everything in it is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import charts
from .templatetags import vocabulary
from .templatetags.parts import Ask, Column, Crumb, Factor, FactorGroup, Step, Work

STATES = ("not_present", "emerging", "present", "severe", "no_information", "not_assessed")


class Example(forms.Form):
    """A form with a mistake in it."""

    place = forms.CharField(help_text="…")
    due = forms.DateField()
    region = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    shared = forms.BooleanField(required=False)
    if_silent = forms.ChoiceField(choices=[("1", "1"), ("2", "2")], widget=forms.RadioSelect, initial="1")


@dataclass(frozen=True)
class Side:
    """One half of the gallery: a language, its direction, and values for each component in it."""

    language: str
    direction: str

    def _text(self, english: str, arabic: str) -> str:
        return arabic if self.language == "ar" else english

    @property
    def presences(self) -> list[str]:
        return list(vocabulary.PRESENCE)

    @property
    def trends(self) -> list[str]:
        return list(vocabulary.TREND)

    @property
    def confidences(self) -> list[str]:
        return list(vocabulary.CONFIDENCE)

    @property
    def statuses(self) -> list[str]:
        return list(vocabulary.STATUS)

    @property
    def grades(self) -> list[str]:
        return ["A1", "B2", "C3", "D4", "E5", "F6", ""]

    @property
    def origins(self) -> list[tuple[int, int]]:
        return [(1, 1), (1, 4), (2, 2), (3, 7), (4, 9), (5, 40)]

    @property
    def day(self) -> date:
        return date(2026, 11, 2)

    @property
    def moment(self) -> datetime:
        return datetime(2026, 11, 22, 9, 41, tzinfo=UTC)

    @property
    def place(self) -> str:
        return self._text("Karvania, northern hills", "كارفانيا، التلال الشمالية")

    @property
    def sentence(self) -> str:
        return self._text(
            "Lists of households were asked for in nine of fourteen districts",
            "طُلبت قوائم بالأسر في تسع من أربع عشرة مقاطعة",
        )

    @property
    def likely(self) -> str:
        return self._text("likely", "مرجّح")

    @property
    def factors(self) -> list[FactorGroup]:
        return [
            FactorGroup(
                self._text("Common to all crimes", "مشتركة بين جميع الجرائم"), self._factors(), wide=True
            )
        ]

    def _factors(self) -> list[Factor]:
        emerging, present, severe = STATES[1:4]
        return [
            Factor("7", self._text("Moved", "تغيّر"), severe, "deteriorating", "moderate",
                   ["not_present", *[emerging] * 4, present, present, severe], "#f7", moved=True),
            Factor("9", self._text("Steady", "مستقر"), present, "stable", "high", [present] * 8, "#f9"),
            Factor("12", self._text("No information", "لا معلومات"), "no_information", "unclear", "",
                   ["not_assessed"] * 2 + ["no_information"] * 6, "#f12"),
            Factor("14", self._text("Improving", "يتحسن"), emerging, "improving", "low",
                   ["not_present"] * 2 + [emerging, present, present, present, emerging], "#f14"),
        ]  # fmt: skip

    @property
    def asks(self) -> list[Ask]:
        ministry = self._text(
            "Suspend the household lists before 14 December", "تعليق قوائم الأسر قبل 14 كانون الأول"
        )
        team = self._text("the country team", "الفريق القطري")
        sent, due = date(2026, 11, 13), date(2026, 11, 20)
        part = self._text(
            "Partly accepted: one officer from 1 December.", "قُبل جزئياً: موظف واحد من 1 كانون الأول."
        )
        return [
            Ask(ministry, team, "#ask", sent, due, days_late=2, silent=True),
            Ask(ministry, team, "#ask", sent, date(2026, 11, 27), answer=part, answered=date(2026, 11, 19)),
            Ask(ministry, team, sent=sent, closed=date(2026, 12, 2), answer=part),
        ]

    @property
    def steps(self) -> list[Step]:
        return [
            Step(self._text("Draft", "مسودة"), "done", "N. Arden"),
            Step(
                self._text("Peer review", "مراجعة"),
                "refused",
                self._text("returned: one origin", "أُعيدت: مصدر واحد"),
            ),
            Step(
                self._text("Protection check", "فحص الحماية"), "here", self._text("due today", "مستحق اليوم")
            ),
            Step(
                self._text("Cleared by two", "إجازة من اثنين"),
                "todo",
                self._text("not the drafter", "غير المحرر"),
            ),
        ]

    @property
    def columns(self) -> list[Column]:
        return [
            Column("name", self._text("Situation", "الحالة")),
            Column("status", self._text("Status", "الوضع")),
            Column("forecast", self._text("Forecast", "التوقع"), numeric=True),
            Column("review", self._text("Review", "المراجعة")),
            Column("label", self._text("Label", "السرية"), sortable=False),
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "status": "alert",
                "value": 0.62,
                "low": 0.47,
                "high": 0.74,
                "review": date(2026, 11, 19),
                "label": 2,
            },
            {
                "status": "of_concern",
                "value": 0.41,
                "low": 0.28,
                "high": 0.56,
                "review": date(2026, 11, 30),
                "label": 2,
            },
            {
                "status": "standby",
                "value": None,
                "low": None,
                "high": None,
                "review": date(2027, 1, 15),
                "label": 1,
            },
        ]

    @property
    def page(self) -> Page[int]:
        return Paginator(range(1204), 50).page(7)

    @property
    def work(self) -> Work:
        name = self._text("Recognising copies", "التعرف على النسخ")
        return Work(name, 41_200, 96_000, self._text("about 3 min left", "بقيت نحو 3 دقائق"), "#stop")

    @cached_property
    def form(self) -> Example:
        values = {"place": self.place, "due": "2026-13-16", "region": "a", "shared": "on", "if_silent": "1"}
        form = Example(
            {f"{self.language}-{name}": value for name, value in values.items()}, prefix=self.language
        )
        names = {
            "place": self._text("Place", "المكان"),
            "due": self._text("Reply due", "موعد الرد"),
            "region": self._text("Region", "المنطقة"),
            "shared": self._text("Share inside the United Nations", "المشاركة داخل الأمم المتحدة"),
            "if_silent": self._text("If there is no reply", "إذا لم يرد رد"),
        }
        for name, words in names.items():
            form.fields[name].label = words
        form.fields["place"].help_text = self._text(
            "Coarsened to district when released", "يُعمَّم إلى المقاطعة عند النشر"
        )
        return form

    @property
    def ranking(self) -> str:
        rows = [
            charts.Interval(self._text("Model M3 (statistical)", "النموذج م3 (إحصائي)"), 0.28, 0.56, 0.41),
            charts.Interval(
                self._text("Another office's model", "نموذج مكتب آخر"), 0.20, 0.49, 0.33, kind="other"
            ),
            charts.Interval(
                self._text("Panel, 22 forecasters", "فريق من 22 متنبئاً"), 0.30, 0.60, 0.46, kind="panel"
            ),
            charts.Interval(
                self._text("Analysts", "المحللون"), 0.55, 0.80, kind="analysts", words=self.likely
            ),
        ]
        return charts.interval_ranking(rows, title=_("Probability by voice"))

    @property
    def reliability(self) -> str:
        bins = [
            charts.Bin(0.02, 0.01, 0.0, 0.03, 812),
            charts.Bin(0.12, 0.10, 0.06, 0.15, 140),
            charts.Bin(0.31, 0.36, 0.24, 0.50, 44),
            charts.Bin(0.55, 0.48, 0.30, 0.66, 25),
            charts.Bin(0.82, 0.79, 0.55, 0.92, 14),
        ]
        return charts.reliability(bins, title=_("How often forecasts came true"))

    @property
    def timeline(self) -> str:
        events = [
            charts.Event(
                date(2026, 9, 1), self._text("Stipend announced", "الإعلان عن راتب"), precision="month"
            ),
            charts.Event(date(2026, 10, 2), self._text("Aid convoys arrive again", "وصول قوافل المعونة")),
            charts.Event(
                date(2026, 11, 2), self._text("Household lists asked for", "طلب قوائم الأسر"), circa=True
            ),
            charts.Event(
                date(2026, 11, 18), self._text("Second radio station falls silent", "صمت إذاعة ثانية")
            ),
            charts.Event(date(2026, 12, 14), self._text("Census results", "نتائج التعداد"), ahead=True),
        ]
        return charts.timeline(events, title=_("Observations"), today=date(2026, 11, 22))

    @property
    def series(self) -> str:
        counts = (3, 1, 2, 4, 2, 3, 5, 4, 3, 6, 4, 5, 7, 5, 6, 9, 7, 6, 8, 11, 9, 12, 10, 14)
        observed = [
            (date(2024 + (10 + n) // 12, (10 + n) % 12 + 1, 1), float(count))
            for n, count in enumerate(counts)
        ]
        middle = (15.0, 16.0, 18.0, 19.0, 18.0, 18.0)
        forecast = [
            charts.Month(
                date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1),
                value,
                (11 + n / 2, 19 + n),
                (4, 27 + 3 * n),
            )
            for n, value in enumerate(middle)
        ]
        return charts.series(observed, forecast, title=_("Civilians reported killed, by month"))

    @property
    def sparkline(self) -> str:
        return charts.sparkline([4, 6, 3, 7, 9, None, None, 8, 12, 14], title=_("Items a week"))

    @property
    def silent(self) -> str:
        return charts.sparkline([4, 6, 3, 7, None, None], title=_("Items a week"))


SIDES = (Side("en", "ltr"), Side("ar", "rtl"))


def gallery_context() -> dict[str, Any]:
    """What the gallery page shows. Labels are made in the language of each side."""
    with override("en"):
        crumbs = [Crumb("Forestall", "/"), Crumb("Gallery")]
    return {"band": 1, "band_note": "", "sides": SIDES, "levels": (0, 1, 2, 3), "crumbs": crumbs}


def gallery(request: HttpRequest) -> HttpResponse:
    """The page of all components, for those who build the workspace."""
    return render(request, "workspace/gallery.html", gallery_context())
