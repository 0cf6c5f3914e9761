"""A source that is declared: how it asks page after page, what its rows become, and what a definition may not say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from forestall.base.errors import Malformed
from forestall.collecting import jsonapi
from forestall.collecting.asking import Asks, BadRow, Envelope, Ignored, Page, Request
from forestall.collecting.contract import Bounds, Redistribution, Source
from forestall.collecting.jsonapi.definition import definition
from forestall.collecting.jsonapi.paths import path
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import DatePrecision, Event, Finding, FindingForm, Measure, Quality
from tests.recorded import turn

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
TODAY = NOW.date()

MEASURES = """
base = "https://api.example.org/v1"
headers = { Authorization = "Token {key}" }
says = ["errors[]"]

[[asks]]
key = "figures"
path = "/figures"
query = { year = "{year}" }
answer = "figures"
history_days = 10

[[answers]]
id = "figures"
rows = "items"
has = ["id"]
total = "total"
PAGER

[[answers.makes]]
fact = "measure"
key = ["id"]
FIELDS
"""
FIELDS = """
[answers.makes.fields]
name = { constant = "people" }
value = { number = "n" }
unit = { constant = "persons" }
"""


def declared(text: str = "", *, pager: str = "", fields: str = FIELDS, base: str = MEASURES) -> Source:
    """A source of figures with a pager, or with other fields."""
    api = tomllib.loads(
        text or base.replace("PAGER", f"pager = {{ {pager} }}" if pager else "").replace("FIELDS", fields)
    )
    return Source(
        "example", "x", "Example", "Example", "CC0", Redistribution.ALLOW, 0, 1440, 9, (), Bounds(), "",
        settings={"api": api}, asks=Asks(("api.example.org",), ("key",), overlap_days=3),
    )  # fmt: skip


def read(value: object, *, source: Source, carried: str = "") -> list[Any]:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(
        jsonapi.parse(Received("a.json", content, NOW, carried=carried), kind=Kind.UNKNOWN, source=source)
    )


def answering(source: Source, serve: Callable[[Request], Any]) -> Callable[[Request], Page]:
    """What the engine does with a request: the answer is read by the source, its envelope goes to `advance`."""

    def answer(request: Request) -> Page:
        value = serve(request)
        if value is None:
            return Page(request, 503, at=NOW)
        found = read(value, source=source, carried=request.carried)
        envelope = next(one for one in found if isinstance(one, Envelope))
        return Page(request, 200, at=NOW, envelope=envelope)

    return answer


def asked(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def rows(first: int, last: int) -> list[dict[str, int]]:
    return [{"id": number, "n": 1} for number in range(first, last)]


class TestPaging:
    def test_one_answer_is_asked_for_once_a_day_with_the_credential_left_to_the_fetcher(self):
        source = declared()
        cursor, made = turn(
            jsonapi, {}, source=source, today=TODAY, answer=answering(source, lambda _: {"items": []})
        )

        assert [one.url for one in made] == ["https://api.example.org/v1/figures?year=2026"]
        assert made[0].headers == {"Authorization": "Token {key}"}
        assert list(jsonapi.plan(cursor, source=source, today=TODAY)) == []
        assert len(list(jsonapi.plan(cursor, source=source, today=date(2026, 10, 21)))) == 1

    def test_an_offset_goes_on_by_what_came_until_the_total_is_reached(self):
        source = declared(pager='kind = "offset", name = "offset", size = 2')
        made = self.all_pages(
            source,
            lambda one: {"items": rows(int(one["offset"]), min(int(one["offset"]) + 2, 5)), "total": 5},
        )

        assert [one["offset"] for one in made] == ["0", "2", "4"]

    def test_without_a_total_a_page_that_is_not_full_is_the_last(self):
        source = declared(pager='kind = "offset", name = "offset", size = 2')
        made = self.all_pages(
            source, lambda one: {"items": rows(int(one["offset"]), min(int(one["offset"]) + 2, 3))}
        )

        assert [one["offset"] for one in made] == ["0", "2"]

    def test_pages_are_counted_from_one_to_as_many_as_there_are(self):
        source = declared(pager='kind = "page", name = "page", pages = "maxPages"')
        made = self.all_pages(
            source, lambda one: {"items": rows(int(one["page"]), int(one["page"]) + 1), "maxPages": 3}
        )

        assert [one["page"] for one in made] == ["1", "2", "3"]

    def test_pages_without_their_number_end_where_one_is_not_full(self):
        source = declared(pager='kind = "page", name = "page", size = 2')
        made = self.all_pages(source, lambda one: {"items": rows(0, 2) if one["page"] == "1" else rows(2, 3)})

        assert [one["page"] for one in made] == ["1", "2"]

    def test_a_link_is_followed_as_it_is_given_and_takes_no_credential_from_it(self):
        source = declared(pager='kind = "next_link", at = "next"')
        links = iter(
            [
                "https://api.example.org/v1/figures?after=a",
                "https://api.example.org/v1/figures?after={key}",
                None,
            ]
        )
        _, made = turn(
            jsonapi,
            {},
            source=source,
            today=TODAY,
            answer=answering(source, lambda _: {"items": rows(0, 1), "next": next(links)}),
        )

        assert [one.url.partition("?")[2] for one in made] == ["year=2026", "after=a", "after=%7Bkey%7D"]

    def test_windows_are_asked_for_one_after_another_up_to_today(self):
        source = declared(pager='kind = "cursor_window", since = "from", until = "until", days = 4')
        made = self.all_pages(source, lambda _: {"items": rows(0, 1)})

        assert [(one["from"], one["until"]) for one in made] == [
            ("2026-10-10", "2026-10-14"), ("2026-10-14", "2026-10-18"), ("2026-10-18", "2026-10-20"),
        ]  # fmt: skip

    def test_a_later_turn_reads_the_days_of_the_overlap_again(self):
        source = declared(
            pager='kind = "cursor_window", since = "from", until = "until", days = 30, written = "epoch"'
        )
        answer = answering(source, lambda _: {"items": rows(0, 1)})
        cursor, _ = turn(jsonapi, {}, source=source, today=TODAY, answer=answer)
        [again] = jsonapi.plan(cursor, source=source, today=date(2026, 10, 21))

        assert datetime.fromtimestamp(int(asked(again)["from"]), UTC).date() == date(2026, 10, 17)

    def test_a_window_that_was_cut_is_refused(self):
        source = declared(pager='kind = "cursor_window", since = "from", until = "until", days = 4, size = 2')

        with pytest.raises(Malformed, match="fewer days"):
            read({"items": rows(0, 2)}, source=source)

    @pytest.mark.parametrize(
        ("pager", "name"),
        [
            ('kind = "offset", name = "at", size = 2', "at"),
            ('kind = "page", name = "at", size = 2', "at"),
            ('kind = "cursor_window", since = "at", until = "until", days = 4', "at"),
        ],
    )
    def test_what_broke_off_is_taken_up_where_it_broke_off(self, pager, name):
        source = declared(pager=pager)
        whole = self.all_pages(source, lambda _: {"items": rows(0, 2), "total": 6})
        answers = iter([{"items": rows(0, 2), "total": 6}, None])
        cursor, _ = turn(
            jsonapi, {}, source=source, today=TODAY, answer=answering(source, lambda _: next(answers, None))
        )
        _, rest = turn(
            jsonapi,
            cursor,
            source=source,
            today=TODAY,
            answer=answering(source, lambda _: {"items": rows(0, 2), "total": 6}),
        )

        assert [asked(one)[name] for one in rest] == [one[name] for one in whole[1:]]

    def test_what_is_unfinished_comes_before_what_is_new(self):
        base = MEASURES.replace("query = {", 'each = { of = ["a", "b"] }\nquery = { of = "{of}",')
        source = declared(base=base, pager='kind = "page", name = "page", size = 2')
        state = {"figures:b": {"more": "2"}}

        assert [one.key for one in jsonapi.plan(state, source=source, today=TODAY)] == [
            "figures:b",
            "figures:a",
        ]

    def test_since_is_the_newest_change_that_was_read_and_some_days_before_it(self):
        base = MEASURES.replace('year = "{year}"', 'since = "{since}"').replace(
            'total = "total"', 'high = "changed"'
        )
        source = declared(base=base)
        answer = answering(
            source,
            lambda _: {
                "items": [{"id": 1, "changed": "2026-10-12T01:00:00Z"}, {"id": 2, "changed": "2026-10-11"}]
            },
        )
        cursor, made = turn(jsonapi, {}, source=source, today=TODAY, answer=answer)
        [again] = jsonapi.plan(cursor, source=source, today=date(2026, 10, 21))

        assert [asked(one)["since"] for one in (made[0], again)] == ["2026-10-10", "2026-10-09"]

    def test_a_post_sends_its_query_as_json(self):
        source = declared(
            base=MEASURES.replace(
                'query = { year = "{year}" }', 'method = "POST"\nquery = { year = "{year}", limit = 5 }'
            )
        )
        [made] = jsonapi.plan({}, source=source, today=TODAY)

        assert (json.loads(made.sent), "?" in made.url) == ({"year": "2026", "limit": 5}, False)

    def all_pages(self, source: Source, serve: Callable[[dict[str, str]], Any]) -> list[dict[str, str]]:
        cursor, made = turn(
            jsonapi, {}, source=source, today=TODAY, answer=answering(source, lambda one: serve(asked(one)))
        )
        assert list(jsonapi.plan(cursor, source=source, today=TODAY)) == []
        return [asked(one) for one in made]


def measure(row: dict[str, Any], **fields: str) -> Measure:
    text = FIELDS + "\n".join(f"{name} = {{ {rule} }}" for name, rule in fields.items())
    [found] = [
        one
        for one in read({"items": [{"id": 1, **row}]}, source=declared(fields=text))
        if isinstance(one, Measure)
    ]
    return found


class TestConverting:
    @pytest.mark.parametrize(
        ("rule", "value", "wanted"),
        [
            ('text = "a.b[1].c"', {"a": {"b": [{"c": 1}, {"c": 2.0}]}}, "2"),
            (
                'text = "a[type=Location].name"',
                {"a": [{"type": "Plan", "name": "x"}, {"type": "Location", "name": "Lira"}]},
                "Lira",
            ),
            (
                'text = "a[].name"',
                {"a": [{"name": "x"}, {"name": None}, {"name": "y"}, {"name": "x"}]},
                "x; y",
            ),
            ('text = "^.total"', {}, ""),
            ('text = "a"', {"a": "Not available"}, ""),
            ('join = ["a", "b"], by = " - "', {"a": "x", "b": "y"}, "x - y"),
            ('link = "https://example.org/{}", of = "a"', {"a": 7}, "https://example.org/7"),
            ('link = "https://example.org/{}", of = "a"', {}, ""),
            ('choice = "a", of = { x = "ex" }', {"a": "x"}, "ex"),
            ('choice = "a", of = { x = "ex" }, otherwise = "other"', {"a": "y"}, "other"),
            ('choice = "a", of = { x = "ex" }', {"a": "y"}, "y"),
        ],
    )
    def test_texts(self, rule, value, wanted):
        assert measure(value, title=rule).title == wanted

    @pytest.mark.parametrize(
        ("rule", "value", "wanted"),
        [
            ('day = "a"', "2026-03-04T23:00:00Z", date(2026, 3, 4)),
            ('epoch_day = "a"', 1772582400, date(2026, 3, 4)),
            ('epoch_day = "a", unit = "milliseconds"', -86400000, date(1969, 12, 31)),
            ('period = "a"', "Jun 2021 - Sep 2021", date(2021, 6, 1)),
            ('period = "a", end = "last"', "Jun 2021 - Sep 2021", date(2021, 9, 30)),
            ('period = "a", end = "last"', "Feb 2024", date(2024, 2, 29)),
            ('period = "a", end = "last"', 2024, date(2024, 12, 31)),
            ('period = "a"', ["2020", "2019"], date(2019, 1, 1)),
            ('period = "a"', "", None),
            ('day = "a"', None, None),
        ],
    )
    def test_days(self, rule, value, wanted):
        listed = rule.replace('"a"', '"a[]"') if isinstance(value, list) else rule

        assert measure({"a": value}, period_start=listed).period_start == wanted

    @pytest.mark.parametrize(
        ("rule", "value", "wanted", "doubted"),
        [
            ('iso3 = "a"', "sdn", "SDN", False),
            ('iso3 = "a"', "AB9", "AB9", True),
            ('iso2 = "a"', "AO", "AGO", False),
            ('iso2 = "a"', "Q9", "", True),
            ('m49 = "a"', 24.0, "AGO", False),
            ('m49 = "a"', 998, "", True),
            ('country = "a"', "Iran, Islamic Republic of", "IRN", False),
            ('country = "a"', "Atlantis", "", True),
            ('country = "a"', None, "", False),
            ('country = "a[]"', ["Sudan", "Chad"], "", False),
        ],
    )
    def test_countries(self, rule, value, wanted, doubted):
        found = measure({"a": value}, iso3=rule)

        assert (found.iso3, Quality.COUNTRY_UNKNOWN in found.flags) == (wanted, doubted)

    def test_what_is_missing_is_not_known_and_never_nought(self):
        assert measure({}).value is None
        assert measure({"n": 0}).value == 0

    def test_a_fraction_can_be_told_in_hundredths(self):
        fields = FIELDS.replace('number = "n"', 'number = "n", times = 100')
        [found] = [
            one
            for one in read({"items": [{"id": 1, "n": 0.25}]}, source=declared(fields=fields))
            if isinstance(one, Measure)
        ]

        assert found.value == 25

    @pytest.mark.parametrize("value", ["many", [1, 2], {"a": 1}])
    def test_a_row_with_something_else_for_a_number_is_set_aside_whole(self, value):
        fields = FIELDS.replace('number = "n"', 'number = "n[]"') if isinstance(value, list) else FIELDS
        bad = [
            one
            for one in read({"items": [{"id": 1, "n": value}]}, source=declared(fields=fields))
            if isinstance(one, BadRow)
        ]

        assert [one.place for one in bad] == ["row 1"]
        assert json.loads(bad[0].content) == {"id": 1, "n": value}

    def test_a_point_in_time_is_in_utc_and_a_version_sorts(self):
        base = MEASURES.replace('key = ["id"]', 'key = ["id"]\nrank = ["version", "changed"]')
        source = declared(base=base, fields=FIELDS + 'published_at = { instant = "changed" }\n')
        found = read({"items": [
            {"id": 1, "version": 9, "changed": "2026-10-01T02:00:00+02:00"}, {"id": 2, "version": 10, "changed": "2026-09-01T00:00:00Z"},
        ]}, source=source)  # fmt: skip
        first, second = (one for one in found if isinstance(one, Measure))

        assert first.published_at == datetime(2026, 10, 1, tzinfo=UTC)
        assert first.rank < second.rank

    def test_events_and_findings_are_made_the_same_way(self):
        text = """
[[answers]]
id = "events"
has = ["lat"]
[[answers.makes]]
fact = "event"
key = ["=e", "id", "reason"]
flags = ["provisional", { flag = "not-additive", where = "kind", is = ["b"] }]
[answers.makes.fields]
event_type = { choice = "kind", of = { a = "battle" }, otherwise = "other" }
source_type = { text = "kind" }
date_precision = { constant = "month" }
latitude = { number = "lat" }
longitude = { number = "lon" }
deaths_best = { whole = "dead" }
[[answers]]
id = "findings"
has = ["said"]
[[answers.makes]]
fact = "finding"
key = ["said"]
[answers.makes.fields]
form = { constant = "alert" }
title = { text = "said" }
countries = { iso2 = "at[]" }
themes = { texts = "themes[]" }
"""
        source = declared(text)
        found = read([{"id": 7, "kind": "b", "lat": 0, "lon": 0, "dead": "3", "reason": None}], source=source)
        event = next(one for one in found if isinstance(one, Event))
        finding = next(
            one
            for one in read([{"said": "x", "at": ["SD", "TD"], "themes": ["a", "b"]}], source=source)
            if isinstance(one, Finding)
        )

        assert (event.external_id, event.event_type, event.deaths_best, event.latitude) == (
            "e|7|",
            "other",
            3,
            None,
        )
        assert event.date_precision is DatePrecision.MONTH
        assert event.flags == (Quality.PROVISIONAL, Quality.NOT_ADDITIVE, Quality.PLACE_DOUBTFUL)
        assert (finding.form, finding.countries, finding.themes) == (
            FindingForm.ALERT,
            ("SDN", "TCD"),
            ("a", "b"),
        )


class TestAnswers:
    def test_every_field_is_kept_word_for_word_but_those_declared_to_change_by_themselves(self):
        source = declared(base=MEASURES.replace('total = "total"', 'volatile = ["score", "meta.href"]'))
        found = read(
            {"items": [{"id": 1, "n": 2, "score": 0.1, "meta": {"href": "x", "kept": True}, "odd": None}]},
            source=source,
        )

        assert next(one for one in found if isinstance(one, Measure)).own == {
            "id": 1,
            "n": 2,
            "meta": {"kept": True},
            "odd": None,
        }
        assert [one for one in found if isinstance(one, Ignored)] == [Ignored(("score", "meta.href"))]

    def test_rows_within_rows_are_facts_that_know_the_row_around_them(self):
        text = """
[[answers]]
id = "countries"
has = ["country"]
[[answers.makes]]
fact = "measure"
key = ["country"]
when = ["n", "country"]
apart = ["groups"]
[answers.makes.fields]
name = { constant = "people" }
value = { number = "n" }
unit = { constant = "persons" }
[[answers.makes]]
fact = "measure"
at = "groups[].areas[]"
key = ["id"]
[answers.makes.fields]
name = { constant = "people" }
value = { number = "n" }
unit = { constant = "persons" }
iso3 = { iso2 = "^^.country" }
admin1 = { text = "^.name" }
"""
        value = [
            {
                "country": "SD",
                "n": 5,
                "groups": [{"name": "North", "areas": [{"id": "a", "n": 2}, {"id": "b"}]}],
            },
            {"country": "TD", "n": None},
        ]
        found = [one for one in read(value, source=declared(text)) if isinstance(one, Measure)]

        assert [(one.external_id, one.value, one.iso3, one.admin1, one.row) for one in found] == [
            ("SD", 5, "", "", 1), ("a", 2, "SDN", "North", 1), ("b", None, "SDN", "North", 2),
        ]  # fmt: skip
        assert found[0].own == {"country": "SD", "n": 5}

    def test_a_row_without_its_key_is_set_aside(self):
        found = read({"items": [{"id": None, "n": 1}]}, source=declared())

        assert [one.reason.text() for one in found if isinstance(one, BadRow)] == [
            "row 1: id should be given, and is “”."
        ]

    def test_the_same_rows_in_a_table_are_the_same_facts(self):
        found = read(b"\xef\xbb\xbfid,n\n#meta+id,#affected\n1,2\n", source=declared())

        assert [(one.external_id, one.value) for one in found if isinstance(one, Measure)] == [("1", 2)]

    def test_an_empty_list_is_no_fault(self):
        assert read({"items": [], "total": 0}, source=declared()) == [Envelope(total=0)]

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            ({"errors": ["Key is spent"], "items": []}, "The producer refuses. It says: “Key is spent”."),
            ({"message": "No such year"}, "The answer holds no rows. It says: “No such year”."),
            (
                {"items": [{"name": 1, "age": 2}]},
                "These are no rows of Example. Their fields are: name, age.",
            ),
            ([{"title": "A flood", "n": 1}], "These are no rows of Example. Their fields are: title, n."),
            ({"other": 1}, "The answer has no “items”, where its rows were expected."),
            (b"name,age\n1,2\n", "These are no rows of Example. Their fields are: name, age."),
            (
                b"<html><body>Sign in</body></html>",
                "A page of the web came instead of data. It says: “Sign in”.",
            ),
            (b"", "The answer is empty."),
        ],
    )
    def test_another_answer_is_refused_with_what_it_says(self, value, sentence):
        with pytest.raises(Malformed) as refused:
            read(value, source=declared())

        assert refused.value.words.text() == sentence

    def test_an_answer_that_was_cut_is_refused(self):
        with pytest.raises(Malformed):
            read(json.dumps({"items": rows(0, 9)}).encode()[:60], source=declared())


class TestDefinitions:
    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("says", "sayings", "has keys nobody reads: sayings"),
            ('path = "/figures"', 'path = "/figures"\nverb = "GET"', "has keys nobody reads: verb"),
            ('path = "/figures"', 'path = "/figures"\nmethod = "PUT"', "GET or POST"),
            ('path = "/figures"', "", "lacks path"),
            ('path = "/figures"', "path = 7", "`path` is of the wrong kind: 7."),
            ('answer = "figures"', 'answer = "figure"', "No answer is called “figure”."),
            ('"{year}"', '"{years}"', "Nobody fills in {years}."),
            ('"Token {key}"', '"Token {token}"', "Nobody fills in {token}."),
            ('total = "total"', 'totals = "total"', "has keys nobody reads: totals"),
            ('total = "total"', 'total = "a..b"', "is no path to a value"),
            ('total = "total"', 'total = "a[x"', "is no path to a value"),
            ('total = "total"', 'pager = { kind = "guess" }', "“guess” is no pager"),
            ('total = "total"', 'pager = { kind = "offset", name = "a" }', "lacks size"),
            ('total = "total"', 'pager = { kind = "page", name = "a" }', "when the pages end"),
            ('total = "total"', 'pager = { kind = "none", at = "a" }', "has keys nobody reads: at"),
            ("history_days = 10", "each = { a = ['1'], b = ['2'] }", "values of one name"),
            ('fact = "measure"', 'fact = "figure"', "“figure” is no fact"),
            ('key = ["id"]', "", "lacks key"),
            ('key = ["id"]', 'key = ["id"]\nflags = ["doubtful"]', "“doubtful” is no remark"),
            ('unit = { constant = "persons" }', "", "lacks unit"),
            ("unit =", "units =", "has keys nobody reads: units"),
            ('number = "n"', 'number = "n", by = 2', "has keys nobody reads: by"),
            ('number = "n"', 'figure = "n"', "One converter was expected"),
            ('number = "n"', 'number = "n", whole = "n"', "One converter was expected"),
            ('number = "n"', 'text = "n"', "“text” does not make what this field holds."),
            ('number = "n"', 'number = "n["', "is no path to a value"),
            ("unit =", 'period_precision = { constant = "fortnight" }\nunit =', "“fortnight” is none of"),
            (
                "unit =",
                'period_start = { period = "a", end = "middle" }\nunit =',
                "`end` is of the wrong kind",
            ),
        ],
    )
    def test_what_nobody_can_follow_is_refused_with_its_place(self, old, new, sentence):
        text = MEASURES.replace("PAGER", "").replace("FIELDS", FIELDS)
        assert old in text
        with pytest.raises(Malformed) as refused:
            definition(declared(text.replace(old, new, 1)))

        assert sentence in refused.value.words.text()
        assert refused.value.words.text().startswith(("example", "“"))

    def test_a_window_must_say_where_it_begins(self):
        text = MEASURES.replace("history_days = 10", "")
        with pytest.raises(Malformed, match="history_days"):
            definition(
                declared(base=text, pager='kind = "cursor_window", since = "a", until = "b", days = 4')
            )

    def test_a_choice_of_types_must_name_types_that_there_are(self):
        fields = '[answers.makes.fields]\nevent_type = { choice = "a", of = { x = "war" }, otherwise = "other" }\nsource_type = { text = "a" }\n'
        with pytest.raises(Malformed, match="war"):
            definition(declared(base=MEASURES.replace('"measure"', '"event"'), fields=fields))


def test_a_path_that_leads_nowhere_finds_nothing():
    assert path("a.b[3].c").values([{"a": {"b": [1]}}]) == []
    assert path("^^.a").values([{"a": 1}]) == []


def test_a_source_of_bare_lists_tells_what_came_instead():
    source = declared(base=MEASURES.replace('rows = "items"\n', ""))
    with pytest.raises(Malformed, match="Their fields are: status, data"):
        read({"status": "ok", "data": {"rows": 3}}, source=source)
