"""UN Peace and Security Data Hub: the list is asked for first, and a data set when it changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from forestall.collecting.asking import Envelope, Page, Request
from forestall.sources import all_sources
from forestall.sources.un_psdata import collector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = all_sources()["un-psdata"]


class TestAsking:
    TODAY = date(2026, 11, 20)
    LISTED = '{"DGC-SCRES":"2026-10-31","DPPA-MSULOP":"2023-01-01"}'

    def planned(self, cursor: dict[str, Any], today: date = TODAY) -> Request | None:
        return next(iter(collector.plan(cursor, source=SOURCE, today=today)), None)

    def answered(
        self, cursor: dict[str, Any], key: str, *, more: str = "", status: int = 200, at: datetime = NOW
    ) -> dict[str, Any]:
        return collector.advance(
            cursor, page=Page(Request(key, ""), status, at=at, envelope=Envelope(more=more))
        )

    def turn(
        self, cursor: dict[str, Any], at: datetime = NOW, listed: str = LISTED
    ) -> tuple[dict[str, Any], list[str]]:
        asked = []
        while request := self.planned(cursor, at.date()):
            asked.append(request.key)
            cursor = self.answered(
                cursor, request.key, more=listed if request.key == "metadata" else "", at=at
            )
        return cursor, asked

    def test_the_list_is_asked_for_first_then_each_data_set_of_it(self):
        cursor, asked = self.turn({})

        assert asked == ["metadata", "DGC-SCRES", "DPPA-MSULOP"]
        assert self.planned(cursor) is None

    def test_a_data_set_is_asked_for_by_its_name_and_its_answer_is_called_so(self):
        request = self.planned(self.answered({}, "metadata", more=self.LISTED))

        assert request and request.url == "https://api.psdata.un.org/public/data/DGC-SCRES/json"
        assert request.name == "DGC-SCRES.json"

    def test_the_next_day_only_what_changed_is_asked_for_and_after_a_week_everything(self):
        cursor, _ = self.turn({})
        moved = self.LISTED.replace("2023-01-01", "2026-11-20")

        _, next_day = self.turn(cursor, NOW.replace(day=21), moved)
        _, next_week = self.turn(cursor, NOW.replace(day=27))
        assert (next_day, next_week) == (
            ["metadata", "DPPA-MSULOP"],
            ["metadata", "DGC-SCRES", "DPPA-MSULOP"],
        )

    def test_what_is_refused_is_asked_for_again_on_another_day(self):
        cursor = self.answered(self.answered({}, "metadata", more=self.LISTED), "DGC-SCRES", status=503)

        assert self.planned(cursor).key == "DPPA-MSULOP"  # type: ignore[union-attr]
        assert "DGC-SCRES" in self.turn(cursor, NOW.replace(day=21))[1]

    def test_a_list_that_is_refused_leaves_the_one_before(self):
        cursor, _ = self.turn({})
        refused = self.answered(cursor, "metadata", status=500, at=NOW.replace(day=27))

        assert self.planned(refused, date(2026, 11, 27)).key == "DGC-SCRES"  # type: ignore[union-attr]
