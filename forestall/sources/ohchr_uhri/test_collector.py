"""The Universal Human Rights Index: read entry by entry to its end, whatever the names of its fields."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from forestall.base.errors import Malformed
from forestall.collecting.asking import BadRow, Envelope, Page, Request
from forestall.collecting.childprocess import InProcess
from forestall.collecting.formats import strictjson
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Finding, FindingForm, Quality
from forestall.sources import all_sources
from forestall.sources.ohchr_uhri import collector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parent / "sample"
SOURCE = all_sources()["ohchr-uhri"]


def read(name: str, content: bytes | None = None) -> list[object]:
    content = (SAMPLE / name).read_bytes() if content is None else content
    return list(collector.parse(Received(name, content, NOW), kind=Kind.UNKNOWN, source=SOURCE))


def findings(found: list[object]) -> list[Finding]:
    return [one for one in found if isinstance(one, Finding)]


def entry(**changed: Any) -> dict[str, Any]:
    return {**json.loads((SAMPLE / "export-full-en.json").read_text())[0], **changed}


def only(**changed: Any) -> Finding:
    [found] = findings(read("export-full-en.json", json.dumps([entry(**changed)]).encode()))
    return found


def test_a_concern_is_told_with_who_said_it_of_whom_and_where():
    first = findings(read("export-full-en.json"))[0]

    assert (first.form, first.body, first.countries) == (FindingForm.OBSERVATION, "CRC", ("SDN",))
    assert (first.groups, first.themes) == (
        ("Children", "Women & girls"), ("Right to family life", "Internal displacement"),
    )  # fmt: skip
    assert (first.symbol, first.url) == ("CRC/C/ZZZ/CO/6-7", "https://undocs.org/CRC/C/ZZZ/CO/6-7")
    assert (first.dated, first.published_at) == (
        date(2026, 2, 12),
        datetime(2026, 3, 3, 10, 53, 45, 827000, tzinfo=UTC),
    )
    assert first.own["Sdgs"][1] == "16.1 - Reduce violence"


def test_its_text_is_what_a_reader_sees_and_its_title_is_short():
    first = findings(read("export-full-en.json"))[0]

    assert "Lower Ford & the Well" in first.text and "<" not in first.text
    assert first.title.startswith("CRC/C/ZZZ/CO/6-7 · 12. The Committee")
    assert len(first.title) <= len("CRC/C/ZZZ/CO/6-7 · ") + 121


def test_a_recommendation_whose_day_is_not_known_has_none():
    second = findings(read("export-full-en.json"))[1]

    assert (second.form, second.dated, second.date_precision) == (
        FindingForm.RECOMMENDATION, None, DatePrecision.UNKNOWN,
    )  # fmt: skip
    assert second.themes == ()


def test_a_country_that_no_list_knows_is_said_and_kept_as_it_came():
    second = findings(read("export-full-en.json"))[1]

    assert (second.countries, second.flags) == (("SDN",), (Quality.COUNTRY_UNKNOWN,))
    assert "Land of Nowhere" in second.own["Countries"]
    assert only(Countries=["Congo"]).countries == ()


def test_a_finding_without_its_identifier_is_set_aside():
    bad = [one for one in read("export-full-en.json") if isinstance(one, BadRow)]

    assert [one.place for one in bad] == ["row 3"]
    assert "Lost." in bad[0].content


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("- Recommandations", FindingForm.RECOMMENDATION),
        ("- Recomendaciones", FindingForm.RECOMMENDATION),
        ("- Рекомендации", FindingForm.RECOMMENDATION),
        ("- 建议", FindingForm.RECOMMENDATION),
        ("- Préoccupations/Observations", FindingForm.OBSERVATION),
        ("- Preocupaciones/Observaciones", FindingForm.OBSERVATION),
        ("- Something new", FindingForm.OTHER),
    ],
)
def test_what_kind_of_word_it_is_is_known_in_each_language_and_kept_as_it_came(kind, form):
    found = only(AnnotationType=kind)

    assert (found.form, found.source_form) == (form, kind.removeprefix("- "))


def test_the_edition_is_told_by_its_name_and_without_one_it_is_the_one_asked_for():
    content = json.dumps([entry()]).encode()

    assert findings(read("export-full-fr.json", content))[0].language == "fr"
    assert findings(read("findings.json", content))[0].language == "en"


def test_the_export_is_never_held_whole(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the whole list was read at once")

    monkeypatch.setattr(strictjson, "load", refuse)
    monkeypatch.setattr(collector, "json_of", refuse)

    assert len(findings(read("export-full-en.json"))) == 2


def test_a_list_that_ends_too_early_is_refused_though_most_of_it_could_be_read():
    content = (SAMPLE / "export-full-en.json").read_bytes()
    response = InProcess().read(Received("x.json", content[: len(content) // 2], NOW), source=SOURCE)

    assert "cut short or broken" in response.refusal.text()
    assert response.count == 0


def test_a_tower_of_lists_is_refused():
    with pytest.raises(Malformed, match="nested deeper"):
        only(Themes=json.loads("[" * 50 + "]" * 50))


def test_a_smaller_answer_is_read_whatever_the_case_of_its_fields():
    found = read("annotations-page.json")

    assert [(one.external_id[-1], one.countries, one.themes) for one in findings(found)] == [
        ("3", ("SSD",), ("Genocide",))
    ]
    assert findings(found)[0].url == "https://uhri.ohchr.org/en/document/00000000-0000-4000-9000-000000000003"
    assert found[-1] == Envelope(total=12, high="2026-05-20T00:00:00+00:00")


def test_every_form_of_an_answer_gives_the_same_findings():
    first = entry()
    flat = {name: "; ".join(value) if isinstance(value, list) else value for name, value in first.items()}
    book = openpyxl.Workbook()
    book.active.append([name.replace("On", " on ") for name in flat])
    book.active.append(list(flat.values()))
    out = io.BytesIO()
    book.save(out)
    listed = json.dumps([first]).encode()

    forms = [b"\xef\xbb\xbf" + listed, gzip.compress(listed), json.dumps(first).encode(), out.getvalue()]
    wanted = only()
    for form in forms:
        [found] = findings(read("export-full-en", form))
        assert (found.external_id, found.groups, found.rank, found.title) == (
            wanted.external_id, wanted.groups, wanted.rank, wanted.title,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><html><body>Under maintenance</body></html>", "Under maintenance"),
        (b'{"message": "Write to uhrisupport."}', "Write to uhrisupport"),
        (b'{"total": 3}', "no “data”"),
        (b'[{"id": 1, "country": "Sudan"}]', "Text, AnnotationType"),
        (b"", "empty"),
    ],
)
def test_what_is_no_export_is_refused_in_its_own_words(content, words):
    with pytest.raises(Malformed, match=words):
        read("export-full-en.json", content)


class TestAsking:
    def test_the_whole_index_is_asked_for_once_a_week(self):
        [request] = collector.plan({}, source=SOURCE, today=NOW.date())
        cursor = collector.advance({}, page=Page(request, 200, at=NOW, envelope=Envelope(high="2026-10-03")))

        assert request.url == "https://uhri.ohchr.org/api/uhri/export-results/export-full-en.json"
        assert (SOURCE.asks.snapshot, SOURCE.asks.credentials) == ("whole", ())
        assert list(collector.plan(cursor, source=SOURCE, today=date(2026, 11, 26))) == []
        assert list(collector.plan(cursor, source=SOURCE, today=date(2026, 11, 27))) == [request]

    def test_an_answer_that_failed_is_asked_for_again_the_next_day_and_moves_no_mark(self):
        cursor = {"full-en": {"asked": "2026-11-12", "high": "2026-10-03"}}
        failed = collector.advance(cursor, page=Page(Request("full-en", ""), 503, at=NOW))

        assert failed["full-en"]["high"] == "2026-10-03"
        assert list(collector.plan(failed, source=SOURCE, today=NOW.date())) == []
        assert len(list(collector.plan(failed, source=SOURCE, today=date(2026, 11, 21)))) == 1


def test_what_it_brings_is_public():
    assert SOURCE.default_level == 0
